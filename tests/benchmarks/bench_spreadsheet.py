from datetime import UTC, datetime

from config.lib.spreadsheet.reading import read_tables
from config.lib.spreadsheet.writing import Column, Sheet, write_workbook


def workbook(rows):
    columns = [Column(f"Colonne {number}", width=12) for number in range(18)]
    lines = [[f"{row}-{number}" for number in range(18)] for row in range(rows)]
    return write_workbook([Sheet("Plan", columns, lines)], created_at=datetime(2026, 11, 23, tzinfo=UTC))


def test_reading_a_workbook_takes_time_in_proportion_to_its_rows(measure):
    small, large = workbook(500), workbook(5_000)

    measure("lire un classeur de 500 lignes", lambda: read_tables(small, "plan.xlsx"))
    large_one = measure(
        "lire un classeur de 5 000 lignes",
        lambda: read_tables(large, "plan.xlsx"),
        ratio_to="lire un classeur de 500 lignes",
    )

    assert large_one["ratio"] < 20
