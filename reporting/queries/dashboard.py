"""The year of an office, or of the offices that report to a funder, over all their buyers."""

from dataclasses import dataclass, replace

from django.db.models import Count, Max, QuerySet, Sum

from accounts.models import Mandate, Office, User
from accounts.roles import Role
from procurement.models import Contract
from reporting.queries.months import MonthFigures, by_month
from reporting.queries.window import Hours, Window, hours
from reporting.rules.small_counts import WITHHELD, Count as PeopleCount, conceal, conceal_total


@dataclass(frozen=True)
class BuyerFigures:
    pk: int
    name: str
    contracts: int
    people: PeopleCount
    hours: Hours


@dataclass(frozen=True)
class Dashboard:
    totals: Hours
    people: PeopleCount
    contracts: int
    months: tuple[MonthFigures, ...]
    buyers: tuple[BuyerFigures, ...]


def contracts_of(user: User) -> QuerySet[Contract]:
    """A funder reads the sums of its offices, never their contracts one by one."""
    hat = user.membership
    if hat is not None and hat.role == Role.FUNDER:
        return Contract.objects.filter(office__in=Mandate.objects.offices_of(hat.organisation_id))
    return Contract.objects.visible_to(user)


def floor_of(user: User) -> int:
    """Small counts are hidden from whoever is not of the office."""
    hat = user.membership
    if hat is None or hat.role != Role.FUNDER:
        return 0
    offices = Office.objects.filter(pk__in=Mandate.objects.offices_of(hat.organisation_id))
    return offices.aggregate(floor=Max("small_count_floor"))["floor"] or 0


def figures(*, contracts: QuerySet[Contract], window: Window, floor: int) -> Dashboard:
    counted = Contract.objects.filter(pk__in=window.contracts(contracts).values("pk"))
    due = window.movements(counted).aggregate(due=Sum("hours"))["due"]
    buyers = _buyers(window, counted, floor)
    return Dashboard(
        totals=hours(due, window.entries(counted).aggregate(**window.sums)),
        people=conceal_total(window.participants(counted).count(), floor),
        contracts=sum(buyer.contracts for buyer in buyers),
        months=by_month(window, counted),
        buyers=buyers,
    )


def without_people(dashboard: Dashboard) -> Dashboard:
    """Of a part of the whole: set against the whole, its people would give away those that are hidden."""
    buyers = tuple(replace(buyer, people=WITHHELD) for buyer in dashboard.buyers)
    return replace(dashboard, people=WITHHELD, buyers=buyers)


def _buyers(window: Window, contracts: QuerySet[Contract], floor: int) -> tuple[BuyerFigures, ...]:
    rows = list(
        contracts.values("buyer", "buyer__organisation__name")
        .annotate(count=Count("pk"))
        .order_by("buyer__organisation__name", "buyer")
    )
    due = window.due_by("clause__contract__buyer", contracts)
    sums = window.sums_by("declaration__contract__buyer", contracts)
    counts = [sums.get(row["buyer"], {}).get("people", 0) for row in rows]
    people = conceal(counts, floor) or [WITHHELD] * len(counts)
    return tuple(
        BuyerFigures(
            pk=row["buyer"],
            name=row["buyer__organisation__name"],
            contracts=row["count"],
            people=count,
            hours=hours(due.get(row["buyer"]), sums.get(row["buyer"])),
        )
        for row, count in zip(rows, people, strict=True)
    )
