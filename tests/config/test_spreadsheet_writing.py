import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from io import BytesIO, StringIO

import openpyxl
import pytest

from config.lib import spreadsheet
from config.lib.spreadsheet import Column, Row, Sheet


CREATED_AT = datetime(2027, 3, 3, 8, 0, tzinfo=UTC)
FORMULAS = ["=1+1", "+33 4 72 00 00 00", "-cmd|' /C calc'!A0", "@SUM(A1)", "\tx", "\rx"]


class State(StrEnum):
    OPEN = "ouvert"


def write_and_load(*sheets: Sheet) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(spreadsheet.write_workbook(sheets, created_at=CREATED_AT)))


def test_a_workbook_has_a_bold_frozen_head_a_filter_and_widths():
    columns = [Column("Référence"), Column("Objet"), Column("Lieu", width=21)]
    rows = [["A", "Rénovation\nd’un groupe scolaire", "Lyon"], ["B", "x" * 200, "Bron"]]

    page = write_and_load(Sheet("Plan", columns, rows))["Plan"]

    assert [cell.value for cell in page[1]] == ["Référence", "Objet", "Lieu"]
    assert all(cell.font.bold for cell in page[1])
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:C3"
    assert [page.column_dimensions[letter].width for letter in "ABC"] == [11, 60, 21]


def test_cells_keep_their_type():
    columns = [Column(title) for title in "abcdefgh"] + [Column("i", number_format="0.0%")]
    row = [
        7,
        Decimal("1234.5"),
        date(2027, 3, 3),
        datetime(2027, 7, 3, 22, 30, tzinfo=UTC),
        datetime.fromisoformat("2027-03-03 10:30"),
        True,
        None,
        State.OPEN,
        Decimal("0.125"),
    ]

    page = write_and_load(Sheet("Plan", columns, [row])).active

    assert [cell.value for cell in page[2]] == [
        7,
        1234.5,
        datetime.fromisoformat("2027-03-03 00:00"),
        datetime.fromisoformat("2027-07-04 00:30"),
        datetime.fromisoformat("2027-03-03 10:30"),
        True,
        None,
        "ouvert",
        0.125,
    ]
    assert page["A2"].number_format == "General"
    assert page["B2"].number_format == "#,##0.00"
    assert page["C2"].number_format == "dd/mm/yyyy"
    assert page["D2"].number_format == "dd/mm/yyyy hh:mm"
    assert page["I2"].number_format == "0.0%"


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_is_never_a_formula_in_a_workbook(text):
    page = write_and_load(Sheet("Plan", [Column(text)], [[text]])).active

    for cell in (page["A1"], page["A2"]):
        assert cell.data_type == "s"
        assert cell.value.strip() == text.strip()
        assert cell.quotePrefix


def test_an_error_code_typed_as_text_stays_a_text():
    page = write_and_load(Sheet("Plan", [Column("a")], [["#N/A"]])).active

    assert page["A2"].data_type == "s"
    assert not page["A2"].quotePrefix


def test_characters_that_no_workbook_can_hold_are_left_out():
    assert write_and_load(Sheet("Plan", [Column("a")], [["a\x00b\x0b"]])).active["A2"].value == "ab"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Lots [1/2] : suite ?", "Lots 1 2 suite"),
        ("Bilan des clauses sociales de la métropole", "Bilan des clauses sociales de l"),
        ("'citation'", "citation"),
        ("", "Feuille"),
    ],
)
def test_a_sheet_takes_a_title_that_excel_accepts(name, title):
    assert write_and_load(Sheet(name, [Column("a")], [])).sheetnames == [title]


def test_two_sheets_of_the_same_name_are_told_apart():
    sheet = Sheet("Plan", [Column("a")], [])

    assert write_and_load(sheet, sheet).sheetnames == ["Plan", "Plan1"]


def test_the_same_content_gives_the_same_bytes():
    sheet = Sheet("Plan", [Column("a")], [["é"], [date(2027, 3, 3)]])

    first = spreadsheet.write_workbook([sheet], created_at=CREATED_AT)

    assert spreadsheet.write_workbook([sheet], created_at=CREATED_AT) == first
    properties = openpyxl.load_workbook(BytesIO(first)).properties
    assert properties.created == properties.modified == datetime.fromisoformat("2027-03-03 08:00")


def test_a_workbook_that_was_written_is_read_again():
    sheet = Sheet("Plan", [Column("a"), Column("b")], [["=1+1", Decimal("2.50")], ["é", 3]])

    [table] = spreadsheet.read_tables(spreadsheet.write_workbook([sheet], created_at=CREATED_AT), "plan.xlsx")

    assert table.rows == [Row(1, ["a", "b"]), Row(2, ["=1+1", 2.5]), Row(3, ["é", 3])]


def test_a_row_with_a_missing_cell_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="argument"):
        write_and_load(Sheet("Plan", [Column("a", width=9), Column("b", width=9)], [["x"]]))


def test_a_csv_opens_in_a_french_spreadsheet():
    data = spreadsheet.write_csv(
        ["Objet", "Montant", "Le"],
        [["L’été ; suite", Decimal("1234.50"), date(2027, 3, 3)], [None, 1.5, True], ["a\nb", 7, False]],
    )

    assert data == (
        b"\xef\xbb\xbf"
        + 'Objet;Montant;Le\r\n"L’été ; suite";1234,50;2027-03-03\r\n;1,5;oui\r\n"a\nb";7;non\r\n'.encode()
    )


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_is_never_a_formula_in_a_csv(text):
    data = spreadsheet.write_csv([text], [[text]]).decode("utf-8-sig")

    assert list(csv.reader(StringIO(data, newline=""), delimiter=";")) == [[f"'{text}"], [f"'{text}"]]


def test_a_negative_number_in_a_csv_stays_a_number():
    assert b"-5,5" in spreadsheet.write_csv(["a"], [[Decimal("-5.5")]])
    assert b"'" not in spreadsheet.write_csv(["a"], [[-5]])
