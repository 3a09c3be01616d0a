"""What the pages of the triage share: whose lines these are, and how one shows."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import Office
from accounts.permissions import Permission, allows
from accounts.roles import OFFICE_ROLES
from clauses.enums import Standing, Verdict
from clauses.filters.screening import ScreeningFilter
from clauses.models import Clause, Screening, Urgency, with_urgencies
from clauses.queries import capacity
from clauses.queries.advice import Advice, advise
from clauses.queries.derogations import standings
from clauses.queries.screening import Precedent, precedents, readable
from clauses.rules.capacity import Month
from procurement.models import Market
from procurement.queries import anticipation, duties
from procurement.queries.delays import timetable_of
from procurement.queries.duties import Assessment
from procurement.rules.clock import Clock


STRAIN_MONTHS = 12


class Urls(NamedTuple):
    detail: str
    decide: str
    undo: str
    urgency: str


class Line(NamedTuple):
    """A line of the table and the verdict that its reader sees."""

    market: Market
    given: Screening | None
    precedent: Precedent | None
    # Since the buyer's deposit.
    days_waiting: int
    # What the law asks of it, on the day of its launch.
    assessment: Assessment
    # For the office alone: never a verdict, and never shown to a buyer.
    advice: Advice | None
    # None where no delay is promised any more.
    clock: Clock | None
    urls: Urls
    # None where the law asks nothing.
    standing: Standing | None
    urgency: Urgency | None
    # The month of its family in which most hours are missing, for the office alone.
    strain: Month | None = None

    @property
    def is_to_justify(self) -> bool:
        """Closed by its verdict, with nothing that answers the law."""
        closed = self.given is not None and self.given.verdict == Verdict.NOT_CLAUSABLE
        return closed and self.standing == Standing.MISSING

    @property
    def key(self) -> str:
        """Written many times in a row: Django takes longer to write a number."""
        return str(self.market.pk)


def visible_lines(request: HttpRequest) -> QuerySet[Market]:
    """What the office screens; a buyer finds there the answer to its own plans."""
    rows = readable(Market.objects.visible_to(request.user).submitted(), request.user)
    joined = rows.select_related("plan__buyer__organisation", "department", "family")
    return with_urgencies(joined.prefetch_related("programmes"), request.user)


def filtered(request: HttpRequest) -> ScreeningFilter:
    return ScreeningFilter(request.GET, visible_lines(request), user=request.user, on=timezone.localdate())


def own_office(request: HttpRequest) -> Office:
    return request.user.membership.organisation.office


def told(request: HttpRequest, markets: Sequence[Market]) -> list[Line]:
    """Lines with what the law asks and, for those who decide, what the office said before of the like."""
    decides = allows(request.user, Permission.SCREENING_DECIDE)
    before = precedents(markets, request.user.membership.organisation_id) if decides and markets else {}
    is_office = request.user.membership.role in OFFICE_ROLES
    asked, today = duties.of(markets), timezone.localdate()
    advised = advise(markets, own_office(request), today, asked) if is_office and markets else {}
    office_id = anticipation.answering(request.user)
    clocks = anticipation.clocks(
        markets, timetable_of(request.user), on=today, office_id=office_id, flagged=_flagged_on(markets)
    )
    urls = _urls(market.pk for market in markets)
    answered = standings(markets, asked)
    strained = _strained(request, markets, today) if is_office and markets else {}
    return [
        Line(
            market,
            given=next((given for given in market.shown_screenings if given.verdict), None),
            precedent=before.get(market.pk),
            days_waiting=(today - timezone.localdate(market.plan.submitted_at)).days,
            assessment=asked[market.pk],
            advice=advised.get(market.pk),
            clock=clocks.get(market.pk),
            urls=url,
            standing=answered.get(market.pk),
            urgency=next(iter(market.shown_urgencies), None),
            strain=strained.get(market.pk),
        )
        for market, url in zip(markets, urls, strict=True)
    ]


def _strained(request: HttpRequest, markets: Sequence[Market], on: date) -> dict[int, Month]:
    clauses, territory = Clause.objects.visible_to(request.user), own_office(request).department_codes.split()
    return capacity.strains(markets, clauses, territory, on=on, length=STRAIN_MONTHS)


def _flagged_on(markets: Iterable[Market]) -> dict[int, date]:
    """By key, of those that are marked as urgent."""
    return {
        market.pk: timezone.localdate(mark.flagged_at)
        for market in markets
        for mark in market.shown_urgencies
    }


def _urls(keys: Iterable[int]) -> list[Urls]:
    """`reverse` takes as long as the row itself: it is asked once for a whole table."""
    names = [f"clauses:screening_{verb}" for verb in Urls._fields]
    ends = [reverse(name, args=[0]).split("/0/") for name in names]
    return [Urls(*(f"{before}/{key}/{after}" for before, after in ends)) for key in keys]


def refuse(request: HttpRequest, refusal: Exception) -> HttpResponse:
    messages.error(request, str(refusal))
    return to_list(request)


def to_list(request: HttpRequest, anchor: str = "") -> HttpResponse:
    query = request.GET.urlencode()
    address = f"{reverse('clauses:screening_list')}{'?' if query else ''}{query}{anchor}"
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
