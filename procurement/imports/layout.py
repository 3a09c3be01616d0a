"""The sheets of a plan file: which are read, under which header, and why the others are not."""

from dataclasses import dataclass

from config.lib import spreadsheet
from config.lib.intake import HEADER_SEARCHED_IN, Header, find_header, header_of
from config.lib.spreadsheet import Row, Table
from procurement.imports.choices import Choices, SheetChoice, aliases_with, chosen, is_plan
from procurement.imports.columns import ALIASES, REQUIRED


EMPTY = "elle est vide"
HIDDEN = "elle est masquée dans le classeur"
NO_HEADER = "aucune de ses colonnes n’est reconnue comme l’objet des marchés"
LEFT_ASIDE = "vous l’avez laissée de côté"
_NOT_CHOSEN = SheetChoice()


@dataclass(frozen=True)
class SeenSheet:
    """`header` is a guess where the sheet is not read; `why` says why it is not."""

    table: Table
    header: Header
    # The same line as we read it alone, without what people chose.
    automatic: Header
    why: str = ""
    choice: SheetChoice = _NOT_CHOSEN

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def is_read(self) -> bool:
        return not self.why

    @property
    def rows(self) -> list[Row]:
        """The lines under the header, read or not."""
        return [row for row in self.table.rows if row.line > self.header.line]


def read_layout(data: bytes, name: str, choices: Choices) -> list[SeenSheet]:
    """Raises `UnreadableFile` when these bytes are no table at all."""
    aliases = aliases_with(choices)
    return [_see(table, choices, aliases) for table in spreadsheet.read_tables(data, name)]


def _see(table: Table, choices: Choices, aliases: dict[str, list[str]]) -> SeenSheet:
    choice = choices.sheets.get(table.name, _NOT_CHOSEN)
    row = _header_row(table, choice, aliases)
    header = chosen(header_of(row, aliases), choices)
    return SeenSheet(table, header, header_of(row, ALIASES), _why_not(table, header, choice), choice)


def _why_not(table: Table, header: Header, choice: SheetChoice) -> str:
    if not table.rows:
        return EMPTY
    if choice.is_read is False:
        return LEFT_ASIDE
    if table.is_hidden and choice.is_read is None:
        return HIDDEN
    return "" if is_plan(header) else NO_HEADER


def _header_row(table: Table, choice: SheetChoice, aliases: dict[str, list[str]]) -> Row:
    """The line that somebody named, that we recognise, or that looks most like one."""
    if choice.header_line is not None:
        return next((row for row in table.rows if row.line == choice.header_line), _no_header(table))
    for required in (REQUIRED, ()):
        if header := find_header(table, aliases, required):
            return next(row for row in table.rows if row.line == header.line)
    return max(table.rows[:HEADER_SEARCHED_IN], key=_words_in, default=_no_header(table))


def _no_header(table: Table) -> Row:
    """For a sheet that begins with its first market: columns are known by their rank."""
    return Row(0, [""] * max((len(row.cells) for row in table.rows), default=0))


def _words_in(row: Row) -> int:
    return sum(isinstance(cell, str) and bool(cell.strip()) for cell in row.cells)
