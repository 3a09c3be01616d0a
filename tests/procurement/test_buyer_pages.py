from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import Mandate
from accounts.roles import Role
from procurement.enums import BuyerCategory, PlanState
from procurement.models import Buyer, Department
from tests.accounts.factories import MandateFactory, MembershipFactory
from tests.procurement.factories import (
    BuyerFactory,
    DepartmentFactory,
    MarketFactory,
    PurchasePlanFactory,
)


SIRET = "21940028000018"
LIST = "/acheteurs/"
SUBMITTED_AT = datetime(2026, 11, 3, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_november(time_machine):
    time_machine.move_to(datetime(2026, 11, 23, 9, tzinfo=UTC))


def served_buyer(stage, name, **fields):
    buyer = BuyerFactory(organisation__name=name, **fields)
    MandateFactory(office=stage.office, partner=buyer.organisation, starts_on=date(2025, 1, 1))
    return buyer


def submitted(buyer, **fields):
    return PurchasePlanFactory(
        buyer=buyer,
        state=PlanState.SUBMITTED,
        submitted_at=SUBMITTED_AT,
        submitted_by=MembershipFactory(organisation=buyer.organisation, role=Role.BUYER).user,
        **fields,
    )


def test_the_list_says_whose_plan_has_not_come(stage, facilitator, as_user):
    received = served_buyer(stage, "Hôpital de Rivebelle")
    MarketFactory.create_batch(2, plan=submitted(received), estimated_amount=1500)

    page = as_user(facilitator).get(LIST)

    assertContains(page, "Plan non reçu")
    assertContains(page, "Déposé")
    assertContains(page, "3\u202f000")
    assertNotContains(page, stage.other_buyer.organisation.name)
    assert page.context["campaign"].missing == 1
    assert page.context["campaign"].received == 1


def test_the_year_of_the_list_is_that_of_the_latest_plan(stage, facilitator, as_user):
    assert as_user(facilitator).get(LIST).context["filter"].plan_year == 2026

    PurchasePlanFactory(buyer=stage.buyer, year=2027)

    assert as_user(facilitator).get(LIST).context["filter"].plan_year == 2027
    assert as_user(facilitator).get(LIST, {"year": "2026"}).context["filter"].plan_year == 2026
    assert as_user(facilitator).get(LIST, {"year": "sans"}).context["filter"].plan_year == 2027


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "ecole"}, ["École du Lac"]),
        ({"q": "21940028"}, ["École du Lac"]),
        ({"q": "ailleurs"}, []),
        ({"category": "state"}, ["École du Lac"]),
        ({"plan": "missing"}, ["Ville de Rivebelle"]),
        ({"plan": "submitted"}, ["École du Lac"]),
        ({"plan": "draft"}, []),
        ({"plan": "missing", "year": "2026"}, ["École du Lac", "Ville de Rivebelle"]),
        ({"plan": "inconnu"}, ["Ville de Rivebelle", "École du Lac"]),
    ],
)
def test_the_list_is_narrowed(stage, facilitator, as_user, query, names):
    submitted(
        served_buyer(
            stage, "École du Lac", organisation__siret=SIRET, category=BuyerCategory.STATE, city="Lac"
        )
    )

    page = as_user(facilitator).get(LIST, query)

    assert sorted(str(buyer) for buyer in page.context["page"]) == sorted(names)


def test_a_criterion_in_force_can_be_taken_off(stage, facilitator, as_user):
    page = as_user(facilitator).get(LIST, {"q": "introuvable", "category": "state", "year": "2026"})

    assertContains(page, "Aucun acheteur ne répond à tous ces critères.")
    assertContains(page, 'href="?category=state&amp;year=2026"')
    assertContains(page, "Catégorie : État et ses établissements")


def test_an_office_without_buyers_is_told_what_to_do(stage, facilitator, as_user):
    Mandate.objects.all().delete()

    assertContains(as_user(facilitator).get(LIST), "Votre office n’accompagne encore aucun acheteur.")


def test_a_swap_brings_the_rows_alone(stage, facilitator, as_user):
    page = as_user(facilitator).get(LIST, headers={"HX-Request": "true"})

    assertNotContains(page, "<h1>")
    assertContains(page, "data-fc-announce")
    assert page.headers["HX-Push-Url"].startswith("?")


