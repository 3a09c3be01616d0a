from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms

from config.lib.intake import (
    Counts,
    Issue,
    Record,
    answer,
    as_text,
    find_header,
    normalise,
    read_records,
)
from config.lib.spreadsheet import Row, Table


ALIASES = {"title": ("objet", "intitulé"), "amount": ("montant estimé", "montant"), "place": ("lieu",)}


def table(*rows):
    return Table("Feuille 1", [Row(line, list(cells)) for line, cells in enumerate(rows, start=1)])


def read(*rows):
    sheet = table(*rows)
    return list(read_records(sheet, find_header(sheet, ALIASES)))


class AmountForm(forms.Form):
    title = forms.CharField(error_messages={"required": "L’objet manque."})
    amount = forms.DecimalField(error_messages={"invalid": "Ce montant ne se lit pas."})


def test_the_header_is_found_below_the_title_rows():
    header = find_header(
        table(["Plan 2027"], ["Ville", "service"], ["N°", "OBJET", "Montant"], ["1", "Jardins", 3]), ALIASES
    )

    assert header.line == 3
    assert header.fields == (None, "title", "amount")
    assert header.known == {"title": "OBJET", "amount": "Montant"}


@pytest.mark.parametrize("rows", [[], [["1", "Jardins"]], [["objet"], ["Jardins"]]])
def test_a_table_without_its_required_columns_has_no_header(rows):
    assert find_header(table(*rows), ALIASES, required=["title", "amount"]) is None


def test_a_title_is_recognised_whatever_its_accents_case_and_punctuation():
    assert normalise(" Montant ESTIMÉ (€ H.T.) ") == normalise("montant estime € h t")


def test_the_preferred_title_wins_and_the_other_column_is_kept_apart():
    (record,) = read(["Objet", "Montant", "Montant estimé"], ["Jardins", 1, 2])

    assert record.cells == {"title": "Jardins", "amount": 2}
    assert record.extra == {"Montant": 1}


def test_a_column_serves_one_field_only():
    header = find_header(table(["Objet"]), {"title": ("objet",), "description": ("objet",)})

    assert header.fields == ("title",)


def test_no_column_is_lost():
    (record,) = read(["Objet", "", "Note", "Note", "Vide"], ["Jardins", "a", "b", "c", " ", "d"])

    assert record.extra == {"Colonne 2": "a", "Note": "b", "Note (2)": "c", "Colonne 6": "d"}


def test_a_short_line_lacks_its_last_cells_only():
    (record,) = read(["Objet", "Montant"], ["Jardins"])

    assert record.text("title") == "Jardins"
    assert record.text("amount") == ""


def test_every_refusal_of_a_form_names_the_cell():
    (record,) = read(["Intitulé", "Montant"], ["", "beaucoup"])

    issues = record.issues(AmountForm({"title": record.text("title"), "amount": record.text("amount")}))

    assert issues == [
        Issue("Feuille 1", 2, "Intitulé", "", "L’objet manque."),
        Issue("Feuille 1", 2, "Montant", "beaucoup", "Ce montant ne se lit pas."),
    ]


def test_an_issue_about_a_column_that_the_file_lacks_has_no_column():
    assert Record("F", 4, {}).issue("place", "Le lieu manque.") == Issue("F", 4, "", "", "Le lieu manque.")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (" Jardins ", "Jardins"),
        (True, "oui"),
        (False, "non"),
        (12, "12"),
        (12.5, "12,5"),
        (Decimal("1E+3"), "1000"),
        # Written out, these would take a gigabyte.
        (Decimal("1E+999999999"), "1E+999999999"),
        (Decimal("1.5E-999999999"), "1,5E-999999999"),
        (date(2027, 3, 1), "01/03/2027"),
        (datetime(2027, 3, 1, tzinfo=UTC), "01/03/2027"),
        (datetime(2027, 3, 1, 14, 5, tzinfo=UTC), "01/03/2027 14:05"),
    ],
)
def test_a_cell_is_shown_as_its_author_reads_it(cell, text):
    assert as_text(cell) == text


def test_lines_read_are_lines_applied_and_lines_waiting():
    counts = Counts(rows=10, created=4, updated=3, unchanged=2, waiting=1)

    assert counts.applied == 9


def test_a_lost_line_is_refused():
    with pytest.raises(ValueError, match="10 lines read, 4 applied and 1 waiting"):
        Counts(rows=10, created=4, waiting=1)


def test_the_answer_has_the_keys_of_the_interface():
    issue = Issue("Feuille 1", 2, "Montant", "x", "Ce montant ne se lit pas.")

    assert answer(Counts(rows=1, updated=1), [issue]) == {
        "rows": 1,
        "applied": 1,
        "created": 0,
        "updated": 1,
        "unchanged": 0,
        "waiting": 0,
        "issues": [
            {
                "sheet": "Feuille 1",
                "line": 2,
                "column": "Montant",
                "value": "x",
                "reason": "Ce montant ne se lit pas.",
            }
        ],
    }
