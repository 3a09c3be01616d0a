import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils.timezone import is_aware, make_naive
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter


# A spreadsheet runs a text that starts so; exported texts come from people we do not know.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_FORBIDDEN_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_NUMBER_FORMATS = {Decimal: "#,##0.00", datetime: "dd/mm/yyyy hh:mm", date: "dd/mm/yyyy"}
_NARROWEST, _WIDEST = 8, 60
_MEASURED_ROWS = 200


@dataclass(frozen=True)
class Column:
    """`width` in characters, measured when not given; `number_format` in Excel's language."""

    title: str
    width: float | None = None
    number_format: str | None = None


@dataclass(frozen=True)
class Sheet:
    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence]


def write_workbook(sheets: Sequence[Sheet], *, created_at: datetime) -> bytes:
    """The same sheets and moment give the same bytes."""
    workbook = Workbook(write_only=True)
    moment = created_at.astimezone(UTC).replace(tzinfo=None)
    workbook.properties.created = workbook.properties.modified = moment
    workbook.properties.creator = "Clausier"
    for sheet in sheets:
        _write_sheet(workbook, sheet)
    buffer = BytesIO()
    ExcelWriter(workbook, _UndatedZip(buffer, "w", ZIP_DEFLATED)).save()
    return buffer.getvalue()


def write_csv(columns: Sequence[str], rows: Iterable[Sequence]) -> bytes:
    """As a French spreadsheet opens it with a double click."""
    buffer = StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    for row in (columns, *rows):
        writer.writerow([_csv_text(value) for value in row])
    return buffer.getvalue().encode("utf-8-sig")


class _UndatedZip(ZipFile):
    """A zip whose members bear no date of their own."""

    def writestr(self, zinfo_or_arcname, data, *_, **__):
        super().writestr(ZipInfo(zinfo_or_arcname), data, compress_type=ZIP_DEFLATED)

    def write(self, filename, arcname, *_, **__):
        self.writestr(arcname, Path(filename).read_bytes())


def _write_sheet(workbook: Workbook, sheet: Sheet) -> None:
    # Seen before the first write: openpyxl does not forgive a sheet left half written.
    rows = [list(zip(row, sheet.columns, strict=True)) for row in sheet.rows]
    page = workbook.create_sheet(_title(sheet.name))
    page.freeze_panes = "A2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{len(rows) + 1}"
    for rank, column in enumerate(sheet.columns):
        letter = get_column_letter(rank + 1)
        page.column_dimensions[letter].width = column.width or _measure(column, rank, rows)
    page.append([_header_cell(page, column.title) for column in sheet.columns])
    for row in rows:
        page.append([_cell(page, value, column) for value, column in row])


def _title(name: str) -> str:
    """What Excel accepts: no punctuation of its own, 31 characters at most."""
    return " ".join(name.translate(_FORBIDDEN_IN_TITLES).split()).strip("'")[:31] or "Feuille"


def _measure(column: Column, rank: int, rows: list) -> int:
    texts = [column.title, *(_csv_text(row[rank][0]) for row in rows[:_MEASURED_ROWS])]
    longest = max(len(line) for text in texts for line in text.split("\n"))
    # Two more characters hold the arrow of the filter.
    return min(max(longest + 2, _NARROWEST), _WIDEST)


def _header_cell(page, title: str) -> Cell:
    cell = _text_cell(page, title)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _cell(page, value, column: Column) -> Cell | None:
    value = _plain(value)
    # A cell that says nothing is not written: half of a large export is such cells.
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return _text_cell(page, value)
    cell = WriteOnlyCell(page, value)
    if number_format := column.number_format or _NUMBER_FORMATS.get(type(value)):
        cell.number_format = number_format
    return cell


def _text_cell(page, text: str) -> Cell:
    cell = WriteOnlyCell(page, ILLEGAL_CHARACTERS_RE.sub("", text))
    # openpyxl takes « =… » for a formula and « #N/A » for an error.
    cell.data_type = "s"
    if text.startswith(_FORMULA_STARTS):
        cell.quotePrefix = True
    return cell


def _plain(value):
    """What a spreadsheet can type: no time zone, no class of our own."""
    if isinstance(value, datetime):
        return make_naive(value) if is_aware(value) else value
    if value is None or isinstance(value, bool | int | float | Decimal | date):
        return value
    return str(value)


def _csv_text(value) -> str:
    value = _plain(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, int | float | Decimal):
        return f"{Decimal(str(value)):f}".replace(".", ",")
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
    return str(value)
