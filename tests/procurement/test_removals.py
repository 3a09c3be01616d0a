import json
from dataclasses import asdict
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accounts import audit
from clauses.models import Screening
from procurement.models import Lot, Market, PracticeCard, Programme
from procurement.services import last_year, markets, plans, removals
from procurement.services.removals import Removed, RestoreRefused
from procurement.workflow import TransitionRefused
from tests.clauses.factories import DerogationFactory, ProposalFactory, ScreeningFactory
from tests.procurement.factories import (
    ContractFactory,
    DepartmentFactory,
    LotFactory,
    MarketFactory,
    PracticeCardFactory,
    PurchasePlanFactory,
)


@pytest.fixture
def plan(stage):
    return PurchasePlanFactory(buyer=stage.buyer, year=2027)


@pytest.fixture
def market(plan):
    return MarketFactory(plan=plan, title="Voirie", reference="V-12", contact_name="Dominique Leroy")


def as_kept(market):
    return Market.objects.filter(pk=market.pk).values().get()


def test_a_removed_line_comes_back_whole(market, buyer, stage):
    LotFactory(market=market, number=2, title="Trottoirs")
    market.programmes.set(Programme.objects.filter(code="plie"))
    markets.edit(market=market, values={"place": "Rivebelle"}, by=buyer)
    ScreeningFactory(market=market, office=stage.office)
    before = as_kept(market)

    removed = removals.remove(market=market, by=buyer)
    gone = (Market.objects.exists(), Lot.objects.exists(), Screening.objects.exists())
    restored = removals.restore(removed=removed, by=buyer)

    assert gone == (False, False, False)
    assert as_kept(restored) == before
    assert list(restored.lots.order_by("number").values_list("title", flat=True)) == ["", "Trottoirs"]
    assert [programme.code for programme in restored.programmes.all()] == ["plie"]
    assert Screening.objects.filter(market=restored).exists()
    assert "a modifié lieu d’exécution" in str(audit.history(restored).first())


def test_a_line_comes_back_without_the_department_that_is_no_more(market, buyer, stage):
    market.department = DepartmentFactory(buyer=stage.buyer, name="Voirie")
    market.save()
    removed = removals.remove(market=market, by=buyer)
    market.department.delete()

    assert removals.restore(removed=removed, by=buyer).department is None
    connection.check_constraints()


def test_what_named_the_line_names_it_again(market, buyer):
    copy = markets.duplicate(market=market, plan=market.plan, by=buyer)
    card = PracticeCardFactory(market=market)

    removed = removals.remove(market=market, by=buyer)
    untied = Market.objects.get(pk=copy.pk).origin, PracticeCard.objects.get(pk=card.pk).market
    restored = removals.restore(removed=Removed(**json.loads(json.dumps(asdict(removed)))), by=buyer)

    assert untied == (None, None)
    assert Market.objects.get(pk=copy.pk).origin == restored
    assert PracticeCard.objects.get(pk=card.pk).market == restored


def test_the_plan_keeps_a_trace_of_both(market, buyer):
    removals.restore(removed=removals.remove(market=market, by=buyer), by=buyer)

    kinds = [event.kind for event in audit.history(market.plan)]
    assert kinds == ["market_put_back", "market_removed"]


def test_restored_twice_is_restored_once(market, buyer):
    removed = removals.remove(market=market, by=buyer)

    assert removals.restore(removed=removed, by=buyer) == removals.restore(removed=removed, by=buyer)
    assert Market.objects.count() == 1


def test_a_reference_taken_meanwhile_keeps_the_line_out(market, plan, buyer):
    removed = removals.remove(market=market, by=buyer)
    MarketFactory(plan=plan, reference="V-12")

    with pytest.raises(RestoreRefused, match="« Voirie » n’est pas rétabli"):
        removals.restore(removed=removed, by=buyer)

    assert Market.objects.count() == 1


def test_a_line_does_not_come_back_into_a_plan_that_was_handed_in(market, plan, buyer):
    MarketFactory(plan=plan)
    removed = removals.remove(market=market, by=buyer)
    plans.submit(plan=plan, by=buyer, at=timezone.now())

    with pytest.raises(TransitionRefused, match="reprenez-le"):
        removals.restore(removed=removed, by=buyer)


