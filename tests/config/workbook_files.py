"""Workbooks that no writer of ours can make: old binary ones, OpenDocument ones, and hostile ones."""

import struct
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook


SHEET_XML = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OASIS = "urn:oasis:names:tc:opendocument:xmlns"


def xlsx(workbook: Workbook) -> bytes:
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def xlsx_of(rows) -> bytes:
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    return xlsx(workbook)


def xlsx_with_rows(body: str) -> bytes:
    """A workbook whose only sheet holds this very XML."""
    sheet = f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'
    return rezip(xlsx(Workbook()), {SHEET_XML: sheet.encode()})


def rezip(data: bytes, replaced: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(buffer, "w", ZIP_DEFLATED) as target:
        for member in source.namelist():
            target.writestr(member, replaced.get(member, source.read(member)))
    return buffer.getvalue()


def ods(tables: str) -> bytes:
    content = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<office:document-content xmlns:office="{OASIS}:office:1.0" xmlns:table="{OASIS}:table:1.0"'
        f' xmlns:text="{OASIS}:text:1.0" xmlns:style="{OASIS}:style:1.0"><office:automatic-styles>'
        '<style:style style:name="hidden" style:family="table">'
        '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{OASIS}:manifest:1.0"></m:manifest>')
        archive.writestr("content.xml", content)
    return buffer.getvalue()


def ods_cell(text: str, repeated: int = 1) -> str:
    return (
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{repeated}">'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def xls(text: str) -> bytes:
    """An Excel 97 workbook of one cell, A1, in a sheet named « Plan »."""
    bound_sheet = _biff(0x85, struct.pack("<IBB", 0, 0, 0) + b"\x04\x00Plan")
    opening = _biff(0x809, struct.pack("<HHHHII", 0x600, 0x05, 0, 0, 0, 0))
    sheet_start = len(opening) + len(bound_sheet) + 4
    bound_sheet = bound_sheet[:4] + struct.pack("<I", sheet_start) + bound_sheet[8:]
    label = struct.pack("<HHH", 0, 0, 0) + struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")
    sheet = _biff(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + _biff(0x204, label)
    return _compound_file(opening + bound_sheet + _biff(0x0A, b"") + sheet + _biff(0x0A, b""))


def _biff(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _compound_file(stream: bytes) -> bytes:
    """Microsoft's container: header, one sector of allocation, one of directory, then the stream."""
    end_of_chain, free = 0xFFFFFFFE, 0xFFFFFFFF
    # Streams under 4096 bytes would have to live elsewhere.
    stream = stream.ljust(4096, b"\0")
    sectors = len(stream) // 512
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end_of_chain, 0,
                          end_of_chain, 0, 0)  # fmt: skip
    header += struct.pack("<108I", *[free] * 108)
    chain = [0xFFFFFFFD, end_of_chain, *range(3, 2 + sectors), end_of_chain]
    allocation = struct.pack("<128I", *chain, *[free] * (128 - len(chain)))
    directory = _entry("Root Entry", 5, child=1, start=end_of_chain, size=0)
    directory += _entry("Workbook", 2, child=free, start=2, size=len(stream))
    return header + allocation + directory.ljust(512, b"\0") + stream


def _entry(name: str, kind: int, *, child: int, start: int, size: int) -> bytes:
    encoded = name.encode("utf-16-le")
    free = 0xFFFFFFFF
    entry = encoded.ljust(64, b"\0") + struct.pack("<HBBIII", len(encoded) + 2, kind, 1, free, free, child)
    return entry + bytes(36) + struct.pack("<IQ", start, size)
