"""A plan file in the browser: sent, understood line by line, applied."""

import html
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from config.lib.spreadsheet import Column, Sheet, write_csv, write_workbook
from procurement.enums import DatePrecision, Nature, PlanFileState
from procurement.forms.plan_files import PlanFileForm
from procurement.imports.days import Moment
from procurement.imports.shown import understood
from procurement.imports.terms import Term
from procurement.models import Market, PlanFile
from procurement.services import plan_files, plans
from tests.procurement.factories import MarketFactory, PlanFileFactory, PurchasePlanFactory


AT = datetime(2027, 1, 12, 9, tzinfo=UTC)
HEADER = ["Réf", "Objet", "Montant", "Lancement", "Service", "Couleur"]
ROWS = [
    ["A1", "Entretien des parcs", "80 k€", "T2 2027", "Jardins", "vert"],
    ["A2", "Voirie", "999", "mars", "", ""],
    ["A3", "", "12", "", "", ""],
]


@pytest.fixture
def plan(stage):
    return PurchasePlanFactory(buyer=stage.buyer)


@pytest.fixture
def send(plan, buyer, as_user):
    def send(data, name="plan.csv"):
        upload = SimpleUploadedFile(name, data)
        return as_user(buyer).post(reverse("procurement:plan_file_send", args=[plan.pk]), {"file": upload})

    return send


@pytest.fixture
def received(plan, buyer):
    return plan_files.receive(plan=plan, data=write_csv(HEADER, ROWS), name="plan.csv", by=buyer)


