from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from config.lib.french import format_number


# An empty cell is an empty text, whatever the format; a number with no decimals is an `int`.
Cell = str | int | float | Decimal | bool | date | datetime | time | timedelta

TOO_LARGE = "est trop grand : découpez-le en plusieurs fichiers."


class UnreadableFile(Exception):
    def __init__(self, name: str, reason: str):
        super().__init__(f"Le fichier « {name} » {reason}")


class Row(NamedTuple):
    """`line` is what the author sees in the margin of the file; of a JSON list, the rank of the record."""

    line: int
    cells: Sequence[Cell]


class Merge(NamedTuple):
    """A cell merged downwards: written on line `first` only, it holds until line `last`; `rank` from 0."""

    first: int
    last: int
    rank: int


@dataclass(frozen=True)
class Table:
    """One sheet. Blank rows are left out, so lines are not consecutive; rows may differ in length."""

    name: str
    rows: list[Row]
    is_hidden: bool = False
    merges: tuple[Merge, ...] = ()


@dataclass(frozen=True)
class Limits:
    """What one file may cost in memory."""

    size: int = 50 * 2**20
    unpacked_size: int = 200 * 2**20
    rows: int = 200_000
    cells: int = 5_000_000


def written_rows(rows: Iterable[Row], name: str, limits: Limits) -> Iterator[Row]:
    """The rows that are not blank, as long as there are not too many."""
    cells = 0
    for count, row in enumerate(filter(_is_written, rows), start=1):
        cells += len(row.cells)
        if count > limits.rows:
            reason = (
                f"compte plus de {format_number(limits.rows)} lignes : découpez-le en plusieurs fichiers."
            )
            raise UnreadableFile(name, reason)
        if cells > limits.cells:
            raise UnreadableFile(name, TOO_LARGE)
        yield row


def _is_written(row: Row) -> bool:
    return any(not isinstance(cell, str) or cell.strip() for cell in row.cells)