@pytest.mark.parametrize("hold", ["derogation", "proposal", "contract"])
def test_a_line_that_something_hangs_on_stays(market, buyer, stage, hold):
    match hold:
        case "derogation":
            DerogationFactory(market=market)
        case "proposal":
            ProposalFactory(lot=market.lots.get())
        case _:
            market.lots.update(contract=ContractFactory(buyer=stage.buyer))

    with pytest.raises(markets.MarketInUse):
        removals.remove(market=market, by=buyer)

    assert Market.objects.filter(pk=market.pk).exists()


def test_a_copy_is_taken_back_but_for_the_lines_worked_on_since(stage, plan, buyer):
    old = PurchasePlanFactory(buyer=stage.buyer, year=2026, submitted=True)
    lines = [MarketFactory(plan=old, title=title) for title in ("Haies", "Tontes", "Voirie")]
    untouched, edited, used = last_year.copy(plan=plan, lines=lines, by=buyer)
    markets.edit(market=edited, values={"place": "Ici"}, by=buyer)
    DerogationFactory(market=used)

    gone = removals.take_back(copies=[untouched, edited, used], by=buyer)

    assert gone == ["Haies"]
    assert sorted(plan.markets.values_list("title", flat=True)) == ["Tontes", "Voirie"]


def undo(client, plan):
    return client.post(reverse("procurement:undo"), {"next": plan.get_absolute_url()}, follow=True)


def test_the_removal_is_undone_from_the_page_of_the_plan(as_user, buyer, market, plan):
    client = as_user(buyer)
    page = client.post(reverse("procurement:market_remove", args=[market.pk]), follow=True)
    assertContains(page, "Le marché « Voirie » est retiré du plan.")
    assertContains(page, reverse("procurement:undo"))

    answer = undo(client, plan)

    assertContains(answer, "« Voirie » est de nouveau dans le plan")
    assertNotContains(answer, reverse("procurement:undo"))
    assert plan.markets.get() == market


def test_a_copy_of_many_lines_is_undone_at_once(as_user, buyer, stage, plan):
    old = PurchasePlanFactory(buyer=stage.buyer, year=2026, submitted=True)
    lines = [MarketFactory(plan=old, title=title) for title in ("Haies", "Tontes")]
    client = as_user(buyer)
    page = client.post(
        reverse("procurement:plan_copy", args=[plan.pk]), {"lines": [line.pk for line in lines]}, follow=True
    )
    assertContains(page, "2 lignes sont reprises")

    assertContains(undo(client, plan), "2 lignes copiées sont retirées.")
    assert not plan.markets.exists()


def test_what_was_worked_on_stays_and_the_message_says_so(as_user, buyer, plan):
    market = MarketFactory(plan=plan, title="Haies")
    client = as_user(buyer)
    client.post(reverse("procurement:market_duplicate", args=[market.pk]))
    copy = plan.markets.exclude(pk=market.pk).get()
    markets.edit(market=copy, values={"place": "Ici"}, by=buyer)

    assertContains(undo(client, plan), "celles que quelqu’un a reprises depuis restent")
    assert plan.markets.count() == 2


def test_an_hour_later_it_is_too_late(as_user, buyer, market, plan):
    client = as_user(buyer)
    with time_machine.travel(timezone.now() - timedelta(minutes=61), tick=False):
        client.post(reverse("procurement:market_remove", args=[market.pk]))

    assertNotContains(client.get(plan.get_absolute_url()), reverse("procurement:undo"))
    assertContains(undo(client, plan), "Il n’y a plus rien à annuler")


def test_an_undo_that_is_refused_says_why(as_user, buyer, market, plan):
    client = as_user(buyer)
    client.post(reverse("procurement:market_remove", args=[market.pk]))
    MarketFactory(plan=plan, reference="V-12")

    assertContains(undo(client, plan), "sa référence a été reprise")


def test_another_site_is_no_way_back(as_user, buyer):
    answer = as_user(buyer).post(reverse("procurement:undo"), {"next": "https://ailleurs.example/"})

    assert answer.url == reverse("procurement:plan_list")
