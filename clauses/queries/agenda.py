"""The calendar of a person: what is due for the lines that they may see, in a constant number of queries."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.timezone import localtime

from accounts.models import User
from accounts.permissions import Permission, allows
from accounts.roles import OFFICE_ROLES
from clauses.enums import DueKind, ProposalState
from clauses.models import Clause, Proposal, Screening
from clauses.queries import urgency
from clauses.rules import agenda as rules
from clauses.rules.agenda import Due, Line
from procurement.enums import DatePrecision
from procurement.models import Lot, PurchasePlan
from procurement.models.market import MarketQuerySet
from procurement.queries import anticipation
from procurement.queries.delays import timetable_of
from procurement.rules import clock
from procurement.rules.clock import Clock, Delays, Launch
from procurement.rules.delays import Timetable


FACTS = ("pk", "title", "launch_on", "launch_precision", "plan", "department__name")
# A proposal in preparation, or withdrawn, calibrates nothing.
UNCALIBRATED = (ProposalState.DRAFT, ProposalState.WITHDRAWN)


@dataclass(frozen=True)
class _Plan:
    """Read once for all its lines; `promised` are the delays in force on the day of its deposit."""

    year: int
    buyer: str
    deposited_on: date
    answered_on: date | None
    promised: Delays | None

    def clock(self, launch: Launch, on: date, flagged_on: date | None) -> Clock | None:
        if self.promised is None:
            return None
        return clock.clock(
            deposited_on=self.deposited_on,
            answered_on=self.answered_on,
            launch=launch,
            on=on,
            delays=self.promised,
            flagged_on=flagged_on,
        )


def found(markets: MarketQuerySet, user: User, *, on: date) -> Iterator[Due]:
    """Of lines that this person may see, with their verdicts and proposals as this person sees them; in no
    order: whoever asked for a month of 5,000 lines sorts that month alone."""
    timetable = timetable_of(user)
    lines = _lines(markets, user, timetable, on)
    yield from rules.found(lines, delays=timetable.at(on), on=on)
    yield from _decisions(markets, user, on)


def expected(markets: MarketQuerySet, user: User, *, on: date) -> list[Due]:
    """What is still to come or late: a launch gone by without a sequel is no appointment."""
    return rules.in_order(due for due in found(markets, user, on=on) if due.kind != DueKind.PAST)


def addresses(user: User) -> Callable[[Due], str]:
    """The page where a thing is done, or read by who does not do it."""
    is_office = user.membership is not None and user.membership.role in OFFICE_ROLES
    usual = _around("clauses:screening_detail" if is_office else "procurement:market_detail")
    answers = allows(user, Permission.SCREENING_DECIDE)
    pages = {
        DueKind.ANSWER: _around("clauses:answer_detail" if answers else "procurement:plan_detail"),
        DueKind.DECISION: _around("clauses:proposal_detail"),
    }

    def address(due: Due) -> str:
        before, after = pages.get(due.kind, usual)
        return f"{before}{due.pk}{after}"

    return address


def _around(name: str) -> tuple[str, str]:
    """What stands before and after the number: asked once, it takes as long as the entry itself."""
    before, _, after = reverse(name, args=[0]).rpartition("0")
    return before, after


def _lines(markets: MarketQuerySet, user: User, timetable: Timetable, on: date) -> list[Line]:
    rows = list(markets.submitted().order_by("pk").values_list(*FACTS))
    plans = _plans({plan for *_, plan, _ in rows}, user, timetable)
    clocks, flagged = _Clocks(plans, on), urgency.flagged_on(user)
    verdicts = dict(Screening.objects.visible_to(user).values_list("market", "verdict"))
    proposals = Proposal.objects.visible_to(user).exclude(state__in=UNCALIBRATED)
    calibrated = set(proposals.values_list("lot__market", flat=True))
    followed = set(Clause.objects.visible_to(user).values_list("lot__market", flat=True))
    notified = Lot.objects.filter(market__in=markets, contract__isnull=False)
    followed |= set(notified.values_list("market", flat=True))
    return [
        Line(
            market_id=pk,
            title=title,
            plan_id=plan,
            year=plans[plan].year,
            buyer=plans[plan].buyer,
            department=department or "",
            launch=clocks.launch(launch_on, precision),
            clock=clocks.of(plan, launch_on, precision, flagged.get(pk)),
            verdict=verdicts.get(pk, ""),
            is_calibrated=pk in calibrated,
            is_followed=pk in followed,
        )
        for pk, title, launch_on, precision, plan, department in rows
    ]


def _plans(keys: set[int], user: User, timetable: Timetable) -> dict[int, _Plan]:
    rows = PurchasePlan.objects.filter(pk__in=keys).annotate(told_at=anticipation.told_at(user))
    columns = ("pk", "year", "buyer__organisation__name", "submitted_at", "told_at")
    return {
        pk: _Plan(year, buyer, deposited_on, _day(told_at), timetable.at(deposited_on))
        for pk, year, buyer, submitted_at, told_at in rows.order_by("pk").values_list(*columns)
        if (deposited_on := _day(submitted_at))
    }


def _day(moment: datetime | None) -> date | None:
    return localtime(moment).date() if moment else None


class _Clocks:
    """Most lines of a plan share their launch with others, and so their clock: each is counted once."""

    def __init__(self, plans: Mapping[int, _Plan], on: date) -> None:
        self._plans, self._on = plans, on
        self._launches: dict[tuple[date | None, str], Launch] = {}
        self._clocks: dict[tuple[int, date | None, str, date | None], Clock | None] = {}

    def launch(self, launch_on: date | None, precision: str) -> Launch:
        key = launch_on, precision
        if key not in self._launches:
            self._launches[key] = Launch(launch_on, DatePrecision(precision))
        return self._launches[key]

    def of(self, plan: int, launch_on: date | None, precision: str, flagged_on: date | None) -> Clock | None:
        key = plan, launch_on, precision, flagged_on
        if key not in self._clocks:
            launch = self.launch(launch_on, precision)
            self._clocks[key] = self._plans[plan].clock(launch, self._on, flagged_on)
        return self._clocks[key]


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
