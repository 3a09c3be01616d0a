from datetime import date

import pytest

from reporting.rules import periods
from reporting.rules.periods import PeriodRefused


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (periods.year(2026), "année 2026"),
        (periods.quarter(2026, 1), "1er trimestre 2026"),
        (periods.quarter(2026, 4), "4e trimestre 2026"),
        ((date(2026, 3, 1), date(2026, 4, 1)), "mars 2026"),
        ((date(2026, 2, 1), date(2026, 6, 1)), "février à mai 2026"),
        ((date(2026, 11, 1), date(2027, 2, 1)), "novembre 2026 à janvier 2027"),
    ],
)
def test_a_period_is_called_by_its_shortest_name(period, words):
    assert periods.describe(*period) == words


def test_the_months_of_a_period_are_its_first_days():
    assert periods.months(date(2026, 11, 1), date(2027, 2, 1)) == [
        date(2026, 11, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
    ]


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "sentence"),
    [
        (date(2026, 2, 1), date(2026, 2, 1), "se termine après son début"),
        (date(2026, 2, 1), date(2026, 1, 1), "se termine après son début"),
        (date(2026, 1, 15), date(2026, 3, 1), "premier jour d’un mois"),
        (date(2026, 1, 1), date(2026, 3, 15), "dernier jour d’un mois"),
        (date(2020, 1, 1), date(2025, 2, 1), "cinq ans"),
    ],
)
def test_a_period_that_cannot_be_is_refused(starts_on, ends_on, sentence):
    with pytest.raises(PeriodRefused, match=sentence):
        periods.check(starts_on, ends_on)


def test_five_whole_years_are_a_period():
    periods.check(date(2020, 1, 1), date(2025, 1, 1))


@pytest.mark.parametrize(
    ("day", "born_until"),
    [(date(2026, 12, 31), date(2000, 12, 31)), (date(2028, 2, 29), date(2002, 2, 28))],
)
def test_who_is_26_was_born_by_then(day, born_until):
    assert periods.years_before(day, 26) == born_until
