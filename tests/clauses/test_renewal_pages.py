from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from clauses.models import ReferenceValue
from clauses.queries.renewals import candidates
from procurement.models import Market
from procurement.services import last_year
from reporting.queries.todo.renewals import renewals_due
from tests.procurement.factories import ContractFactory, MarketFactory, PurchasePlanFactory


TODAY = date(2026, 11, 25)
ADDRESS = "/renouvellements/"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-25 09:00:00+01:00", tick=False):
        yield


def contract(stage, ends_on, **facts):
    """Ends the day before `ends_on`."""
    return ContractFactory(
        buyer=stage.buyer, office=stage.office, contractor=stage.company,
        starts_on=date(2024, 1, 1), ends_on=ends_on, **facts,
    )  # fmt: skip


def old_line(stage, **facts):
    plan = PurchasePlanFactory(buyer=stage.buyer, year=facts.pop("year", 2025), submitted=True)
    return MarketFactory(plan=plan, **{"starts_on": date(2026, 1, 1), "duration_months": 18} | facts)


def test_what_ends_within_eighteen_months_is_proposed_soonest_first(stage, buyer):
    for title, ends_on in (
        ("Voirie", date(2028, 5, 26)),
        ("Haies", date(2027, 3, 1)),
        ("Trop loin", date(2028, 5, 27)),
        ("Terminé", date(2026, 11, 25)),
        ("Vitres", date(2027, 9, 1)),
    ):
        contract(stage, ends_on, title=title)
    ContractFactory(buyer=stage.buyer, office=stage.office, ends_on=None, title="Sans fin")

    found = candidates(buyer, TODAY)

    assert [(one.renewal.title, one.horizon, one.renewal.year) for one in found] == [
        ("Haies", 9, 2027),
        ("Vitres", 12, 2027),
        ("Voirie", 18, 2027),
    ]


def test_the_successor_is_launched_nine_months_before_in_the_plan_of_that_year(stage, buyer):
    contract(stage, date(2028, 1, 1), amount=Decimal(90_000))

    [found] = candidates(buyer, TODAY)

    assert (found.renewal.ends_on, found.renewal.launch_on) == (date(2027, 12, 31), date(2027, 3, 1))
    assert (found.renewal.year, found.renewal.months, found.holder) == (2027, 48, stage.company.name)


def test_a_plan_that_was_handed_in_leaves_its_place_to_the_next_and_the_page_says_so(as_user, stage, buyer):
    contract(stage, date(2028, 1, 1))
    PurchasePlanFactory(buyer=stage.buyer, year=2027, submitted=True)

    [found] = candidates(buyer, TODAY)

    assert (found.renewal.year, found.handed_in) == (2028, 2027)
    assertContains(as_user(buyer).get(ADDRESS), "le plan 2027 est déjà déposé")


def test_a_line_of_an_earlier_plan_counts_by_its_term_unless_it_became_a_contract(stage, buyer):
    line = old_line(stage, title="Nettoyage")
    awarded = MarketFactory(plan=line.plan, title="Voirie", starts_on=date(2026, 1, 1), duration_months=18)
    awarded.lots.update(contract=contract(stage, date(2040, 1, 1)))
    MarketFactory(plan=line.plan, title="Trop loin", starts_on=date(2026, 1, 1), duration_months=48)
    MarketFactory(plan=line.plan, title="Sans date", launch_on=None, duration_months=18)

    [found] = candidates(buyer, TODAY)

    assert (found.renewal.line_id, found.renewal.ends_on, found.is_estimated) == (
        line.pk,
        date(2027, 6, 30),
        True,
    )


def test_a_draft_and_a_plan_to_come_hold_nothing_that_ends(stage, buyer):
    plan = PurchasePlanFactory(buyer=stage.buyer, year=2026)
    MarketFactory(plan=plan, starts_on=date(2026, 1, 1), duration_months=18)
    old_line(stage, year=2027, starts_on=date(2027, 1, 1), duration_months=6)

    assert candidates(buyer, TODAY) == []


@pytest.mark.parametrize("how", ["renewed", "copied", "title"])
def test_what_already_stands_in_a_later_plan_is_marked(stage, buyer, how):
    line = old_line(stage, title="Nettoyage")
    running = contract(stage, date(2027, 7, 1), title="Nettoyage des locaux")
    line.lots.update(contract=running)
    plan = PurchasePlanFactory(buyer=stage.buyer, year=2027)
    match how:
        case "renewed":
            MarketFactory(plan=plan, title="Autre nom", renewed_contract=running)
        case "copied":
            [copy] = last_year.copy(plan=plan, lines=[line], by=buyer)
            Market.objects.filter(pk=copy.pk).update(title="Autre nom")
        case _:
            MarketFactory(plan=plan, title="NETTOYAGE des locaux")

    [found] = candidates(buyer, TODAY)

    assert (found.successor.pk, found.successor.year) == (plan.markets.get().pk, 2027)


