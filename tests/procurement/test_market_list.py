from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from procurement.enums import Nature, PlanState
from procurement.models import Family, Programme
from tests.accounts.factories import MandateFactory
from tests.procurement.factories import (
    BuyerFactory,
    DepartmentFactory,
    MarketFactory,
    PurchasePlanFactory,
)


LIST = "/marches/"
SUBMITTED_AT = datetime(2026, 11, 3, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_november(time_machine):
    time_machine.move_to(datetime(2026, 11, 23, 9, tzinfo=UTC))


@pytest.fixture
def plan(stage, buyer):
    return PurchasePlanFactory(
        buyer=stage.buyer, state=PlanState.SUBMITTED, submitted_at=SUBMITTED_AT, submitted_by=buyer
    )


@pytest.fixture
def cleaning(stage, plan):
    return MarketFactory(
        plan=plan,
        title="Nettoyage des écoles",
        reference="N-1",
        department=stage.department,
        family=Family.objects.order_by("pk")[0],
        nature=Nature.SERVICES,
        estimated_amount=200_000,
        launch_on=date(2027, 2, 1),
        launch_precision="month",
    )


@pytest.fixture
def works(stage, plan):
    market = MarketFactory(
        plan=plan,
        title="Réhabilitation d’un gymnase",
        reference="T-1",
        nature=Nature.WORKS,
        estimated_amount=3_000_000,
        launch_on=date(2027, 9, 1),
    )
    market.programmes.add(Programme.objects.get(code="anru-npnru"))
    return market


@pytest.fixture
def unknown(plan):
    return MarketFactory(
        plan=plan, title="À préciser", reference="", estimated_amount=None, launch_on=None, nature="unknown"
    )


def served_buyer(stage, name):
    buyer = BuyerFactory(organisation__name=name)
    MandateFactory(office=stage.office, partner=buyer.organisation)
    return buyer


def titles(page):
    return [row.record.title for row in page.context["table"].paginated_rows]


def test_the_list_counts_and_adds_up(facilitator, cleaning, works, unknown, as_user):
    page = as_user(facilitator).get(LIST)

    assert titles(page) == [cleaning.title, works.title, unknown.title]
    assertContains(page, "<strong>3</strong> marchés")
    assertContains(page, "3\u202f200\u202f000\u00a0€")
    assertContains(page, "dont 1 sans montant")
    assertContains(page, "février 2027")
    assertContains(page, "plan 2027")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "ecoles"}, ["cleaning"]),
        ({"q": "NETTOYAGE n-1"}, ["cleaning"]),
        ({"q": "ecoles gymnase"}, []),
        ({"buyer": "own"}, ["cleaning", "works", "unknown"]),
        ({"buyer": "other"}, ["cleaning", "works", "unknown"]),
        ({"year": "2027"}, ["cleaning", "works", "unknown"]),
        ({"department": "own"}, ["cleaning"]),
        ({"family": "own"}, ["cleaning"]),
        ({"nature": "works"}, ["works"]),
        ({"programme": "own"}, ["works"]),
        ({"amount_min": "200 000,50"}, ["works"]),
        ({"amount_max": "200\u202f000 €"}, ["cleaning"]),
        ({"amount_min": "abc"}, ["cleaning", "works", "unknown"]),
        ({"launch_from": "2027-03-01"}, ["works"]),
        ({"launch_to": "2027-03-01"}, ["cleaning"]),
        ({"launch_to": "demain"}, ["cleaning", "works", "unknown"]),
    ],
)
def test_the_list_is_narrowed(stage, facilitator, cleaning, works, unknown, as_user, query, found):
    [(name, value)] = query.items()
    own = {
        "buyer": stage.buyer.pk,
        "department": stage.department.pk,
        "family": cleaning.family_id,
        "programme": Programme.objects.get(code="anru-npnru").pk,
    }
    value = {"own": own.get(name), "other": stage.other_buyer.pk}.get(value, value)
    markets = {"cleaning": cleaning, "works": works, "unknown": unknown}

    page = as_user(facilitator).get(LIST, {name: value})

    assert titles(page) == [markets[key].title for key in found]


def test_what_is_not_understood_is_said_beside_its_field(facilitator, cleaning, as_user):
    page = as_user(facilitator).get(LIST, {"amount_min": "abc"})

    assertContains(page, "Saisissez un nombre.")
    assertContains(page, 'id="id_amount_min_error"')
    assert page.context["filter"].is_unfolded


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", "cwu"),
        ("launch_on", "cwu"),
        ("-launch_on", "wcu"),
        ("estimated_amount", "cwu"),
        ("-estimated_amount", "wcu"),
        ("title", "ucw"),
        ("-title", "wcu"),
        ("mot", "cwu"),
    ],
)
def test_the_list_is_sorted(facilitator, cleaning, works, unknown, as_user, sort, order):
    by_letter = {"c": cleaning.title, "w": works.title, "u": unknown.title}

    page = as_user(facilitator).get(LIST, {"sort": sort})

    assert titles(page) == [by_letter[letter] for letter in order]


def test_criteria_and_order_keep_each_other(facilitator, cleaning, as_user):
    page = as_user(facilitator).get(LIST, {"q": "ecoles", "sort": "-estimated_amount"})

    assertContains(page, 'href="?q=ecoles&amp;sort=estimated_amount"')
    assertContains(page, 'href="?sort=-estimated_amount"')
    assertContains(page, '<input type="hidden" name="sort" value="-estimated_amount">')
    assertContains(page, 'aria-sort="descending"')


