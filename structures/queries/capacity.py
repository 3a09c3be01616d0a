"""How much structures say they can do of the trades of a purchase family, in a territory."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, OuterRef, Q, Sum

from structures.enums import AreaKind, CapacityPeriod, CapacityUnit
from structures.models import Capacity, ConsortiumMember
from structures.queries.areas import naming, reaching
from structures.rules.consortia import monthly


@dataclass(frozen=True)
class CapacityTold:
    """Declarations of one trade, one unit and one term, added up; `structures` counts who made them."""

    family_id: int
    trade: str
    unit: CapacityUnit
    period: CapacityPeriod
    quantity: Decimal
    starts_on: date
    ends_on: date | None
    structures: int


def told(
    departments: Collection[str], *, starts_on: date, ends_on: date, families: Collection[int] | None = None
) -> list[CapacityTold]:
    """Of offers that serve one of these départements at least, in force in [starts_on, ends_on[: two queries.

    `families` narrows it to some; all of them without it. A trade without a purchase family answers no
    clause: it is left out. What a structure has promised to a consortium is told as less than nothing, by no
    structure more.
    """
    if not departments:
        return []
    rows = Capacity.objects.filter(
        serving(departments, "offer__"),
        offer__trade__family__isnull=False,
        offer__structure__gone_on__isnull=True,
    ).overlapping(starts_on, ends_on)
    if families is not None:
        rows = rows.filter(offer__trade__family__in=families)
    keys = ("offer__trade__family", "offer__trade__label", "unit", "period", "starts_on", "ends_on")
    totals = rows.values_list(*keys).annotate(
        total=Sum("quantity"), structures=Count("offer__structure", distinct=True)
    )
    declared = [
        CapacityTold(family, trade, CapacityUnit(unit), CapacityPeriod(period), total, start, end, structures)
        for family, trade, unit, period, start, end, total, structures in totals.order_by(*keys)
    ]
    taken = _taken(departments, starts_on, ends_on)
    return [*declared, *(one for one in taken if families is None or one.family_id in families)]


def _taken(departments: Collection[str], starts_on: date, ends_on: date) -> list[CapacityTold]:
    """Shares agreed in consortia, of those whose capacity is known here."""
    known = Capacity.objects.filter(
        serving(departments, "offer__"),
        offer__structure=OuterRef("structure"),
        offer__trade=OuterRef("trade"),
        offer__structure__gone_on__isnull=True,
    ).overlapping(OuterRef("consortium__starts_on"), OuterRef("consortium__ends_on"))
    rows = ConsortiumMember.objects.agreed().filter(
        Exists(known),
        consortium__starts_on__lt=ends_on,
        consortium__ends_on__gt=starts_on,
        hours__gt=0,
        trade__family__isnull=False,
    )
    columns = ("trade__family", "trade__label", "hours", "consortium__starts_on", "consortium__ends_on")
    return [
        CapacityTold(
            family,
            trade,
            CapacityUnit.HOURS,
            CapacityPeriod.MONTH,
            -monthly(hours, start, end),
            start,
            end,
            0,
        )
        for family, trade, hours, start, end in rows.order_by("pk").values_list(*columns)
    ]


def serving(departments: Collection[str], path: str = "") -> Q:
    """Offers whose area reaches one of these départements; around an establishment, its own."""
    own = {f"{path}area_kind": AreaKind.RADIUS, f"{path}structure__department_code__in": sorted(departments)}
    # The code of a commune begins with that of its département.
    towns = [naming(AreaKind.TOWNS, f" {code}", path) for code in sorted(departments)]
    return reduce(or_, [reaching(departments, path), Q(**own), *towns])
