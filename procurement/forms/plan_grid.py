"""The table that edits many lines: what a page posts, and a row as the page shows it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from secrets import token_hex

from django.utils.datastructures import MultiValueDict

from procurement.imports.typed import BLANK, COLUMNS, Column, write_line
from procurement.models import Market
from procurement.services.typed_lines import Cells, SavedRow, TypedRow


MOST_ROWS = 300
BLANK_ROWS = 5
_LONGEST_CELL = 2_000
_LONGEST_KEY = 20
_MOST_DIGITS = 18


@dataclass(frozen=True)
class GridCell:
    name: str
    key: str
    column: Column
    text: str = ""
    problem: str = ""
    doubt: str = ""

    @property
    def input_name(self) -> str:
        return f"{self.key}-{self.name}"

    @property
    def remark(self) -> str:
        return self.problem or self.doubt


@dataclass(frozen=True)
class GridRow:
    """`seen` are the cells that the next answer is compared with; `current`, those of somebody else."""

    key: str
    market: Market | None
    cells: tuple[GridCell, ...]
    seen: str
    state: str = ""
    refusal: str = ""
    current: str = ""

    @property
    def is_refused(self) -> bool:
        return bool(self.refusal) or any(cell.problem for cell in self.cells)


def read_rows(posted: MultiValueDict, created: Mapping[str, int]) -> list[TypedRow]:
    """The rows of a page; `created` are the lines that new rows became, should an answer have been lost."""
    keys = [posted["only"]] if posted.get("only") else posted.getlist("row")[:MOST_ROWS]
    return [
        _read_row(posted, key, created) for key in dict.fromkeys(keys) if key and len(key) <= _LONGEST_KEY
    ]


def _read_row(posted: MultiValueDict, key: str, created: Mapping[str, int]) -> TypedRow:
    cells = {name: posted.get(f"{key}-{name}", "")[:_LONGEST_CELL] for name in COLUMNS}
    seen = posted.get(f"{key}-over") or posted.get(f"{key}-seen", "")
    return TypedRow(
        key, _read_market(posted.get(f"{key}-pk", "")) or created.get(key), cells, _read_seen(seen)
    )


def _read_market(text: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    return int(text) if is_number else None


def _read_seen(text: str) -> Cells:
    """What is no answer of ours counts as a blank row: a line that holds something is not overwritten."""
    try:
        seen = json.loads(text)
    except ValueError:
        return BLANK
    if not isinstance(seen, dict):
        return BLANK
    return {name: value if isinstance(value := seen.get(name), str) else "" for name in COLUMNS}


def shown(market: Market) -> GridRow:
    cells = write_line(market)
    return GridRow(str(market.pk), market, _cells(str(market.pk), cells), json.dumps(cells))


def blank_rows(count: int = BLANK_ROWS) -> list[GridRow]:
    return [_blank(f"n-{token_hex(4)}") for _ in range(count)]


def pattern_row() -> GridRow:
    """What the page copies when somebody pastes more lines than it has."""
    return _blank("n-0")


def _blank(key: str) -> GridRow:
    return GridRow(key, None, _cells(key, BLANK), json.dumps(BLANK))


def as_typed(rows: Iterable[TypedRow]) -> list[GridRow]:
    """Rows that nothing was done with."""
    return [answered(SavedRow(row)) for row in rows]


def answered(saved: SavedRow) -> GridRow:
    """What was saved, as it now stands; what was not, as it was typed."""
    row = saved.row
    is_kept = saved.is_saved or (saved.market and row.is_untouched)
    cells = write_line(saved.market) if is_kept and saved.market else row.cells
    return GridRow(
        key=row.key,
        market=saved.market,
        cells=_cells(row.key, cells, saved.problems, saved.doubts),
        seen=json.dumps(cells if is_kept else dict(row.seen)),
        state="Enregistré" if saved.is_saved else "",
        refusal=saved.refusal,
        current=json.dumps(saved.current) if saved.current else "",
    )


def _cells(
    key: str, cells: Cells, problems: Cells | None = None, doubts: Cells | None = None
) -> tuple[GridCell, ...]:
    said, doubted = problems or {}, doubts or {}
    return tuple(
        GridCell(name, key, column, cells.get(name, ""), said.get(name, ""), doubted.get(name, ""))
        for name, column in COLUMNS.items()
    )