@pytest.mark.parametrize("role", ["buyer", "prescriber"])
def test_who_belongs_to_a_buyer_goes_straight_to_its_card(stage, request, as_user, role):
    page = as_user(request.getfixturevalue(role)).get(LIST)

    assertRedirects(page, reverse("procurement:buyer_detail", args=[stage.buyer.pk]))


def test_the_list_asks_the_same_queries_for_one_row_and_for_ten(stage, facilitator, as_user):
    visitor = as_user(facilitator)
    visitor.get(LIST)
    MarketFactory(plan=submitted(stage.buyer))
    with CaptureQueriesContext(
        connection,
    ) as one:
        visitor.get(LIST)
    for number in range(10):
        MarketFactory(plan=submitted(served_buyer(stage, f"Ville {number}")))

    with CaptureQueriesContext(connection) as ten:
        visitor.get(LIST)

    assert len(ten) == len(one)


def test_the_card_tells_everything_about_a_buyer(stage, facilitator, prescriber, buyer, as_user):
    submitted(stage.buyer, year=2027)

    page = as_user(facilitator).get(stage.buyer.get_absolute_url())

    for text in (
        "Plan 2027",
        stage.department.name,
        "Dominique Leroy",
        "Paul",
        "Bruno",
        "Office du Confluent",
        "depuis le 1er janvier 2020",
        "Historique",
    ):
        assertContains(page, text)


def test_the_card_of_a_new_buyer_says_what_comes_next(stage, facilitator, as_user):
    bare = served_buyer(stage, "Ville nouvelle")

    page = as_user(facilitator).get(bare.get_absolute_url())

    assertContains(page, "Aucun plan d’achats n’est encore là.")
    assertContains(page, "Aucun service prescripteur.")
    assertContains(page, "Personne encore")


def test_the_card_names_every_office_with_its_dates(stage, facilitator, as_user):
    MandateFactory(
        office=stage.other_office,
        partner=stage.buyer.organisation,
        starts_on=date(2021, 3, 1),
        ends_on=date(2022, 3, 1),
    )
    MandateFactory(office=stage.other_office, partner=stage.buyer.organisation, starts_on=date(2027, 1, 1))

    page = as_user(facilitator).get(stage.buyer.get_absolute_url())

    assertContains(page, "du 1er mars 2021 au 1er mars 2022 (exclu)")
    assertContains(page, "à partir du 1er janvier 2027")


def test_a_prescriber_sees_its_own_departments_and_no_button(stage, prescriber, as_user):
    other = DepartmentFactory(buyer=stage.buyer, name="Informatique")

    page = as_user(prescriber).get(stage.buyer.get_absolute_url())

    assertContains(page, stage.department.name)
    assertNotContains(page, other.name)
    assertNotContains(page, "Modifier")


def test_the_card_asks_the_same_queries_for_one_department_and_for_ten(
    stage, facilitator, prescriber, as_user
):
    visitor, url = as_user(facilitator), stage.buyer.get_absolute_url()
    visitor.get(url)
    with CaptureQueriesContext(connection) as one:
        visitor.get(url)
    for department in DepartmentFactory.create_batch(10, buyer=stage.buyer):
        department.prescribers.add(prescriber.membership)

    with CaptureQueriesContext(connection) as eleven:
        visitor.get(url)

    assert len(eleven) == len(one)


def new_buyer(**changes):
    return {"siret": "219 400 280 00018", "name": "Ville de Lac", "category": "local", "city": ""} | changes


