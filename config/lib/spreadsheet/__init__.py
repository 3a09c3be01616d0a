from config.lib.spreadsheet.reading import read_tables
from config.lib.spreadsheet.tables import Cell, Limits, Merge, Row, Table, UnreadableFile
from config.lib.spreadsheet.writing import Column, Sheet, write_csv, write_workbook


__all__ = [
    "Cell",
    "Column",
    "Limits",
    "Merge",
    "Row",
    "Sheet",
    "Table",
    "UnreadableFile",
    "read_tables",
    "write_csv",
    "write_workbook",
]
