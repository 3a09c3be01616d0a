from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from procurement.models import Market
from procurement.services import last_year
from procurement.workflow import TransitionRefused
from tests.procurement.factories import BuyerFactory, MarketFactory, PurchasePlanFactory


@pytest.fixture
def plan(stage):
    return PurchasePlanFactory(buyer=stage.buyer, year=2027)


@pytest.fixture
def old(stage):
    return PurchasePlanFactory(buyer=stage.buyer, year=2026, submitted=True)


def page_of(plan):
    return reverse("procurement:plan_copy", args=[plan.pk])


def test_chosen_lines_come_one_year_later_with_their_reference_as_origin(buyer, plan, old):
    line = MarketFactory(plan=old, title="Voirie", reference="V-12", launch_on=date(2026, 3, 15))
    MarketFactory(plan=old, title="Taille des haies")

    [copy] = last_year.copy(plan=plan, lines=[line], by=buyer)

    assert [market.title for market in plan.markets.all()] == ["Voirie"]
    assert (copy.reference, copy.launch_on) == ("", date(2027, 3, 15))
    assert copy.extra == {"Référence d’origine": "V-12 (plan 2026)"}


def test_a_line_that_is_already_there_is_not_taken_twice(buyer, plan, old):
    lines = [MarketFactory(plan=old, title="Voirie"), MarketFactory(plan=old, title="Haies")]
    MarketFactory(plan=plan, title="VOIRIE")

    last_year.copy(plan=plan, lines=lines, by=buyer)
    again = last_year.copy(plan=plan, lines=lines, by=buyer)

    assert again == []
    assert sorted(plan.markets.values_list("title", flat=True)) == ["Haies", "VOIRIE"]


def test_two_lines_of_the_same_title_both_come(buyer, plan, old):
    lines = [MarketFactory(plan=old, title="Voirie"), MarketFactory(plan=old, title="Voirie")]

    assert len(last_year.copy(plan=plan, lines=lines, by=buyer)) == 2


def test_nothing_chosen_is_refused(buyer, plan):
    with pytest.raises(last_year.NothingChosen, match="Aucune ligne n’est cochée"):
        last_year.copy(plan=plan, lines=[], by=buyer)


def test_a_plan_that_was_handed_in_takes_no_line(buyer, old):
    later = PurchasePlanFactory(buyer=old.buyer, year=2027, submitted=True)

    with pytest.raises(TransitionRefused, match="reprenez-le pour le modifier"):
        last_year.copy(plan=later, lines=[MarketFactory(plan=old)], by=buyer)

    assert not later.markets.exists()


def test_the_page_proposes_the_latest_earlier_plan_and_marks_what_is_there(as_user, buyer, plan, old):
    MarketFactory(plan=PurchasePlanFactory(buyer=old.buyer, year=2025), title="Trop ancien")
    MarketFactory(plan=old, title="Voirie")
    MarketFactory(plan=old, title="Haies")
    MarketFactory(plan=plan, title="Haies")

    page = as_user(buyer).get(page_of(plan))

    assert [(line.title, known) for line, known in page.context["lines"]] == [
        ("Voirie", False),
        ("Haies", True),
    ]
    assertContains(page, "Déjà dans le plan 2027")


def test_a_buyer_takes_the_ticked_lines(as_user, buyer, plan, old):
    kept, _left = MarketFactory(plan=old, title="Voirie"), MarketFactory(plan=old, title="Haies")

    answer = as_user(buyer).post(page_of(plan), {"lines": [kept.pk]}, follow=True)

    assert [market.title for market in plan.markets.all()] == ["Voirie"]
    assertContains(answer, "Une ligne est reprise dans le plan 2027")


@pytest.mark.parametrize(
    ("count", "said"), [(2, "2 lignes sont reprises"), (0, "rien n’a été ajouté")], ids=["two", "none"]
)
def test_the_message_counts_what_was_taken(as_user, buyer, plan, old, count, said):
    lines = [MarketFactory(plan=old, title=title) for title in ("Voirie", "Haies")]
    if not count:
        last_year.copy(plan=plan, lines=lines, by=buyer)

    answer = as_user(buyer).post(page_of(plan), {"lines": [line.pk for line in lines]}, follow=True)

    assertContains(answer, said)


def test_the_page_says_what_is_wrong_and_copies_nothing(as_user, buyer, stage, plan, old):
    MarketFactory(plan=old)
    other = MarketFactory(plan=PurchasePlanFactory(buyer=BuyerFactory(), year=2026))

    for lines, said in (
        ([], "cochez celles qui reviennent"),
        ([other.pk], "rechargez la page"),
        (["x"], "rechargez la page"),
    ):
        answer = as_user(buyer).post(page_of(plan), {"lines": lines})
        assertContains(answer, said, status_code=422)
    assert not Market.objects.filter(plan=plan).exists()


def test_a_first_plan_has_nothing_to_take(as_user, buyer, plan):
    assertContains(as_user(buyer).get(page_of(plan)), "Aucune ligne à reprendre")


def test_fifty_lines_cost_no_more_queries_than_one(as_user, buyer, plan, old, django_assert_max_num_queries):
    MarketFactory(plan=old)
    client = as_user(buyer)
    with django_assert_max_num_queries(40) as one:
        client.get(page_of(plan))
    MarketFactory.create_batch(49, plan=old)

    with django_assert_max_num_queries(len(one)):
        client.get(page_of(plan))
