from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart

from config.lib import spreadsheet
from config.lib.spreadsheet import Limits, Row, UnreadableFile, delimited
from tests.config.workbook_files import ods, ods_cell, rezip, xls, xlsx, xlsx_of, xlsx_with_rows


HALF_PAST_TEN = datetime.fromisoformat("2027-03-03 10:30")


def rows_of(text: str | bytes, name: str = "plan.csv", limits: Limits | None = None) -> list[Row]:
    data = text.encode() if isinstance(text, str) else text
    [table] = spreadsheet.read_tables(data, name, limits)
    return table.rows


def reason_for(data: bytes, name: str, limits: Limits | None = None) -> str:
    with pytest.raises(UnreadableFile) as refusal:
        spreadsheet.read_tables(data, name, limits)
    return str(refusal.value).removeprefix(f"Le fichier « {name} » ")


# Comma- and semicolon-separated texts


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_csv_is_read_in_the_encodings_of_all_tools(encoding, line_end):
    text = line_end.join(["Objet;Montant", "Écoles — l’été;1 000 €"]) + line_end

    assert rows_of(text.encode(encoding)) == [
        Row(1, ["Objet", "Montant"]),
        Row(2, ["Écoles — l’été", "1 000 €"]),
    ]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_delimiter_is_sniffed(delimiter):
    text = f'a{delimiter}b{delimiter}c\n1{delimiter}"x;y,z\tt;;,,"{delimiter}3\n'

    assert rows_of(text) == [Row(1, ["a", "b", "c"]), Row(2, ["1", "x;y,z\tt;;,,", "3"])]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Ref;Montant\nA;1,5\nB;2,5\nC;3,5", ";"),
        ("Plan d’achats 2027, ville de Lyon\n\nRef;Objet;Montant\nA;x;1,5\nB;y;2", ";"),
        ('id,note\n1,"a;b;c"\n2,"d;e;f"', ","),
        ('id\tnote\n1\tÉcran 24"\n2\tb', "\t"),
        ("seule colonne\nun\ndeux", ";"),
    ],
)
def test_the_delimiter_is_the_one_that_cuts_most_lines_alike(text, delimiter):
    assert delimited.sniff_delimiter(text) == delimiter


def test_the_delimiter_that_excel_announces_is_believed():
    assert rows_of("sep=,\na,b;c\n") == [Row(2, ["a", "b;c"])]


def test_a_multi_line_cell_counts_its_physical_lines():
    text = 'objet;lieu\n"Rénovation\nde l’école";Lyon\nVoirie;Bron\n'

    assert rows_of(text) == [
        Row(1, ["objet", "lieu"]),
        Row(2, ["Rénovation\nde l’école", "Lyon"]),
        Row(4, ["Voirie", "Bron"]),
    ]


def test_blank_rows_are_left_out_and_still_counted():
    assert rows_of("\na;b\n;\n \n1;2") == [Row(2, ["a", "b"]), Row(5, ["1", "2"])]


def test_quotes_inside_a_cell_are_kept():
    assert rows_of('a;b\n"dit ""oui""";24" x 3\n') == [Row(1, ["a", "b"]), Row(2, ['dit "oui"', '24" x 3'])]


def test_separators_of_lines_inside_a_text_do_not_cut_it():
    assert rows_of("a\u2028b;c\x0bd\x85e\n") == [Row(1, ["a\u2028b", "c\x0bd\x85e"])]


@pytest.mark.parametrize("tail", ["", "x" * 200_000])
def test_a_quote_never_closed_is_told_with_its_line(tail):
    data = f'a;b\n1;2\n3;"ouvert\n4;5\n{tail}'.encode()

    assert reason_for(data, "plan.csv") == (
        "contient, dans l’enregistrement qui commence ligne 3, un guillemet jamais refermé."
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "est vide."),
        (b" \r\n", "est vide."),
        (b";;\n;;\n", "ne contient aucune ligne."),
        (b"\xef\xbb\xbf", "ne contient aucune ligne."),
        (b"%PDF-1.7\n...", "est un PDF, pas un fichier .csv."),
        (b"\x89PNG\r\n\x1a\n", "est une image PNG, pas un fichier .csv."),
        (b"\xff\xd8\xff\xe0", "est une image JPEG, pas un fichier .csv."),
        (xls("a"), "est un ancien document Office (.xls, .doc), pas un fichier .csv."),
        (b"PK\x03\x04", "est un classeur (.xlsx, .ods) ou une archive ZIP, pas un fichier .csv."),
        (b"\n<!DOCTYPE html><html>", "est une page web, pas un fichier .csv."),
        (b"abc\0\x01\x02def", "n’est pas un fichier texte."),
        (b"\x81\x8d;a", "n’est pas un fichier texte."),
        (b"\xff\xfea\0b", "n’est pas un fichier texte."),
    ],
)  # fmt: skip
def test_a_file_that_is_no_csv_is_refused_with_the_reason(data, reason):
    assert reason_for(data, "plan.csv") == reason


