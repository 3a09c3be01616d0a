from decimal import Decimal

import pytest

from config.lib.rounding import percentage, round_amount, round_half_up, round_hours, whole_hours


@pytest.mark.parametrize(
    ("hours", "expected"),
    [("1.004", "1.00"), ("1.005", "1.01"), ("2.675", "2.68"), ("-1.005", "-1.01"), ("3", "3.00")],
)
def test_hours_are_rounded_half_up_to_the_hundredth(hours, expected):
    assert str(round_hours(Decimal(hours))) == expected


@pytest.mark.parametrize(
    ("hours", "expected"), [("832.5", "833"), ("833.4999", "833"), ("0.5", "1"), ("1500", "1500")]
)
def test_whole_hours_are_rounded_half_up(hours, expected):
    assert str(whole_hours(Decimal(hours))) == expected


def test_amounts_are_rounded_to_the_cent():
    assert round_amount(Decimal("10.125")) == Decimal("10.13")


def test_a_tiny_negative_value_is_not_a_negative_zero():
    assert str(round_half_up(Decimal("-0.001"), 2)) == "0.00"


def test_a_percentage_has_one_decimal_unless_told():
    assert percentage(Decimal("594.00"), Decimal("640.00")) == Decimal("92.8")
    assert percentage(Decimal("594.00"), Decimal("640.00"), places=2) == Decimal("92.81")
    assert percentage(1, 8, places=0) == Decimal(13)


def test_a_percentage_of_nothing_is_unknown():
    assert percentage(Decimal(5), Decimal(0)) is None
