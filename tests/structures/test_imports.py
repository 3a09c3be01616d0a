from datetime import UTC, datetime
from decimal import Decimal

import pytest

from config.lib.intake import Counts, Issue
from config.lib.spreadsheet import UnreadableFile
from structures import imports
from structures.enums import StructureKind
from tests.structures.factories import StructureFactory


SIRET = "41816609600069"
OTHER_SIRET = "80746931700018"


def csv(*rows: str) -> bytes:
    return "\n".join(rows).encode()


def judge(*rows: str) -> list[imports.Line]:
    return imports.judge(imports.read(csv(*rows), "siae.csv").records)


def judge_cell(title: str, value: str) -> tuple[dict, list[Issue]]:
    (line,) = judge(f"siret;kind;name;{title}", f"{SIRET};EI;Atelier;{value}")
    return line.values, line.issues


def test_a_line_becomes_values_under_its_key():
    (line,) = judge(
        "siret;kind;name;naf;post_code;longitude;latitude;website;source",
        f"{SIRET};EI;ATELIER DU LAC;81.21z;1000;2.43;48,88;https://lac.example;ASP",
    )

    assert line.key == (SIRET, "EI")
    assert line.issues == []
    assert line.values == {
        "name": "ATELIER DU LAC",
        "naf_code": "8121Z",
        "postcode": "01000",
        "department_code": "01",
        "longitude": 2.43,
        "latitude": 48.88,
        "website": "https://lac.example",
        "source": "ASP",
        "siret_is_valid": True,
        "extra": {},
        "issues": [],
    }


def test_the_titles_of_a_french_workbook_are_understood():
    (line,) = judge(
        "N° SIRET;Type de structure;Raison sociale;Code postal;Commune",
        "418 166 096 00069;Entreprise d'insertion;Atelier;94000;Créteil",
    )

    assert line.key == (SIRET, "EI")
    assert line.values["city"] == "Créteil"
    assert line.values["department_code"] == "94"


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (";EI;Atelier", "siret", "Le SIRET manque."),
        ("123;EI;Atelier", "siret", "Le SIRET « 123 » doit compter 14 chiffres."),
        ("00000000000000;EI;Atelier", "siret", "Le SIRET ne contient que des zéros."),
        (f"{SIRET};;Atelier", "kind", "Le type de structure manque."),
        (f"{SIRET};SARL;Atelier", "kind", "Ce type n’est pas connu ; le sont ACI, AI, EI, ETTI, EITI"),
    ],
)
def test_a_line_without_a_usable_key_waits(row, column, reason):
    (line,) = judge("siret;kind;name", row)

    assert line.key is None
    (issue,) = line.issues
    assert (issue.line, issue.column) == (2, column)
    assert issue.reason.startswith(reason)


def test_a_number_that_the_spreadsheet_has_abridged_waits_and_says_why():
    (line,) = judge("siret;kind;name", "4,18E+13;EI;Atelier")

    assert line.key is None
    assert "Le tableur a abrégé le SIRET" in line.issues[0].reason


def test_all_the_errors_of_a_line_are_told_at_once():
    (line,) = judge("siret;kind;name;latitude", "12;X;;ici")

    assert [issue.column for issue in line.issues] == ["siret", "kind", "name", "latitude"]


def test_a_siret_with_a_wrong_check_digit_is_kept_and_marked():
    (line,) = judge("siret;kind;name", "41816609600060;EI;Atelier")

    assert line.key == ("41816609600060", "EI")
    assert line.values["siret_is_valid"] is False
    assert line.issues[0].reason.endswith("Le numéro est gardé tel quel.")


