"""The lines of the plans with the verdicts, as a spreadsheet."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.timezone import localtime

from clauses.models import Screening
from config.lib.spreadsheet import Column, Sheet, write_csv, write_workbook
from procurement.models import Market


class ExportColumn(NamedTuple):
    column: Column
    read: Callable[[Market, Screening | None], Any]


COLUMNS = (
    ExportColumn(Column("Acheteur"), lambda line, _: line.plan.buyer.organisation.name),
    ExportColumn(Column("Année"), lambda line, _: line.plan.year),
    ExportColumn(Column("Référence"), lambda line, _: line.reference),
    ExportColumn(Column("Objet"), lambda line, _: line.title),
    ExportColumn(Column("Service"), lambda line, _: line.department and line.department.name),
    ExportColumn(Column("Famille"), lambda line, _: line.family and line.family.label),
    ExportColumn(Column("Nature"), lambda line, _: line.get_nature_display()),
    ExportColumn(Column("Montant estimé (€ HT)"), lambda line, _: line.estimated_amount),
    ExportColumn(Column("Lancement"), lambda line, _: line.launch_on),
    ExportColumn(Column("Urgence"), lambda line, _: next((mark.reason for mark in line.shown_urgencies), "")),
    ExportColumn(Column("Lieu"), lambda line, _: line.place),
    ExportColumn(Column("Déposé le"), lambda line, _: localtime(line.plan.submitted_at).date()),
    ExportColumn(Column("Avis"), lambda _, given: given and given.get_verdict_display()),
    ExportColumn(Column("Raison"), lambda _, given: given and given.get_reason_display()),
    ExportColumn(Column("Précision"), lambda _, given: given and given.comment),
    ExportColumn(Column("Rendu le"), lambda _, given: given and localtime(given.decided_at).date()),
)


def workbook(lines: Iterable[Market], *, created_at: datetime) -> bytes:
    sheet = Sheet("Repérage", [column for column, _ in COLUMNS], _rows(lines))
    return write_workbook([sheet], created_at=created_at)


def csv(lines: Iterable[Market]) -> bytes:
    return write_csv([column.title for column, _ in COLUMNS], _rows(lines))


def _rows(lines: Iterable[Market]) -> list[list[Any]]:
    return [[read(line, _given(line)) for _, read in COLUMNS] for line in lines]


def _given(line: Market) -> Screening | None:
    """The verdict as the reader of the list sees it."""
    return next((given for given in line.shown_screenings if given.verdict), None)
