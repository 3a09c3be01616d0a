"""Contracts, and lines of earlier plans, that end within the months in force, and what became of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db.models import QuerySet

from accounts.models import User
from clauses.models import ReferenceValue
from config.lib.text import fold
from procurement.enums import PlanState
from procurement.models import Buyer, Contract, Market, PurchasePlan
from procurement.rules.clock import months_before
from procurement.rules.renewals import Renewal, horizon, last_day_of_term, launch_for, plan_year


# From the farthest to the nearest; the nearest is when the successor is launched.
CODES = ("renewal-months-far", "renewal-months-near", "renewal-months-launch")


@dataclass(frozen=True)
class Successor:
    """The line of a later plan that already stands for what ends."""

    pk: int
    year: int


@dataclass(frozen=True)
class Candidate:
    """What ends, when, and the plan where it would be launched again; `horizon` in months."""

    renewal: Renewal
    buyer: str
    reference: str
    holder: str
    is_estimated: bool
    horizon: int
    successor: Successor | None
    # The year whose plan would take it, had it not been handed in.
    handed_in: int | None = None

    @property
    def key(self) -> str:
        return self.renewal.key


@dataclass(frozen=True)
class Soon:
    """Those that end within as many months, soonest first."""

    months: int
    candidates: list[Candidate]


def horizons(on: date) -> list[ReferenceValue]:
    """The months in force; empty when an administrator keeps one of them no more."""
    found = ReferenceValue.objects.by_code(on)
    return [found[code] for code in CODES] if all(code in found for code in CODES) else []


def candidates(user: User, on: date, *, buyer_id: int | None = None) -> list[Candidate]:
    """Everything that this person sees ending, soonest first; a constant number of queries."""
    months = [int(value.value) for value in horizons(on)]
    if not months:
        return []
    seen = _Seen(user, on, months, buyer_id)
    found = [*seen.contracts(), *seen.lines()]
    return sorted(found, key=lambda one: (one.renewal.ends_on, one.renewal.title, one.key))


def by_horizon(found: Iterable[Candidate]) -> list[Soon]:
    nearest_first = sorted(found, key=lambda one: (one.horizon, one.renewal.ends_on))
    return [
        Soon(months, list(group)) for months, group in groupby(nearest_first, key=lambda one: one.horizon)
    ]


class _Seen:
    """What one person sees on one day."""

    def __init__(self, user: User, on: date, months: list[int], buyer_id: int | None) -> None:
        self.on, self.months, self.lead = on, months, months[-1]
        self.until = months_before(on, -max(months))
        narrowed = {"buyer": buyer_id} if buyer_id else {}
        self._contracts = Contract.objects.visible_to(user).filter(**narrowed)
        plans = PurchasePlan.objects.visible_to(user).filter(**narrowed)
        self._lines = Market.objects.filter(plan__in=plans.values("pk"))
        self._drafts: dict[int, set[int]] = defaultdict(set)
        self._closed: dict[int, set[int]] = defaultdict(set)
        for owner, year, state in plans.values_list("buyer", "year", "state"):
            known = self._drafts if state == PlanState.DRAFT else self._closed
            known[owner].add(year)
        self._successors = _successors(self._lines.filter(plan__year__gte=on.year))

    def contracts(self) -> Iterator[Candidate]:
        ending = self._contracts.filter(ends_on__gt=self.on, ends_on__lte=self.until + timedelta(days=1))
        related = ending.select_related("buyer__organisation", "contractor").order_by("ends_on", "pk")
        lines = _line_of_each(ending)
        for contract in related:
            line_id, year = lines.get(contract.pk, (None, contract.notified_on.year))
            renewal = self._renewal(
                contract.buyer_id, contract.title, contract.ends_on - timedelta(days=1), contract, line_id
            )
            successor = self._successors.of(renewal, year)
            yield self._candidate(
                renewal, contract.buyer, contract.reference, contract.contractor.name, successor
            )

    def lines(self) -> Iterator[Candidate]:
        """Lines that became no contract known here, and whose term is known."""
        planned = (
            self._lines.exclude(plan__state=PlanState.DRAFT)
            .filter(plan__year__lte=self.on.year, duration_months__gt=0)
            .exclude(lots__contract__isnull=False)
            .select_related("plan__buyer__organisation")
        )
        for line in planned.order_by("pk"):
            ends_on = last_day_of_term(
                starts_on=line.starts_on,
                launch_on=line.launch_on,
                previous_ends_on=line.previous_ends_on,
                months=line.total_months,
            )
            if ends_on is None or not self.on <= ends_on <= self.until:
                continue
            renewal = self._renewal(line.plan.buyer_id, line.title, ends_on, None, line.pk)
            successor = self._successors.of(renewal, line.plan.year)
            yield self._candidate(renewal, line.plan.buyer, line.reference, "", successor, is_estimated=True)

    def _renewal(
        self, buyer_id: int, title: str, ends_on: date, contract: Contract | None, line_id: int | None
    ) -> Renewal:
        launch_on = launch_for(ends_on, self.lead, self.on)
        drafts, closed = self._drafts[buyer_id], self._closed[buyer_id]
        return Renewal(
            buyer_id=buyer_id,
            year=plan_year(launch_on, self.on, drafts=drafts, closed=closed),
            title=title,
            ends_on=ends_on,
            launch_on=launch_on,
            contract_id=contract.pk if contract else None,
            line_id=line_id,
            amount=contract.amount if contract else None,
            months=_months(contract) if contract else None,
        )

    def _candidate(
        self,
        renewal: Renewal,
        buyer: Buyer,
        reference: str,
        holder: str,
        successor: Successor | None,
        *,
        is_estimated: bool = False,
    ) -> Candidate:
        months = horizon(renewal.ends_on, self.on, self.months) or max(self.months)
        drafts = self._drafts[renewal.buyer_id]
        wanted = plan_year(renewal.launch_on, self.on, drafts=drafts, closed=())
        handed_in = None if wanted == renewal.year else wanted
        return Candidate(renewal, str(buyer), reference, holder, is_estimated, months, successor, handed_in)


class _Successors:
    """The lines of plans of this year and later, by what they renew."""

    def __init__(self) -> None:
        self.by_contract: dict[int, Successor] = {}
        self.by_line: dict[int, Successor] = {}
        self.by_title: dict[tuple[int, str], Successor] = {}

    def of(self, renewal: Renewal, year: int) -> Successor | None:
        """A line of the same title stands for it when its plan is of a later year."""
        named = self.by_title.get((renewal.buyer_id, fold(renewal.title)))
        return (
            self.by_contract.get(renewal.contract_id or 0)
            or self.by_line.get(renewal.line_id or 0)
            or (named if named and named.year > year else None)
        )


def _successors(lines: QuerySet[Market]) -> _Successors:
    found = _Successors()
    names = ("pk", "title", "plan__year", "plan__buyer", "renewed_contract", "origin", "origin__plan__year")
    for pk, title, year, buyer, contract, origin, origin_year in lines.order_by(
        "plan__year", "pk"
    ).values_list(*names):
        successor = Successor(pk, year)
        found.by_title[buyer, fold(title)] = successor
        if contract:
            found.by_contract[contract] = successor
        # A copy within one plan is another need, not the next one.
        if origin and origin_year < year:
            found.by_line[origin] = successor
    return found


def _line_of_each(contracts: QuerySet[Contract]) -> Mapping[int, tuple[int, int]]:
    """By contract, the line that it came from and the year of its plan; of several, the first."""
    rows = Market.objects.filter(lots__contract__in=contracts.values("pk")).order_by("-pk")
    return {
        contract: (pk, year)
        for contract, pk, year in rows.values_list("lots__contract", "pk", "plan__year")
        if contract
    }


def _months(contract: Contract) -> int | None:
    if contract.ends_on is None:
        return None
    return (
        (contract.ends_on.year - contract.starts_on.year) * 12
        + contract.ends_on.month
        - contract.starts_on.month
    )
