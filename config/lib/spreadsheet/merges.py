"""Cells that a workbook merges downwards: one value, written once, that belongs to several lines."""

import re
from collections import defaultdict
from io import BytesIO
from zipfile import ZipFile

from python_calamine import CalamineSheet

from config.lib.spreadsheet.extents import ODF_TAG, REPEATED
from config.lib.spreadsheet.tables import Merge


_SPANNED = re.compile(rb"""\bnumber-rows-spanned\s*=\s*["']([0-9]{1,7})["']""")


def of_sheet(sheet: CalamineSheet) -> tuple[Merge, ...]:
    """As the reader of Excel formats gives them; it gives none of OpenDocument."""
    ranges = sheet.merged_cell_ranges or ()
    return tuple(
        Merge(first + 1, last + 1, rank) for (first, rank), (last, _) in sorted(ranges) if last > first
    )


def of_document(data: bytes) -> list[tuple[Merge, ...]]:
    """Those of each table of an OpenDocument workbook, in their order."""
    with ZipFile(BytesIO(data)) as archive:
        xml = archive.read("content.xml")
    found: dict[int, list[Merge]] = defaultdict(list)
    if b"number-rows-spanned" not in xml:
        return []
    table, line, rank = -1, 0, 0
    for tag, attributes in ODF_TAG.findall(xml):
        repeated = REPEATED.search(attributes)
        count = int(repeated[1]) if repeated else 1
        if tag == b"table":
            table, line = table + 1, 0
        elif tag == b"table-row":
            line, rank = line + count, 0
        else:
            spanned = _SPANNED.search(attributes)
            if spanned and int(spanned[1]) > 1:
                found[table].append(Merge(line, line + int(spanned[1]) - 1, rank))
            rank += count
    return [tuple(found[number]) for number in range(table + 1)]
