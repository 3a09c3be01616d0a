from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.template import Context, Template

from config.lib.french import MINUS, NARROW_SPACE, NO_BREAK_SPACE


def show(filtered: str, value: object) -> str:
    return Template(f"{{% load french %}}{{{{ value|{filtered} }}}}").render(Context({"value": value}))


@pytest.mark.parametrize(
    ("filtered", "value", "shown"),
    [
        ("amount", Decimal("1234567.89"), f"1{NARROW_SPACE}234{NARROW_SPACE}567,89{NO_BREAK_SPACE}€"),
        ("amount", "80000", f"80{NARROW_SPACE}000{NO_BREAK_SPACE}€"),
        ("hours", Decimal("1234.50"), f"1{NARROW_SPACE}234,5{NO_BREAK_SPACE}h"),
        ("percent", Decimal("12.5"), f"12,5{NO_BREAK_SPACE}%"),
        ("number", 12345, f"12{NARROW_SPACE}345"),
        ("number", Decimal("-3.10"), f"{MINUS}3,1"),
        ("number:2", Decimal("3.1"), "3,10"),
        ("long_date", date(2027, 3, 1), "1er mars 2027"),
        ("short_date", date(2027, 3, 3), "03/03/2027"),
        ("month", date(2027, 8, 3), "août 2027"),
    ],
)
def test_a_figure_or_a_day_is_written_as_french_readers_expect(filtered, value, shown):
    assert show(filtered, value) == shown


@pytest.mark.parametrize(
    "filtered", ["amount", "hours", "percent", "number", "long_date", "short_date", "month", "since"]
)
@pytest.mark.parametrize("value", [None, "", "à définir"])
def test_what_is_unknown_stays_empty(filtered, value):
    assert show(filtered, value) == ""


@pytest.mark.parametrize(
    ("filtered", "value", "shown"),
    [
        ("plural", 0, ""),
        ("plural", 1, ""),
        ("plural", 2, "s"),
        ("plural", Decimal("1.5"), ""),
        ("plural", [], ""),
        ("plural", ["un", "deux"], "s"),
        ("plural:'x'", 0, ""),
        ("plural:'x'", 3, "x"),
        ("plural:'sera,seront'", 1, "sera"),
        ("plural:'sera,seront'", 2, "seront"),
    ],
)
def test_a_count_is_plural_from_two_on(filtered, value, shown):
    assert show(filtered, value) == shown


def test_a_moment_is_dated_in_paris():
    assert show("short_date", datetime(2027, 3, 3, 23, 30, tzinfo=UTC)) == "04/03/2027"


@time_machine.travel(datetime(2027, 3, 14, 23, 30, tzinfo=UTC))
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (date(2027, 3, 3), "depuis 12 jours"),
        (datetime(2027, 3, 13, 23, 30, tzinfo=UTC), "depuis hier"),
        (datetime(2027, 3, 14, 23, 0, tzinfo=UTC), "depuis aujourd’hui"),
    ],
)
def test_a_wait_is_counted_in_days_of_paris(value, shown):
    assert show("since", value) == shown
