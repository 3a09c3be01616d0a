from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from clauses.rules.capacity import (
    Balance,
    Declared,
    Month,
    Promise,
    balance,
    explain,
    monthly,
    spread,
    with_more,
)
from tests.clauses.reading import plain


JANUARY, FEBRUARY, MARCH = date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1)


def test_hours_are_spread_over_the_days():
    found = spread(Promise(Decimal(59), date(2027, 1, 17), date(2027, 3, 1)))

    assert found == {JANUARY: Decimal("20.58"), FEBRUARY: Decimal("38.42")}


@given(
    st.decimals(Decimal("0.01"), Decimal(100_000), places=2),
    st.dates(date(2026, 1, 1), date(2032, 1, 1)),
    st.integers(1, 2000),
)
def test_nothing_is_lost_in_spreading(hours, start, days):
    end = date.fromordinal(start.toordinal() + days)

    found = spread(Promise(hours, start, end))

    assert sum(found.values()) == hours
    assert min(found) == start.replace(day=1)
    assert max(found) < end


@pytest.mark.parametrize(
    ("quantity", "is_yearly", "per_place", "hours"),
    [
        (120, False, None, "120"),
        (1200, True, None, "100"),
        (1000, True, None, "83.33"),
        (2, False, 1607, "267.83"),
        (2, True, 1607, "267.83"),
    ],
)
def test_what_is_declared_counts_by_the_month(quantity, is_yearly, per_place, hours):
    found = monthly(Decimal(quantity), is_yearly=is_yearly, hours_per_place=per_place and Decimal(per_place))

    assert found == Decimal(hours)


def test_a_month_says_what_is_left_and_what_is_missing():
    promises = [Promise(Decimal(310), JANUARY, FEBRUARY), Promise(Decimal(28), FEBRUARY, MARCH)]
    declared = [Declared(Decimal(100), date(2026, 1, 1), FEBRUARY), Declared(Decimal(140), JANUARY)]

    found = balance(promises, declared, [JANUARY, FEBRUARY])

    assert found == Balance(
        (Month(JANUARY, Decimal(310), Decimal(240)), Month(FEBRUARY, Decimal(28), Decimal(140)))
    )
    assert [month.left for month in found.months] == [-70, 112]
    assert [month.missing for month in found.months] == [70, 0]
    assert (found.promised, found.declared) == (338, 380)
    assert found.short == (found.months[0],)
    assert found.worst == found.months[0]


def test_a_capacity_that_stops_within_a_month_counts_for_its_days():
    found = balance([], [Declared(Decimal(280), JANUARY, date(2027, 2, 8))], [JANUARY, FEBRUARY, MARCH])

    assert [month.declared for month in found.months] == [280, 70, None]


def test_more_promised_elsewhere_than_declared_leaves_nothing():
    told = [Declared(Decimal(30), date(2027, 1, 1)), Declared(Decimal(-50), date(2027, 1, 1))]
    (month,) = balance([], told, [date(2027, 1, 1)]).months
    assert month.declared == 0


def test_what_nobody_declared_is_unknown_and_not_missing():
    found = balance([Promise(Decimal(310), JANUARY, FEBRUARY)], [], [JANUARY])

    assert found.months[0].left is None
    assert (found.declared, found.short, found.worst) == (None, (), None)


@pytest.mark.parametrize(
    ("declared", "hours", "said"),
    [
        (None, 10, "inconnues"),
        (100, 59, "suffisantes"),
        (100, 177, "il manquerait 43 h en janvier 2027"),
    ],
)
def test_an_option_is_weighed_against_what_is_left(declared, hours, said):
    told = [] if declared is None else [Declared(Decimal(declared), JANUARY)]
    outlook = balance([Promise(Decimal(50), JANUARY, FEBRUARY)], told, [JANUARY, FEBRUARY])

    assert plain(explain(outlook, Decimal(hours))) == said


def test_more_hours_are_spread_over_the_months_of_the_market():
    outlook = balance([], [Declared(Decimal(100), JANUARY)], [JANUARY, FEBRUARY])

    assert [month.promised for month in with_more(outlook, Decimal(59)).months] == [31, 28]
