"""The directory as a spreadsheet."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.timezone import localtime

from config.lib.spreadsheet import Column, Sheet, write_csv, write_workbook
from structures.queries import Line


class ExportColumn(NamedTuple):
    column: Column
    read: Callable[[Line], Any]


COLUMNS = (
    ExportColumn(Column("SIRET", width=18), lambda line: line.structure.siret),
    ExportColumn(
        Column("Clé du SIRET juste"), lambda line: "oui" if line.structure.siret_is_valid else "non"
    ),
    ExportColumn(Column("Type"), lambda line: line.structure.kind),
    ExportColumn(Column("Type en toutes lettres"), lambda line: line.structure.get_kind_display()),
    ExportColumn(Column("Réservation possible"), lambda line: line.structure.family.label),
    ExportColumn(Column("Nom d’usage"), lambda line: line.structure.brand),
    ExportColumn(Column("Raison sociale"), lambda line: line.structure.name),
    ExportColumn(Column("Forme juridique"), lambda line: line.structure.legal_form),
    ExportColumn(Column("Code NAF"), lambda line: line.structure.naf_code),
    ExportColumn(Column("Adresse"), lambda line: line.structure.address),
    ExportColumn(Column("Code postal"), lambda line: line.structure.postcode),
    ExportColumn(Column("Commune"), lambda line: line.structure.city),
    ExportColumn(Column("Département"), lambda line: line.structure.department_code),
    ExportColumn(Column("Latitude", number_format="0.000000"), lambda line: line.structure.latitude),
    ExportColumn(Column("Longitude", number_format="0.000000"), lambda line: line.structure.longitude),
    ExportColumn(Column("Distance (km)", number_format="0.0"), lambda line: line.km),
    ExportColumn(Column("Métiers déclarés", width=40), lambda line: line.trades),
    ExportColumn(Column("Capacité déclarée", width=40), lambda line: line.capacity),
    ExportColumn(Column("Réseaux"), lambda line: line.networks),
    ExportColumn(Column("Labels"), lambda line: line.labels),
    ExportColumn(Column("Contact"), lambda line: line.contact.name),
    ExportColumn(Column("Fonction"), lambda line: line.contact.function),
    ExportColumn(Column("Adresse électronique"), lambda line: line.contact.email or line.structure.email),
    ExportColumn(Column("Téléphone"), lambda line: line.contact.phone or line.structure.phone),
    ExportColumn(Column("Site"), lambda line: line.structure.website),
    ExportColumn(Column("Source"), lambda line: line.structure.source),
    ExportColumn(
        Column("Vue dans la source le"),
        lambda line: line.structure.seen_at and localtime(line.structure.seen_at).date(),
    ),
    ExportColumn(Column("Vérifiée le"), lambda line: line.structure.verified_on),
    ExportColumn(Column("Vérifiée par"), lambda line: line.structure.verified_by_name),
)


def workbook(lines: Iterable[Line], *, created_at: datetime) -> bytes:
    sheet = Sheet("Structures", [column for column, _ in COLUMNS], _rows(lines))
    return write_workbook([sheet], created_at=created_at)


def csv(lines: Iterable[Line]) -> bytes:
    return write_csv([column.title for column, _ in COLUMNS], _rows(lines))


def _rows(lines: Iterable[Line]) -> list[list[Any]]:
    return [[read(line) for _, read in COLUMNS] for line in lines]
