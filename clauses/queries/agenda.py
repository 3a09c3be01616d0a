"""The calendar of a person: what is due for the lines that they may see, in a constant number of queries."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime

from accounts.models import User
from accounts.permissions import Permission, allows
from accounts.roles import OFFICE_ROLES
from clauses.enums import DueKind, ProposalState
from clauses.models import Clause, Proposal, Screening
from clauses.rules import agenda as rules
from clauses.rules.agenda import Due, Line
from procurement.enums import DatePrecision
from procurement.models import Lot
from procurement.models.market import MarketQuerySet
from procurement.queries import anticipation
from procurement.queries.delays import timetable_of
from procurement.rules import clock
from procurement.rules.clock import Clock, Delays, Launch
from procurement.rules.delays import Timetable


FACTS = (
    "pk", "title", "launch_on", "launch_precision", "plan", "plan__year", "plan__submitted_at",
    "plan__buyer__organisation__name", "department__name",
)  # fmt: skip
# A proposal in preparation, or withdrawn, calibrates nothing.
UNCALIBRATED = (ProposalState.DRAFT, ProposalState.WITHDRAWN)


def dues(markets: MarketQuerySet, user: User, *, on: date) -> list[Due]:
    """Of lines that this person may see, with their verdicts and proposals as this person sees them."""
    timetable = timetable_of(user)
    lines = _lines(markets, user, timetable, on)
    return rules.in_order(
        [*rules.dues(lines, delays=timetable.at(on), on=on), *_decisions(markets, user, on)]
    )


def expected(markets: MarketQuerySet, user: User, *, on: date) -> list[Due]:
    """What is still to come or late: a launch gone by without a sequel is no appointment."""
    return [due for due in dues(markets, user, on=on) if due.kind != DueKind.PAST]


def address(due: Due, user: User) -> str:
    """The page where the thing is done, or read by who does not do it."""
    is_office = user.membership is not None and user.membership.role in OFFICE_ROLES
    answers = allows(user, Permission.SCREENING_DECIDE)
    names = {
        DueKind.ANSWER: "clauses:answer_detail" if answers else "procurement:plan_detail",
        DueKind.DECISION: "clauses:proposal_detail",
    }
    usual = "clauses:screening_detail" if is_office else "procurement:market_detail"
    return reverse(names.get(due.kind, usual), args=[due.pk])


def _lines(markets: MarketQuerySet, user: User, timetable: Timetable, on: date) -> list[Line]:
    lines = markets.submitted().annotate(told_at=anticipation.told_at(user))
    rows = list(lines.order_by("pk").values(*FACTS, "told_at"))
    promised = _promised(rows, timetable)
    verdicts = dict(Screening.objects.visible_to(user).values_list("market", "verdict"))
    proposals = Proposal.objects.visible_to(user).exclude(state__in=UNCALIBRATED)
    calibrated = set(proposals.values_list("lot__market", flat=True))
    followed = set(Clause.objects.visible_to(user).values_list("lot__market", flat=True))
    notified = Lot.objects.filter(market__in=markets, contract__isnull=False)
    followed |= set(notified.values_list("market", flat=True))
    return [
        Line(
            **_facts(row),
            clock=_clock(row, promised[row["plan"]], on),
            verdict=verdicts.get(row["pk"], ""),
            is_calibrated=row["pk"] in calibrated,
            is_followed=row["pk"] in followed,
        )
        for row in rows
    ]


def _promised(rows: list[dict[str, Any]], timetable: Timetable) -> dict[int, Delays | None]:
    """By plan: the delays that were in force on the day of its deposit."""
    deposits = {row["plan"]: localtime(row["plan__submitted_at"]).date() for row in rows}
    return {plan: timetable.at(deposited_on) for plan, deposited_on in deposits.items()}


def _facts(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "market_id": row["pk"],
        "title": row["title"],
        "plan_id": row["plan"],
        "year": row["plan__year"],
        "buyer": row["plan__buyer__organisation__name"],
        "department": row["department__name"] or "",
        "launch": _launch(row),
    }


def _launch(row: dict[str, Any]) -> Launch:
    return Launch(row["launch_on"], DatePrecision(row["launch_precision"]))


def _clock(row: dict[str, Any], promised: Delays | None, on: date) -> Clock | None:
    if promised is None:
        return None
    answered_at: datetime | None = row["told_at"]
    return clock.clock(
        deposited_on=localtime(row["plan__submitted_at"]).date(),
        answered_on=localtime(answered_at).date() if answered_at else None,
        launch=_launch(row),
        on=on,
        delays=promised,
    )


def _decisions(markets: MarketQuerySet, user: User, on: date) -> Iterable[Due]:
    """Proposals that a department has not answered yet."""
    rows = Proposal.objects.visible_to(user).awaiting_decision()
    rows = rows.filter(lot__market__in=markets, answer_by_on__isnull=False)
    names = (
        "pk", "answer_by_on", "lot__market__title", "lot__market__plan__year", "department__name",
        "lot__market__plan__buyer__organisation__name",
    )  # fmt: skip
    for row in rows.order_by("answer_by_on", "pk").values(*names):
        yield Due(
            DueKind.DECISION, row["pk"], row["answer_by_on"], row["lot__market__title"],
            row["lot__market__plan__buyer__organisation__name"], row["lot__market__plan__year"],
            row["department__name"] or "", on, is_late=row["answer_by_on"] < on,
        )  # fmt: skip
