"""Real files of other trades, made to break readers: each with what must come of it, written down."""

from pathlib import Path

import pytest

from config.lib.spreadsheet import UnreadableFile, read_tables
from procurement.imports.layout import NO_HEADER
from procurement.services import plan_files
from tests.procurement.factories import PurchasePlanFactory


NASTIES = Path(__file__).resolve().parents[3] / "shared" / "data" / "nasties"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not NASTIES.exists(), reason=f"nasty files are absent: {NASTIES}"),
]

# File → for each sheet: name, line taken for its header, columns, lines under it, cells merged downwards.
SEEN = {
    "apilos_financement.xlsx": [
        ("Financements", 1, 7, 0, 6),
        ("Notice", 2, 2, 7, 0),
        ("Data", 2, 5, 8, 0),
    ],
    "apilos_logements.xlsx": [
        ("Logements", 1, 11, 3, 7),
        ("Notice", 2, 2, 6, 0),
        ("Data", 1, 5, 8, 0),
    ],
    "smb_utf16le_semicolon_decimal_comma.csv": [("smb_utf16le_semicolon_decimal_comma", 1, 30, 26, 0)],
}


def test_every_nasty_file_has_its_outcome():
    assert sorted(SEEN) == sorted(path.name for path in NASTIES.iterdir())


@pytest.mark.parametrize("name", SEEN)
def test_a_nasty_file_is_kept_for_somebody_to_say_what_it_means(name):
    data = (NASTIES / name).read_bytes()
    file = plan_files.receive(plan=PurchasePlanFactory(), data=data, name=name, by=None)

    found = plan_files.preview_again(file)

    assert [
        (sheet.name, sheet.header.line, len(sheet.header.titles), len(sheet.rows), len(sheet.table.merges))
        for sheet in found.sheets
    ] == SEEN[name]
    assert {sheet.why for sheet in found.sheets} == {NO_HEADER}
    assert file.counts == {"rows": 0, "created": 0, "updated": 0, "unchanged": 0, "waiting": 0}


@pytest.mark.parametrize("name", SEEN)
def test_a_nasty_file_is_refused_where_nobody_can_say_what_it_means(name):
    data = (NASTIES / name).read_bytes()

    with pytest.raises(UnreadableFile, match="n’a pas de ligne d’en-tête reconnue"):
        plan_files.preview(plan=PurchasePlanFactory(), data=data, name=name)


def test_two_bytes_a_letter_and_commas_for_decimals_are_read_as_written():
    name = "smb_utf16le_semicolon_decimal_comma.csv"
    (table,) = read_tables((NASTIES / name).read_bytes(), name)

    assert table.rows[0].cells[:6] == [
        "Niveau hiérarchique",
        "Niveau hiérarchique de la ligne",
        "Catégorie",
        "Sous-catégorie",
        "Ligne d'information",
        "31/01/2013",
    ]
    assert table.rows[1].cells[4:7] == ["Solde budgétaire", "-12817067246,53", "-27121319640,85"]


def test_titles_of_several_lines_are_read_whole():
    name = "apilos_financement.xlsx"
    table = read_tables((NASTIES / name).read_bytes(), name)[0]

    assert table.rows[0].cells[2:5] == [
        "Date d'octroi\n(format dd/mm/yyyy)",
        "Durée\n(en années)\nSi le prêt est en cours de signature, indiquez une durée indicative",
        "Montant\n(en €)",
    ]