def test_an_office_reads_whose_department_it_is(stage, facilitator, cleaning, as_user):
    page = as_user(facilitator).get(LIST, {"department": stage.department.pk})

    assertContains(page, f"Service : {stage.department} – {stage.buyer}")


def test_a_buyer_chooses_among_its_own(stage, buyer, cleaning, as_user):
    page = as_user(buyer).get(LIST)

    assert "buyer" not in page.context["filter"].form.fields
    assertContains(page, f">{stage.department}</option>")
    assert [column.name for column in page.context["table"].columns][:2] == ["title", "year"]


def test_a_prescriber_reads_the_lines_of_its_department_once_the_plan_is_submitted(
    stage, prescriber, plan, cleaning, works, as_user
):
    page = as_user(prescriber).get(LIST)

    assertContains(page, "<h1>Nos marchés</h1>")
    assert titles(page) == [cleaning.title]
    plan.state, plan.submitted_at, plan.submitted_by = PlanState.DRAFT, None, None
    plan.save()
    assertContains(as_user(prescriber).get(LIST), "Aucun marché ne concerne encore votre service.")


@pytest.mark.parametrize("role", ["other_facilitator", "other_buyer"])
def test_nobody_reads_the_markets_of_another(request, cleaning, as_user, role):
    visitor = as_user(request.getfixturevalue(role))

    assertNotContains(visitor.get(LIST), cleaning.title)
    assert cleaning.title not in visitor.get("/marches/export.csv").content.decode()


def test_an_empty_list_says_why(facilitator, as_user):
    assertContains(as_user(facilitator).get(LIST), "Aucun plan d’achats ne contient encore de marché.")
    assertContains(
        as_user(facilitator).get(LIST, {"q": "rien"}), "Aucun marché ne répond à tous ces critères."
    )


def test_fifty_rows_a_page_and_any_page_answers(facilitator, plan, as_user):
    MarketFactory.create_batch(51, plan=plan)
    visitor = as_user(facilitator)

    assert len(titles(visitor.get(LIST))) == 50
    assert len(titles(visitor.get(LIST, {"page": "2", "sort": "title"}))) == 1
    assert len(titles(visitor.get(LIST, {"page": "99"}))) == 1
    assert len(titles(visitor.get(LIST, {"page": "x"}))) == 50


@pytest.mark.parametrize("address", [LIST, "/marches/export.csv"])
def test_the_same_queries_for_one_market_and_for_fifty(stage, facilitator, cleaning, works, as_user, address):
    visitor = as_user(facilitator)
    visitor.get(address)
    with CaptureQueriesContext(connection) as few:
        visitor.get(address)
    for number in range(48):
        buyer = served_buyer(stage, f"Ville {number}")
        market = MarketFactory(
            plan=PurchasePlanFactory(buyer=buyer), department=DepartmentFactory(buyer=buyer)
        )
        market.programmes.add(Programme.objects.get(code="anru-npnru"))

    with CaptureQueriesContext(connection) as fifty:
        visitor.get(address)

    assert len(fifty) == len(few)


def test_a_swap_brings_the_rows_alone(facilitator, cleaning, as_user):
    page = as_user(facilitator).get(LIST, {"q": "ecoles", "year": ""}, headers={"HX-Request": "true"})

    assertNotContains(page, "<h1>")
    assertContains(page, "data-fc-announce")
    assert page.headers["HX-Push-Url"] == "?q=ecoles"


def test_the_workbook_holds_what_the_list_shows_and_more(facilitator, cleaning, works, as_user):
    page = as_user(facilitator).get("/marches/export.xlsx", {"nature": "works"})

    sheet = openpyxl.load_workbook(BytesIO(page.content)).active
    header, *rows = sheet.iter_rows(values_only=True)
    assert page.headers["Content-Disposition"] == 'attachment; filename="marches-2026-11-23.xlsx"'
    assert len(rows) == 1
    row = dict(zip(header, rows[0], strict=True))
    assert row["Objet du marché"] == works.title
    assert row["Acheteur"] == "Ville de Rivebelle"
    assert row["Plan"] == 2027
    assert row["État du plan"] == "Déposé"
    assert row["Nature"] == "Travaux"
    assert row["Montant (€\u00a0HT)"] == 3_000_000
    assert row["Lancement"] == datetime(2027, 9, 1)  # noqa: DTZ001
    assert row["Programmes"] == Programme.objects.get(code="anru-npnru").label
    assert row["Service"] is None


def test_the_csv_opens_in_a_french_spreadsheet(facilitator, cleaning, as_user):
    page = as_user(facilitator).get("/marches/export.csv")

    text = page.content.decode("utf-8-sig")
    assert page.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert text.startswith("Objet du marché;Acheteur;Plan;")
    assert "Nettoyage des écoles;Ville de Rivebelle;2027;Déposé;N-1" in text
    assert "200000,00" in text


def test_a_row_leads_to_its_market(facilitator, cleaning, as_user):
    assertContains(
        as_user(facilitator).get(LIST),
        f'<a class="row-link" href="{reverse("procurement:market_detail", args=[cleaning.pk])}">',
    )