# Workbooks


def test_a_workbook_keeps_types_lines_and_hidden_sheets():
    workbook = Workbook()
    workbook.active.title = "Plan"
    workbook.active["B3"] = "Écoles\r\nlycées"
    workbook.active["C3"] = 73282932000074
    workbook.active["D3"] = 1.5
    workbook.active["E3"] = date(2027, 3, 3)
    workbook.active["F3"] = HALF_PAST_TEN
    workbook.active["G3"] = time(8, 15)
    workbook.active["H3"] = True
    workbook.active["B5"] = "fin"
    workbook.create_sheet("Listes").sheet_state = "hidden"
    workbook.create_sheet("Interne").sheet_state = "veryHidden"
    workbook.create_chartsheet("Courbe").add_chart(BarChart())

    plan, lists, internal = spreadsheet.read_tables(xlsx(workbook), "plan.xlsx")

    a_day, a_time = date(2027, 3, 3), time(8, 15)
    assert plan.rows == [
        Row(3, ["", "Écoles\nlycées", 73282932000074, 1.5, a_day, HALF_PAST_TEN, a_time, True]),
        Row(5, ["", "fin", "", "", "", "", "", ""]),
    ]
    assert (plan.name, plan.is_hidden) == ("Plan", False)
    assert (lists.name, lists.is_hidden, lists.rows) == ("Listes", True, [])
    assert (internal.name, internal.is_hidden) == ("Interne", True)


def test_an_opendocument_workbook_is_read():
    tables = (
        '<table:table table:name="Plan"><table:table-row>'
        f"{ods_cell('Écully')}</table:table-row></table:table>"
        '<table:table table:name="Aide" table:style-name="hidden"><table:table-row>'
        f"{ods_cell('x')}</table:table-row></table:table>"
    )

    plan, help_sheet = spreadsheet.read_tables(ods(tables), "plan.ods")

    assert (plan.name, plan.is_hidden, plan.rows) == ("Plan", False, [Row(1, ["Écully"])])
    assert help_sheet.is_hidden


def test_an_excel_97_workbook_is_read_even_under_a_newer_name():
    for name in ("plan.xls", "plan.xlsx"):
        [plan] = spreadsheet.read_tables(xls("Écully"), name)
        assert (plan.name, plan.rows) == ("Plan", [Row(1, ["Écully"])])


def test_the_extension_may_be_in_capitals():
    assert rows_of(b"a;b", "PLAN.CSV") == [Row(1, ["a", "b"])]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7", "est un PDF, pas un classeur."),
        (b"<html><table>", "est une page web, pas un classeur."),
        (b"a;b\n1;2", "est un texte ou un fichier abîmé, pas un classeur."),
        (b"PK\x03\x04tronque", "est abîmé ou protégé, ou n’est pas un classeur."),
        (xlsx_of([["a"]])[:-400], "est abîmé ou protégé, ou n’est pas un classeur."),
        (xls("a")[:600], "est abîmé ou protégé, ou n’est pas un classeur."),
        (xlsx_with_rows("<row><c><v>1</row>"), "est abîmé ou protégé, ou n’est pas un classeur."),
        (xlsx_of([]), "ne contient aucune ligne."),
    ],
)
def test_a_file_that_is_no_workbook_is_refused_with_the_reason(data, reason):
    assert reason_for(data, "plan.xlsx") == reason


def test_a_workbook_behind_a_password_is_refused_with_the_reason():
    encrypted = xls("a") + "EncryptedPackage".encode("utf-16-le")

    assert reason_for(encrypted, "plan.xlsx") == (
        "est protégé par un mot de passe : enregistrez-en une copie sans protection."
    )


def test_an_opendocument_workbook_behind_a_password_is_refused_with_the_reason():
    manifest = (
        b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        b'<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/>'
        b"</manifest:file-entry></manifest:manifest>"
    )
    encrypted = rezip(ods(""), {"META-INF/manifest.xml": manifest})

    assert "mot de passe" in reason_for(encrypted, "plan.ods")


@pytest.mark.parametrize("name", ["plan.docx", "plan", "plan.xlsb"])
def test_another_extension_is_refused_with_those_that_are_read(name):
    assert reason_for(b"a;b", name) == "n’est pas d’un format lu : .xlsx, .xls, .ods, .csv ou .json."


# Lists of objects


@pytest.mark.parametrize(
    "text",
    [
        '{"hydra:totalItems": 1, "hydra:member": [{"label": "Parcs"}]}',
        '{"data": [{"label": "Parcs"}], "errors": [], "codes": [1, 2]}',
    ],
)
def test_the_list_that_a_platform_wraps_in_an_object_is_read(text):
    assert rows_of(text, "plan.json") == rows_of('[{"label": "Parcs"}]', "plan.json")


def test_of_two_lists_in_an_object_none_is_chosen():
    text = '{"a": [{"label": "Parcs"}], "b": [{"label": "Voirie"}]}'

    assert reason_for(text.encode(), "plan.json") == "doit contenir une liste d’objets JSON."


