import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator

from config.lib.spreadsheet.tables import Limits, Row, UnreadableFile, written_rows


# In order of preference when a file could be read with either.
DELIMITERS = (";", "\t", ",")
_SNIFFED_CHARACTERS = 100_000
_QUOTED_CELL = re.compile(r'(^|[;,\t])"(?:[^"]|"")*"(?=[;,\t\n]|$)', re.MULTILINE)
_EXCEL_HINT = re.compile(r"sep=([;,\t])\n", re.IGNORECASE)
_END = "\0"


def decode(data: bytes, name: str) -> str:
    """The text, its line ends made alike, whatever the tool that wrote it."""
    try:
        text = data.decode(_encoding(data))
    except UnicodeDecodeError as error:
        raise UnreadableFile(name, "n’est pas un fichier texte.") from error
    if "\0" in text:
        raise UnreadableFile(name, "n’est pas un fichier texte.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _encoding(data: bytes) -> str:
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if unmarked := _unmarked_utf16(data[:4096]):
        return unmarked
    try:
        data.decode()
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _unmarked_utf16(sample: bytes) -> str | None:
    """In UTF-16, the high byte of nearly every letter we write is zero, the low byte never."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if even == 0 and odd > len(sample) / 4:
        return "utf-16-le"
    if odd == 0 and even > len(sample) / 4:
        return "utf-16-be"
    return None


def read_rows(data: bytes, name: str, limits: Limits) -> list[Row]:
    text = decode(data, name)
    hint = _EXCEL_HINT.match(text)
    delimiter = hint[1] if hint else sniff_delimiter(text)
    rows = _records(text, delimiter, name)
    if hint:
        next(rows)
    return list(written_rows(rows, name, limits))


def sniff_delimiter(text: str) -> str:
    """The one that cuts the most lines alike, once quoted cells are set aside."""
    sample = _QUOTED_CELL.sub(r"\1", text[:_SNIFFED_CHARACTERS])
    lines = sample.split("\n")
    return max(DELIMITERS, key=lambda delimiter: _regularity(lines, delimiter))


def _regularity(lines: list[str], delimiter: str) -> tuple[int, int]:
    widths = Counter(line.count(delimiter) for line in lines if delimiter in line)
    return max(((lines_alike, width) for width, lines_alike in widths.items()), default=(0, 0))


def _records(text: str, delimiter: str, name: str) -> Iterator[Row]:
    """Each record with the physical line on which it starts."""
    lines = [f"{line}\n" for line in text.removesuffix("\n").split("\n")]
    reader = csv.reader([*lines, _END], delimiter=delimiter)
    line = 1
    while (cells := _next_record(reader, line, name)) != [_END]:
        yield Row(line, cells)
        line = reader.line_num + 1


def _next_record(reader, line: int, name: str) -> list[str]:
    reason = f"contient, dans l’enregistrement qui commence ligne {line}, un guillemet jamais refermé."
    try:
        cells = next(reader)
    except csv.Error as error:
        raise UnreadableFile(name, reason) from error
    # An open quote swallows the rest of the file, the mark of its end included.
    if cells and cells[-1].endswith(f"\n{_END}"):
        raise UnreadableFile(name, reason)
    return cells
