from datetime import date
from decimal import Decimal

import pytest

from clauses.rules.shared_needs import Line, shared
from procurement.enums import DatePrecision
from procurement.rules.clock import Launch


FLOOR = Decimal(150)


def line(buyer, day, *, amount=100_000, precision=DatePrecision.DAY, family=1, hours=None, pk=1):
    return Line(
        market_id=pk, title="Nettoyage", buyer_id=hash(buyer), buyer=buyer, year=2027, family_id=family,
        family=f"Famille {family}", amount=None if amount is None else Decimal(amount),
        launch=Launch(day, precision), hours=None if hours is None else Decimal(hours),
    )  # fmt: skip


def needs(*lines, months=4, floor=FLOOR):
    return shared(lines, months=months, hours_of=lambda family, amount: amount / 1000, floor=floor)


RIVEBELLE, ALFORT = line("Rivebelle", date(2027, 3, 1)), line("Alfort", date(2027, 5, 10))


def test_two_buyers_of_one_family_at_one_time_share_a_need():
    (need,) = needs(RIVEBELLE, ALFORT)

    assert need.buyers == ["Alfort", "Rivebelle"]
    assert (need.amount, need.hours) == (Decimal(200_000), Decimal(200))
    assert (need.starts_on, need.ends_on) == (date(2027, 3, 1), date(2027, 5, 10))
    assert need.spread_months == 2
    assert (need.family, need.family_id) == ("Famille 1", 1)


@pytest.mark.parametrize(
    "other",
    [
        line("Rivebelle", date(2027, 4, 1)),
        line("Alfort", date(2027, 4, 1), family=2),
        line("Alfort", date(2027, 7, 1)),
        line("Alfort", date(2027, 1, 1), precision=DatePrecision.YEAR),
        line("Alfort", None),
    ],
    ids=["one buyer", "another family", "too far", "known to the year", "unknown"],
)
def test_what_makes_no_shared_need(other):
    assert needs(RIVEBELLE, other) == []


def test_a_period_starts_with_its_first_launch():
    later = [line("Alfort", date(2027, 7, 1)), line("Créteil", date(2027, 9, 1))]

    first, second = needs(RIVEBELLE, ALFORT, *later)

    assert first.starts_on == date(2027, 3, 1)
    assert second.buyers == ["Alfort", "Créteil"]


def test_a_quarter_is_open_until_its_last_day():
    (need,) = needs(RIVEBELLE, line("Alfort", date(2027, 4, 1), precision=DatePrecision.QUARTER))

    assert need.ends_on == date(2027, 6, 30)
    assert need.lines[1].label == "T2 2027"
    assert need.overlaps(date(2027, 6, 1), date(2027, 8, 1))
    assert not need.overlaps(date(2027, 7, 1), date(2027, 8, 1))


def test_amounts_that_nobody_gave_are_told_not_guessed():
    (need,) = needs(RIVEBELLE, line("Alfort", date(2027, 3, 1), amount=None))
    (silent,) = needs(
        line("Rivebelle", date(2027, 3, 1), amount=None), line("Alfort", date(2027, 3, 1), amount=None)
    )

    assert (need.without_amount, need.amount) == (1, Decimal(100_000))
    assert (silent.hours, silent.reaches_the_floor) == (None, False)


@pytest.mark.parametrize(
    ("lines", "ways"),
    [
        (
            [line("A", date(2027, 3, 1), hours=100), line("B", date(2027, 3, 1), hours=100)],
            ["groupement de commandes", "une clause commune"],
        ),
        (
            [line("A", date(2027, 3, 1), hours=400), line("B", date(2027, 3, 1), hours=300)],
            ["groupement de commandes", "une clause plus ambitieuse"],
        ),
        (
            [line(name, date(2027, 3, 1), amount=10_000, hours=10) for name in "ABC"],
            ["groupement de commandes", "un lot réservé"],
        ),
    ],
)
def test_the_ways_to_talk_about_follow_the_hours_and_the_lines(lines, ways):
    (need,) = needs(*lines)

    assert need.ways == ways


def test_without_a_floor_no_line_is_too_small():
    (need,) = needs(line("A", date(2027, 3, 1), hours=1), line("B", date(2027, 3, 1)), floor=None)

    assert need.too_small == 0
    assert need.reaches_the_floor
