"""The ways of counting the hours of a clause: one table for the command, the pages and the proposals."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from clauses.enums import Objective
from clauses.rules import hours
from clauses.rules.hours import Bracket, Estimate


# What each way asks for, in the order of its formula.
INPUTS: dict[Objective, tuple[str, ...]] = {
    Objective.CLASSIC: ("amount", "labour_share", "rate", "hourly_cost"),
    Objective.PER_EURO: ("amount", "euros_per_hour", "threshold_amount", "threshold_mode"),
    Objective.CLEANING: ("amount", "rate", "transferred_monthly_hours", "months", "hourly_cost"),
    Objective.TRAINING: ("amount",),
    Objective.WORKED: ("hours_worked", "rate"),
    Objective.FULL_TIME: ("full_time_months", "yearly_hours"),
    Objective.FIXED: ("fixed_hours",),
}
# Numbers that divide, or that count something that must exist.
STRICTLY_POSITIVE = frozenset(
    {"hourly_cost", "euros_per_hour", "months", "full_time_months", "yearly_hours", "fixed_hours"}
)
# What is owed will follow the life of the contract: the hours of a proposal are a forecast.
FORECASTS = {
    Objective.PER_EURO: "C’est une prévision : les heures dues suivront le montant facturé.",
    Objective.WORKED: "C’est une prévision : les heures dues suivront les heures travaillées.",
}
SHARES = frozenset({"labour_share", "rate"})


@dataclass(frozen=True)
class Conventions:
    """Numbers that nobody types: they come from the reference values of the day."""

    floor: Decimal | None = None
    brackets: tuple[Bracket, ...] = ()


def estimate(objective: Objective, given: Mapping[str, Any], known: Conventions) -> Estimate | None:
    """`None` as long as a number is missing or cannot be used."""
    inputs = {name: given.get(name) for name in INPUTS[objective]}
    if not all(is_usable(name, value) for name, value in inputs.items()):
        return None
    if objective == Objective.TRAINING and not known.brackets:
        return None
    return _FORMULAS[objective](inputs, known)


def is_usable(name: str, value: Any) -> bool:
    if value is None or name == "threshold_mode":
        return value is not None
    if name in SHARES:
        return 0 <= value <= 1
    return value > 0 or (value == 0 and name not in STRICTLY_POSITIVE)


_FORMULAS: Mapping[Objective, Callable[[dict[str, Any], Conventions], Estimate]] = {
    Objective.CLASSIC: lambda given, known: hours.classic(**given, floor=known.floor),
    Objective.PER_EURO: lambda given, known: hours.per_euro(
        invoiced=given["amount"],
        euros_per_hour=given["euros_per_hour"],
        threshold=given["threshold_amount"],
        mode=given["threshold_mode"],
    ),
    Objective.CLEANING: lambda given, known: hours.cleaning(**given, floor=known.floor),
    Objective.TRAINING: lambda given, known: hours.training(**given, brackets=known.brackets),
    Objective.WORKED: lambda given, known: hours.worked(hours=given["hours_worked"], rate=given["rate"]),
    Objective.FULL_TIME: lambda given, known: hours.full_time(
        months=given["full_time_months"], yearly_hours=given["yearly_hours"]
    ),
    Objective.FIXED: lambda given, known: hours.fixed(hours=given["fixed_hours"]),
}
