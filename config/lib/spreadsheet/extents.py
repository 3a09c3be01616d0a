import re
from collections.abc import Iterator
from zipfile import ZipFile


# The reader lays a sheet out in full: two cells in far corners, 400 bytes zipped, took 6 GB. So the corner
# of what is written is looked for first, by the tags alone.
_ATTRIBUTES = rb"""((?:[^>"']++|"[^"]*+"|'[^']*+')*+)>"""
_OFFICE_TAG = re.compile(rb"<(?:[\w.-]+:)?(row|c)\b" + _ATTRIBUTES)
_REFERENCE = re.compile(rb"""(?:^|\s)r\s*=\s*["']([A-Za-z]*)([0-9]{1,9})["']""")
ODF_TAG = re.compile(rb"<table:(table|table-row|table-cell|covered-table-cell)\b(?!-)" + _ATTRIBUTES)
REPEATED = re.compile(rb"""\bnumber-(?:rows|columns)-repeated\s*=\s*["']([0-9]{1,9})["']""")


def largest_sheet(archive: ZipFile) -> int:
    """Cells in the rectangle from A1 to the last written corner, of a workbook’s largest sheet."""
    areas = [0]
    for member in archive.namelist():
        xml = archive.read(member)
        if b"sheetData" in xml:
            areas.append(_area(_office_corners(xml)))
        elif member == "content.xml":
            areas.append(_area(_odf_corners(xml)))
    return max(areas)


def _area(corners: Iterator[tuple[int, int]]) -> int:
    rows = columns = 0
    for row, column in corners:
        rows, columns = max(rows, row), max(columns, column)
    return rows * columns


def _office_corners(xml: bytes) -> Iterator[tuple[int, int]]:
    row = column = 0
    for tag, attributes in _OFFICE_TAG.findall(xml):
        reference = _REFERENCE.search(attributes)
        if tag == b"row":
            row, column = int(reference[2]) if reference else row + 1, 0
            continue
        column = _column_number(reference[1]) if reference else column + 1
        if not attributes.endswith(b"/"):
            yield int(reference[2]) if reference else row, column


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _odf_corners(xml: bytes) -> Iterator[tuple[int, int]]:
    row = column = 0
    for tag, attributes in ODF_TAG.findall(xml):
        repeated = REPEATED.search(attributes)
        count = int(repeated[1]) if repeated else 1
        if tag == b"table":
            row = 0
        elif tag == b"table-row":
            row, column = row + count, 0
        else:
            column += count
            if not attributes.endswith(b"/"):
                yield row, column
