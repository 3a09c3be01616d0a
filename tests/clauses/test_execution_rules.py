"""The cases of domain.md §4.7 that speak of a clause under way."""

from datetime import date
from decimal import Decimal

import pytest

from clauses.rules import execution


def test_a_penalty_is_owed_for_each_missing_hour():
    """T21."""
    assert execution.penalty_for_missing_hours(Decimal(10), amount_per_hour=Decimal(200)) == 2000


def test_hours_in_excess_owe_no_penalty():
    assert execution.penalty_for_missing_hours(Decimal(-10), amount_per_hour=Decimal(200)) == 0


@pytest.mark.parametrize(("days", "owed"), [(12, 900), (0, 0), (-3, 0)])
def test_late_documents_cost_so_much_a_day(days, owed):
    """T22."""
    assert execution.penalty_for_late_documents(days, amount_per_day=Decimal(75)) == owed


@pytest.mark.parametrize(
    ("quarter_ends_on", "due"),
    [
        (date(2027, 4, 1), date(2027, 4, 15)),
        (date(2028, 1, 1), date(2028, 1, 15)),
    ],
)
def test_the_documents_of_a_quarter_are_due_in_the_next_month(quarter_ends_on, due):
    """T23: a quarter that ends on 31 March, documents before 15 April."""
    assert execution.documents_due_on(quarter_ends_on, day=15) == due


@pytest.mark.parametrize(
    ("case", "market_ends_on", "excluded"),
    [
        ("T25, the maximum comes first", date(2028, 1, 1), date(2026, 3, 1)),
        ("the market ends first", date(2025, 1, 1), date(2025, 1, 1)),
    ],
)
def test_a_permanent_hire_counts_for_the_rest_of_the_market_up_to_four_years(case, market_ends_on, excluded):
    counted = execution.permanent_hire_counts_until(
        date(2022, 3, 1), market_ends_on=market_ends_on, months_maximum=48
    )

    assert counted == excluded
