"""The spine of every import: what the columns of a table mean, what was not understood, what was counted."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any

from django.forms import Form

from config.lib.french import format_date_short
from config.lib.spreadsheet.tables import Cell, Row, Table
from config.lib.text import fold


# Title rows stand above the header in files made for people.
HEADER_SEARCHED_IN = 10
_MOST_DIGITS = 40
_PLURAL = re.compile(r"(?<=[a-z]{3})[sx]\b")
_REMARK = re.compile(r"\((?![^)]*(?:€|eur|euro|millier|million|ttc|%|mois|an))[^)]*\)", re.IGNORECASE)
_SPELLED_OUT = re.compile(r"\b(?:h t|t t c)\b")
_NOT_LETTERS = re.compile(r"[^a-z0-9€%]+")

# Field → the titles under which people write it, the preferred one first.
Aliases = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Issue:
    """One cell, or one line when `column` is empty, that nobody but its author can put right."""

    sheet: str
    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Counts:
    """Lines of the file; none is ever lost between what is applied and what waits."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    waiting: int = 0

    def __post_init__(self):
        if self.rows != self.applied + self.waiting:
            message = f"{self.rows} lines read, {self.applied} applied and {self.waiting} waiting"
            raise ValueError(message)

    @property
    def applied(self) -> int:
        return self.created + self.updated + self.unchanged


def answer(counts: Counts, issues: Iterable[Issue]) -> dict[str, Any]:
    """What `--json` prints, in the order of interfaces.md."""
    return {
        "rows": counts.rows,
        "applied": counts.applied,
        "created": counts.created,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "waiting": counts.waiting,
        "issues": [asdict(issue) for issue in issues],
    }


@dataclass(frozen=True)
class Record:
    """One line: its cells by field, the other columns by title, and how the file names each field.

    `merged` are the fields whose cell was written on a line above, for several lines.
    """

    sheet: str
    line: int
    cells: Mapping[str, Cell]
    extra: Mapping[str, Cell] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    merged: frozenset[str] = frozenset()

    def text(self, name: str) -> str:
        return as_text(self.cells.get(name, ""))

    def issue(self, name: str, reason: str) -> Issue:
        return Issue(self.sheet, self.line, self.titles.get(name, ""), self.text(name), reason)

    def issues(self, form: Form) -> list[Issue]:
        """Every refusal of the form, cell by cell."""
        return [
            self.issue(name, reason)
            for name, reasons in form.errors.get_json_data().items()
            for reason in (error["message"] for error in reasons)
        ]


@dataclass(frozen=True)
class Header:
    """`fields` and `titles` by rank of column; a column nobody knows has no field, and keeps its title."""

    line: int
    fields: tuple[str | None, ...]
    titles: tuple[str, ...]

    @property
    def columns(self) -> list[tuple[str | None, str]]:
        return list(zip(self.fields, self.titles, strict=True))

    @property
    def known(self) -> dict[str, str]:
        return {name: title for name, title in self.columns if name}


def find_header(table: Table, aliases: Aliases, required: Iterable[str] = ()) -> Header | None:
    """The line that names the most fields among the first ones, every required one with them."""
    headers = [header_of(row, aliases) for row in table.rows[:HEADER_SEARCHED_IN]]
    able = [header for header in headers if header.known and set(required) <= set(header.known)]
    return max(able, key=lambda header: len(header.known), default=None)


def read_records(table: Table, header: Header) -> Iterator[Record]:
    """The lines under the header."""
    held = _merged_cells(table, header)
    for row in table.rows:
        if row.line > header.line:
            yield _record(table.name, row, header, held.get(row.line, {}))


def _merged_cells(table: Table, header: Header) -> dict[int, dict[int, Cell]]:
    """By line and rank, what a cell merged downwards holds there; the header is merged for its looks only."""
    spans = [merge for merge in table.merges if merge.first > header.line]
    if not spans:
        return {}
    rows = {row.line: row.cells for row in table.rows}
    held: dict[int, dict[int, Cell]] = defaultdict(dict)
    for first, last, rank in spans:
        cells = rows.get(first, ())
        if rank < len(cells) and cells[rank] != "":
            for line in range(first + 1, last + 1):
                if line in rows:
                    held[line][rank] = cells[rank]
    return held


