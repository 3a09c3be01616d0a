from datetime import date

import pytest
import time_machine

from clauses.enums import ProposalState
from procurement.enums import DatePrecision
from procurement.models import Delay
from procurement.queries import anticipation
from procurement.queries.delays import timetable
from tests.clauses.factories import ProposalFactory
from tests.clauses.reading import plain
from tests.procurement.factories import LotFactory, MarketFactory, PurchasePlanFactory


pytestmark = pytest.mark.django_db

# The plans of the factories are deposited on 2 November 2026.
READING = date(2026, 11, 20)


@pytest.fixture
def market(stage):
    plan = PurchasePlanFactory(buyer=stage.buyer, submitted=True)
    return MarketFactory(plan=plan, launch_on=date(2027, 7, 1), launch_precision=DatePrecision.QUARTER)


def _clocks(markets):
    return anticipation.clocks(markets, timetable(None), on=READING)


def _clock(market):
    return _clocks([market])[market.pk]


def test_the_delays_come_from_the_reference_values(market):
    Delay.objects.filter(code="answer-days").update(value=35)

    assert _clock(market).promised_on == date(2026, 12, 7)


def test_nothing_is_promised_once_a_delay_is_kept_no_more(market):
    Delay.objects.filter(code="answer-days").update(valid_to=date(2026, 1, 1))

    assert _clocks([market]) == {}
    assert anticipation.milestones(market, None, timetable(None), is_calibrated=False, on=READING) == []


def test_a_draft_plan_has_no_clock():
    market = MarketFactory()

    assert _clocks([market]) == {}
    assert anticipation.milestones(market, None, timetable(None), is_calibrated=False, on=READING) == []


def test_the_clock_stops_when_the_plan_is_answered(stage):
    market = MarketFactory(plan__buyer=stage.buyer, plan__answered=True)

    assert _clock(market).label == "Répondu dans le délai"


def test_clocks_of_many_lines_cost_one_query(market, django_assert_num_queries):
    markets = [market, *MarketFactory.create_batch(9, plan=market.plan)]

    with django_assert_num_queries(1):
        _clocks(markets)


@time_machine.travel("2026-11-20 09:00:00+00:00", tick=False)
def test_the_triage_shows_what_is_left_to_answer(as_user, facilitator, market):
    shown = plain(as_user(facilitator).get("/reperage/").content.decode())

    assert "Réponse dans 10 jours" in shown


@time_machine.travel("2026-12-20 09:00:00+00:00", tick=False)
def test_the_page_of_a_line_lays_out_what_is_due_before_the_launch(as_user, facilitator, market):
    ProposalFactory(lot=LotFactory(market=market, number=2), state=ProposalState.DRAFT)

    shown = plain(as_user(facilitator).get(f"/reperage/{market.pk}/").content.decode())

    assert "En retard de 20 jours" in shown
    assert "du 1er mars 2027 au 1er avril 2027" in shown
    assert "premier jour de la période" in shown


@time_machine.travel("2026-11-20 09:00:00+00:00", tick=False)
def test_a_launch_before_the_answer_is_marked_urgent(as_user, facilitator, market):
    market.launch_on, market.launch_precision = date(2026, 11, 25), DatePrecision.DAY
    market.save(update_fields=["launch_on", "launch_precision"])

    shown = plain(as_user(facilitator).get("/reperage/").content.decode())

    assert "Urgent" in shown
    assert "En retard de 11 jours" in shown
