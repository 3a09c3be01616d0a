"""What other buyers did, in figures: contracts of the open data and their social considerations."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr

from config.lib.rounding import percentage
from procurement.enums import SocialRecord
from procurement.models import AwardedContract
from procurement.rules import cpv


# A percentage of fewer contracts than this says more about chance than about buyers.
FEWEST_FOR_A_PERCENTAGE = 10

SAID = ~Q(social=SocialRecord.UNKNOWN)
COUNTED = {
    "total": Count("pk", filter=SAID),
    "with_social": Count("pk", filter=Q(social=SocialRecord.WITH)),
    "clause": Count("pk", filter=Q(has_clause=True)),
    "criterion": Count("pk", filter=Q(has_criterion=True)),
    "reserved": Count("pk", filter=Q(is_reserved=True)),
    "silent": Count("pk", filter=~SAID),
}


@dataclass(frozen=True)
class Share:
    """Of a set of contracts: `total` say whether they carry a social consideration, `silent` do not.

    A contract may carry several kinds: the kinds add up to more than `with_social`.
    """

    total: int = 0
    with_social: int = 0
    clause: int = 0
    criterion: int = 0
    reserved: int = 0
    silent: int = 0

    @property
    def is_telling(self) -> bool:
        return self.total >= FEWEST_FOR_A_PERCENTAGE

    @property
    def percentage(self) -> Decimal | None:
        """Of those that say; `None` when they are too few."""
        return percentage(self.with_social, self.total) if self.is_telling else None


def share(contracts: QuerySet[Any]) -> Share:
    return Share(**contracts.order_by().aggregate(**COUNTED))


def shares(divisions: Iterable[str]) -> dict[str, Share]:
    """The share of each CPV division (two digits), in one query; every one asked for is answered."""
    asked = sorted({cpv.division(code) for code in divisions if code})
    ranges = Q(pk__in=[])
    for code in asked:
        ranges |= Q(cpv_code__range=cpv.bounds(code))
    rows = (
        AwardedContract.objects.filter(ranges)
        .order_by()
        .annotate(division=Substr("cpv_code", 1, cpv.DIVISION))
        .values("division")
        .annotate(**COUNTED)
        .values_list("division", *COUNTED)
    )
    found = {division: Share(*counts) for division, *counts in rows}
    return {code: found.get(code, Share()) for code in asked}