@pytest.mark.parametrize(
    ("title", "value", "field", "kept"),
    [
        ("naf", "81-21", "naf_code", ""),
        ("code postal", "F-94000", "postcode", ""),
        ("département", "Val-de-Marne", "department_code", ""),
        ("longitude", "181", "longitude", None),
        ("latitude", "-90,5", "latitude", None),
        ("latitude", "nord", "latitude", None),
        ("latitude", "inf", "latitude", None),
        ("website", "www.lac.example", "website", ""),
        ("website", "https://lac", "website", ""),
        ("website", "ftp://lac.example", "website", ""),
        ("brand", "L" * 301, "brand", "L" * 300),
    ],
)
def test_a_cell_that_is_not_understood_leaves_its_line_applied(title, value, field, kept):
    values, issues = judge_cell(title, value)

    assert values[field] == kept
    assert [(issue.line, issue.column, issue.value) for issue in issues] == [(2, title, value)]
    assert values["issues"] == [{"column": title, "value": value, "reason": issues[0].reason}]


@pytest.mark.parametrize(
    ("value", "code"), [("9", "09"), ("2a", "2A"), ("974", "974"), ("75", "75"), ("", "")]
)
def test_a_department_code_is_tidied(value, code):
    values, issues = judge_cell("département", value)

    assert values["department_code"] == code
    assert issues == []


def test_a_missing_name_is_told_but_the_line_is_applied():
    (line,) = judge("siret;kind;name", f"{SIRET};EI;")

    assert line.key
    assert [issue.reason for issue in line.issues] == ["La raison sociale manque."]


def test_unknown_columns_are_kept():
    values, _ = judge_cell("Capacité", "12 postes")

    assert values["extra"] == {"Capacité": "12 postes"}


def test_a_repeated_key_waits_and_names_the_earlier_line():
    first, second, third = judge(
        "siret;kind;name", f"{SIRET};EI;Atelier", f"{SIRET};ACI;Chantier", f"{SIRET};EI;Encore"
    )

    assert first.key == (SIRET, "EI")
    assert second.key == (SIRET, "ACI")
    assert third.key is None
    assert third.issues[0] == Issue(
        "siae", 4, "siret", SIRET, "Cette ligne répète le SIRET et le type déjà donnés ligne 2."
    )