def test_the_line_that_became_the_contract_is_not_its_own_successor(stage, buyer):
    line = old_line(stage, year=2026, title="Nettoyage")
    line.lots.update(contract=contract(stage, date(2027, 7, 1), title="Nettoyage"))

    [found] = candidates(buyer, TODAY)

    assert found.successor is None


def test_without_the_months_in_force_nothing_is_proposed(stage, buyer):
    contract(stage, date(2027, 7, 1))
    ReferenceValue.objects.filter(code="renewal-months-near").delete()

    assert candidates(buyer, TODAY) == []
    assert renewals_due(buyer, TODAY) == []


def test_one_click_takes_one_line_and_may_be_undone(as_user, stage, buyer):
    running = contract(stage, date(2028, 1, 1), title="Nettoyage")
    client = as_user(buyer)

    page = client.post(ADDRESS, {"only": f"contrat-{running.pk}"}, follow=True)

    taken = Market.objects.get(plan__year=2027)
    assert taken.renewed_contract == running
    assertContains(page, "« Nettoyage » est repris dans le plan 2027")
    assertContains(page, "Déjà au plan 2027")
    client.post(reverse("procurement:undo"), {"next": ADDRESS})
    assert not Market.objects.exists()


def test_many_lines_are_taken_at_once(as_user, stage, facilitator):
    rows = [contract(stage, date(2028, 1, 1), title=title) for title in ("Nettoyage", "Haies")]

    page = as_user(facilitator).post(ADDRESS, {"keys": [f"contrat-{row.pk}" for row in rows]}, follow=True)

    assertContains(page, "2 lignes sont reprises dans le plan 2027")
    assert Market.objects.filter(plan__year=2027).count() == 2


def test_nothing_ticked_and_a_line_already_taken_are_refused(as_user, stage, buyer):
    running = contract(stage, date(2028, 1, 1))
    client = as_user(buyer)
    key = f"contrat-{running.pk}"
    client.post(ADDRESS, {"only": key})

    assertContains(client.post(ADDRESS, {}), "Rien n’est coché", status_code=422)
    assertContains(client.post(ADDRESS, {"keys": [key]}), "déjà reprise", status_code=422)
    assert Market.objects.count() == 1


def test_the_office_narrows_to_one_buyer_and_a_stranger_sees_nothing(
    as_user, stage, facilitator, other_buyer
):
    contract(stage, date(2028, 1, 1), title="Nettoyage")
    client = as_user(facilitator)

    assertContains(client.get(ADDRESS, {"buyer": stage.buyer.pk}), "Nettoyage")
    assertContains(client.get(ADDRESS, {"buyer": stage.other_buyer.pk}), "Nettoyage")
    assertContains(client.get(ADDRESS, {"buyer": "x"}), "Nettoyage")
    assertNotContains(as_user(other_buyer).get(ADDRESS), "Nettoyage")
    assertContains(as_user(other_buyer).get(ADDRESS), "Rien ne s’achève dans ce délai.")


def test_the_first_page_of_a_buyer_says_what_to_renew(stage, buyer):
    contract(stage, date(2028, 1, 1), title="Nettoyage")
    [item] = renewals_due(buyer, TODAY)
    assert (item.what, item.about) == ("Renouvellement à inscrire au plan", "Nettoyage")
    assert (item.since, item.until, item.url) == (date(2026, 6, 30), date(2027, 3, 1), ADDRESS)

    contract(stage, date(2028, 2, 1), title="Haies")
    [item] = renewals_due(buyer, TODAY)
    assert (item.what, item.about) == ("Renouvellements à inscrire au plan", "Nettoyage et 1 autre")


def test_fifty_contracts_cost_no_more_queries_than_one(as_user, stage, buyer, django_assert_max_num_queries):
    contract(stage, date(2028, 1, 1))
    old_line(stage)
    client = as_user(buyer)
    with django_assert_max_num_queries(40) as one:
        client.get(ADDRESS)
    for _ in range(30):
        contract(stage, date(2028, 1, 1))
    MarketFactory.create_batch(
        10, plan=old_line(stage, year=2024).plan, starts_on=date(2026, 1, 1), duration_months=18
    )

    with django_assert_max_num_queries(len(one)):
        client.get(ADDRESS)