def test_a_json_list_of_objects_is_one_table_under_its_keys():
    text = '[{"ref": "A", "montant": 10.10}, {}, {"ref": null, "lots": ["é", {"n": 1.5}], "clos": true}]'

    assert rows_of(text, "plan.json") == [
        Row(0, ["ref", "montant", "lots", "clos"]),
        Row(1, ["A", Decimal("10.10"), "", ""]),
        Row(3, ["", "", '["é", {"n": "1.5"}]', True]),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[{"a": 1},\n {"b" 2}]', "n’est pas un JSON valide : erreur ligne 2, colonne 7."),
        ('{"a": 1}', "doit contenir une liste d’objets JSON."),
        ("[1, 2]", "doit contenir une liste d’objets JSON."),
        ("[]", "ne contient aucune ligne."),
        ("[{}]", "ne contient aucune ligne."),
        ('[{"a": NaN}]', "contient un nombre ou une imbrication que JSON n’admet pas."),
        (f'[{{"a": {"9" * 5000}}}]', "contient un nombre ou une imbrication que JSON n’admet pas."),
        ("[" * 100_000, "contient un nombre ou une imbrication que JSON n’admet pas."),
    ],
)
def test_a_json_that_is_no_list_of_objects_is_refused_with_the_reason(text, reason):
    assert reason_for(text.encode(), "plan.json") == reason


# What a file may cost


def test_a_file_over_the_size_limit_is_refused():
    limits = Limits(size=2**20)

    assert reason_for(b"a" * (2**20 + 1), "plan.csv", limits) == (
        "dépasse 1 Mo : découpez-le en plusieurs fichiers."
    )


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"a\n1\n2\n3\n", "plan.csv"),
        (xlsx_of([[1], [2], [3], [4]]), "plan.xlsx"),
        (b'[{"a": 1}, {"a": 2}, {"a": 3}, {"a": 4}]', "plan.json"),
    ],
)
def test_a_file_with_too_many_rows_is_refused(data, name):
    assert "compte plus de 3 lignes" in reason_for(data, name, Limits(rows=3))


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"a;b;c\n1;2;3\n", "plan.csv"),
        (xlsx_of([["a", "b", "c"], [1, 2, 3]]), "plan.xlsx"),
        (b'[{"a": 1, "b": 2, "c": 3}, {"a": 4}]', "plan.json"),
    ],
)
def test_a_file_with_too_many_cells_is_refused(data, name):
    assert reason_for(data, name, Limits(cells=5)) == "est trop grand : découpez-le en plusieurs fichiers."


def test_an_old_workbook_is_measured_before_it_is_unfolded():
    assert "trop grand" in reason_for(xls("a"), "plan.xls", Limits(cells=0))


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = rezip(xlsx_of([["a"]]), {"xl/theme/theme1.xml": bytes(2**22)})

    assert len(bomb) < 2**15
    assert "trop grand" in reason_for(bomb, "plan.xlsx", Limits(unpacked_size=2**22))


@pytest.mark.parametrize(
    "far_cell",
    [
        '<row r="300000"><c r="ZZ300000"><v>2</v></c></row>',
        "<row r='300000'><c t='n' r='zz300000'><v>2</v></c></row>",
        '<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="300000">'
        '<x:c note=">" r = "ZZ300000"><x:v>2</x:v></x:c></x:row>',
        f'<row r="1000000">{"<c><v>2</v></c>" * 10}</row>',
    ],
)
def test_two_cells_in_far_corners_are_not_laid_out(far_cell):
    data = xlsx_with_rows(f'<row><c r="A1"><v>1</v></c></row>{far_cell}')

    assert "trop grand" in reason_for(data, "plan.xlsx")


def test_formatted_but_empty_cells_down_to_the_last_row_are_harmless():
    data = xlsx_with_rows('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"/></row>')

    assert rows_of(data, "plan.xlsx") == [Row(1, [1])]


def test_repeated_opendocument_cells_are_not_laid_out():
    repeated = f'<table:table-row table:number-rows-repeated="300000">{ods_cell("x", 700)}</table:table-row>'
    data = ods(f'<table:table table:name="Plan">{repeated}</table:table>')

    assert "trop grand" in reason_for(data, "plan.ods")


def test_empty_repeated_opendocument_cells_are_harmless():
    filler = '<table:table-cell table:number-columns-repeated="16384"/>'
    data = ods(
        f'<table:table table:name="Plan"><table:table-row>{ods_cell("x")}{filler}</table:table-row>'
        f'<table:table-row table:number-rows-repeated="1048570">{filler}</table:table-row></table:table>'
    )

    assert rows_of(data, "plan.ods") == [Row(1, ["x"])]


def test_a_zip_of_anything_else_is_no_workbook():
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.writestr("lisez-moi.txt", "bonjour")

    assert reason_for(buffer.getvalue(), "plan.xlsx") == "est abîmé ou protégé, ou n’est pas un classeur."
