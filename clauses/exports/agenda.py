"""What is due, as a spreadsheet."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from clauses.rules.agenda import Due
from config.lib.spreadsheet import Column, Sheet, write_csv, write_workbook


class ExportColumn(NamedTuple):
    column: Column
    read: Callable[[Due], Any]


COLUMNS = (
    ExportColumn(Column("Échéance"), lambda due: due.due_on),
    ExportColumn(Column("Nature"), lambda due: due.kind.label),
    ExportColumn(Column("Objet"), lambda due: due.title),
    ExportColumn(Column("Lignes"), lambda due: due.lines),
    ExportColumn(Column("Acheteur"), lambda due: due.buyer),
    ExportColumn(Column("Plan"), lambda due: due.year),
    ExportColumn(Column("Service"), lambda due: due.department),
    ExportColumn(Column("À partir du"), lambda due: due.starts_on),
    ExportColumn(Column("Lancement"), lambda due: due.launch_label),
    ExportColumn(Column("Précision du lancement"), lambda due: due.precision_label),
    ExportColumn(Column("Urgent"), lambda due: "oui" if due.is_urgent else "non"),
    ExportColumn(Column("Situation"), lambda due: due.state),
    ExportColumn(Column("Jours de retard"), lambda due: due.days_late if due.is_late else 0),
)


def workbook(dues: Iterable[Due], *, created_at: datetime) -> bytes:
    sheet = Sheet("Échéances", [column for column, _ in COLUMNS], _rows(dues))
    return write_workbook([sheet], created_at=created_at)


def csv(dues: Iterable[Due]) -> bytes:
    return write_csv([column.title for column, _ in COLUMNS], _rows(dues))


def _rows(dues: Iterable[Due]) -> list[list[Any]]:
    return [[read(due) for _, read in COLUMNS] for due in dues]
