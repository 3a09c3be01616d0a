"""The answer-time clock of a line and what is due before its launch, with the delays in force."""

from collections.abc import Iterable
from datetime import date

from django.utils.timezone import localtime

from procurement.enums import DatePrecision
from procurement.models import Market
from procurement.rules import clock as rules
from procurement.rules.clock import Clock, Launch, Milestone
from procurement.rules.delays import Timetable


def clocks(markets: Iterable[Market], timetable: Timetable, *, on: date) -> dict[int, Clock]:
    """By market; those of a plan not yet submitted, or without any promise in force, have none."""
    found = ((market.pk, clock(market, timetable, on=on)) for market in markets)
    return {pk: told for pk, told in found if told}


def clock(market: Market, timetable: Timetable, *, on: date) -> Clock | None:
    """With the delays in force on the day of the deposit: a promise given is not changed afterwards."""
    plan = market.plan
    if plan.submitted_at is None:
        return None
    deposited_on = localtime(plan.submitted_at).date()
    promised = timetable.at(deposited_on)
    if promised is None:
        return None
    answered_on = localtime(plan.answered_at).date() if plan.answered_at else None
    return rules.clock(
        deposited_on=deposited_on, answered_on=answered_on, launch=launch_of(market), on=on, delays=promised
    )


def milestones(
    market: Market, timetable: Timetable, *, is_calibrated: bool | None, on: date
) -> list[Milestone]:
    """`is_calibrated` is `None` where nothing recorded can tell."""
    answer, delays = clock(market, timetable, on=on), timetable.at(on)
    if answer is None or delays is None:
        return []
    return rules.milestones(
        answer=answer, launch=launch_of(market), is_calibrated=is_calibrated, on=on, delays=delays
    )


def launch_of(market: Market) -> Launch:
    return Launch(market.launch_on, DatePrecision(market.launch_precision))
