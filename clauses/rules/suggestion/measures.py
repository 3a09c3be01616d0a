"""What is counted before anything is suggested: structures, dependency, hours."""

from decimal import ROUND_FLOOR, Decimal

from clauses.rules import hours
from clauses.rules.hours import MONTHS_IN_A_YEAR, Estimate
from clauses.rules.suggestion.facts import Facts, LotFacts, Supply, Weights
from config.lib.rounding import round_half_up


def dependency(amount: Decimal | None, months: int | None, weights: Weights) -> Decimal | None:
    """The yearly amount over what such a structure earns in a year; without a term, the whole amount."""
    if not amount or weights.mean_turnover <= 0:
        return None
    years = max(Decimal(months or MONTHS_IN_A_YEAR) / MONTHS_IN_A_YEAR, Decimal(1))
    return round_half_up(amount / years / weights.mean_turnover, 3)


def counted_structures(supply: Supply | None, weights: Weights) -> int:
    """Those who do the trade, and a part of those who may: never more of these than of those."""
    if supply is None:
        return 0
    likely = int((supply.to_ask * weights.to_ask_weight).to_integral_value(ROUND_FLOOR))
    return supply.able + min(likely, supply.able)


def suggested_rate(facts: Facts, weights: Weights) -> Decimal:
    return weights.rate if facts.special_rate is None else facts.special_rate


def labour_share(facts: Facts, weights: Weights) -> Decimal | None:
    """A default of services says nothing of supplies."""
    if facts.is_supplies and (facts.labour_share is None or facts.labour_share_is_default):
        return weights.supplies_labour_share
    return facts.labour_share


def has_too_little_labour(facts: Facts, weights: Weights) -> bool:
    """Much money makes hours even of energy or insurance, which nobody there could work."""
    share = labour_share(facts, weights)
    return share is not None and share < weights.minimum_labour_share


def clause_hours(facts: Facts, weights: Weights) -> Estimate | None:
    share, rate = labour_share(facts, weights), suggested_rate(facts, weights)
    if not facts.amount or not facts.hourly_cost or share is None:
        return None
    if facts.transferred_monthly_hours is not None and facts.months:
        return hours.cleaning(
            amount=facts.amount, rate=rate, transferred_monthly_hours=facts.transferred_monthly_hours,
            months=facts.months, hourly_cost=facts.takeover_hourly_cost or facts.hourly_cost,
        )  # fmt: skip
    return hours.classic(amount=facts.amount, labour_share=share, rate=rate, hourly_cost=facts.hourly_cost)


def reserved_hours(facts: Facts, amount: Decimal | None) -> Estimate | None:
    """What the least share of workers that a reservation asks for would work."""
    if not amount or not facts.hourly_cost or facts.labour_share is None or facts.reserved_share is None:
        return None
    return hours.reserved(
        amount=amount, labour_share=facts.labour_share, reserved_share=facts.reserved_share,
        hourly_cost=facts.hourly_cost,
    )  # fmt: skip


def lots_within_reach(facts: Facts, weights: Weights) -> list[LotFacts]:
    """Those that a structure could hold; an undivided market has none."""
    if len(facts.lots) < 2:
        return []
    shares = {lot.number: dependency(lot.amount, facts.months, weights) for lot in facts.lots}
    return [
        lot
        for lot in facts.lots
        if (share := shares[lot.number]) is not None and share <= weights.lot_dependency
    ]
