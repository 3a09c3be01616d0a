from datetime import date

import pytest
import time_machine
from django.utils import timezone

from procurement.enums import DatePrecision
from procurement.models import PlanAnswer
from tests.clauses.reading import plain
from tests.procurement.factories import MarketFactory, PurchasePlanFactory


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel("2026-11-20 09:00:00+00:00", tick=False):
        yield


@pytest.fixture
def market(stage):
    plan = PurchasePlanFactory(buyer=stage.buyer, submitted=True)
    return MarketFactory(
        plan=plan, launch_on=date(2027, 7, 1), launch_precision=DatePrecision.QUARTER,
        department=stage.department,
    )  # fmt: skip


@pytest.mark.parametrize("role", ["buyer", "prescriber", "facilitator"])
def test_the_page_of_a_market_counts_back_from_its_launch(role, as_user, request, market):
    page = plain(as_user(request.getfixturevalue(role)).get(f"/marches/{market.pk}/").content.decode())

    assert "Réponse dans 10 jours" in page
    assert "du 1er mars 2027 au 1er avril 2027" in page
    assert "premier jour de la période" in page


def test_a_draft_promises_nothing(as_user, buyer, stage):
    market = MarketFactory(plan__buyer=stage.buyer)

    assert "Anticipation" not in as_user(buyer).get(f"/marches/{market.pk}/").content.decode()


def test_the_clock_of_an_office_stops_at_its_own_answer(as_user, buyer, facilitator, market, stage):
    PlanAnswer.objects.create(
        plan=market.plan, office=stage.office, answered_at=timezone.now(), answered_by=facilitator
    )

    own, all_offices = (
        plain(as_user(who).get(f"/marches/{market.pk}/").content.decode()) for who in (facilitator, buyer)
    )

    assert "Répondu dans le délai" in own
    assert "Réponse dans 10 jours" in all_offices
