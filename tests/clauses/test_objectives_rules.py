from decimal import Decimal

import pytest

from clauses.enums import Objective, PerEuroMode
from clauses.rules import objectives
from clauses.rules.hours import Bracket
from clauses.rules.objectives import INPUTS, Conventions


KNOWN = Conventions(floor=Decimal(150), brackets=(Bracket(Decimal(0), Decimal(150)),))
GIVEN = {
    "amount": Decimal(3_000_000),
    "labour_share": Decimal("0.5"),
    "rate": Decimal("0.05"),
    "hourly_cost": Decimal(30),
    "euros_per_hour": Decimal(2000),
    "threshold_amount": Decimal(2_700_000),
    "threshold_mode": PerEuroMode.FRANCHISE,
    "transferred_monthly_hours": Decimal(500),
    "months": 12,
    "hours_worked": Decimal(20_000),
    "full_time_months": Decimal(6),
    "yearly_hours": Decimal(1607),
    "fixed_hours": Decimal(1200),
}


@pytest.mark.parametrize(
    ("objective", "hours"),
    [
        (Objective.CLASSIC, 2500),
        (Objective.PER_EURO, 150),
        (Objective.CLEANING, 4700),
        (Objective.TRAINING, 150),
        (Objective.WORKED, 1000),
        (Objective.FULL_TIME, 804),
        (Objective.FIXED, 1200),
    ],
)
def test_every_way_of_counting_takes_its_own_numbers_among_all(objective, hours):
    assert objectives.estimate(objective, GIVEN, KNOWN).hours == hours


@pytest.mark.parametrize("objective", Objective)
def test_nothing_is_counted_as_long_as_a_number_is_missing(objective):
    for name in INPUTS[objective]:
        assert objectives.estimate(objective, GIVEN | {name: None}, KNOWN) is None


@pytest.mark.parametrize(
    ("name", "value", "usable"),
    [
        ("rate", "0", True),
        ("rate", "1", True),
        ("rate", "5", False),
        ("rate", "-0.1", False),
        ("amount", "0", True),
        ("amount", "-1", False),
        ("hourly_cost", "0", False),
        ("months", "0", False),
    ],
)
def test_a_number_that_cannot_be_used_counts_as_missing(name, value, usable):
    assert objectives.is_usable(name, Decimal(value)) is usable


def test_without_brackets_a_training_clause_is_not_counted():
    assert objectives.estimate(Objective.TRAINING, GIVEN, Conventions()) is None
