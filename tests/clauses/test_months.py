from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from clauses.rules import months


@pytest.mark.parametrize(
    ("month", "hours"),
    [
        (date(2027, 3, 1), 744),
        (date(2027, 4, 1), 720),
        (date(2027, 2, 1), 672),
        (date(2028, 2, 1), 696),
    ],
)
def test_a_month_holds_24_hours_a_day(month, hours):
    assert months.hours_in(month) == hours


def test_months_follow_each_other_over_the_year():
    assert months.next_month(date(2026, 12, 31)) == date(2027, 1, 1)
    assert months.previous_month(date(2027, 1, 1)) == date(2026, 12, 1)
    assert months.first_day(date(2027, 1, 31)) == date(2027, 1, 1)


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1)))
def test_the_month_after_the_month_before_is_this_month(day):
    month = months.first_day(day)

    assert months.next_month(months.previous_month(month)) == month


@pytest.mark.parametrize(
    ("day", "more", "expected"),
    [
        (date(2026, 1, 15), 24, date(2028, 1, 15)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 1), 0, date(2026, 12, 1)),
    ],
)
def test_months_are_added_without_leaving_the_month(day, more, expected):
    assert months.add_months(day, more) == expected


def test_the_months_of_a_contract_are_those_it_touches():
    touched = list(months.months_between(date(2026, 11, 20), date(2027, 2, 1)))

    assert touched == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]
    assert list(months.months_between(date(2027, 2, 1), date(2027, 2, 1))) == []


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "days"),
    [
        (date(2026, 1, 1), None, 31),
        (date(2027, 3, 11), None, 21),
        (date(2027, 1, 1), date(2027, 3, 11), 10),
        (date(2027, 3, 5), date(2027, 3, 8), 3),
        (date(2026, 1, 1), date(2027, 2, 1), 0),
        (date(2027, 4, 1), None, 0),
    ],
)
def test_days_of_a_placement_in_a_month(starts_on, ends_on, days):
    assert months.days_worked_in(date(2027, 3, 1), starts_on, ends_on) == days


def test_900_hours_do_not_fit_in_a_month_and_the_sentence_says_whose():
    sentence = months.explain_too_many_hours("Ana Diallo", date(2027, 3, 1), Decimal(900))

    assert (
        sentence == "Ana Diallo\u00a0: 900\u00a0h en mars 2027, alors que ce mois ne compte que 744\u00a0h."
    )


def test_a_full_month_fits():
    assert months.explain_too_many_hours("Ana Diallo", date(2027, 3, 1), Decimal(744)) is None


def test_the_legal_maximum_follows_the_days():
    assert months.legal_maximum(31, Decimal(48)) == Decimal("212.57")
    assert months.legal_maximum(7, Decimal(48)) == Decimal("48.00")


@pytest.mark.parametrize(
    ("hours", "days", "sentence"),
    [
        ("212.57", 31, None),
        (
            "212.58",
            31,
            "Plus que le maximum légal : 212,57\u00a0h pour 31 jours, à raison de 48\u00a0h par semaine.",
        ),
        (
            "10",
            1,
            "Plus que le maximum légal : 6,86\u00a0h pour 1 jour, à raison de 48\u00a0h par semaine.",
        ),
    ],
)
def test_more_than_the_legal_maximum_is_told(hours, days, sentence):
    assert months.warn_above_legal_maximum(Decimal(hours), days, Decimal(48)) == sentence
