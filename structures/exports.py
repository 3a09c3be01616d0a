"""The directory as a spreadsheet."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.timezone import localtime

from config.lib.spreadsheet import Column, Sheet, write_csv, write_workbook
from structures.models import Structure


class ExportColumn(NamedTuple):
    column: Column
    read: Callable[[Structure], Any]


COLUMNS = (
    ExportColumn(Column("SIRET", width=18), lambda structure: structure.siret),
    ExportColumn(
        Column("Clé du SIRET juste"), lambda structure: "oui" if structure.siret_is_valid else "non"
    ),
    ExportColumn(Column("Type"), lambda structure: structure.kind),
    ExportColumn(Column("Type en toutes lettres"), lambda structure: structure.get_kind_display()),
    ExportColumn(Column("Réservation possible"), lambda structure: structure.family.label),
    ExportColumn(Column("Nom d’usage"), lambda structure: structure.brand),
    ExportColumn(Column("Raison sociale"), lambda structure: structure.name),
    ExportColumn(Column("Forme juridique"), lambda structure: structure.legal_form),
    ExportColumn(Column("Code NAF"), lambda structure: structure.naf_code),
    ExportColumn(Column("Adresse"), lambda structure: structure.address),
    ExportColumn(Column("Code postal"), lambda structure: structure.postcode),
    ExportColumn(Column("Commune"), lambda structure: structure.city),
    ExportColumn(Column("Département"), lambda structure: structure.department_code),
    ExportColumn(Column("Latitude", number_format="0.000000"), lambda structure: structure.latitude),
    ExportColumn(Column("Longitude", number_format="0.000000"), lambda structure: structure.longitude),
    ExportColumn(Column("Site"), lambda structure: structure.website),
    ExportColumn(Column("Source"), lambda structure: structure.source),
    ExportColumn(
        Column("Vue dans la source le"),
        lambda structure: structure.seen_at and localtime(structure.seen_at).date(),
    ),
    ExportColumn(Column("Vérifiée le"), lambda structure: structure.verified_on),
    ExportColumn(Column("Vérifiée par"), lambda structure: structure.verified_by_name),
)


def workbook(structures: Iterable[Structure], *, created_at: datetime) -> bytes:
    sheet = Sheet("Structures", [column for column, _ in COLUMNS], _rows(structures))
    return write_workbook([sheet], created_at=created_at)


def csv(structures: Iterable[Structure]) -> bytes:
    return write_csv([column.title for column, _ in COLUMNS], _rows(structures))


def _rows(structures: Iterable[Structure]) -> list[list[Any]]:
    return [[read(structure) for _, read in COLUMNS] for structure in structures]
