"""How much structures say they can do of the trades of a purchase family, in a territory."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Count, Q, Sum

from config.lib.departments import region_of
from structures.enums import AreaKind, CapacityPeriod, CapacityUnit
from structures.models import Capacity


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


def told(departments: Collection[str], *, starts_on: date, ends_on: date) -> list[CapacityTold]:
    """Of offers that serve one of these départements at least, in force in [starts_on, ends_on[: one query.

    A trade without a purchase family answers no clause: it is left out.
    """
    if not departments:
        return []
    rows = Capacity.objects.filter(
        serving(departments, "offer__"),
        Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on),
        starts_on__lt=ends_on,
        offer__trade__family__isnull=False,
        offer__structure__gone_on__isnull=True,
    )
    keys = ("offer__trade__family", "offer__trade__label", "unit", "period", "starts_on", "ends_on")
    totals = rows.values_list(*keys).annotate(
        total=Sum("quantity"), structures=Count("offer__structure", distinct=True)
    )
    return [
        CapacityTold(family, trade, CapacityUnit(unit), CapacityPeriod(period), total, start, end, structures)
        for family, trade, unit, period, start, end, total, structures in totals.order_by(*keys)
    ]


def serving(departments: Collection[str], path: str = "") -> Q:
    """Offers whose area reaches one of these départements; around an establishment, its own."""
    codes = sorted(departments)
    regions = sorted({region_of(code) for code in codes} - {""})
    return reduce(
        or_,
        [
            Q(**{f"{path}area_kind": AreaKind.COUNTRY}),
            Q(
                **{
                    f"{path}area_kind": AreaKind.RADIUS,
                    f"{path}structure__department_code__in": codes,
                }
            ),
            *(_written(path, AreaKind.REGIONS, f" {code} ") for code in regions),
            *(_written(path, AreaKind.DEPARTMENTS, f" {code} ") for code in codes),
            # The code of a commune begins with that of its département.
            *(_written(path, AreaKind.TOWNS, f" {code}") for code in codes),
        ],
    )


def _written(path: str, kind: AreaKind, code: str) -> Q:
    return Q(**{f"{path}area_kind": kind, f"{path}area_codes__contains": code})
