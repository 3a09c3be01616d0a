import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO

import openpyxl
import pytest

from config.lib.spreadsheet import Column, Sheet, read_tables, write_csv, write_workbook
from procurement.services import plan_files
from tests.procurement.factories import DepartmentFactory, PurchasePlanFactory


pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, tzinfo=UTC)
HEADER = [
    "Référence", "Objet", "Description", "Service prescripteur", "Nature", "Famille d’achats", "Code CPV",
    "Procédure", "Montant estimé (€ HT)", "Date de lancement", "Durée (mois)", "Lieu", "Renouvellement",
    "Titulaire sortant", "Statut", "Observations", "Clause sociale", "Colonne libre",
]  # fmt: skip
THEMES = (
    "des finances",
    "de la voirie",
    "des parcs et jardins",
    "des écoles",
    "du patrimoine bâti",
    "des sports",
)


def plan_of(rows, cents=0):
    lines = [
        [
            f"2027-{row}", f"Entretien numéro {row} des espaces verts", f"Un texte sur la ligne {row}",
            f"Service {row % 20}", "Services", "Espaces verts et élagage", "77310000-6", "MAPA",
            f"{row * 1_000 + 2_000},{cents:02} €" if row % 5 else "à voir", "T2 2027",
            "12 mois renouvelable 3 fois", "Créteil", "oui", "", "En cours", "", "à étudier", f"valeur {row}",
        ]
        for row in range(rows)
    ]  # fmt: skip
    return write_csv(HEADER, lines)


def take_in(plan, data):
    return plan_files.take_in(plan=plan, data=data, name="plan.csv", by=None, at=AT)


def test_a_plan_is_previewed_in_time_in_proportion_to_its_lines(measure):
    plan, small, large = PurchasePlanFactory(), plan_of(500), plan_of(5_000)

    measure(
        "prévisualiser un plan de 500 lignes",
        lambda: plan_files.preview(plan=plan, data=small, name="plan.csv"),
    )
    large_one = measure(
        "prévisualiser un plan de 5 000 lignes",
        lambda: plan_files.preview(plan=plan, data=large, name="plan.csv"),
        ratio_to="prévisualiser un plan de 500 lignes",
    )

    assert large_one["ratio"] < 20


def workbook_of(rows):
    header, *lines = csv.reader(StringIO(plan_of(rows).decode("utf-8-sig")), delimiter=";")
    return write_workbook([Sheet("Plan", [Column(title) for title in header], lines)], created_at=AT)


def read_with_openpyxl(data):
    for sheet in openpyxl.load_workbook(BytesIO(data), read_only=True):
        list(sheet.iter_rows(values_only=True))


def test_a_workbook_is_previewed_in_the_time_that_openpyxl_alone_needs_to_read_it(measure):
    plan, small, large = PurchasePlanFactory(), workbook_of(500), workbook_of(5_000)

    small_one = measure(
        "prévisualiser un classeur de 500 lignes",
        lambda: plan_files.preview(plan=plan, data=small, name="plan.xlsx"),
    )
    measure("lire 5 000 lignes, notre lecteur seul", lambda: read_tables(large, "plan.xlsx"))
    measure("lire 5 000 lignes, openpyxl seul", lambda: read_with_openpyxl(large), rounds=3)
    large_one = measure(
        "prévisualiser un classeur de 5 000 lignes",
        lambda: plan_files.preview(plan=plan, data=large, name="plan.xlsx"),
        rounds=3,
        ratio_to="lire 5 000 lignes, openpyxl seul",
    )

    assert small_one["best"] < 1
    assert large_one["ratio"] <= 1


def misspelt(name, number):
    """One letter doubled, here or there: every variant is another text."""
    place = 1 + number % (len(name) - 1)
    return f"{name[:place]}{name[place]}{name[place:]}{'s' * (number // len(name) % 2)}"


def plan_of_misspelt_names(rows):
    names = [f"Direction {theme} {place}" for theme in THEMES for place in ("nord", "sud", "centre")]
    lines = [
        [
            f"2027-{row}",
            f"Achat {row}",
            misspelt(names[row % len(names)], row),
            f"Famille inconnue {row % 400}",
        ]
        for row in range(rows)
    ]
    return write_csv(["Référence", "Objet", "Service prescripteur", "Famille d’achats"], lines), names


def test_misspelt_names_are_compared_once_each_in_a_fraction_of_the_reading(measure):
    plan = PurchasePlanFactory()
    data, names = plan_of_misspelt_names(5_000)
    for name in names:
        DepartmentFactory(buyer=plan.buyer, name=name)
    right = write_csv(
        ["Référence", "Objet", "Service prescripteur", "Famille d’achats"],
        [[f"2027-{row}", f"Achat {row}", names[row % len(names)], "nettoyage"] for row in range(5_000)],
    )

    measure(
        "prévisualiser 5 000 lignes aux services exacts",
        lambda: plan_files.preview(plan=plan, data=right, name="plan.csv"),
        rounds=3,
    )
    doubtful = measure(
        "prévisualiser 5 000 lignes aux services mal écrits",
        lambda: plan_files.preview(plan=plan, data=data, name="plan.csv"),
        rounds=3,
        ratio_to="prévisualiser 5 000 lignes aux services exacts",
    )

    assert len(plan_files.preview(plan=plan, data=data, name="plan.csv").known.doubts) > 400
    assert doubtful["ratio"] < 3


def test_a_plan_is_applied_in_time_in_proportion_to_its_lines(measure):
    small, large = plan_of(500), plan_of(5_000)

    measure("appliquer un plan de 500 lignes", lambda: take_in(PurchasePlanFactory(), small), rounds=3)
    large_one = measure(
        "appliquer un plan de 5 000 lignes",
        lambda: take_in(PurchasePlanFactory(), large),
        rounds=3,
        ratio_to="appliquer un plan de 500 lignes",
    )

    assert large_one["ratio"] < 20


def test_a_corrected_plan_is_applied_in_time_in_proportion_to_its_lines(measure):
    plan = PurchasePlanFactory()
    versions = iter([plan_of(5_000, cents) for cents in range(1, 5)])
    take_in(plan, plan_of(5_000))

    measure("corriger les 5 000 lignes d’un plan", lambda: take_in(plan, next(versions)), rounds=3)

    assert plan.markets.count() == 5_000
