"""What buyers bought straight from inclusive structures: the small purchases that a SPASER counts.

Article L. 2111-3 of the Code de la commande publique: indicators in number or in value, of purchases from
solidary enterprises (ESUS) on the one hand, from employers of disadvantaged people on the other.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from structures.enums import FAMILIES, DirectOrderState, LegalFamily, StructureKind
from structures.models import DirectOrder, Label


ESUS = "esus"
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Bought:
    count: int = 0
    amount: Decimal = NOTHING


@dataclass(frozen=True)
class FamilyFigures:
    family: LegalFamily
    bought: Bought
    structures: int


@dataclass(frozen=True)
class KindFigures:
    kind: StructureKind
    bought: Bought


@dataclass(frozen=True)
class BuyerFigures:
    pk: int
    name: str
    bought: Bought


@dataclass(frozen=True)
class DirectOrderFigures:
    """`solidary` purchases are from holders of the ESUS label; they count in their family too."""

    bought: Bought
    structures: int
    solidary: Bought
    families: tuple[FamilyFigures, ...]
    kinds: tuple[KindFigures, ...]
    buyers: tuple[BuyerFigures, ...]


def figures(orders: QuerySet[DirectOrder], *, starts_on: date, ends_on: date) -> DirectOrderFigures:
    """Of the orders that stand, made in the period, its end excluded."""
    rows = orders.order_by().filter(
        state=DirectOrderState.ORDERED, ordered_on__gte=starts_on, ordered_on__lt=ends_on
    )
    solidary = Label.objects.filter(code=ESUS).values("structures")
    return DirectOrderFigures(
        bought=_sum(rows),
        structures=rows.values("structure").distinct().count(),
        solidary=_sum(rows.filter(structure__in=solidary)),
        families=_families(rows),
        kinds=_kinds(rows),
        buyers=_buyers(rows),
    )


def _sum(rows: QuerySet[DirectOrder]) -> Bought:
    found = rows.aggregate(count=Count("pk"), amount=Sum("total_amount"))
    return Bought(found["count"], found["amount"] or NOTHING)


def _families(rows: QuerySet[DirectOrder]) -> tuple[FamilyFigures, ...]:
    kinds_of = {family: [kind for kind, own in FAMILIES.items() if own == family] for family in LegalFamily}
    wanted = {
        f"{family}_{name}": counted(Q(structure__kind__in=kinds))
        for family, kinds in kinds_of.items()
        for name, counted in (
            ("count", lambda which: Count("pk", filter=which)),
            ("amount", lambda which: Sum("total_amount", filter=which)),
            ("structures", lambda which: Count("structure", filter=which, distinct=True)),
        )
    }
    found = rows.aggregate(**wanted)
    return tuple(
        FamilyFigures(
            family,
            Bought(found[f"{family}_count"], found[f"{family}_amount"] or NOTHING),
            found[f"{family}_structures"],
        )
        for family in LegalFamily
    )


def _kinds(rows: QuerySet[DirectOrder]) -> tuple[KindFigures, ...]:
    found = rows.values("structure__kind").annotate(count=Count("pk"), amount=Sum("total_amount"))
    return tuple(
        KindFigures(StructureKind(row["structure__kind"]), Bought(row["count"], row["amount"]))
        for row in found.order_by("-amount", "structure__kind")
    )


def _buyers(rows: QuerySet[DirectOrder]) -> tuple[BuyerFigures, ...]:
    found = rows.values("buyer", "buyer__organisation__name").annotate(
        count=Count("pk"), amount=Sum("total_amount")
    )
    return tuple(
        BuyerFigures(row["buyer"], row["buyer__organisation__name"], Bought(row["count"], row["amount"]))
        for row in found.order_by("-amount", "buyer")
    )
