"""The answer-time clock of a line and what is due before its launch, with the delays in force."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db.models import F, OuterRef, Subquery
from django.db.models.expressions import Combinable
from django.utils.timezone import localtime

from accounts.models import User
from accounts.roles import OFFICE_ROLES
from procurement.enums import DatePrecision
from procurement.models import Market, PlanAnswer
from procurement.rules import clock as rules
from procurement.rules.clock import Clock, Launch, Milestone
from procurement.rules.delays import Timetable


def clocks(
    markets: Iterable[Market],
    timetable: Timetable,
    *,
    on: date,
    office_id: int | None = None,
    flagged: Mapping[int, date] | None = None,
) -> dict[int, Clock]:
    """By market; those of a plan not yet submitted, or without any promise in force, have none.

    The clock of an office stops at its own answer; without an office, at that of the last one.
    `flagged` says since when a market is marked as urgent.
    """
    rows = list(markets)
    told, since = (_told(rows, office_id) if rows else {}), flagged or {}
    found = ((row.pk, _clock(row, told.get(row.plan_id), timetable, on, since.get(row.pk))) for row in rows)
    return {pk: each for pk, each in found if each}


def answering(user: User) -> int | None:
    """The office of the reader; none for a buyer, who reads the answers of all its offices."""
    hat = user.membership
    return hat.organisation_id if hat and hat.role in OFFICE_ROLES else None


def told_at(user: User) -> Combinable:
    """Of a plan: when its buyer could read the answer of the reader’s office, else that of all."""
    office = answering(user)
    if office is None:
        return F("answered_at")
    return Subquery(PlanAnswer.objects.filter(plan=OuterRef("pk"), office=office).values("answered_at"))


def _told(markets: list[Market], office_id: int | None) -> dict[int, datetime]:
    """By plan."""
    if office_id is None:
        return {market.plan_id: market.plan.answered_at for market in markets if market.plan.answered_at}
    plans = {market.plan_id for market in markets}
    own = PlanAnswer.objects.filter(office=office_id, plan__in=plans)
    return dict(own.values_list("plan", "answered_at"))


def _clock(
    market: Market, answered_at: datetime | None, timetable: Timetable, on: date, flagged_on: date | None
) -> Clock | None:
    """With the delays in force on the day of the deposit: a promise given is not changed afterwards."""
    plan = market.plan
    if plan.submitted_at is None:
        return None
    deposited_on = localtime(plan.submitted_at).date()
    promised = timetable.at(deposited_on)
    if promised is None:
        return None
    answered_on = localtime(answered_at).date() if answered_at else None
    return rules.clock(
        deposited_on=deposited_on, answered_on=answered_on, launch=launch_of(market), on=on, delays=promised,
        flagged_on=flagged_on,
    )  # fmt: skip


def milestones(
    market: Market, answer: Clock | None, timetable: Timetable, *, is_calibrated: bool | None, on: date
) -> list[Milestone]:
    """`is_calibrated` is `None` where nothing recorded can tell."""
    delays = timetable.at(on)
    if answer is None or delays is None:
        return []
    return rules.milestones(
        answer=answer, launch=launch_of(market), is_calibrated=is_calibrated, on=on, delays=delays
    )


def launch_of(market: Market) -> Launch:
    return Launch(market.launch_on, DatePrecision(market.launch_precision))