def test_a_key_repeated_on_another_sheet_names_the_sheet():
    here = imports.read(csv("siret;kind;name", f"{SIRET};EI;Atelier"), "un.csv").records
    there = imports.read(csv("siret;kind;name", f"{SIRET};EI;Atelier"), "deux.csv").records

    lines = imports.judge([*here, *there])

    assert lines[1].issues[0].reason.endswith("déjà donnés ligne 2 de la feuille « un ».")


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "vide.csv", "est vide"),
        (b"%PDF-1.7", "liste.csv", "est un PDF"),
        (csv(f"{SIRET};EI;Atelier"), "nu.csv", "n’a pas de ligne d’en-tête reconnue"),
        (csv("name;city", "Atelier;Créteil"), "sans.csv", "« siret » et « type »"),
        (csv("siret", SIRET), "seul.csv", "« siret » et « type »"),
        (csv("siret;kind;name"), "titre.csv", "n’a aucune ligne sous son en-tête"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_french(content, name, reason):
    with pytest.raises(UnreadableFile, match=reason):
        imports.read(content, name)


def test_a_list_that_names_its_structures_by_their_type_implies_it():
    lines = judge("GEIQ;VILLE;SIRET", f"GEIQ 94;Créteil;{SIRET}")

    assert [line.key for line in lines] == [(SIRET, "GEIQ")]
    assert lines[0].values["name"] == "GEIQ 94"


def test_a_list_without_types_is_read_and_waits_whole():
    lines = judge("Nom;VILLE;SIRET", f"GEIQ 94;Créteil;{SIRET}")

    assert [line.key for line in lines] == [None]
    assert lines[0].issues[0] == Issue("siae", 2, "", "", "Le type de structure manque.")


def test_a_sheet_without_header_is_said_not_to_be_read(directory_workbook):
    reading = imports.read(
        directory_workbook(
            {"Liste": [["siret", "type"], [SIRET, "EI"]], "Vide": [[""]], "Notes": [["à voir"]]}
        ),
        "r.xlsx",
    )

    assert [record.text("siret") for record in reading.records] == [SIRET]
    assert reading.issues == [Issue("Notes", 1, "", "", imports.UNREAD_SHEET)]


def plan(known, *rows):
    return imports.plan(imports.read(csv(*rows), "siae.csv"), known)


def card(**fields):
    return StructureFactory.build(**{"siret": SIRET, "kind": StructureKind.EI, "name": "Atelier"} | fields)


def test_the_plan_tells_new_cards_from_changed_and_unchanged_ones():
    known = [card(city="", postcode="", department_code=""), card(kind="ACI", name="Chantier")]

    drawn = plan(
        known,
        "siret;kind;name",
        f"{SIRET};EI;Atelier",
        f"{SIRET};ACI;Chantier du lac",
        f"{OTHER_SIRET};EI;Nouveau",
        ";EI;Sans numéro",
    )

    assert drawn.counts == Counts(rows=4, created=1, updated=1, unchanged=1, waiting=1)
    assert drawn.updated[0].differing == ("name",)
    assert drawn.created[0].values["city"] == ""
    assert [issue.reason for issue in drawn.issues] == ["Le SIRET manque."]


def test_a_column_that_the_file_lacks_leaves_the_card_as_it_is():
    drawn = plan([card(website="https://lac.example")], "siret;kind;name", f"{SIRET};EI;Atelier")

    assert drawn.counts.unchanged == 1


def test_lines_that_moved_change_nothing():
    issues = [
        {"column": "latitude", "value": "x", "reason": "Cette coordonnée ne se lit pas comme un nombre."}
    ]
    drawn = plan([card(issues=issues)], "", "siret;kind;name;latitude", "", f"{SIRET};EI;Atelier;x")

    assert drawn.issues[0].line == 4
    assert drawn.counts.unchanged == 1


def test_cards_gone_from_the_sources_of_the_file_are_reported():
    seen = datetime(2026, 1, 5, tzinfo=UTC)
    gone = card(siret=OTHER_SIRET, source="ASP", seen_at=seen, pk=1)
    known = [
        gone,
        card(source="ASP", seen_at=seen, pk=2),
        card(siret=OTHER_SIRET, kind="GEIQ", source="GEIQ", seen_at=seen, pk=3),
        card(siret=OTHER_SIRET, kind="ACI", source="ASP", seen_at=None, pk=4),
    ]

    drawn = plan(known, "siret;kind;name;source", f"{SIRET};EI;Atelier;ASP")

    assert drawn.gone == [gone]


def test_differences_are_told_in_words():
    drawn = plan(
        [card(latitude=48.5, extra={"Capacité": "8"})],
        "siret;kind;name;latitude;Capacité;site",
        f"{SIRET};EI;Atelier;;12;lac",
    )

    (change,) = drawn.updated
    assert change.differences == [
        ("latitude", "48,5", ""),
        ("autres colonnes du fichier", "Capacité : 8", "Capacité : 12"),
        ("cellules non comprises", "", "site « lac »"),
    ]


def test_an_address_in_one_cell_is_parted():
    lines = judge(
        "SIRET;type;nom;adresse;complément adresse",
        f'{SIRET};EI;A;"10 rue du Pont\n 67000 STRASBOURG";',
        f"{OTHER_SIRET};EI;B;4 rue du Port;BP 12",
    )

    assert [lines[0].values[name] for name in ("address", "postcode", "city", "department_code")] == [
        "10 rue du Pont", "67000", "STRASBOURG", "67",
    ]  # fmt: skip
    assert lines[1].values["address"] == "4 rue du Port – BP 12"


def test_what_a_list_says_beside_its_names_is_kept():
    lines = judge(
        "SIRET;type;nom;email;téléphone;Secteur d’activités;effectif",
        f"{SIRET};EI;A;a@x.example;01 99 00 00 01;Repassage, couture;22,5",
        f"{OTHER_SIRET};EI;B;pas une adresse;;;beaucoup",
    )

    told = {name: lines[0].values[name] for name in ("email", "phone", "activities", "headcount")}
    assert told == {
        "email": "a@x.example", "phone": "01 99 00 00 01", "activities": "Repassage, couture",
        "headcount": Decimal("22.5"),
    }  # fmt: skip
    assert [issue.reason for issue in lines[1].issues] == [
        "Cette adresse électronique est illisible.",
        "Cet effectif ne se lit pas comme un nombre.",
    ]
