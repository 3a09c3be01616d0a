from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.lib.spreadsheet import Column, Sheet, write_workbook


REAL_DIRECTORY = Path(__file__).resolve().parents[3] / "shared/data/siae/siae_directory_visible.csv"


@pytest.fixture
def real_directory() -> Path:
    if not REAL_DIRECTORY.exists():
        pytest.skip(f"{REAL_DIRECTORY} is not on this machine")
    return REAL_DIRECTORY


@pytest.fixture
def directory_workbook():
    """`directory_workbook({"Feuille": [["siret", "type"], […]]})` gives the bytes of a workbook."""

    def write(sheets: dict[str, list[list]]) -> bytes:
        return write_workbook(
            [
                Sheet(name, [Column(str(title)) for title in rows[0]], rows[1:])
                for name, rows in sheets.items()
            ],
            created_at=datetime(2027, 1, 5, tzinfo=UTC),
        )

    return write
