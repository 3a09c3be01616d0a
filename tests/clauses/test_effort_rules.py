from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from clauses.enums import Weight
from clauses.rules import effort
from clauses.rules.effort import Band, Effort, Pace


PACE = Pace(
    full_time_weekly=Decimal(35),
    full_time_yearly=Decimal(1607),
    insertion_weekly=Decimal(26),
    hours_per_person=Decimal(395),
)
BAND = Band(noticeable=Decimal("0.05"), heavy=Decimal("0.10"))


def test_833_hours_over_a_year_are_half_a_post_and_three_people_one_at_a_time():
    assert effort.measure(Decimal(833), 12, PACE) == Effort(
        per_month=Decimal("69.4"), weeks=Decimal("23.8"), posts=Decimal("0.52"), at_once=1, people=3
    )


def test_a_short_market_needs_more_people_at_once():
    assert effort.measure(Decimal(833), 2, PACE).at_once == 4


def test_somebody_needed_for_a_few_hours_is_somebody():
    measured = effort.measure(Decimal(1), 12, PACE)

    assert (measured.at_once, measured.people) == (1, 1)


def test_no_hours_need_nobody():
    measured = effort.measure(Decimal(0), 12, PACE)

    assert (measured.at_once, measured.people, measured.posts) == (0, 0, 0)


def test_what_is_not_known_is_not_invented():
    assert effort.measure(Decimal(833), None, Pace()) == Effort(None, None, None, None, None)
    assert effort.measure(Decimal(833), 12, Pace()) == Effort(Decimal("69.4"), None, None, None, None)


@given(
    hours=st.decimals(0, 10**6, places=2), more=st.decimals(0, 10**6, places=2), months=st.integers(1, 120)
)
def test_more_hours_never_mean_fewer_people(hours, more, months):
    less, greater = effort.measure(hours, months, PACE), effort.measure(hours + more, months, PACE)

    assert less.at_once <= greater.at_once
    assert less.people <= greater.people
    assert less.posts <= greater.posts


@pytest.mark.parametrize(
    ("share", "weight"),
    [
        ("0.05", Weight.LIGHT),
        ("0.0501", Weight.NOTICEABLE),
        ("0.10", Weight.NOTICEABLE),
        ("0.11", Weight.HEAVY),
    ],
)
def test_an_effort_weighs_by_its_share_of_the_labour_hours(share, weight):
    assert effort.weigh(Decimal(share), BAND) == weight


def test_the_labour_hours_of_a_contract():
    found = effort.labour_hours(
        amount=Decimal(1_000_000), labour_share=Decimal("0.5"), hourly_cost=Decimal(25)
    )

    assert found == 20_000


@pytest.mark.parametrize(
    ("amount", "labour_share", "hourly_cost", "share"),
    [
        ("1000000", "0.5", "30", "0.05"),
        ("0", "0.5", "30", None),
        ("1000000", None, "30", None),
        ("1000000", "0.5", None, None),
    ],
)
def test_the_part_of_the_labour_is_known_when_the_labour_is(amount, labour_share, hourly_cost, share):
    number = lambda text: None if text is None else Decimal(text)  # noqa: E731

    found = effort.share_of_labour(
        Decimal(833),
        amount=number(amount),
        labour_share=number(labour_share),
        hourly_cost=number(hourly_cost),
    )

    assert found == number(share)


def test_the_national_ratio_of_hours_per_participant():
    """T24."""
    assert effort.hours_per_participant(Decimal(10_070_000), 25_484) == 395
    assert effort.hours_per_participant(Decimal(0), 0) is None
