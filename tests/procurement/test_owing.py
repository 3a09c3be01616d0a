"""The lines under the duty that the database finds are those that the law finds one by one."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procurement.enums import BuyerCategory, DatePrecision, Nature, ThresholdEffect, ThresholdNature
from procurement.models import LegalThreshold, Market, SpecificService
from procurement.queries import duties
from procurement.queries.owing import owing
from procurement.rules.spans import first_day_reaching, last_day_of
from tests.procurement.factories import BuyerFactory, LotFactory, MarketFactory, PurchasePlanFactory


pytestmark = pytest.mark.django_db

AMOUNTS = [None, 0, 139_999, 140_000, 216_000, 432_000, 600_000, 5_404_000]
LAUNCHES = [None, date(2026, 8, 1), date(2026, 8, 22), date(2027, 1, 1), date(2027, 11, 15), date(2028, 2, 1)]


@pytest.fixture
def lines():
    """Every kind of buyer, nature, value and date around the thresholds."""
    plans = [
        PurchasePlanFactory(buyer=BuyerFactory(category=category), year=year)
        for category in BuyerCategory
        for year in (2026, 2027, 2028)
    ]
    Market.objects.bulk_create(
        Market(
            plan=plan, nature=nature, estimated_amount=amount, launch_on=day, launch_precision=kept,
            title="Essai",
        )
        for plan in plans
        for nature in Nature
        for amount in AMOUNTS
        for day in LAUNCHES
        for kept in (DatePrecision if day else [DatePrecision.DAY])
    )  # fmt: skip
    in_lots = MarketFactory(estimated_amount=None, lot=None, plan=plans[4])
    LotFactory(market=in_lots, number=1, estimated_amount=200_000)
    LotFactory(market=in_lots, number=2, estimated_amount=100_000)
    return Market.objects.select_related("plan__buyer")


@pytest.fixture
def of_all_regimes(lines):
    """The same lines again, as specific services by their word or by their code, and as defence markets."""
    said = [
        {"defence": "yes"},
        {"specific_service": "yes"},
        {"cpv_code": "79713000"},
        {"cpv_code": "79713000", "specific_service": "no"},
    ]
    copies = []
    for market in lines.filter(launch_precision=DatePrecision.DAY).order_by("pk"):
        for words in said:
            facts = {name: getattr(market, name) for name in ("nature", "estimated_amount", "launch_on")}
            copies.append(Market(plan=market.plan, title="Essai", **facts, **words))
    Market.objects.bulk_create(copies)
    return lines


def threshold(effect, nature, amount, start, end=None, category=""):
    return LegalThreshold.objects.create(
        effect=effect, nature=nature, amount=amount, valid_from=start, valid_to=end, category=category,
        source="Essai",
    )  # fmt: skip


def one_by_one(lines):
    return {pk for pk, found in duties.of(lines).items() if found.duty.has_social_duty}


def found_at_once(lines):
    return set(owing(lines).values_list("pk", flat=True))


def test_with_the_thresholds_of_today(lines):
    assert found_at_once(lines) == one_by_one(lines) != set()


def test_with_other_regimes(of_all_regimes):
    SpecificService.objects.filter(cpv_from__lt="79713000", cpv_to__gte="79713000").update(
        valid_to=date(2027, 6, 1)
    )

    assert found_at_once(of_all_regimes) == one_by_one(of_all_regimes) != set()


def test_with_the_thresholds_of_the_next_two_years_recorded(lines):
    for category, amount in (("state", 150_000), ("local", 210_000), ("entity", 430_000)):
        threshold(
            ThresholdEffect.FORMAL,
            ThresholdNature.SUPPLIES_SERVICES,
            amount,
            date(2028, 1, 1),
            category=category,
        )
    threshold(ThresholdEffect.FORMAL, ThresholdNature.WORKS, 5_400_000, date(2028, 1, 1))

    assert found_at_once(lines) == one_by_one(lines) != set()


def test_with_a_duty_that_ends_then_comes_back(lines):
    LegalThreshold.objects.filter(effect=ThresholdEffect.SOCIAL_DUTY).update(valid_to=date(2027, 12, 1))
    for nature in ThresholdNature:
        threshold(ThresholdEffect.SOCIAL_DUTY, nature, None, date(2028, 3, 1))

    assert found_at_once(lines) == one_by_one(lines) != set()


def test_with_a_threshold_of_zero_what_has_no_value_owes_nothing(lines):
    LegalThreshold.objects.filter(effect=ThresholdEffect.FORMAL).update(amount=0)

    assert found_at_once(lines) == one_by_one(lines) != set()


def test_without_a_threshold_no_line_owes(lines):
    LegalThreshold.objects.all().delete()

    assert not owing(lines).exists()


def test_any_number_of_lines_costs_as_many_questions():
    MarketFactory()
    with CaptureQueriesContext(connection) as for_one:
        list(owing(Market.objects.all()))
    for _ in range(10):
        MarketFactory()
    with CaptureQueriesContext(connection) as for_eleven:
        assert owing(Market.objects.all()).count() == 11

    assert len(for_eleven) == len(for_one)


@pytest.mark.parametrize("precision", DatePrecision)
@pytest.mark.parametrize("day", [date(2026, 1, 31), date(2026, 12, 1), date(2028, 2, 29)])
def test_the_earliest_start_that_reaches_a_day_is_the_earliest(day, precision):
    first = first_day_reaching(day, precision)

    assert last_day_of(first, precision) >= day
    assert last_day_of(first - timedelta(days=1), precision) < day
