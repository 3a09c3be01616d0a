"""The shared needs as a spreadsheet, one line of a plan a row: what a quarterly meeting reads."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from clauses.enums import SharedNeedState
from clauses.queries.shared_needs import Row
from clauses.rules.shared_needs import Line
from config.lib.spreadsheet import Column, Sheet, write_csv, write_workbook


class ExportColumn(NamedTuple):
    column: Column
    read: Callable[[Row, Line], Any]


COLUMNS = (
    ExportColumn(Column("Famille"), lambda row, _: row.need.family),
    ExportColumn(Column("Premier lancement"), lambda row, _: row.need.starts_on),
    ExportColumn(Column("Dernier lancement possible"), lambda row, _: row.need.ends_on),
    ExportColumn(Column("Acheteurs"), lambda row, _: len(row.need.buyers)),
    ExportColumn(Column("Lignes"), lambda row, _: len(row.need.lines)),
    ExportColumn(Column("Montant total (€ HT)"), lambda row, _: row.need.amount),
    ExportColumn(Column("Heures d’une clause commune"), lambda row, _: row.need.hours),
    ExportColumn(Column("Pistes"), lambda row, _: ", ".join(row.need.ways)),
    ExportColumn(Column("Suite"), lambda row, _: SharedNeedState(row.state).label),
    ExportColumn(Column("Raison"), lambda row, _: row.note and row.note.reason),
    ExportColumn(Column("Acheteur"), lambda _, line: line.buyer),
    ExportColumn(Column("Plan"), lambda _, line: line.year),
    ExportColumn(Column("Objet"), lambda _, line: line.title),
    ExportColumn(Column("Montant (€ HT)"), lambda _, line: line.amount),
    ExportColumn(Column("Lancement"), lambda _, line: line.label),
    ExportColumn(Column("Heures seule"), lambda _, line: line.hours),
)


def workbook(rows: Iterable[Row], *, created_at: datetime) -> bytes:
    sheet = Sheet("Besoins partagés", [column for column, _ in COLUMNS], _cells(rows))
    return write_workbook([sheet], created_at=created_at)


def csv(rows: Iterable[Row]) -> bytes:
    return write_csv([column.title for column, _ in COLUMNS], _cells(rows))


def _cells(rows: Iterable[Row]) -> list[list[Any]]:
    return [[read(row, line) for _, read in COLUMNS] for row in rows for line in row.need.lines]
