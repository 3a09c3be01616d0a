"""A plan file as its author knows it, each cell beside what was understood of it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import Enum
from itertools import groupby
from typing import NamedTuple

from config.lib.french import format_amount, format_date_short, format_month, format_percentage
from config.lib.intake import Header
from procurement.enums import DatePrecision
from procurement.imports.cells import Reading, text
from procurement.imports.columns import AMOUNTS, EXTRA_MEANINGS, MEANINGS
from procurement.imports.days import Moment
from procurement.imports.difference import FilePlan, Line, Outcome
from procurement.imports.terms import Term


NOT_READ = Reading()
MERGED = "Cellule fusionnée : sa valeur vaut pour chaque ligne."
# Characters from which a cell needs a wider column.
_LONG = 40


class ShownColumn(NamedTuple):
    """`field` is empty for a column that is kept as it is."""

    field: str
    title: str
    meaning: str


class ShownCell(NamedTuple):
    """What was understood; `raw` and `reason` only where somebody should look."""

    understood: str
    raw: str = ""
    reason: str = ""
    is_number: bool = False

    @property
    def is_long(self) -> bool:
        return len(self.understood) > _LONG


class ShownLine(NamedTuple):
    line: Line
    outcome: str
    tone: str
    cells: list[ShownCell]

    @property
    def note(self) -> str:
        """Why the line waits, unless one of its cells says it."""
        return "" if self.line.waits_for in self.line.problems.values() else self.line.waits_for


class ShownSheet(NamedTuple):
    name: str
    header_line: int
    columns: list[ShownColumn]
    lines: list[ShownLine]


OUTCOMES = {
    Outcome.CREATED: ("À ajouter", "success"),
    Outcome.UPDATED: ("À modifier", "info"),
    Outcome.UNCHANGED: ("Inchangée", "neutral"),
    Outcome.WAITING: ("En attente", "awaiting"),
}


def sheets(found: FilePlan, lines: Iterable[Line]) -> list[ShownSheet]:
    """Some lines of a file under the header of their sheet."""
    shown = []
    for name, group in groupby(lines, key=lambda line: line.record.sheet):
        header = found.headers[name]
        heads = columns(header)
        rows = [ShownLine(line, *OUTCOMES[line.outcome], _cells(line, heads)) for line in group]
        shown.append(ShownSheet(text(name), header.line, heads, rows))
    return shown


def columns(header: Header) -> list[ShownColumn]:
    return [
        ShownColumn(field or "", title, MEANINGS[field] if field else EXTRA_MEANINGS.get(title, ""))
        for field, title in zip(header.fields, header.titles, strict=True)
    ]


def _cells(line: Line, heads: list[ShownColumn]) -> list[ShownCell]:
    return [
        _cell(line, head.field) if head.field else ShownCell(text(line.record.extra.get(head.title, "")))
        for head in heads
    ]


def _cell(line: Line, field: str) -> ShownCell:
    raw = text(line.record.cells.get(field, ""))
    if field in line.problems:
        return ShownCell("", raw, line.problems[field], field in AMOUNTS)
    reading = line.readings.get(field, NOT_READ)
    doubt = reading.reason or (MERGED if field in line.record.merged and reading.value else "")
    said = understood(field, reading.value)
    lowest = line.values.get("lowest_amount")
    if field in AMOUNTS and reading.value and isinstance(lowest, Decimal):
        said = f"{format_amount(lowest)} à {said}"
    return ShownCell(said, raw if doubt else "", doubt, field in AMOUNTS)


def understood(field: str, value: object) -> str:
    """A value in the words of the application."""
    match value:
        case None:
            return ""
        case Moment():
            return _moment(value)
        case Term():
            return _term(value)
        case Decimal():
            return format_amount(value) if field in AMOUNTS else format_percentage(value)
        case _:
            return _word(value)


def _word(value: object) -> str:
    match value:
        case bool():
            return "oui" if value else "non"
        case date():
            return format_date_short(value)
        case Enum(label=label):
            return str(label)
        case _:
            return str(value)


def _moment(moment: Moment) -> str:
    match moment.precision:
        case DatePrecision.DAY:
            return format_date_short(moment.on)
        case DatePrecision.MONTH:
            return format_month(moment.on)
        case DatePrecision.QUARTER:
            return f"T{(moment.on.month - 1) // 3 + 1} {moment.on.year}"
        case DatePrecision.SEMESTER:
            return f"S{(moment.on.month - 1) // 6 + 1} {moment.on.year}"
        case _:
            return str(moment.on.year)


def _term(term: Term) -> str:
    firm = f"{term.months} mois"
    return f"{firm} + {term.renewals} × {term.renewal_months} mois" if term.renewals else firm
