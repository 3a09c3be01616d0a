"""A dirty plan of our own: one defect a line, each with what must come of it, in every dress a plan wears."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from xml.sax.saxutils import escape

import pytest

from config.lib.spreadsheet import Column, Sheet, write_workbook
from procurement.enums import DatePrecision, Nature, Procedure, SocialIntent
from procurement.imports import Outcome, amounts, days
from procurement.services import plan_files
from tests.config.workbook_files import ods, ods_cell
from tests.procurement.factories import PurchasePlanFactory


pytestmark = pytest.mark.django_db

AT = datetime(2027, 1, 12, 9, tzinfo=UTC)
DAY, MONTH, QUARTER = DatePrecision.DAY, DatePrecision.MONTH, DatePrecision.QUARTER
SEMESTER, YEAR = DatePrecision.SEMESTER, DatePrecision.YEAR

# Accents, capitals, plurals and brackets of the header are defects too.
TITLES = {
    "reference": "N° DE MARCHE", "title": "Objets du marché (texte libre)",
    "amount": "MONTANT ESTIMÉ (€ H.T.)",
    "launch": "Dates de lancement",
    "nature": "Natures", "procedure": "Type de procedure", "cpv": "Codes CPV",
    "place": "Départements", "term": "DUREE (mois)", "social": "Clauses sociales", "siret": "SIRET",
}  # fmt: skip
JUNK = [["Ville de Rivebelle"], [], ["Plan d’achats 2027 – version de travail, ne pas diffuser"], []]

# Cells of the line → what the market holds, the reasons given for its cells.
DEFECTS = [
    ({"amount": "80 000"}, {"estimated_amount": 80_000}, []),
    ({"amount": "80 000 €"}, {"estimated_amount": 80_000}, []),
    ({"amount": "80\N{NO-BREAK SPACE}000,50\N{NO-BREAK SPACE}€ HT"},
     {"estimated_amount": Decimal("80000.50")}, []),
    ({"amount": "80k€"}, {"estimated_amount": 80_000}, []),
    ({"amount": "1,2 M€"}, {"estimated_amount": 1_200_000}, []),
    ({"amount": "80.000"}, {"estimated_amount": 80_000}, []),
    ({"amount": "200 000 à 250 000"}, {"estimated_amount": 250_000}, [amounts.RANGE]),
    ({"amount": "Compris entre 40 000 et 200 000 €"}, {"estimated_amount": 200_000}, [amounts.RANGE]),
    ({"amount": "1M - 5M€"}, {"estimated_amount": 5_000_000}, [amounts.RANGE]),
    ({"amount": "Inférieur à 40 000€"}, {"estimated_amount": 40_000}, [amounts.RANGE]),
    ({"amount": "min 50 000 € max 90 000 €"}, {"estimated_amount": 90_000}, [amounts.RANGE]),
    ({"amount": "plus de 5 M€"}, {"estimated_amount": 5_000_000}, [amounts.FLOOR]),
    ({"amount": "environ 80 000"}, {"estimated_amount": 80_000}, [amounts.APPROXIMATE]),
    ({"amount": "90 000 € TTC"}, {"estimated_amount": 90_000}, [amounts.WITH_TAX]),
    ({"amount": "999"}, {"estimated_amount": None}, [amounts.PLACEHOLDER]),
    ({"amount": "0"}, {"estimated_amount": None}, [amounts.PLACEHOLDER]),
    ({"amount": "beaucoup"}, {"estimated_amount": None}, [amounts.UNREADABLE]),
    ({"amount": "#REF!"}, {"estimated_amount": None}, [amounts.UNREADABLE]),
    ({"amount": "-80 000"}, {"estimated_amount": None}, [amounts.NEGATIVE]),
    ({"amount": "à définir"}, {"estimated_amount": None}, []),
    ({"launch": "15/03/2027"}, {"launch_on": date(2027, 3, 15), "launch_precision": DAY}, []),
    ({"launch": "03/2027"}, {"launch_on": date(2027, 3, 1), "launch_precision": MONTH}, []),
    ({"launch": "T2 2027"}, {"launch_on": date(2027, 4, 1), "launch_precision": QUARTER}, []),
    ({"launch": "fin T2 2027"}, {"launch_on": date(2027, 4, 1), "launch_precision": QUARTER}, []),
    ({"launch": "premier trimestre 2027"}, {"launch_on": date(2027, 1, 1), "launch_precision": QUARTER}, []),
    ({"launch": "second semestre 2027"}, {"launch_on": date(2027, 7, 1), "launch_precision": SEMESTER}, []),
    ({"launch": "courant 2027"}, {"launch_on": date(2027, 1, 1), "launch_precision": YEAR}, []),
    ({"launch": "mi-2027"}, {"launch_on": date(2027, 1, 1), "launch_precision": YEAR}, []),
    ({"launch": "46461"}, {"launch_on": date(2027, 3, 15), "launch_precision": DAY}, []),
    ({"launch": "mars"}, {"launch_on": date(2027, 3, 1), "launch_precision": MONTH}, [days.YEAR_OF_THE_PLAN]),
    ({"launch": "31/02/2027"}, {"launch_on": None}, [days.IMPOSSIBLE]),
    ({"launch": "dès que possible"}, {"launch_on": None}, [days.UNREADABLE]),
    ({"launch": "15/03/1027"}, {"launch_on": None}, [days.IMPLAUSIBLE]),
    ({"nature": "TRX"}, {"nature": Nature.WORKS}, []),
    ({"nature": "F"}, {"nature": Nature.SUPPLIES}, []),
    ({"procedure": "M.A.P.A"}, {"procedure": Procedure.ADAPTED}, []),
    ({"procedure": "A. O. R."}, {"procedure": Procedure.RESTRICTED}, []),
    ({"procedure": "A.O ouvert"}, {"procedure": Procedure.OPEN}, []),
    ({"procedure": "Panneaux"}, {"procedure": Procedure.UNKNOWN},
     ["Ce mot n’est pas connu ici : procédure adaptée, appel d’offres ouvert…."]),
    ({"place": "94, 75 et 2A"}, {"place": "2A, 75 et 94"}, []),
    ({"place": "FR-94|FR-75"}, {"place": "75 et 94"}, []),
    ({"siret": "2,1940028800019E+13"}, {"extra": {"SIRET": "21940028800019"}}, []),
    ({"procedure": "AO ouvert européen"}, {"procedure": Procedure.OPEN}, []),
    ({"cpv": "3100000"}, {"cpv_code": "03100000"}, []),
    ({"cpv": "77310000-6"}, {"cpv_code": "77310000"}, []),
    ({"cpv": "773"}, {"cpv_code": ""}, ["Un code CPV compte 8 chiffres."]),
    ({"place": "94|75"}, {"place": "75 et 94"}, []),
    ({"place": "FR|BE"}, {"place": "BE et FR"}, []),
    ({"place": "FR"}, {"place": "France entière"}, []),
    ({"place": "|".join(f"{code:03}" for code in range(308))}, {"place": "308 territoires"},
     ["Liste trop longue pour un lieu : 308 territoires."]),
    ({"term": "4 ans"}, {"duration_months": 48}, []),
    ({"term": "1 an renouvelable 3 fois"}, {"duration_months": 12, "renewals": 3, "renewal_months": 12}, []),
    ({"social": "X"}, {"social_intent": SocialIntent.YES}, []),
    ({"siret": "21940028800019.0"}, {"extra": {"SIRET": "21940028800019"}}, []),
    ({"siret": "=1+1"}, {"extra": {"SIRET": "=1+1"}}, []),
    ({"title": "  Espaces   verts\N{ZERO WIDTH SPACE} "}, {"reference": "R55"}, []),
]  # fmt: skip
# Cells → why the line waits.
HELD_BACK = [
    ({"title": "", "amount": "12 000"}, "L’objet manque"),
    ({"title": "TOTAL GÉNÉRAL", "amount": "9 999 999 000"}, "C’est une ligne de total"),
    ({"reference": "R0", "title": "Une autre ligne"}, "Répète la référence de la ligne 7."),
]


def rows():
    """Junk, the header, the lines; blank lines among them must shift nothing."""
    lines = [
        [({"reference": f"R{rank}", "title": f"Marché {rank}"} | cells).get(name, "") for name in TITLES]
        for rank, (cells, *_) in enumerate([*DEFECTS, *HELD_BACK])
    ]
    return [*JUNK, list(TITLES.values()), [], *lines, []]


def as_csv(delimiter, encoding):
    buffer = StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows(rows())
    return buffer.getvalue().replace("\N{ZERO WIDTH SPACE}", "").encode(encoding)


def as_xlsx():
    """The junk stands above the table, which has a notice before it and a list after it."""
    width = len(TITLES)
    first, *others = [(row + [""] * width)[:width] for row in rows()]
    columns = [Column(title or " ") for title in first]
    notice = Sheet("Notice", [Column("Mode d’emploi")], [["Remplir une ligne par marché"]])
    listed = Sheet("Listes", [Column("Secteurs possibles")], [["Espaces verts"]])
    return write_workbook([notice, Sheet("PAA 2027", columns, others), listed], created_at=AT)


def as_ods():
    """Its first sheet is hidden, and last year’s."""
    hidden = f'<table:table table:name="2026" table:style-name="hidden">{ods_row(["Objet"])}</table:table>'
    lines = "".join(map(ods_row, rows()))
    return ods(f'{hidden}<table:table table:name="PAA 2027">{lines}</table:table>')


def ods_row(cells):
    written = "".join(ods_cell(escape(cell)) if cell else "<table:table-cell/>" for cell in cells)
    return f"<table:table-row>{written or '<table:table-cell/>'}</table:table-row>"


DRESSES = {
    "plan.ods": as_ods,
    "plan.xlsx": as_xlsx,
    "utf8.csv": lambda: as_csv(",", "utf-8"),
    "bom.csv": lambda: as_csv(";", "utf-8-sig"),
    "utf16.csv": lambda: as_csv("\t", "utf-16"),
    "windows.csv": lambda: as_csv(";", "cp1252"),
}


@pytest.mark.parametrize("name", DRESSES)
def test_every_planted_defect_comes_out_as_written_down(name):
    plan = PurchasePlanFactory()

    found = plan_files.take_in(plan=plan, data=DRESSES[name](), name=name, by=None, at=AT)

    markets = {market.reference: market for market in plan.markets.all()}
    for rank, (cells, expected, reasons) in enumerate(DEFECTS):
        market = markets[f"R{rank}"]
        assert {field: getattr(market, field) for field in expected} == expected, cells
        assert [issue.reason for issue in found.lines[rank].issues] == reasons, cells
        assert found.lines[rank].record.line == rank + 7
    held_back = found.having(Outcome.WAITING)
    assert len(held_back) == len(HELD_BACK)
    for line, (cells, reason) in zip(held_back, HELD_BACK, strict=True):
        assert line.waits_for.startswith(reason), cells
    assert found.counts.rows == found.counts.applied + found.counts.waiting == len(DEFECTS) + len(HELD_BACK)


@pytest.mark.parametrize("name", DRESSES)
def test_the_dirty_plan_sent_again_changes_nothing(name):
    plan = PurchasePlanFactory()
    plan_files.take_in(plan=plan, data=DRESSES[name](), name=name, by=None, at=AT)

    again = plan_files.take_in(plan=plan, data=DRESSES[name](), name=name, by=None, at=AT)

    assert (again.counts.created, again.counts.updated) == (0, 0)
    assert again.counts.unchanged == len(DEFECTS)


def test_all_dresses_of_the_dirty_plan_say_the_same():
    plan = PurchasePlanFactory()
    for name, dress in DRESSES.items():
        found = plan_files.take_in(plan=plan, data=dress(), name=name, by=None, at=AT)

    assert (found.counts.created, found.counts.updated) == (0, 0)


def test_the_plan_has_the_number_of_defects_that_it_claims():
    assert len(DEFECTS) + len(HELD_BACK) >= 40
