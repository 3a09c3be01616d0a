"""Staff that the next contractor keeps on: said on the line, at any time."""

from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from accounts.enums import AuditKind
from accounts.models import AuditEvent
from procurement.enums import Certainty
from procurement.models import Family, Market
from procurement.services import markets
from tests.procurement.factories import MarketFactory, PurchasePlanFactory


@pytest.fixture
def market(stage):
    return MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer, submitted=True))


def page(market):
    return reverse("procurement:market_takeover", args=[market.pk])


def say(market, by, takeover, hours=None):
    return markets.say_takeover(market=market, takeover=takeover, monthly_hours=hours, by=by)


def test_it_is_said_once_the_plan_is_handed_in(market, facilitator):
    say(market, facilitator, Certainty.YES, Decimal(500))

    market.refresh_from_db()
    assert (market.staff_takeover, market.transferred_monthly_hours) == (Certainty.YES, 500)
    event = AuditEvent.objects.get(kind=AuditKind.MARKET_CHANGED)
    assert "personnel à reprendre" in event.payload["fields"]


def test_hours_leave_with_the_staff(market, facilitator):
    say(market, facilitator, Certainty.YES, Decimal(500))

    said = say(market, facilitator, Certainty.NO, Decimal(500))

    assert said.transferred_monthly_hours is None


def test_saying_the_same_again_writes_nothing(market, facilitator):
    say(market, facilitator, Certainty.UNKNOWN)

    assert not AuditEvent.objects.filter(kind=AuditKind.MARKET_CHANGED).exists()


def test_hours_without_staff_are_refused_by_the_database(market):
    with pytest.raises(IntegrityError):
        Market.objects.update(transferred_monthly_hours=Decimal(500))


def test_the_page_keeps_it_and_the_market_shows_it(market, facilitator, as_user):
    answer = as_user(facilitator).post(
        page(market), {"staff_takeover": "yes", "transferred_monthly_hours": "500"}, follow=True
    )

    assertRedirects(answer, market.get_absolute_url())
    assertContains(answer, "Oui, 500\N{NO-BREAK SPACE}h par mois")


def test_without_hours_the_market_shows_the_answer_alone(market, facilitator, as_user):
    say(market, facilitator, Certainty.NO)

    assertContains(as_user(facilitator).get(market.get_absolute_url()), "<dd>Non</dd>")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"staff_takeover": "yes", "transferred_monthly_hours": "-1"}, "ne peuvent pas être négatives"),
        ({"staff_takeover": "no", "transferred_monthly_hours": "12"}, "vont avec « Oui »"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(market, facilitator, as_user, given, sentence):
    assertContains(as_user(facilitator).post(page(market), given), sentence, status_code=422)


def test_the_trades_that_often_keep_their_staff_are_told(db):
    told = Family.objects.filter(takes_staff_over=True).values_list("code", flat=True)

    assert set(told) == {"nettoyage", "securite", "restauration", "dechets"}
