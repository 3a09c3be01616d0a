"""A plan file from its bytes to the lines of the plan: read, judge, show the difference, apply."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from accounts import audit
from accounts.models import User
from config.lib.french import format_amount
from config.lib.intake import Counts
from config.lib.spreadsheet import Column, Sheet, UnreadableFile, write_csv, write_workbook
from procurement.enums import DatePrecision, Nature, PlanFileState, Procedure, SocialIntent
from procurement.imports import Outcome
from procurement.models import Family, FileUndo, Lot, Market, PlanFile, PurchasePlan
from procurement.services import import_choices, markets, plan_files, plans, undoing
from procurement.services.drafts import PlanNotDraft
from procurement.workflow import FILE_TRANSITIONS, PlanFileTransition, TransitionRefused
from tests.procurement.factories import BuyerFactory, DepartmentFactory, MarketFactory, PurchasePlanFactory


AT = datetime(2027, 1, 12, 9, tzinfo=UTC)
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
PLAN_A = SHARED / "purchase_plans" / "A_approch_dae_2022.json"
RENDERED = SHARED / "purchase_plans" / "rendered"
CSVS = [RENDERED / f"A_approch_dae_2022.{layout}.csv" for layout in ("utf8", "cp1252_fr")]
real = pytest.mark.skipif(not PLAN_A.exists(), reason=f"real plans are absent: {PLAN_A}")

FILE_VERBS = {
    PlanFileTransition.READ: lambda plan_file, by: plan_files.settle(
        plan_file=plan_file, reading=plan_files.read(plan_file)
    ),
    PlanFileTransition.APPLY: lambda plan_file, by: plan_files.apply(plan_file=plan_file, by=by, at=AT),
    PlanFileTransition.UNDO: lambda plan_file, by: undoing.undo(plan_file=plan_file, by=by, at=AT),
    PlanFileTransition.DISCARD: lambda plan_file, by: plan_files.discard(plan_file=plan_file, by=by),
}
HEADER = ["Référence", "Objet", "Montant estimé (€ HT)", "Date de lancement"]


@pytest.fixture
def plan(stage):
    return PurchasePlanFactory(buyer=stage.buyer)


@pytest.fixture
def bring(plan, buyer):
    """`bring(header, *rows)` takes a file in at once; `preview(…)` only reads it."""

    def bring(header, *rows, name="plan.csv"):
        return plan_files.take_in(plan=plan, data=write_csv(header, rows), name=name, by=buyer, at=AT)

    return bring


def preview(plan, header, *rows):
    return plan_files.preview(plan=plan, data=write_csv(header, rows), name="plan.csv")


def only(plan):
    return plan.markets.get()


def sentences(target):
    return [event.sentence for event in audit.history(target)]


# The real plan of a State buyer, against what was measured on it.


@real
@pytest.mark.parametrize("path", [*CSVS, PLAN_A], ids=lambda path: path.name)
def test_every_line_of_the_plan_of_a_state_buyer_is_accounted_for(plan, path):
    found = plan_files.take_in(plan=plan, data=path.read_bytes(), name=path.name, by=None, at=AT)

    lines = plan.markets.all()
    assert found.counts == Counts(rows=92, created=92)
    assert len({market.reference for market in lines}) == 92
    assert all(market.reference == market.external_url for market in lines)
    assert sum(market.estimated_amount or 0 for market in lines) == Decimal("2374439313.00")
    assert sum(market.estimated_amount is None for market in lines) == 2 + 2 + 3 + 12
    assert len([issue for issue in found.issues if issue.column == "marketEstimatedAmount"]) == 17
    assert [sum(market.social_intent == intent for market in lines) for intent in SocialIntent] == [
        49,
        19,
        24,
    ]
    assert [sum(market.nature == nature for market in lines) for nature in Nature] == [1, 10, 65, 16]
    assert (min(m.launch_on for m in lines), max(m.launch_on for m in lines)) == (
        date(2022, 3, 1),
        date(2025, 1, 13),
    )
    assert {market.cpv_code for market in lines} == {""}
    assert sum("reservedPublicMarkets" in market.extra for market in lines) == 1
    assert [issue.reason for issue in found.issues if issue.column == "departments"] == [
        "Liste trop longue pour un lieu : 308 territoires."
    ]


@real
def test_both_layouts_of_the_plan_say_the_same(plan):
    for path in CSVS:
        found = plan_files.take_in(plan=plan, data=path.read_bytes(), name=path.name, by=None, at=AT)

    assert found.counts == Counts(rows=92, unchanged=92)


@real
def test_the_workbook_of_another_buyer_is_understood(plan):
    path = SHARED / "purchase_plans" / "E_afpa_exemple-import-projets.csv"
    found = plan_files.preview(plan=plan, data=path.read_bytes(), name=path.name)

    assert found.counts == Counts(rows=3, created=3)
    assert found.lines[0].values["title"] == "Système de gestion documentaire"
    assert [line.values["estimated_amount"] for line in found.lines] == [50_000, 120_000, 75_000]
    # « Famille : Travaux » names no family, but says the nature.
    assert found.lines[1].values["nature"] == Nature.WORKS


# What a line says.


def test_a_line_says_all_that_a_plan_holds(plan, stage, bring):
    family = Family.objects.get(code="espaces-verts")
    found = bring(
        [
            "N°", "Intitulé du marché", "Descriptif", "Service prescripteur", "Référent", "Nature",
            "Famille d’achats", "Code CPV", "Procédure", "Montant estimé (€ HT)", "Origine du montant",
            "Lancement", "Début d’exécution", "Durée", "Lieu", "Renouvellement", "Titulaire sortant",
            "Échéance", "Statut", "Clause sociale", "Lien", "Observations", "Nombre de lots",
            "Part de main d’œuvre", "% QPV", "Couleur",
        ],
        [
            "A1", "Parcs", "Tonte", stage.department.name, "Dominique Leroy", "Services",
            "Espaces verts et élagage", "77310000-6", "MAPA", "80 k€", "Sourçage",
            "T2 2027", "01/07/2027", "1 an renouvelable 3 fois", "Créteil", "oui", "Jardins Services",
            "30/06/2027", "En rédaction", "oui", "https://exemple.example/1", "À grouper", "3",
            "50 %", "35", "vert",
        ],
    )  # fmt: skip

    market = only(plan)
    assert found.issues == []
    assert (market.reference, market.title, market.description) == ("A1", "Parcs", "Tonte")
    assert (market.department, market.contact_name) == (stage.department, "Dominique Leroy")
    assert (market.nature, market.family, market.cpv_code) == (Nature.SERVICES, family, "77310000")
    assert (market.procedure, market.estimated_amount) == (Procedure.ADAPTED, Decimal(80_000))
    assert (market.launch_on, market.launch_precision) == (date(2027, 4, 1), DatePrecision.QUARTER)
    assert (market.starts_on, market.previous_ends_on) == (date(2027, 7, 1), date(2027, 6, 30))
    assert (market.duration_months, market.renewals, market.renewal_months) == (12, 3, 12)
    assert (market.place, market.is_renewal, market.incumbent) == ("Créteil", True, "Jardins Services")
    assert (market.progress_label, market.social_intent) == ("En rédaction", SocialIntent.YES)
    assert (market.external_url, market.remarks) == ("https://exemple.example/1", "À grouper")
    assert (market.labour_share, market.qpv_share) == (50, 35)
    assert [lot.number for lot in market.lots.order_by("number")] == [1, 2, 3]
    assert market.extra == {"Couleur": "vert"}
    assert market.search_text == "parcs a1 creteil 77310000 tonte"


def test_a_line_of_one_word_has_one_lot(plan, bring):
    bring(["Objet"], ["Parcs"])

    assert Lot.objects.filter(market__plan=plan).count() == 1


def test_a_family_follows_from_the_cpv_code(plan, bring):
    bring(["Objet", "CPV"], ["Parcs", "77340000"], ["Lait", "3100000"])

    families = {market.title: market.family.code for market in plan.markets.select_related("family")}
    assert families == {"Parcs": "espaces-verts", "Lait": "denrees"}


@pytest.mark.parametrize("said", ["Espaces verts et élagage", "ESPACES-VERTS", "77310000"])
def test_a_family_is_named_by_its_label_its_code_or_a_cpv_code(plan, said):
    (line,) = preview(plan, ["Objet", "Famille"], ["Parcs", said]).lines

    assert line.values["family"].code == "espaces-verts"


@pytest.mark.parametrize(
    ("title", "cell", "reason"),
    [
        ("Montant", "beaucoup", "Ce montant ne se lit pas"),
        ("Montant", "999", "Ce nombre tient lieu de montant inconnu"),
        ("Lancement", "bientôt", "Cette date ne se lit pas"),
        ("Durée", "longtemps", "Cette durée ne se lit pas"),
        ("Durée en années", "longtemps", "Cette durée ne se lit pas"),
        ("Nature", "Accord", "Ce mot n’est pas connu ici"),
        ("Famille", "Astronomie", "Cette famille n’est pas connue"),
        ("CPV", "7731", "Un code CPV compte 8 chiffres"),
        ("Reconductions", "trois", "Ce nombre ne se lit pas"),
        ("Lots", "100000", "Ce nombre ne se lit pas"),
        ("Lots", "00009999999", "Ce nombre ne se lit pas"),
        ("% QPV", "500 %", "Cette part ne se lit pas"),
        ("Lien", "javascript:alert(1)", "Une adresse commence par https://"),
    ],
)
def test_a_cell_that_is_not_understood_keeps_its_line(plan, bring, title, cell, reason):
    found = bring(["Objet", title], ["Parcs", cell])

    (issue,) = found.issues
    assert (issue.line, issue.column, issue.value) == (2, title, cell)
    assert issue.reason.startswith(reason)
    assert found.counts == Counts(rows=1, created=1)
    (mark,) = only(plan).issues
    assert (mark["value"], mark["reason"], mark["is_unread"]) == (cell, issue.reason, True)


def test_a_family_guessed_from_the_cpv_code_is_no_longer_asked(plan, bring):
    found = bring(["Objet", "Famille", "CPV"], ["Parcs", "Astronomie", "77310000"])

    assert [issue.column for issue in found.issues] == ["Famille"]
    assert (only(plan).family.code, only(plan).issues) == ("espaces-verts", [])


def test_an_empty_cell_says_nothing(plan, bring):
    found = bring(["Objet", "CPV", "Lots", "Famille", "Lien"], ["Parcs", "", "NC", "-", "?"])

    market = only(plan)
    assert found.issues == []
    assert (market.cpv_code, market.family, market.external_url, market.lots.count()) == ("", None, "", 1)


def test_a_doubtful_cell_is_kept_with_its_doubt(plan, bring):
    bring(["Objet", "Montant"], ["Parcs", "200 à 250 k€"])

    market = only(plan)
    assert market.estimated_amount == 250_000
    assert [mark["is_unread"] for mark in market.issues] == [False]


def test_a_text_that_is_too_long_is_cut_with_a_doubt(plan, bring):
    bring(["Objet", "Statut", "Service"], ["x" * 600, "y" * 100, "z" * 200])

    market = only(plan)
    assert (len(market.title), len(market.progress_label), len(market.department.name)) == (500, 80, 160)
    assert [mark["reason"] for mark in market.issues] == [
        "Texte coupé à 500 caractères.",
        "Texte coupé à 80 caractères.",
        "Texte coupé à 160 caractères.",
    ]


def test_the_unit_of_the_column_counts(plan, bring):
    bring(["Objet", "Montant (k€)", "Durée (ans)"], ["Parcs", "80", "4"])

    assert (only(plan).estimated_amount, only(plan).duration_months) == (80_000, 48)


@pytest.mark.parametrize(
    ("title", "cell", "amount"),
    [
        ("Montant (k€)", "80", 80_000),
        ("Montant (M€)", "1,2", 1_200_000),
        ("montant en k€ HT", "80", 80_000),
        ("Montant en M€ HT", "1,2", 1_200_000),
        ("Montant HT (k€)", "80", 80_000),
        ("MONTANT ESTIMÉ HT EN MILLIONS D’EUROS", "1.5", 1_500_000),
        ("Budget en milliers d’euros", "80", 80_000),
        ("Montant (keuros)", "80", 80_000),
        # What the cell says goes before what the title says.
        ("Montant (M€)", "80 k€", 80_000),
        ("Montant (€)", "80 000", 80_000),
    ],
)
def test_the_title_of_a_column_gives_its_unit(plan, title, cell, amount):
    (line,) = preview(plan, ["Objet", title], ["Parcs", cell]).lines

    assert line.values["estimated_amount"] == amount
    assert "extra" in line.values
    assert not line.values["extra"]


@pytest.mark.parametrize(("title", "amount"), [("Coût (M€)", 2_000_000), ("Coût global k€", 2_000)])
def test_a_column_that_somebody_says_to_be_the_amount_keeps_its_unit(plan, buyer, title, amount):
    file = plan_files.receive(
        plan=plan, data=write_csv(["Objet", title], [["Parcs", "2"]]), name="plan.csv", by=buyer
    )
    answer = import_choices.ColumnAnswer(0, 1, "estimated_amount")

    chosen = import_choices.choose_columns(plan_file=file, answers=[answer], by=buyer, at=AT)

    assert chosen.found.lines[0].values["estimated_amount"] == amount


def test_renewals_have_their_own_column(plan, bring):
    bring(["Objet", "Durée", "Reconductions"], ["Parcs", "12", "3"], ["Voirie", "", "2"])

    assert [(m.duration_months, m.renewals) for m in plan.markets.order_by("pk")] == [(12, 3), (None, 2)]


def test_a_number_of_lots_that_differs_is_told_and_changes_none(plan, bring):
    header = ["Objet", "Nombre de lots"]
    bring(header, ["Parcs", "2"], ["Voirie", "1"], ["Vitres", ""])

    same = bring(header, ["Parcs", "2"], ["Voirie", "1"], ["Vitres", ""])
    more = bring(header, ["Parcs", "3"], ["Voirie", "2"], ["Vitres", ""])

    assert (same.issues, more.counts) == ([], Counts(rows=3, unchanged=3))
    assert [(issue.line, issue.column, issue.value, issue.reason[:20]) for issue in more.issues] == [
        (2, "Nombre de lots", "3", "Le marché a 2 lots d"),
        (3, "Nombre de lots", "2", "Le marché a 1 lot da"),
    ]
    assert Lot.objects.count() == 4


@pytest.mark.parametrize(
    ("title", "term", "number", "months"),
    [
        ("Durée (mois)", "12", "3", 48),
        ("Durée (ans)", "1", "3", 48),
        ("Durée", "1 an + 2 x 6 mois", "2", 24),
        # The renewals are in it.
        ("Durée totale", "48", "3", 48),
        ("Durée max", "48", "3", 48),
        # No market lasts as long.
        ("Durée (mois)", "48", "20", 48),
    ],
)
def test_a_number_of_renewals_alone_renews_the_firm_term(plan, bring, title, term, number, months):
    found = bring(["Objet", title, "Reconductions"], ["Parcs", term, number])

    doubts = [issue.reason for issue in found.issues]
    market = Market.objects.get()
    assert market.total_months == months
    assert doubts == (["Durée d’une reconduction non dite : à défaut, celle de la période ferme."]
                      if market.renewal_months and "+" not in term else [])  # fmt: skip


def test_the_length_of_a_renewal_that_a_person_knows_is_kept(plan, bring, buyer):
    rows = ["Objet", "Durée", "Reconductions"], ["Parcs", "12", "3"]
    bring(*rows)
    markets.edit(market=Market.objects.get(), values={"renewal_months": 6}, by=buyer)

    assert bring(*rows).counts == Counts(rows=1, unchanged=1)
    assert Market.objects.get().total_months == 30


def test_departments_that_the_buyer_lacks_are_added(plan, stage, bring):
    found = bring(
        ["Objet", "Service"], ["Parcs", "Jardins"], ["Squares", "JARDINS"], ["", "Fantôme"], ["Bacs", "-"]
    )

    assert [department.name for department in found.new_departments] == ["Jardins"]
    assert stage.buyer.departments.filter(name="Jardins").get().markets.count() == 2
    assert sentences(stage.buyer.organisation) == ["a ajouté le service Jardins"]


# Lines that wait.


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([["A1", ""]], "L’objet manque"),
        ([["A1"]], "L’objet manque"),
        ([["", "Total général"]], "C’est une ligne de total"),
        ([["A1", "Parcs"], ["A1", "Voirie"]], "Répète la référence de la ligne 2."),
        ([["", "Parcs"], ["", "PARCS "]], "Répète l’objet de la ligne 2."),
    ],
)
def test_a_line_that_cannot_become_a_market_waits(plan, bring, rows, reason):
    found = bring(["Réf", "Objet"], *rows)

    assert found.counts.waiting == 1
    assert found.counts.rows == len(rows)
    assert found.issues[-1].reason.startswith(reason)
    assert found.lines[-1].outcome == Outcome.WAITING


def test_an_address_that_comes_twice_names_its_line(plan, bring):
    found = bring(["url", "label"], ["https://a.example/1", "Parcs"], ["https://a.example/1", "Voirie"])

    (issue,) = found.issues
    assert (issue.column, issue.value, issue.reason) == (
        "url",
        "https://a.example/1",
        "Répète la référence de la ligne 2.",
    )


def test_a_line_repeated_on_another_sheet_names_it(plan):
    sheets = [Sheet(name, [Column("Objet")], [["Parcs"]]) for name in ("Nord", "Sud")]
    found = plan_files.preview(plan=plan, data=write_workbook(sheets, created_at=AT), name="plan.xlsx")

    assert [issue.reason for issue in found.issues] == [
        "Répète l’objet de la ligne 2 de la feuille « Nord »."
    ]


def test_a_line_that_could_be_two_markets_waits(plan, bring):
    MarketFactory.create_batch(2, plan=plan, title="Parcs", reference="")

    found = bring(["Objet"], ["Parcs"])

    assert found.counts == Counts(rows=1, waiting=1)
    assert found.issues[0].reason.startswith("Plusieurs marchés du plan portent cet objet")


# The difference with what the plan already holds.


def test_the_same_file_twice_changes_nothing(plan, bring):
    rows = [["A1", "Parcs", "999", "mars"], ["", "Voirie", "200 à 250 k€", "2027-03-14"], ["A2", "", "1", ""]]
    bring(HEADER, *rows)
    events = audit.history(plan).count()

    found = bring(HEADER, *rows)

    assert found.counts == Counts(rows=3, unchanged=2, waiting=1)
    assert audit.history(plan).count() == events + 1
    assert Market.objects.count() == 2


def test_a_corrected_file_changes_what_it_corrects(plan, bring, buyer):
    bring(HEADER, ["A1", "Parcs", "80 000", "mars 2027"])

    found = bring(HEADER, ["A1", "Parcs et jardins", "90 000", ""])

    market = only(plan)
    assert found.counts == Counts(rows=1, updated=1)
    assert [(change.label, change.before, change.after) for change in found.lines[0].changes] == [
        ("objet du marché", "Parcs", "Parcs et jardins"),
        ("montant estimé (€ HT)", format_amount(80_000), format_amount(90_000)),
    ]
    # An empty cell does not erase.
    assert market.launch_on == date(2027, 3, 1)
    assert market.search_text == "parcs et jardins a1"
    assert sentences(market) == [
        "a modifié objet du marché et montant estimé (€ HT)",
        "a reçu ce marché du fichier plan.csv, ligne 2",
    ]


def test_the_log_of_a_corrected_file_keeps_no_name_of_a_person(plan, bring):
    bring(["Réf", "Objet", "Référent"], ["A1", "Parcs", "Dominique Leroy"])

    bring(["Réf", "Objet", "Référent"], ["A1", "Parcs", "Claude Petit"])

    event = audit.history(only(plan))[0]
    assert event.sentence == "a modifié référent"
    assert event.payload["changes"] == {}


def test_every_kind_of_change_is_shown_as_people_read_it(plan, stage, bring):
    header = [
        "Réf",
        "Objet",
        "Service",
        "Nature",
        "Renouvellement",
        "% QPV",
        "Lancement",
        "Famille",
        "Note libre",
        "Durée",
    ]
    bring(header, ["A1", "Parcs", "Jardins", "Services", "non", "10", "01/03/2027", "Astronomie", "a", "?"])
    found = bring(
        header,
        ["A1", "Parcs", "Voirie", "Travaux", "oui", "20", "02/03/2027", "espaces-verts", "b", "longtemps"],
    )

    assert {change.label: (change.before, change.after) for change in found.lines[0].changes} == {
        "service prescripteur": ("Jardins", "Voirie"),
        "nature": ("Services", "Travaux"),
        "renouvellement d’un marché": ("non", "oui"),
        "part en QPV (%)": ("10", "20"),
        "lancement de la consultation": ("01/03/2027", "02/03/2027"),
        "famille d’achats": ("—", "Espaces verts et élagage"),
        "autres colonnes du fichier": ("Note libre : a", "Note libre : b"),
        "cellules non comprises": ("Famille", "Durée"),
    }


def test_a_department_that_was_unknown_on_both_sides_is_a_change(plan, bring):
    bring(["Réf", "Objet"], ["A1", "Parcs"])

    found = bring(["Réf", "Objet", "Service"], ["A1", "Parcs", "Jardins"])

    assert [change.after for change in found.lines[0].changes] == ["Jardins"]
    assert only(plan).department.name == "Jardins"


def test_a_line_typed_by_hand_takes_the_reference_of_the_file(plan, bring):
    typed = MarketFactory(plan=plan, title="Parcs", reference="")

    found = bring(HEADER, ["A1", "PARCS", "", ""])

    typed.refresh_from_db()
    assert found.counts == Counts(rows=1, updated=1)
    assert typed.reference == "A1"


def test_a_file_without_references_finds_its_lines_by_their_title(plan, bring):
    MarketFactory(plan=plan, title="Parcs", reference="A1")

    assert bring(["Objet"], ["Parcs"]).counts == Counts(rows=1, unchanged=1)


def test_the_same_title_under_another_reference_is_another_market(plan, bring):
    MarketFactory(plan=plan, title="Parcs", reference="A1")

    found = bring(HEADER, ["A2", "Parcs", "", ""])

    assert found.counts == Counts(rows=1, created=1)
    assert [market.reference for market in found.absent] == ["A1"]


def test_two_references_of_one_title_do_not_claim_the_same_line(plan, bring):
    MarketFactory(plan=plan, title="Parcs", reference="")

    assert bring(HEADER, ["A1", "Parcs", "", ""], ["A2", "Parcs", "", ""]).counts == Counts(
        rows=2, updated=1, created=1
    )


def test_what_a_person_filled_is_not_asked_again(plan, bring, buyer):
    bring(HEADER, ["A1", "Parcs", "beaucoup", ""])
    markets.edit(market=only(plan), values={"estimated_amount": Decimal(70_000)}, by=buyer)

    found = bring(HEADER, ["A1", "Parcs", "beaucoup", ""])

    assert found.counts == Counts(rows=1, unchanged=1)
    assert only(plan).issues == []
    assert only(plan).estimated_amount == 70_000


def test_a_guess_yields_to_what_is_known(plan, bring):
    MarketFactory(plan=plan, reference="A1", title="Parcs", family=Family.objects.get(code="mobilier"))

    bring(["Réf", "Objet", "CPV"], ["A1", "Parcs", "77310000"])

    assert only(plan).family.code == "mobilier"


def test_lines_that_the_file_lacks_stay(plan, bring):
    gone = MarketFactory(plan=plan, title="Voirie")

    found = bring(["Objet"], ["Parcs"])

    assert found.absent == [gone]
    assert plan.markets.count() == 2


# Files as they come.


def test_the_header_is_found_under_title_rows_and_the_other_sheets_are_named(plan):
    sheets = [
        Sheet("Plan", [Column("Ville de Rivebelle")], [["Plan 2027"], ["Objet"], ["Parcs"]]),
        Sheet("Secteurs", [Column("Secteur")], [["Espaces verts"]]),
    ]
    found = plan_files.preview(plan=plan, data=write_workbook(sheets, created_at=AT), name="plan.xlsx")

    assert [line.title for line in found.lines] == ["Parcs"]
    assert (found.headers["Plan"].line, found.ignored_sheets) == (3, ["Secteurs"])


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("plan.csv", b"%PDF-1.7 \x00\x01", "Le fichier « plan.csv » est un PDF"),
        ("plan.csv", b"", "Le fichier « plan.csv » est vide."),
        ("plan.csv", b"\x00\x01\x02\xff\xfe\x00" * 50, "Le fichier « plan.csv » n’est pas un fichier texte"),
        ("plan.csv", b"Ville;Budget\n", "n’a pas de ligne d’en-tête reconnue"),
        ("plan.csv", b"Objet;Montant\n", "a un en-tête, mais aucune ligne dessous"),
        ("plan.xlsx", b"PK\x03\x04 not a workbook", "Le fichier « plan.xlsx » est abîmé"),
        ("plan.docx", b"PK\x03\x04", "n’est pas d’un format lu"),
        ("plan.json", b'{"a": 1}', "doit contenir une liste d’objets JSON"),
        ("plan.json", b"[", "n’est pas un JSON valide"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_whole(plan, buyer, name, data, sentence):
    with pytest.raises(UnreadableFile, match=re.escape(sentence)):
        plan_files.receive(plan=plan, data=data, name=name, by=buyer)

    assert not PlanFile.objects.exists()
    assert not Market.objects.exists()


def test_nobody_is_there_to_choose_the_columns_of_a_file_taken_in_at_once(plan):
    with pytest.raises(UnreadableFile, match="n’a pas de ligne d’en-tête reconnue"):
        plan_files.take_in(plan=plan, data=b"Ville;Budget\nRivebelle;12\n", name="plan.csv", by=None, at=AT)

    assert not PlanFile.objects.exists()


# The life of a file.


def test_a_file_is_kept_shown_then_applied(plan, buyer):
    data = write_csv(HEADER, [["A1", "Parcs", "", ""], ["A2", "", "", ""]])
    received = plan_files.receive(plan=plan, data=data, name="plan.csv", by=buyer)
    assert (received.state, received.counts["waiting"]) == (PlanFileState.READ, 1)
    assert not plan.markets.exists()

    found = plan_files.apply(plan_file=received, by=buyer, at=AT)

    received.refresh_from_db()
    assert found.counts == Counts(rows=2, created=1, waiting=1)
    assert (received.state, received.applied_by, received.applied_at) == (PlanFileState.APPLIED, buyer, AT)
    assert received.file.read() == data
    assert sentences(plan) == [
        "a importé le fichier plan.csv : 1 ajoutés, 0 modifiés, 1 en attente",
        "a envoyé le fichier plan.csv",
    ]


def test_a_file_is_discarded(plan, buyer):
    received = plan_files.receive(
        plan=plan, data=write_csv(HEADER, [["", "Parcs"]]), name="plan.csv", by=buyer
    )

    assert plan_files.discard(plan_file=received, by=buyer).state == PlanFileState.DISCARDED
    assert sentences(plan) == ["a abandonné le fichier plan.csv", "a envoyé le fichier plan.csv"]


@pytest.mark.parametrize("state", PlanFileState)
@pytest.mark.parametrize("transition", PlanFileTransition)
def test_every_transition_of_a_file_from_every_state(plan, buyer, transition, state):
    data = write_csv(HEADER, [["A1", "Parcs"]])
    received = plan_files.receive(plan=plan, data=data, name="plan.csv", by=buyer)
    applied_at = AT if state == PlanFileState.APPLIED else None
    PlanFile.objects.filter(pk=received.pk).update(state=state, applied_at=applied_at)
    if state == PlanFileState.APPLIED:
        FileUndo.objects.create(plan_file=received, until=AT + timedelta(hours=1), last_event=0)
    sources, target = FILE_TRANSITIONS[transition]

    if state in sources:
        FILE_VERBS[transition](received, buyer)
        received.refresh_from_db()
        assert received.state == target
    else:
        with pytest.raises(TransitionRefused, match="Le fichier est à l’état"):
            FILE_VERBS[transition](received, buyer)
        received.refresh_from_db()
        assert received.state == state


def test_the_database_refuses_a_file_applied_at_no_time(plan):
    with pytest.raises(IntegrityError, match="plan_file_applied_iff_dated"):
        PlanFile.objects.create(plan=plan, name="plan.csv", state=PlanFileState.APPLIED)


def test_a_submitted_plan_takes_no_file(plan, buyer):
    received = plan_files.receive(
        plan=plan, data=write_csv(HEADER, [["", "Parcs"]]), name="plan.csv", by=buyer
    )
    MarketFactory(plan=plan)
    plans.submit(plan=plan, by=buyer, at=AT)

    with pytest.raises(PlanNotDraft):
        plan_files.receive(plan=plan, data=b"x", name="plan.csv", by=buyer)
    with pytest.raises(PlanNotDraft):
        plan_files.apply(plan_file=received, by=buyer, at=AT)


def test_a_file_that_changes_nothing_does_no_harm_to_a_submitted_plan(plan, buyer, bring):
    bring(["Objet"], ["Parcs"])
    plans.submit(plan=plan, by=buyer, at=AT)

    assert bring(["Objet"], ["Parcs"]).counts == Counts(rows=1, unchanged=1)
    with pytest.raises(PlanNotDraft):
        bring(["Objet"], ["Voirie"])


def test_half_an_import_is_never_kept(plan, buyer):
    data = write_csv([*HEADER, "Service"], [["A1", "Parcs", "", "", "Jardins"]])
    received = plan_files.receive(plan=plan, data=data, name="plan.csv", by=buyer)

    # Written last, who applied the file must be somebody.
    with pytest.raises(ValueError, match="applied_by"):
        plan_files.apply(plan_file=received, by=User(email="personne@test.example"), at=AT)

    assert not plan.markets.exists()
    assert not plan.buyer.departments.filter(name="Jardins").exists()


# SQLite writes some twenty lines of so many fields in one query.
@pytest.mark.parametrize("rows", [1, 20])
def test_the_number_of_queries_does_not_follow_the_number_of_lines(plan, buyer, rows):
    data = write_csv(
        [*HEADER, "Service"], [[f"A{n}", f"Parc {n}", n * 10_000, "", f"S{n}"] for n in range(1, rows + 1)]
    )
    received = plan_files.receive(plan=plan, data=data, name="plan.csv", by=buyer)

    with CaptureQueriesContext(
        connection,
    ) as first:
        plan_files.apply(plan_file=received, by=buyer, at=AT)
    with CaptureQueriesContext(connection) as second:
        plan_files.take_in(plan=plan, data=data.replace(b"Parc", b"Square"), name="plan.csv", by=buyer, at=AT)

    assert (len(first), len(second)) == (21, 20)


# The command.


@pytest.fixture
def run(plan, capsys, tmp_path):
    """`run(rows, …)` answers the exit code and what was said."""
    plan.buyer.organisation.siret = "21940028000018"
    plan.buyer.organisation.save(update_fields=["siret"])
    path = tmp_path / "plan.csv"

    def run(rows=None, *options, buyer="21940028000018", year="2027"):
        if rows is not None:
            path.write_bytes(write_csv(HEADER, rows))
        try:
            call_command("import_plan", str(path), f"--buyer={buyer}", f"--year={year}", *options)
        except SystemExit as ended:
            return ended.code, capsys.readouterr()
        return 0, capsys.readouterr()

    return run


def test_the_command_is_dry_by_default(plan, run):
    code, said = run([["A1", "Parcs", "999", ""], ["A1", "", "", ""]], "--json")

    answered = json.loads(said.out)
    assert code == 0
    assert (answered["rows"], answered["applied"], answered["created"], answered["waiting"]) == (2, 1, 1, 1)
    assert answered["issues"][0] == {
        "sheet": "plan",
        "line": 2,
        "column": "Montant estimé (€ HT)",
        "value": "999",
        "reason": "Ce nombre tient lieu de montant inconnu : il n’est pas retenu.",
    }
    assert not plan.markets.exists()


def test_the_command_opens_the_plan_and_writes_once(run):
    assert run([["A1", "Parcs", "", ""]], "--wet-run", "--json", year="2028")[0] == 0
    _, said = run(None, "--wet-run", "--json", year="2028")

    assert json.loads(said.out)["unchanged"] == 1
    assert PurchasePlan.objects.get(year=2028).markets.count() == 1


def test_the_command_reads_a_year_that_nobody_opened(run):
    code, said = run([["A1", "Parcs", "", ""]], year="2030")

    assert code == 0
    assert "1 lignes lues : 1 appliquées (1 créées" in said.out
    assert "Rien n’est écrit" in said.out
    assert not PurchasePlan.objects.filter(year=2030).exists()


def test_the_command_names_what_it_leaves_alone(plan, run):
    MarketFactory.create_batch(2, plan=plan)

    assert "2 marchés du plan ne sont pas dans ce fichier : ils restent." in run([["A1", "Parcs"]])[1].out


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"buyer": "21940028000019"}, "Ce SIRET n’existe pas"),
        ({"buyer": "12000101100010"}, "Aucun acheteur ne porte le SIRET 12000101100010"),
        ({"year": "27"}, "L’année « 27 » n’est pas celle d’un plan"),
        ({"year": "deux mille"}, "L’année « deux mille »"),
        ({"rows": []}, "aucune ligne dessous"),
    ],
)
def test_the_command_refuses_what_it_cannot_use(run, options, sentence):
    code, said = run(**{"rows": [["A1", "Parcs"]]} | options)

    assert code == 2
    assert sentence in said.err


def test_the_command_refuses_a_plan_that_was_submitted(plan, run, buyer):
    MarketFactory(plan=plan)
    plans.submit(plan=plan, by=buyer, at=AT)

    code, said = run([["A1", "Parcs"]], "--wet-run")

    assert code == 2
    assert "Le plan 2027 est à l’état « Déposé »" in said.err


def test_departments_of_other_buyers_are_not_taken(plan, bring):
    DepartmentFactory(buyer=BuyerFactory(), name="Jardins")

    bring(["Objet", "Service"], ["Parcs", "Jardins"])

    assert only(plan).department.buyer == plan.buyer
