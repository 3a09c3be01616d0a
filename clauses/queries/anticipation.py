"""The answer-time clock of a line and what is due before its launch, with the delays in force."""

from collections.abc import Iterable
from datetime import date

from django.utils.timezone import localtime

from clauses.models import ReferenceValue
from procurement.enums import DatePrecision
from procurement.models import Market
from procurement.rules import clock as rules
from procurement.rules.clock import Clock, Delays, Launch, Milestone


# In the order of the fields of `Delays`.
CODES = (
    "answer-days",
    "answer-days-urgent",
    "calibration-months-from",
    "calibration-months-to",
    "past-launch-days",
)


def delays(on: date) -> Delays | None:
    """`None` when an administrator keeps one of these values no more: nothing is promised then."""
    found = ReferenceValue.objects.filter(code__in=CODES).by_code(on)
    if any(code not in found for code in CODES):
        return None
    return Delays(*(int(found[code].value) for code in CODES))


def clocks(markets: Iterable[Market], *, on: date) -> dict[int, Clock]:
    """By market; those of a plan not yet submitted, or without any promise in force, have none."""
    promised = delays(on)
    if promised is None:
        return {}
    return {market.pk: _clock(market, promised, on) for market in markets if market.plan.submitted_at}


def milestones(market: Market, *, is_calibrated: bool, on: date) -> list[Milestone]:
    promised = delays(on)
    if promised is None or not market.plan.submitted_at:
        return []
    answer = _clock(market, promised, on)
    return rules.milestones(
        answer=answer, launch=_launch(market), is_calibrated=is_calibrated, on=on, delays=promised
    )


def _clock(market: Market, promised: Delays, on: date) -> Clock:
    plan = market.plan
    answered_on = localtime(plan.answered_at).date() if plan.answered_at else None
    return rules.clock(
        deposited_on=localtime(plan.submitted_at).date(),
        answered_on=answered_on,
        launch=_launch(market),
        on=on,
        delays=promised,
    )


def _launch(market: Market) -> Launch:
    return Launch(market.launch_on, DatePrecision(market.launch_precision))