def words(response):
    """What a reader sees, spaces made alike."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_the_page_says_what_it_accepts(plan, buyer, as_user):
    page = as_user(buyer).get(reverse("procurement:plan_file_send", args=[plan.pk]))

    assert "Envoyez-le comme il est" in words(page)
    assert 'accept=".xlsx,.xls,.ods,.csv,.json"' in page.content.decode()


def test_a_file_is_sent_then_shown(send):
    response = send(write_csv(HEADER, ROWS))

    file = PlanFile.objects.get()
    assert response.url == file.get_absolute_url()
    assert not Market.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("plan.csv", b"%PDF-1.7", "est un PDF"),
        ("plan.csv", b"", "Ce fichier est vide."),
        ("plan.csv", b"\x00\x01\x02\x03" * 40, "n’est pas un fichier texte"),
        ("plan.csv", b"Ville;Budget\n", "n’a pas de ligne d’en-tête reconnue"),
        ("plan.exe", b"MZ", "n’est pas d’un format lu"),
    ],
)
def test_a_file_that_is_no_plan_is_told_why(send, name, data, sentence):
    response = send(data, name)

    assert response.status_code == 422
    assert sentence in words(response)
    assert not PlanFile.objects.exists()


def test_a_file_must_be_chosen(plan, buyer, as_user):
    response = as_user(buyer).post(reverse("procurement:plan_file_send", args=[plan.pk]))

    assert response.status_code == 422
    assert "Choisissez un fichier." in words(response)


def test_a_file_larger_than_we_read_is_refused_before_it_is_read():
    upload = SimpleUploadedFile("plan.csv", b"Objet\nParcs\n")
    upload.size = 500 * 2**20

    form = PlanFileForm({}, {"file": upload})

    assert form.errors["file"] == ["Ce fichier dépasse 50 Mo : découpez-le."]


def test_a_submitted_plan_takes_no_file(plan, buyer, as_user, send):
    MarketFactory(plan=plan)
    plans.submit(plan=plan, by=buyer, at=AT)

    page = as_user(buyer).get(reverse("procurement:plan_file_send", args=[plan.pk]))
    response = send(write_csv(HEADER, ROWS))

    assert "reprenez-le" in words(page)
    assert response.status_code == 422
    assert not PlanFile.objects.exists()


def test_every_line_is_shown_with_what_was_understood(received, buyer, as_user):
    page = words(as_user(buyer).get(received.get_absolute_url()))

    assert "Marchés à ajouter 2" in page
    assert "Lignes en attente 1" in page
    assert "Montant estimé (€ HT) Montant" in page
    assert "Couleur gardée telle quelle" in page
    assert "80 000 €" in page
    assert "T2 2027" in page
    assert "« 999 » : Ce nombre tient lieu de montant inconnu" in page
    assert "« mars » : L’année manque : celle du plan est retenue." in page
    assert "L’objet manque" in page
    assert "1 service que Ville de Rivebelle n’avait pas sera ajouté : Jardins." in page
    assert "Appliquer au plan 2027" in page


@pytest.mark.parametrize(
    ("shown", "told", "hidden"),
    [
        ("waiting", "L’objet manque", "Entretien des parcs"),
        ("created", "Entretien des parcs", "L’objet manque"),
        ("issues", "Ce nombre tient lieu", "Entretien des parcs"),
        ("updated", "Rien ici.", "Entretien des parcs"),
        ("unchanged", "Rien ici.", "Entretien des parcs"),
        ("absent", "Réfection de la halle", "Entretien des parcs"),
        ("nonsense", "Entretien des parcs", "Rien ici."),
    ],
)
def test_one_group_of_lines_is_shown_at_a_time(plan, received, buyer, as_user, shown, told, hidden):
    MarketFactory(plan=plan, title="Réfection de la halle")

    page = words(as_user(buyer).get(received.get_absolute_url(), {"show": shown}))

    assert told in page
    assert hidden not in page


def test_a_change_is_shown_field_by_field(plan, buyer, as_user):
    MarketFactory(plan=plan, reference="A1", title="Parcs")
    file = PlanFileFactory(plan=plan, file__data=write_csv(["Réf", "Objet"], [["A1", "Parcs et squares"]]))

    page = words(as_user(buyer).get(file.get_absolute_url(), {"show": "updated"}))

    assert "Objet du marché : Parcs → Parcs et squares" in page


def test_each_sheet_has_its_own_columns(plan, buyer, as_user):
    sheets = [
        Sheet("Nord", [Column("Objet")], [["Parcs"]]),
        Sheet("Sud", [Column("Intitulé"), Column("Ville")], [["Voirie", "Créteil"]]),
        Sheet("Secteurs", [Column("Secteur")], [["Bois"]]),
    ]
    file = PlanFileFactory(
        plan=plan,
        name="plan.xlsx",
        file__data=write_workbook(sheets, created_at=AT),
        file__filename="plan.xlsx",
    )

    page = words(as_user(buyer).get(file.get_absolute_url()))

    assert "Feuille « Nord », en-tête ligne 1" in page
    assert "Lieu d’exécution Ville" in page
    assert "Cette feuille n’est pas lue : Secteurs." in page


def test_a_file_is_applied(plan, received, buyer, as_user):
    visitor = as_user(buyer)

    response = visitor.post(reverse("procurement:plan_file_apply", args=[received.pk]), follow=True)

    page = words(response)
    assert "Le plan est à jour : 2 marchés ajoutés, 1 ligne en attente." in page
    assert "Marchés ajoutés 2" in page
    # What is left to do comes first.
    assert "L’objet manque" in page
    assert "Entretien des parcs" not in page
    assert plan.markets.count() == 2


def test_a_file_is_not_applied_twice(plan, received, buyer, as_user):
    visitor = as_user(buyer)
    for _ in range(2):
        response = visitor.post(reverse("procurement:plan_file_apply", args=[received.pk]), follow=True)

    assert "Le fichier est à l’état « Appliqué »" in words(response)
    assert plan.markets.count() == 2


def test_a_file_that_changes_nothing_says_so(plan, received, buyer, as_user):
    plan_files.apply(plan_file=received, by=buyer, at=AT)
    same = PlanFileFactory(plan=plan, file__data=write_csv(HEADER, ROWS[:2]))

    response = as_user(buyer).post(reverse("procurement:plan_file_apply", args=[same.pk]), follow=True)

    assert "Le plan est à jour : rien n’a changé." in words(response)


def test_a_file_is_discarded(plan, received, buyer, as_user):
    visitor = as_user(buyer)

    visitor.post(reverse("procurement:plan_file_discard", args=[received.pk]))

    received.refresh_from_db()
    page = words(visitor.get(received.get_absolute_url()))
    assert received.state == PlanFileState.DISCARDED
    assert "il n’a rien changé au plan" in page
    assert not plan.markets.exists()


def test_an_applied_file_is_not_discarded(received, buyer, as_user):
    visitor = as_user(buyer)
    visitor.post(reverse("procurement:plan_file_apply", args=[received.pk]))

    response = visitor.post(reverse("procurement:plan_file_discard", args=[received.pk]), follow=True)

    assert "« Abandonner le fichier » n’est pas possible" in words(response)


def test_a_file_waits_when_its_plan_was_submitted(plan, received, buyer, as_user):
    MarketFactory(plan=plan)
    plans.submit(plan=plan, by=buyer, at=AT)

    page = words(as_user(buyer).get(received.get_absolute_url()))

    assert "Ce plan est à l’état « Déposé »" in page
    assert "Appliquer au plan" not in page


def test_a_manager_reads_a_file_and_applies_nothing(received, manager, as_user):
    page = words(as_user(manager).get(received.get_absolute_url()))

    assert "Entretien des parcs" in page
    assert "Appliquer au plan" not in page
    assert "saisissez-les" not in words(
        as_user(manager).get(received.get_absolute_url(), {"show": "waiting"})
    )


def test_the_original_is_given_back_as_it_came(received, buyer, as_user):
    response = as_user(buyer).get(reverse("procurement:plan_file_download", args=[received.pk]))

    assert b"".join(response.streaming_content) == write_csv(HEADER, ROWS)
    assert response.headers["Content-Disposition"] == 'attachment; filename="plan.csv"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("count", [1, 10])
def test_the_preview_asks_as_much_of_the_database_for_ten_lines_as_for_one(
    plan, buyer, as_user, count, django_assert_num_queries
):
    rows = [[f"A{n}", f"Parc {n}", "80 k€", "mars", f"S{n}", ""] for n in range(count)]
    file = PlanFileFactory(plan=plan, file__data=write_csv(HEADER, rows))
    for n in range(count):
        MarketFactory(plan=plan, reference=f"A{n}")
    visitor = as_user(buyer)

    # Two more say whether what was understood may serve again.
    with django_assert_num_queries(12):
        visitor.get(file.get_absolute_url())


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("title", None, ""),
        ("launch_on", Moment(date(2027, 4, 1), DatePrecision.DAY), "01/04/2027"),
        ("launch_on", Moment(date(2027, 4, 1), DatePrecision.MONTH), "avril 2027"),
        ("launch_on", Moment(date(2027, 4, 1), DatePrecision.QUARTER), "T2 2027"),
        ("launch_on", Moment(date(2027, 7, 1), DatePrecision.SEMESTER), "S2 2027"),
        ("launch_on", Moment(date(2027, 1, 1), DatePrecision.YEAR), "2027"),
        ("duration", Term(12), "12 mois"),
        ("duration", Term(12, 3, 12), "12 mois + 3 × 12 mois"),
        ("estimated_amount", Decimal(800), "800\N{NO-BREAK SPACE}€"),
        ("qpv_share", Decimal(35), "35\N{NO-BREAK SPACE}%"),
        ("is_renewal", True, "oui"),
        ("is_renewal", False, "non"),
        ("starts_on", date(2027, 4, 1), "01/04/2027"),
        ("nature", Nature.WORKS, "Travaux"),
        ("lots", 3, "3"),
    ],
)
def test_a_value_is_shown_in_the_words_of_the_application(field, value, told):
    assert understood(field, value) == told


# Cells put right on the spot.


@pytest.fixture
def correct(received, buyer, as_user):
    def correct(answers, file=received):
        url = reverse("procurement:plan_file_correct", args=[file.pk])
        return as_user(buyer).post(url, answers, follow=True)

    return correct


def test_a_cell_is_asked_beside_the_reason_it_was_not_understood(received, buyer, as_user):
    page = as_user(buyer).get(received.get_absolute_url(), {"show": "issues"}).content.decode()

    assert 'name="cellule:3:estimated_amount:plan"' in page
    assert "Enregistrer les corrections" in page


def test_cells_are_put_right_and_stay_so(plan, received, buyer, correct):
    response = correct({"cellule:3:estimated_amount:plan": "1,2 M€", "cellule:4:title:plan": "Bancs"})

    assert "2 cellules sont corrigées." in words(response)
    received.refresh_from_db()
    assert received.counts["waiting"] == 0
    plan_files.apply(plan_file=received, by=buyer, at=AT)
    assert plan.markets.get(reference="A2").estimated_amount == Decimal(1_200_000)
    assert plan.markets.get(reference="A3").title == "Bancs"


def test_a_correction_is_corrected_again(received, correct):
    correct({"cellule:4:title:plan": "Bans"})
    response = correct({"cellule:4:title:plan": "Bancs"})

    received.refresh_from_db()
    assert "La cellule est corrigée." in words(response)
    assert [cell["value"] for cell in received.corrections] == ["Bancs"]


def test_a_cell_may_be_said_to_be_unknown(received, correct):
    response = correct({"cellule:3:estimated_amount:plan": "-"})

    assert "« 999 »" not in words(response)
    assert "tient lieu" not in words(response)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("cellule:3:estimated_amount:plan", "bôcoup", "Ce montant ne se lit pas"),
        ("cellule:4:title:plan", "Total", "C’est une ligne de total"),
        ("cellule:99:title:plan", "Bancs", "Rien n’est corrigé"),
    ],
)
def test_what_is_no_better_understood_is_refused_beside_its_cell(received, correct, name, value, reason):
    response = correct({name: value, "cellule:3:place:plan": "Créteil"})

    received.refresh_from_db()
    assert response.status_code == 422
    assert reason in words(response)
    assert received.corrections == []


def test_a_null_character_is_left_out_of_a_correction(received, correct):
    correct({"cellule:4:title:plan": "Bancs\0 publics"})

    received.refresh_from_db()
    assert [correction["value"] for correction in received.corrections] == ["Bancs publics"]


@pytest.mark.parametrize("name", ["", "autre", "cellule:x:title:plan", "cellule:4:plan:plan", "cellule"])
def test_an_answer_about_no_cell_corrects_nothing(received, correct, name):
    response = correct({name or "cellule:4:title:plan": "" if not name else "Bancs"})

    received.refresh_from_db()
    assert "écrivez la bonne valeur d’au moins une cellule" in words(response)
    assert received.corrections == []


def test_an_applied_file_is_no_longer_corrected(received, buyer, correct):
    plan_files.apply(plan_file=received, by=buyer, at=AT)

    response = correct({"cellule:4:title:plan": "Bancs"})

    assert "Le fichier est à l’état « Appliqué »" in words(response)
    assert "Enregistrer les corrections" not in words(response)
