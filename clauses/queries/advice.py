"""The suggestion for any number of lines, with what it rests on, in a constant number of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Max

from accounts.models import Office
from clauses.enums import OUTCOME_ICONS, OUTCOME_TONES, Outcome, Verdict
from clauses.models import Screening
from clauses.queries import references, suggestion_rules
from clauses.queries.references import LABOUR_SHARE, RATE, Reference, References
from clauses.queries.suggestion_rules import Rule
from clauses.rules.suggestion import Facts, LastVerdict, LotFacts, Others, Suggestion, Supply, suggest
from config.lib.french import format_percentage, join_words
from config.lib.rounding import round_half_up
from config.lib.text import fold
from procurement.enums import Certainty, Nature
from procurement.models import Lot, Market
from procurement.queries import benchmark, duties
from procurement.queries.benchmark import Share
from procurement.queries.duties import Assessment
from procurement.rules import cpv
from structures.queries import supply as local


TAKEOVERS = {Certainty.YES: True, Certainty.NO: False, Certainty.UNKNOWN: None}


@dataclass(frozen=True)
class Advice:
    """`structures` do the trade near the place of execution; `rule` is the version that spoke."""

    suggestion: Suggestion
    facts: Facts
    supply: local.Supply
    rule: Rule

    @property
    def version(self) -> int:
        return self.rule.version

    @property
    def outcome(self) -> Outcome:
        return self.suggestion.outcome

    @property
    def label(self) -> str:
        return str(self.outcome.label)

    @property
    def reasons(self) -> tuple[str, ...]:
        return self.suggestion.reasons

    @property
    def hours(self) -> Decimal | None:
        return self.suggestion.hours

    @property
    def rate(self) -> Decimal | None:
        """In per cent, for reading."""
        return None if self.suggestion.rate is None else self.suggestion.rate * 100

    @property
    def structures(self) -> int:
        return self.supply.able

    @property
    def elsewhere(self) -> str:
        """What other buyers did for the same division of the CPV; empty where too few contracts say."""
        others = self.facts.others
        if others is None:
            return ""
        share = format_percentage(round_half_up(others.share * 100, 0))
        return f"ailleurs, {share} des marchés semblables portent une considération sociale"

    @property
    def tone(self) -> str:
        return OUTCOME_TONES[self.outcome]

    @property
    def icon(self) -> str:
        return OUTCOME_ICONS[self.outcome]


@dataclass(frozen=True)
class _Known:
    """What was read once for all the lines."""

    references: references.Table
    supplies: Mapping[int, local.Supply]
    lots: Mapping[int, tuple[LotFacts, ...]]
    duties: Mapping[int, Assessment]
    shares: Mapping[str, Share]
    verdicts: Mapping[tuple[int, int], list[LastVerdict]]


def advise(
    markets: Iterable[Market],
    office: Office | None,
    on: date,
    assessed: Mapping[int, Assessment] | None = None,
) -> dict[int, Advice]:
    """By key of the market. `markets` come with their family, their plan, its buyer, and their programmes.

    Without an office, the general rule speaks and no former verdict is known. `assessed` is what the law
    asks of them, when the reader asked already.
    """
    rows = list(markets)
    known = _read(rows, office, on, duties.of(rows) if assessed is None else assessed)
    rule = suggestion_rules.in_force(office)
    found = {}
    for market in rows:
        facts = _facts(market, known)
        supply = known.supplies[market.pk]
        found[market.pk] = Advice(suggest(facts, rule.weights), facts, supply, rule)
    return found


def gather(markets: Iterable[Market], office: Office | None, on: date) -> dict[int, Facts]:
    """What suggestions rest on, by key of the market; which rule reads it is another matter."""
    rows = list(markets)
    known = _read(rows, office, on, duties.of(rows))
    return {market.pk: _facts(market, known) for market in rows}


def _read(rows: list[Market], office: Office | None, on: date, assessed: Mapping[int, Assessment]) -> _Known:
    divisions = {cpv.division(row.cpv_code) for row in rows if row.cpv_code}
    return _Known(
        references=references.table(on),
        supplies=local.of(rows),
        lots=_lots(rows),
        duties=assessed,
        shares=benchmark.shares(sorted(divisions)),
        verdicts=_verdicts(rows, office),
    )


def _facts(market: Market, known: _Known) -> Facts:
    supply = known.supplies[market.pk]
    numbers = _references(market, supply, known.references)
    lots, duty = known.lots.get(market.pk, ()), known.duties[market.pk]
    share, is_default = _labour_share(market, numbers)
    cost, rate = numbers.hourly_cost, numbers.rate
    return Facts(
        title_words=fold(market.title),
        family=supply.guess.trade.label if supply.guess else "",
        is_supplies=market.nature == Nature.SUPPLIES,
        is_nature_known=market.nature != Nature.UNKNOWN,
        amount=duty.amount,
        labour_share=share,
        labour_share_is_default=is_default,
        hourly_cost=_value(cost),
        special_rate=rate.share if rate and rate.code != RATE else None,
        reserved_share=numbers.reserved_share_minimum.share if numbers.reserved_share_minimum else None,
        months=market.total_months,
        takes_staff_over=TAKEOVERS[Certainty(market.staff_takeover)],
        may_take_staff_over=supply.guess is not None and supply.guess.trade.takes_staff_over,
        transferred_monthly_hours=market.transferred_monthly_hours,
        takeover_hourly_cost=_value(numbers.cleaning_hourly_cost),
        lots=lots,
        supply=_supply(supply),
        last=_last(market, known),
        others=_others(known.shares.get(cpv.division(market.cpv_code)) if market.cpv_code else None),
        has_duty=duty.duty.has_social_duty,
        duty_threshold=duty.duty.threshold,
    )


def _references(market: Market, supply: local.Supply, table: references.Table) -> References:
    """A family that was guessed has its own labour share and rate too."""
    if market.family_id or supply.guess is None:
        return table.of(market)
    programmes = [programme.code for programme in market.programmes.all()]
    return table.special_to([*programmes, supply.guess.trade.code])


def _labour_share(market: Market, numbers: References) -> tuple[Decimal | None, bool]:
    if market.labour_share is not None:
        return market.labour_share / 100, False
    general = numbers.labour_share
    return (None, False) if general is None else (general.share, general.code == LABOUR_SHARE)


def _value(reference: Reference | None) -> Decimal | None:
    return None if reference is None else reference.value


def _supply(found: local.Supply) -> Supply | None:
    if not found.is_known:
        return None
    return Supply(
        place=join_words(found.place.names),
        insertion=found.insertion,
        disability=found.disability,
        able=found.able,
        to_ask=found.to_ask,
        made_available=found.made_available,
    )


def _others(share: Share | None) -> Others | None:
    if share is None or share.percentage is None:
        return None
    return Others(share.total, share.percentage / 100)


def _lots(rows: list[Market]) -> dict[int, tuple[LotFacts, ...]]:
    found: dict[int, tuple[LotFacts, ...]] = {}
    lots = Lot.objects.filter(market__in=[row.pk for row in rows]).order_by("market", "number")
    for market, number, amount, title in lots.values_list("market", "number", "estimated_amount", "title"):
        found[market] = (*found.get(market, ()), LotFacts(number, amount, title))
    return found


def _verdicts(rows: list[Market], office: Office | None) -> dict[tuple[int, int], list[LastVerdict]]:
    """Of the same buyers and families, by (buyer, family), latest first."""
    if office is None:
        return {}
    given = Screening.objects.filter(
        office=office,
        market__family__in={row.family_id for row in rows if row.family_id},
        market__plan__buyer__in={row.plan.buyer_id for row in rows},
        market__plan__year__lt=max((row.plan.year for row in rows), default=0),
    ).exclude(verdict="")
    columns = ("market__plan__buyer", "market__family", "market__plan__year", "verdict", "reason")
    found: dict[tuple[int, int], list[LastVerdict]] = {}
    latest = given.values(*columns).annotate(last_at=Max("decided_at"), last=Max("pk"))
    ordered = latest.order_by("-market__plan__year", "-last_at", "-last")
    for buyer, family, year, verdict, reason in ordered.values_list(*columns):
        found.setdefault((buyer, family), []).append(LastVerdict(year, Verdict(verdict), reason))
    return found


def _last(market: Market, known: _Known) -> LastVerdict | None:
    if market.family_id is None:
        return None
    former = known.verdicts.get((market.plan.buyer_id, market.family_id), [])
    return next((verdict for verdict in former if verdict.year < market.plan.year), None)
