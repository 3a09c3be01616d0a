"""What structures have promised to consortia, and what their declared capacity leaves."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from structures.enums import CapacityPeriod, CapacityUnit, MemberState
from structures.models import Capacity, Consortium, ConsortiumMember
from structures.rules.consortia import Share, gaps, monthly, months_between


# A trade of a structure.
Key = tuple[int, int]


def promised(
    day: date, *, structures: Collection[int] | None = None, besides: int | None = None
) -> dict[Key, Decimal]:
    """Hours a month that agreed members owe to consortia at work that day, by structure and trade."""
    rows = ConsortiumMember.objects.agreed().working_on(day).filter(hours__gt=0, trade__isnull=False)
    if structures is not None:
        rows = rows.filter(structure__in=structures)
    columns = ("structure", "trade", "hours", "consortium__starts_on", "consortium__ends_on")
    found: dict[Key, Decimal] = defaultdict(Decimal)
    for structure, trade, hours, starts_on, ends_on in rows.exclude(consortium=besides).values_list(*columns):
        found[structure, trade] += monthly(hours, starts_on, ends_on)
    return dict(found)


def free(day: date, *, structures: Collection[int], besides: int | None = None) -> dict[Key, Decimal]:
    """Declared hours a month less what is promised elsewhere; only trades whose hours are declared."""
    taken = promised(day, structures=structures, besides=besides)
    rows = Capacity.objects.in_force(day).filter(
        offer__structure__in=structures, unit=CapacityUnit.HOURS, period=CapacityPeriod.MONTH
    )
    declared: dict[Key, Decimal] = defaultdict(Decimal)
    for structure, trade, quantity in rows.values_list("offer__structure", "offer__trade", "quantity"):
        declared[structure, trade] += quantity
    return {key: max(hours - taken.get(key, Decimal(0)), Decimal(0)) for key, hours in declared.items()}


@dataclass(frozen=True)
class Place:
    """A member as the page shows it; hours a month, and those its capacity leaves without this share."""

    member: ConsortiumMember
    monthly: Decimal | None
    free: Decimal | None


@dataclass(frozen=True)
class Shape:
    """A consortium with its members, its total and what it still lacks."""

    places: list[Place]
    declined: list[ConsortiumMember]
    shared: Decimal
    gaps: list[str]


def shape(consortium: Consortium) -> Shape:
    """Three queries whatever the number of members."""
    rows = list(consortium.members.select_related("structure", "trade").order_by("-is_lead", "pk"))
    staying = [row for row in rows if row.state != MemberState.DECLINED]
    left = free(
        consortium.starts_on,
        structures=[row.structure_id for row in staying],
        besides=consortium.pk,
    )
    places = [_place(row, consortium, left) for row in staying]
    shares = [_share(place) for place in places]
    return Shape(
        places,
        [row for row in rows if row.state == MemberState.DECLINED],
        sum((share.hours or Decimal(0) for share in shares), Decimal(0)),
        gaps(shares, consortium.hours, months_between(consortium.starts_on, consortium.ends_on)),
    )


def _place(row: ConsortiumMember, consortium: Consortium, left: dict[Key, Decimal]) -> Place:
    each = monthly(row.hours, consortium.starts_on, consortium.ends_on) if row.hours else None
    return Place(row, each, left.get((row.structure_id, row.trade_id)) if row.trade_id else None)


def _share(place: Place) -> Share:
    row = place.member
    return Share(str(row.structure), row.is_lead, row.state == MemberState.AGREED, row.hours, place.free)
