"""Cells merged downwards: one value that its author wrote once for several lines."""

import html
import re
from datetime import UTC, datetime
from decimal import Decimal

import openpyxl
import pytest

from config.lib.intake import Counts
from config.lib.spreadsheet import Merge, read_tables
from procurement.imports.amounts import MERGED_AMOUNT
from procurement.services import plan_files
from tests.config.workbook_files import ods, ods_cell, xlsx
from tests.procurement.factories import PurchasePlanFactory


AT = datetime(2027, 1, 12, 9, tzinfo=UTC)
JUNK, HEADER = ["Plan 2027", "", "", "", ""], ["Objet", "Service", "Montant", "Couleur", "Nature"]
ROWS = [
    ["Parcs", "Jardins", "80 000", "vert", "Services"],
    ["Squares", "", "", "", ""],
    ["Bancs", "", "", "", "Fournitures"],
]
# On lines 3 to 5: the service, the amount, a column that nobody knows. On lines 1 and 2: titles.
MERGES = ["A1:E1", "B3:B5", "C3:C4", "D3:D5"]


def as_xlsx():
    workbook = openpyxl.Workbook()
    for row in (JUNK, HEADER, *ROWS):
        workbook.active.append([cell or None for cell in row])
    for merge in MERGES:
        workbook.active.merge_cells(merge)
    return xlsx(workbook)


def as_ods():
    def spanned(text, rows):
        return ods_cell(text).replace(
            "<table:table-cell", f'<table:table-cell table:number-rows-spanned="{rows}"'
        )

    covered = "<table:covered-table-cell/>"
    rows = [
        "".join(map(ods_cell, JUNK)),
        "".join(map(ods_cell, HEADER)),
        ods_cell("Parcs")
        + spanned("Jardins", 3)
        + spanned("80 000", 2)
        + spanned("vert", 3)
        + ods_cell("Services"),
        ods_cell("Squares") + covered * 3 + "<table:table-cell/>",
        ods_cell("Bancs") + covered + "<table:table-cell/>" + covered + ods_cell("Fournitures"),
    ]
    lines = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    blank = "<table:table-row><table:table-cell/></table:table-row>"
    notice = f'<table:table table:name="Notice">{blank}</table:table>'
    return ods(f'{notice}<table:table table:name="Plan">{lines}</table:table>')


DRESSES = {"plan.xlsx": as_xlsx, "plan.ods": as_ods}


@pytest.fixture
def plan(stage):
    return PurchasePlanFactory(buyer=stage.buyer)


@pytest.mark.parametrize("name", DRESSES)
def test_the_reader_says_which_cells_are_merged_downwards(name):
    table = read_tables(DRESSES[name](), name)[-1]

    assert table.merges == (Merge(3, 5, 1), Merge(3, 4, 2), Merge(3, 5, 3))


@pytest.mark.parametrize("name", DRESSES)
def test_its_value_belongs_to_each_line(plan, name):
    found = plan_files.take_in(plan=plan, data=DRESSES[name](), name=name, by=None, at=AT)

    assert found.counts == Counts(rows=3, created=3)
    said = [
        (market.title, market.department.name, market.estimated_amount, market.extra, market.nature)
        for market in plan.markets.select_related("department").order_by("pk")
    ]
    assert said == [
        ("Parcs", "Jardins", Decimal(80_000), {"Couleur": "vert"}, "services"),
        ("Squares", "Jardins", Decimal(80_000), {"Couleur": "vert"}, "unknown"),
        ("Bancs", "Jardins", None, {"Couleur": "vert"}, "supplies"),
    ]
    # The same amount may be meant for all: somebody has to look.
    assert [(issue.line, issue.reason) for issue in found.issues] == [(4, MERGED_AMOUNT)]


def test_a_header_merged_for_its_looks_is_no_line(plan):
    workbook = openpyxl.Workbook()
    for row in (["Objet", "Montant", None], [None, "HT", "TTC"], ["Parcs", 80_000, 96_000]):
        workbook.active.append(row)
    workbook.active.merge_cells("A1:A2")

    found = plan_files.preview(plan=plan, data=xlsx(workbook), name="plan.xlsx")

    assert [line.title for line in found.lines] == ["", "Parcs"]
    assert found.counts == Counts(rows=2, created=1, waiting=1)


def test_an_object_merged_over_several_lines_makes_them_wait(plan):
    workbook = openpyxl.Workbook()
    for row in (["Objet", "Lot"], ["Parcs", "Nord"], [None, "Sud"]):
        workbook.active.append(row)
    workbook.active.merge_cells("A2:A3")

    found = plan_files.preview(plan=plan, data=xlsx(workbook), name="plan.xlsx")

    assert [line.waits_for for line in found.lines] == ["", "Répète l’objet de la ligne 2."]


def test_a_short_line_is_filled_to_its_merged_cell(plan):
    workbook = openpyxl.Workbook()
    for row in (["Objet", "Nature", "Lieu"], ["Parcs", None, "Créteil"], ["Bancs"]):
        workbook.active.append(row)
    workbook.active.merge_cells("C2:C3")
    workbook.active.merge_cells("B2:B3")

    found = plan_files.preview(plan=plan, data=xlsx(workbook), name="plan.xlsx")

    assert [line.values.get("place") for line in found.lines] == ["Créteil", "Créteil"]


def test_the_preview_says_so(plan, buyer, as_user):
    file = plan_files.receive(plan=plan, data=as_xlsx(), name="plan.xlsx", by=buyer)

    response = as_user(buyer).get(file.get_absolute_url())

    page = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())
    assert "3 cellules de ce fichier étaient fusionnées avec celle du dessus" in page
    assert "« Jardins » : Cellule fusionnée : sa valeur vaut pour chaque ligne." in page
