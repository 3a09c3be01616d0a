from pathlib import PurePath

from config.lib.spreadsheet import delimited, records, workbooks
from config.lib.spreadsheet.signatures import recognise
from config.lib.spreadsheet.tables import Limits, Table, UnreadableFile


WORKBOOKS = (".xlsx", ".xls", ".ods")
TEXTS = {".csv": delimited.read_rows, ".json": records.read_rows}


def read_tables(data: bytes, name: str, limits: Limits | None = None) -> list[Table]:
    """The sheets of a .xlsx, .xls, .ods, .csv or .json file. Raises `UnreadableFile` with the reason."""
    limits = limits or Limits()
    extension = PurePath(name).suffix.lower()
    if extension not in (*WORKBOOKS, *TEXTS):
        raise UnreadableFile(name, "n’est pas d’un format lu : .xlsx, .xls, .ods, .csv ou .json.")
    _refuse_size(data, name, limits)
    tables = (
        workbooks.read_sheets(data, name, limits)
        if extension in WORKBOOKS
        else [_read_text(data, name, extension, limits)]
    )
    if not any(table.rows for table in tables):
        raise UnreadableFile(name, "ne contient aucune ligne.")
    return tables


def _refuse_size(data: bytes, name: str, limits: Limits) -> None:
    if not data.strip():
        raise UnreadableFile(name, "est vide.")
    if len(data) > limits.size:
        raise UnreadableFile(name, f"dépasse {limits.size // 2**20} Mo : découpez-le en plusieurs fichiers.")


def _read_text(data: bytes, name: str, extension: str, limits: Limits) -> Table:
    if nature := recognise(data):
        raise UnreadableFile(name, f"est {nature}, pas un fichier {extension}.")
    return Table(PurePath(name).stem, TEXTS[extension](data, name, limits))
