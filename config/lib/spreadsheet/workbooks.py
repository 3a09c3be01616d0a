import zlib
from io import BytesIO
from itertools import zip_longest
from zipfile import BadZipFile, ZipFile

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from config.lib.spreadsheet import merges
from config.lib.spreadsheet.extents import largest_sheet
from config.lib.spreadsheet.signatures import may_be_workbook, recognise
from config.lib.spreadsheet.tables import (
    TOO_LARGE,
    Cell,
    Limits,
    Merge,
    Row,
    Table,
    UnreadableFile,
    written_rows,
)


PROTECTED = "est protégé par un mot de passe : enregistrez-en une copie sans protection."
DAMAGED = "est abîmé ou protégé, ou n’est pas un classeur."
_MANIFEST = "META-INF/manifest.xml"
# How Excel names, in its encrypted container, the workbook it hides.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read_sheets(data: bytes, name: str, limits: Limits) -> list[Table]:
    _refuse_other_natures(data, name)
    if data.startswith(b"PK"):
        _refuse_bombs(data, name, limits)
    try:
        return _read_sheets(data, name, limits)
    except CalamineError as error:
        raise UnreadableFile(name, DAMAGED) from error


def _refuse_other_natures(data: bytes, name: str) -> None:
    if may_be_workbook(data):
        if _ENCRYPTED in data:
            raise UnreadableFile(name, PROTECTED)
        return
    nature = recognise(data) or "un texte ou un fichier abîmé"
    raise UnreadableFile(name, f"est {nature}, pas un classeur.")


def _refuse_bombs(data: bytes, name: str, limits: Limits) -> None:
    try:
        with ZipFile(BytesIO(data)) as archive:
            # These sizes are only declared, but the reader refuses a member that outgrows its own.
            if sum(member.file_size for member in archive.infolist()) > limits.unpacked_size:
                raise UnreadableFile(name, TOO_LARGE)
            if _is_encrypted(archive):
                raise UnreadableFile(name, PROTECTED)
            cells = largest_sheet(archive)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise UnreadableFile(name, DAMAGED) from error
    if cells > limits.cells:
        raise UnreadableFile(name, TOO_LARGE)


def _is_encrypted(archive: ZipFile) -> bool:
    """How OpenDocument says it."""
    return _MANIFEST in archive.namelist() and b"encryption-data" in archive.read(_MANIFEST)


def _read_sheets(data: bytes, name: str, limits: Limits) -> list[Table]:
    documents = merges.of_document(data) if name.lower().endswith(".ods") else []
    with CalamineWorkbook.from_filelike(BytesIO(data)) as workbook:
        seen = zip_longest(workbook.sheets_metadata, documents, fillvalue=())
        return [
            _table(workbook.get_sheet_by_name(sheet.name), sheet, spans, name, limits)
            for sheet, spans in seen
            if sheet and sheet.typ == SheetTypeEnum.WorkSheet
        ]


def _table(
    sheet: CalamineSheet, seen: SheetMetadata, spans: tuple[Merge, ...], name: str, limits: Limits
) -> Table:
    rows = _rows(sheet, name, limits)
    is_hidden = seen.visible != SheetVisibleEnum.Visible
    return Table(seen.name, rows, is_hidden, spans or merges.of_sheet(sheet))


def _rows(sheet: CalamineSheet, name: str, limits: Limits) -> list[Row]:
    if sheet.end is None:
        return []
    last_row, last_column = sheet.end
    if (last_row + 1) * (last_column + 1) > limits.cells:
        raise UnreadableFile(name, TOO_LARGE)
    lines = enumerate(sheet.to_python(skip_empty_area=False), start=1)
    return list(
        written_rows((Row(line, [_cell(cell) for cell in cells]) for line, cells in lines), name, limits)
    )


def _cell(value) -> Cell:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    return value
