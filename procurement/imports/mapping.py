"""The columns of each sheet as a person reviews them: title, examples, meaning, what was read of them."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from config.lib.intake import as_text
from procurement.imports.cells import text
from procurement.imports.choices import Choices, column_key
from procurement.imports.columns import MEANINGS
from procurement.imports.difference import FilePlan, Line
from procurement.imports.layout import NO_HEADER, SeenSheet


_EXAMPLES = 3
_LONGEST_EXAMPLE = 60
# Rows looked at for examples: a column may begin with blanks.
_LOOKED_AT = 200


class MappedColumn(NamedTuple):
    """`name` is what the page calls its answer; `automatic` what we would read without being told."""

    name: str
    title: str
    examples: list[str]
    field: str
    automatic: str
    is_remembered: bool
    written: int
    unread: int
    doubtful: int

    @property
    def read(self) -> int:
        return self.written - self.unread if self.field else 0

    @property
    def automatic_meaning(self) -> str:
        return MEANINGS.get(self.automatic, "gardée telle quelle")


class MappedSheet(NamedTuple):
    rank: int
    seen: SeenSheet
    name: str
    row_count: int
    columns: list[MappedColumn]

    @property
    def is_open(self) -> bool:
        """Whether its columns are worth showing first: they are read, or would be if somebody said how."""
        return self.seen.is_read or self.seen.why == NO_HEADER


def column_name(sheet: int, rank: int) -> str:
    return f"colonne:{sheet}:{rank}"


def map_sheets(found: FilePlan) -> list[MappedSheet]:
    """Columns without a title and without a cell are left out."""
    lines = _lines_by_sheet(found.lines)
    return [
        MappedSheet(
            rank,
            sheet,
            text(sheet.name),
            len(sheet.rows),
            _columns(rank, sheet, lines.get(sheet.name, []), found.choices),
        )
        for rank, sheet in enumerate(found.sheets)
    ]


def _lines_by_sheet(lines: Iterable[Line]) -> dict[str, list[Line]]:
    by_sheet: dict[str, list[Line]] = {}
    for line in lines:
        by_sheet.setdefault(line.record.sheet, []).append(line)
    return by_sheet


def _columns(sheet_rank: int, sheet: SeenSheet, lines: list[Line], choices: Choices) -> list[MappedColumn]:
    unread = Counter(name for line in lines for name in line.problems)
    doubtful = Counter(
        name
        for line in lines
        for name, reading in line.readings.items()
        if reading.reason and reading.value is not None
    )
    written = _written(sheet)
    columns = []
    for rank, (name, title) in enumerate(sheet.header.columns):
        if not written[rank] and title == f"Colonne {rank + 1}":
            continue
        columns.append(
            MappedColumn(
                column_name(sheet_rank, rank),
                title,
                _examples(sheet, rank),
                name or "",
                sheet.automatic.fields[rank] or "",
                column_key(title) in choices.columns,
                written[rank],
                unread[name],
                doubtful[name],
            )
        )
    return columns


def _written(sheet: SeenSheet) -> Counter[int]:
    """How many cells of each column hold something."""
    return Counter(rank for row in sheet.rows for rank, cell in enumerate(row.cells) if cell != "")


def _examples(sheet: SeenSheet, rank: int) -> list[str]:
    """The first distinct cells, shortened."""
    examples: dict[str, None] = {}
    for row in sheet.rows[:_LOOKED_AT]:
        said = as_text(row.cells[rank]) if rank < len(row.cells) else ""
        if said:
            examples[said] = None
        if len(examples) == _EXAMPLES:
            break
    return [text(said)[:_LONGEST_EXAMPLE] for said in examples]
