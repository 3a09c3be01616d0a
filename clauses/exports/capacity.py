"""The balance of capacities as a spreadsheet, one family and month a row: what a pivot table reads."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from clauses.queries.capacity import Row
from config.lib.spreadsheet import Column, Sheet, write_csv, write_workbook


COLUMNS = [
    Column("Famille"),
    Column("Mois"),
    Column("Heures promises"),
    Column("Heures déclarées"),
    Column("Reste"),
    Column("Manque"),
]


def workbook(rows: Iterable[Row], *, created_at: datetime) -> bytes:
    return write_workbook([Sheet("Capacités", COLUMNS, _cells(rows))], created_at=created_at)


def csv(rows: Iterable[Row]) -> bytes:
    return write_csv([column.title for column in COLUMNS], _cells(rows))


def _cells(rows: Iterable[Row]) -> list[list[Any]]:
    """An empty cell where nothing was declared: it is not a zero."""
    return [
        [row.family, month.first, month.promised, month.declared, month.left, month.missing]
        for row in rows
        for month in row.balance.months
    ]