@pytest.mark.parametrize("role", ["facilitator", "manager"])
def test_an_office_adds_a_buyer_on_the_page(stage, request, as_user, role):
    page = as_user(request.getfixturevalue(role)).post("/acheteurs/ajouter/", new_buyer())

    added = Buyer.objects.get(organisation__siret=SIRET)
    assertRedirects(page, added.get_absolute_url())
    mandate = Mandate.objects.get(partner=added.pk)
    assert (mandate.office, mandate.starts_on) == (stage.office, date(2026, 11, 23))


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"siret": "21940028000019"}, "siret", "La clé de contrôle du SIRET « 21940028000019 » est fausse."),
        ({"siret": "2194002800001A"}, "siret", "doit compter 14 chiffres, sans autre signe."),
        ({"siret": ""}, "siret", "Le SIRET manque."),
        ({"siret": "2,194E+13"}, "siret", "Le tableur a abrégé le SIRET"),
        ({"name": ""}, "name", "Le nom manque."),
        ({"category": "ville"}, "category", "Sélectionnez un choix valide"),
    ],
)
def test_a_buyer_that_cannot_be_is_refused_beside_the_field(
    stage, facilitator, as_user, changes, field, reason
):
    page = as_user(facilitator).post("/acheteurs/ajouter/", new_buyer(**changes))

    assertContains(page, reason, status_code=422)
    assert list(page.context["form"].errors) == [field]
    assertContains(page, f'id="id_{field}_error"', status_code=422)
    assert Buyer.objects.count() == 2


def test_a_known_buyer_is_not_added_again(stage, facilitator, as_user):
    visitor = as_user(facilitator)
    visitor.post("/acheteurs/ajouter/", new_buyer())
    BuyerFactory(organisation__siret="13002526500013")

    own = visitor.post("/acheteurs/ajouter/", new_buyer())
    others = visitor.post("/acheteurs/ajouter/", new_buyer(siret="13002526500013"))

    assertContains(own, "fait déjà partie de vos acheteurs", status_code=422)
    assertContains(others, "Demandez à l’administrateur", status_code=422)


def department(**changes):
    return {"name": "Jardins", "contact_name": "Dominique Leroy", "contact_email": ""} | changes


@pytest.mark.parametrize("role", ["facilitator", "manager", "buyer"])
def test_a_department_is_added_on_the_page(stage, request, prescriber, as_user, role):
    visitor = as_user(request.getfixturevalue(role))

    page = visitor.post(
        reverse("procurement:department_add", args=[stage.buyer.pk]),
        department(prescribers=[prescriber.membership.pk]),
    )

    assertRedirects(page, stage.buyer.get_absolute_url())
    assert list(Department.objects.get(name="Jardins").prescribers.all()) == [prescriber.membership]


def test_a_department_is_edited_on_the_page(stage, buyer, prescriber, as_user):
    url = reverse("procurement:department_edit", args=[stage.department.pk])
    assertContains(as_user(buyer).get(url), "checked")

    page = as_user(buyer).post(url, department())

    assertRedirects(page, stage.buyer.get_absolute_url())
    stage.department.refresh_from_db()
    assert (stage.department.name, stage.department.prescribers.count()) == ("Jardins", 0)


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"name": "energie"}, "name", "Cet acheteur a déjà un service « Énergie »."),
        ({"name": ""}, "name", "obligatoire"),
        ({"contact_email": "sans arobase"}, "contact_email", "adresse"),
    ],
)
@pytest.mark.parametrize("is_new", [True, False])
def test_a_department_that_cannot_be_is_refused_beside_the_field(
    stage, buyer, as_user, changes, field, reason, is_new
):
    DepartmentFactory(buyer=stage.buyer, name="Énergie")
    name, pk = (
        ("procurement:department_add", stage.buyer.pk)
        if is_new
        else ("procurement:department_edit", stage.department.pk)
    )

    page = as_user(buyer).post(reverse(name, args=[pk]), department(**changes))

    assertContains(page, reason, status_code=422)
    assert list(page.context["form"].errors) == [field]
    assert Department.objects.count() == 2


def test_somebody_who_is_no_prescriber_of_the_buyer_is_not_attached(stage, buyer, prescriber, as_user):
    page = as_user(buyer).post(
        reverse("procurement:department_add", args=[stage.buyer.pk]),
        department(prescribers=[buyer.membership.pk]),
    )

    assert page.status_code == 422
    assert "prescribers" in page.context["form"].errors


def test_without_prescribers_the_form_says_how_they_come(stage, facilitator, as_user):
    page = as_user(facilitator).get(reverse("procurement:department_add", args=[stage.buyer.pk]))

    assertContains(page, "Aucun prescripteur n’a encore de compte")
