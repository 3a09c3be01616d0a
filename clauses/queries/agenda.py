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
from clauses.queries import anticipation
from clauses.rules import agenda as rules
from clauses.rules.agenda import Due, Line
from procurement.enums import DatePrecision
from procurement.models import Lot
from procurement.models.market import MarketQuerySet
from procurement.rules import clock
from procurement.rules.clock import Clock, Delays, Launch


FACTS = (
    "pk", "title", "launch_on", "launch_precision", "plan", "plan__year", "plan__submitted_at",
    "plan__answered_at", "plan__buyer__organisation__name", "department__name",
)  # fmt: skip
# A proposal in preparation, or withdrawn, calibrates nothing.
UNCALIBRATED = (ProposalState.DRAFT, ProposalState.WITHDRAWN)


def dues(markets: MarketQuerySet, user: User, *, on: date) -> list[Due]:
    """Of lines that this person may see, with their verdicts and proposals as this person sees them."""
    delays = anticipation.delays(on)
    lines = _lines(markets, user, delays, on)
    return rules.in_order([*rules.dues(lines, delays=delays, on=on), *_decisions(markets, user, on)])


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


def _lines(markets: MarketQuerySet, user: User, delays: Delays | None, on: date) -> list[Line]:
    rows = list(markets.submitted().order_by("pk").values(*FACTS))
    verdicts = dict(Screening.objects.visible_to(user).values_list("market", "verdict"))
    proposals = Proposal.objects.visible_to(user).exclude(state__in=UNCALIBRATED)
    calibrated = set(proposals.values_list("lot__market", flat=True))
    followed = set(Clause.objects.visible_to(user).values_list("lot__market", flat=True))
    followed |= set(
        Lot.objects.filter(market__in=markets, contract__isnull=False).values_list("market", flat=True)
    )
    return [
        _line(row, verdicts.get(row["pk"], ""), row["pk"] in calibrated, row["pk"] in followed, delays, on)
        for row in rows
    ]


def _line(
    row: dict[str, Any],
    verdict: str,
    is_calibrated: bool,  # noqa: FBT001
    is_followed: bool,  # noqa: FBT001
    delays: Delays | None,
    on: date,
) -> Line:
    launch = Launch(row["launch_on"], DatePrecision(row["launch_precision"]))
    return Line(
        market_id=row["pk"],
        title=row["title"],
        plan_id=row["plan"],
        year=row["plan__year"],
        buyer=row["plan__buyer__organisation__name"],
        department=row["department__name"] or "",
        launch=launch,
        clock=_clock(row, launch, delays, on) if delays else None,
        verdict=verdict,
        is_calibrated=is_calibrated,
        is_followed=is_followed,
    )


def _clock(row: dict[str, Any], launch: Launch, delays: Delays, on: date) -> Clock:
    answered_at: datetime | None = row["plan__answered_at"]
    return clock.clock(
        deposited_on=localtime(row["plan__submitted_at"]).date(),
        answered_on=localtime(answered_at).date() if answered_at else None,
        launch=launch,
        on=on,
        delays=delays,
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
