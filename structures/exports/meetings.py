"""Meetings, as a spreadsheet."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.timezone import localtime

from config.lib.spreadsheet import Column, Sheet, write_csv, write_workbook
from structures.models import Meeting


class ExportColumn(NamedTuple):
    column: Column
    read: Callable[[Meeting, datetime], Any]


COLUMNS = (
    ExportColumn(Column("Date"), lambda meeting, at: localtime(meeting.starts_at).date()),
    ExportColumn(Column("Début"), lambda meeting, at: f"{localtime(meeting.starts_at):%H:%M}"),
    ExportColumn(Column("Fin"), lambda meeting, at: f"{localtime(meeting.ends_at):%H:%M}"),
    ExportColumn(Column("Nature"), lambda meeting, at: meeting.kind.label),
    ExportColumn(Column("Objet"), lambda meeting, at: meeting.title),
    ExportColumn(Column("Lieu"), lambda meeting, at: meeting.place),
    ExportColumn(Column("Situation"), lambda meeting, at: meeting.situation(at).label),
    ExportColumn(Column("Organisations invitées"), lambda meeting, at: meeting.invited),
    ExportColumn(Column("Organisations venues"), lambda meeting, at: meeting.came),
    ExportColumn(
        Column("Marchés concernés"),
        lambda meeting, at: " ; ".join(market.title for market in meeting.markets.all()),
    ),
)
# What came of it stays within the office.
OFFICE_COLUMNS = (
    *COLUMNS,
    ExportColumn(Column("Ce qui en est sorti"), lambda meeting, at: meeting.get_outcome_display()),
    ExportColumn(Column("En un paragraphe"), lambda meeting, at: meeting.outcome_note),
)


def workbook(meetings: Iterable[Meeting], *, is_office: bool, at: datetime) -> bytes:
    columns = OFFICE_COLUMNS if is_office else COLUMNS
    sheet = Sheet("Rencontres", [column for column, _ in columns], _rows(meetings, columns, at))
    return write_workbook([sheet], created_at=at)


def csv(meetings: Iterable[Meeting], *, is_office: bool, at: datetime) -> bytes:
    columns = OFFICE_COLUMNS if is_office else COLUMNS
    return write_csv([column.title for column, _ in columns], _rows(meetings, columns, at))


def _rows(meetings: Iterable[Meeting], columns: Iterable[ExportColumn], at: datetime) -> list[list[Any]]:
    return [[read(meeting, at) for _, read in columns] for meeting in meetings]
