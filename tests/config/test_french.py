from datetime import date
from decimal import Decimal

import pytest

from config.lib import french


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("1234567.89", "1\u202f234\u202f567,89\u00a0€"),
        ("1000", "1\u202f000\u00a0€"),
        ("12.50", "12,50\u00a0€"),
        ("12.004", "12\u00a0€"),
        ("0", "0\u00a0€"),
        ("-1250.1", "−1\u202f250,10\u00a0€"),  # noqa: RUF001
        ("1E+6", "1\u202f000\u202f000\u00a0€"),
    ],
)
def test_amounts_show_thousands_and_leave_out_null_cents(amount, expected):
    assert french.format_amount(Decimal(amount)) == expected


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ("1234.50", "1\u202f234,5\u00a0h"),
        ("35", "35\u00a0h"),
        ("0.125", "0,13\u00a0h"),
        ("100", "100\u00a0h"),
    ],
)
def test_hours_show_the_decimals_that_count(hours, expected):
    assert french.format_hours(Decimal(hours)) == expected


def test_a_number_shows_the_decimals_asked_for():
    assert french.format_number(1234) == "1\u202f234"
    assert french.format_number(Decimal("0.50")) == "0,5"
    assert french.format_number(Decimal("2.345"), places=2) == "2,35"
    assert french.format_number(Decimal(7), places=1) == "7,0"
    assert french.format_number(Decimal("-0.01"), places=1) == "0,0"


def test_a_percentage_keeps_its_sign_on_the_same_line():
    assert french.format_percentage(Decimal("12.5")) == "12,5\u00a0%"
    assert french.format_percentage(Decimal("100.0")) == "100\u00a0%"


def test_dates_are_written_as_in_french_letters_and_tables():
    assert french.format_date_long(date(2027, 3, 3)) == "3 mars 2027"
    assert french.format_date_long(date(2027, 8, 1)) == "1er août 2027"
    assert french.format_date_short(date(2027, 3, 3)) == "03/03/2027"
    assert french.format_month(date(2027, 12, 31)) == "décembre 2027"


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, "depuis aujourd’hui"),
        (-1, "depuis aujourd’hui"),
        (1, "depuis hier"),
        (3, "depuis 3 jours"),
        (1200, "depuis 1\u202f200 jours"),
    ],
)
def test_a_wait_is_counted_in_days(days, expected):
    assert french.since(days) == expected


@pytest.mark.parametrize(
    ("words", "expected"), [([], ""), (["a"], "a"), (["a", "b"], "a et b"), (["a", "b", "c"], "a, b et c")]
)
def test_words_are_joined_by_commas_and_a_last_et(words, expected):
    assert french.join_words(words) == expected
