"""The law as its tables say it, and what it asks of the lines of plans, in two or three queries for all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from procurement.enums import (
    BuyerCategory,
    Certainty,
    DatePrecision,
    DutyMotive,
    Nature,
    Regime,
    ThresholdEffect,
    ThresholdNature,
)
from procurement.models import DutyException, LegalThreshold, Lot, Market, SpecificService
from procurement.rules.duty import (
    Duty,
    Exemption,
    Law,
    Need,
    SpecificServices,
    Threshold,
    judge,
    natures_of,
)
from procurement.rules.spans import last_day_of


@dataclass(frozen=True)
class Assessment:
    """What the law asks of one market, and the value it was asked for."""

    duty: Duty
    amount: Decimal | None
    # The lots add up to more than the line says: the larger value is the one the law looks at.
    is_amount_of_lots: bool


def law() -> Law:
    return Law(
        tuple(map(_threshold, LegalThreshold.objects.order_by("pk"))),
        tuple(map(_exemption, DutyException.objects.order_by("valid_from", "pk"))),
        tuple(map(_services, SpecificService.objects.order_by("cpv_from", "valid_from", "pk"))),
    )


def of(markets: Iterable[Market], rules: Law | None = None) -> dict[int, Assessment]:
    """By key of the market; `markets` come with their plan and its buyer."""
    rows, rules = list(markets), rules or law()
    amounts = dict(
        Lot.objects.filter(market__in=[row.pk for row in rows])
        .values("market")
        .annotate(amount=Sum("estimated_amount"))
        .order_by()
        .values_list("market", "amount")
    )
    return {row.pk: _assess(row, amounts.get(row.pk), rules) for row in rows}


def of_one(market: Market) -> Assessment:
    return of([market])[market.pk]


def _assess(market: Market, lots_amount: Decimal | None, rules: Law) -> Assessment:
    known = [amount for amount in (market.estimated_amount, lots_amount) if amount]
    amount = max(known, default=None)
    # The lots may say more than the band of the line.
    lowest = market.lowest_amount if amount == market.estimated_amount else None
    need = Need(
        category=BuyerCategory(market.plan.buyer.category),
        natures=natures_of(Nature(market.nature), _regime(market, rules)),
        amounts=tuple(sorted({bound for bound in (lowest, amount) if bound is not None})),
        launches=_launches(market.launch_on, market.launch_precision, market.plan.year),
        # A market lasts as long as its renewals let it, as its value counts them.
        months=market.total_months,
    )
    return Assessment(judge(need, rules), amount, amount is not None and amount != market.estimated_amount)


def _regime(market: Market, rules: Law) -> Regime:
    return rules.regime(
        defence=Certainty(market.defence),
        specific_service=Certainty(market.specific_service),
        cpv_code=market.cpv_code,
        launch_on=market.launch_on,
    )


def _launches(launch_on: date | None, precision: str, year: int) -> tuple[date, ...]:
    """The first and the last day that the plan leaves open; the plan's whole year when it says nothing."""
    if launch_on is None:
        return date(year, 1, 1), date(year, 12, 31)
    return launch_on, last_day_of(launch_on, DatePrecision(precision))


def _threshold(row: LegalThreshold) -> Threshold:
    return Threshold(
        effect=ThresholdEffect(row.effect),
        category=row.category,
        nature=ThresholdNature(row.nature),
        amount=row.amount,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=row.source,
    )


def _services(row: SpecificService) -> SpecificServices:
    return SpecificServices(row.cpv_from, row.cpv_to, row.valid_from, row.valid_to)


def _exemption(row: DutyException) -> Exemption:
    return Exemption(
        code=DutyMotive(row.code),
        wording=row.wording,
        nature=row.nature,
        less_than_months=row.less_than_months,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )
