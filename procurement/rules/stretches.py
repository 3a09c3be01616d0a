"""From which amount the social duty applies, day after day: what `judge` would say, told in advance."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from procurement.enums import BuyerCategory, ThresholdEffect, ThresholdNature
from procurement.rules.duty import Law, runs


SMALLEST = Decimal("0.01")


@dataclass(frozen=True)
class Stretch:
    """From one day to another, excluded (open when `None`), the duty starts at this amount."""

    start: date
    end: date | None
    amount: Decimal


def stretches(law: Law, category: BuyerCategory, natures: Sequence[ThresholdNature]) -> tuple[Stretch, ...]:
    """When every one of these natures owes; in order, those that follow at the same amount made one."""
    ends = {row.valid_to for row in law.thresholds if row.valid_to}
    days = sorted({row.valid_from for row in law.thresholds} | ends)
    found: list[Stretch] = []
    for start, end in zip(days, [*days, None][1:], strict=True):
        amount = _amount(law, category, natures, start)
        if amount is None:
            continue
        if found and found[-1].end == start and found[-1].amount == amount:
            found[-1] = replace(found[-1], end=end)
        else:
            found.append(Stretch(start, end, amount))
    return tuple(found)


def _amount(
    law: Law, category: BuyerCategory, natures: Sequence[ThresholdNature], on: date
) -> Decimal | None:
    """A value of zero is an unknown value, and owes nothing."""
    amounts = [_amount_of(law, category, nature, on) for nature in natures]
    known = [amount for amount in amounts if amount is not None]
    return max(*known, SMALLEST) if known and len(known) == len(amounts) else None


def _amount_of(law: Law, category: BuyerCategory, nature: ThresholdNature, on: date) -> Decimal | None:
    formal = law.threshold(ThresholdEffect.FORMAL, category, nature, on)
    duty = law.threshold(ThresholdEffect.SOCIAL_DUTY, category, nature, on)
    return formal.amount if formal is not None and runs(duty, on) else None