def as_text(cell: Cell) -> str:
    """A cell as its author reads it."""
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, datetime):
        return format_date_short(cell) if cell.time() == time() else f"{format_date_short(cell)} {cell:%H:%M}"
    if isinstance(cell, date):
        return format_date_short(cell)
    if isinstance(cell, float | Decimal):
        return _number_as_text(Decimal(str(cell)))
    return str(cell).strip()


def _number_as_text(number: Decimal) -> str:
    # « 1e999999999 » takes twelve bytes in a file, and a gigabyte once written out.
    written = f"{number:f}" if abs(number.adjusted()) <= _MOST_DIGITS else str(number)
    return written.replace(".", ",")


def normalise(title: str) -> str:
    """« Montant estimé (€ H.T.) » and « montant estimé € h t » are the same title."""
    return _SPELLED_OUT.sub(
        lambda letters: letters[0].replace(" ", ""), _NOT_LETTERS.sub(" ", fold(title)).strip()
    )


def _keys(title: str) -> list[str]:
    """How a title may be looked up: as it is, in the singular, without what it puts in brackets.

    A bracket that gives a unit is kept: « Montant (k€) » is no « Montant ».
    """
    exact = normalise(title)
    bare = normalise(_REMARK.sub(" ", title))
    return [exact, _PLURAL.sub("", exact), bare, _PLURAL.sub("", bare)]


def header_of(row: Row, aliases: Aliases) -> Header:
    """What each column of this line means, were it the header."""
    titles = _distinct([as_text(cell) or f"Colonne {rank}" for rank, cell in enumerate(row.cells, start=1)])
    ranks: dict[str, int] = {}
    for keys in zip(*map(_keys, titles), strict=True):
        for rank, key in enumerate(keys):
            ranks.setdefault(key, rank)
    fields: list[str | None] = [None] * len(titles)
    for name, spellings in aliases.items():
        known = (ranks[key] for key in _spelled(tuple(spellings)) if key in ranks)
        rank = next((rank for rank in known if fields[rank] is None), None)
        if rank is not None:
            fields[rank] = name
    return Header(row.line, tuple(fields), tuple(titles))


@cache
def _spelled(spellings: tuple[str, ...]) -> list[str]:
    """The spellings as `_keys` may give them, the exact ones first."""
    exact = [normalise(spelling) for spelling in spellings]
    return list(dict.fromkeys([*exact, *(_PLURAL.sub("", key) for key in exact)]))


def _distinct(titles: list[str]) -> list[str]:
    """A title written twice is numbered, so that no column hides another."""
    seen: Counter[str] = Counter()
    distinct = []
    for title in titles:
        seen[title] += 1
        distinct.append(title if seen[title] == 1 else f"{title} ({seen[title]})")
    return distinct


def _record(sheet: str, row: Row, header: Header, held: Mapping[int, Cell]) -> Record:
    if held:
        row, merged = _filled(row, held), frozenset(_fields_at(held, header))
    else:
        merged = frozenset()
    beyond = [f"Colonne {rank + 1}" for rank in range(len(header.titles), len(row.cells))]
    titles = [*header.titles, *beyond]
    fields = [*header.fields, *[None] * len(beyond)]
    cells: dict[str, Cell] = {}
    extra: dict[str, Cell] = {}
    for name, title, cell in zip(fields, titles, row.cells, strict=False):
        if name:
            cells[name] = cell
        elif as_text(cell):
            extra[title] = cell
    return Record(sheet, row.line, cells, extra, header.known, merged)


def _filled(row: Row, held: Mapping[int, Cell]) -> Row:
    width = max(len(row.cells), max(held) + 1)
    cells = [*row.cells, *[""] * (width - len(row.cells))]
    return Row(row.line, [held.get(rank, cell) for rank, cell in enumerate(cells)])


def _fields_at(ranks: Iterable[int], header: Header) -> Iterator[str]:
    for rank in ranks:
        if rank < len(header.fields) and (name := header.fields[rank]):
            yield name
