"""What a facilitator might propose for a market, and why: a hint with its figures, never a decision.

The idea of counting structures and of comparing the amount with what they earn comes from « potentiel
inclusif » (Le Marché de l’inclusion); the weights are the office's own. Shares and rates run from 0 to 1.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal

from clauses.enums import Outcome, ProvisionKind, Verdict, VerdictReason
from clauses.rules import hours
from clauses.rules.hours import MONTHS_IN_A_YEAR, Estimate
from config.lib.french import format_amount, format_hours, format_number, format_percentage, join_words
from config.lib.rounding import round_half_up


# A reservation asks for at least this share of the workers (article R. 2113-7).
RESERVED_SHARE = Decimal("0.5")


@dataclass(frozen=True)
class Weights:
    """One version of the office's rule."""

    minimum_hours: Decimal = Decimal(150)
    criterion_hours: Decimal = Decimal(70)
    rate: Decimal = Decimal("0.05")
    reserve_all_structures: int = 8
    reserve_lot_structures: int = 3
    to_ask_weight: Decimal = Decimal("0.05")
    mean_turnover: Decimal = Decimal(900_000)
    dependency: Decimal = Decimal("0.3")
    lot_dependency: Decimal = Decimal("0.5")
    supplies_labour_share: Decimal = Decimal("0.1")
    benchmark_share: Decimal = Decimal("0.5")
    follows_last_verdict: bool = True
    service_words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Supply:
    """`able` do the trade; `to_ask` may; `made_available` lend people. `place`: where they were counted."""

    place: str
    insertion: int = 0
    disability: int = 0
    able: int = 0
    to_ask: int = 0
    made_available: int = 0


@dataclass(frozen=True)
class LastVerdict:
    year: int
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True)
class Others:
    """What other buyers did: contracts that say, and the share that carried a social consideration."""

    contracts: int
    share: Decimal


@dataclass(frozen=True)
class LotFacts:
    number: int
    amount: Decimal | None = None


@dataclass(frozen=True)
class Facts:
    """`None` where the plan does not say. `wants_service`: insertion is the very object of the market."""

    title_words: str = ""
    family: str = ""
    is_supplies: bool = False
    is_nature_known: bool = True
    amount: Decimal | None = None
    labour_share: Decimal | None = None
    labour_share_is_default: bool = False
    hourly_cost: Decimal | None = None
    special_rate: Decimal | None = None
    months: int | None = None
    transferred_monthly_hours: Decimal | None = None
    lots: tuple[LotFacts, ...] = ()
    supply: Supply | None = None
    last: LastVerdict | None = None
    others: Others | None = None
    has_duty: bool | None = None
    duty_threshold: Decimal | None = None


@dataclass(frozen=True)
class Suggestion:
    """`changes` say what would make another answer; `missing` what is needed for any."""

    outcome: Outcome
    reasons: tuple[str, ...]
    kind: ProvisionKind | None = None
    lots: tuple[int, ...] = ()
    rate: Decimal | None = None
    hours: Decimal | None = None
    formula: str = ""
    changes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    verdict: Verdict = Verdict.CLAUSABLE
    verdict_reason: str = ""


def suggest(facts: Facts, weights: Weights) -> Suggestion:
    found = next(found for step in _STEPS if (found := step(facts, weights)) is not None)
    common = [*_supply_reasons(facts), *_history_reasons(facts), *_duty_reasons(facts, found.outcome)]
    return replace(found, reasons=(*found.reasons, *(row for row in common if row not in found.reasons)))


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


def _insertion_service(facts: Facts, weights: Weights) -> Suggestion | None:
    word = next((word for word in weights.service_words if word and word in facts.title_words), None)
    if word is None:
        return None
    reasons = (
        f"L’objet parle de « {word} » : l’insertion peut être l’objet même du marché.",
        "Art. R. 2123-1, 3° : procédure adaptée quel que soit le montant.",
    )
    return Suggestion(Outcome.INSERTION_SERVICE, reasons, ProvisionKind.INSERTION_SERVICE)


def _missing(facts: Facts, weights: Weights) -> Suggestion | None:
    del weights
    missing = [] if facts.amount else ["le montant estimé"]
    if not facts.family and not facts.is_nature_known:
        missing.append("la famille d’achats ou la nature")
    if not facts.hourly_cost:
        missing.append("le coût horaire")
    if not missing:
        return None
    reasons = (f"On ne peut rien conseiller : il manque {join_words(missing)}.",)
    return Suggestion(Outcome.UNKNOWN, reasons, missing=tuple(missing), verdict=Verdict.TO_STUDY)


def _as_last_time(facts: Facts, weights: Weights) -> Suggestion | None:
    last = facts.last
    if last is None or not weights.follows_last_verdict or facts.has_duty:
        return None
    if last.verdict != Verdict.NOT_CLAUSABLE:
        return None
    if last.reason == VerdictReason.NO_SUPPLY and facts.supply and facts.supply.able:
        return None
    changes = (
        "Le dernier avis de l’office est repris : un autre avis, cette année, changera le conseil suivant.",
    )
    return Suggestion(
        Outcome.NONE, (_last_sentence(last),), changes=changes, verdict=Verdict.NOT_CLAUSABLE,
        verdict_reason=last.reason,
    )  # fmt: skip


def _reserve_all(facts: Facts, weights: Weights) -> Suggestion | None:
    number, share = counted_structures(facts.supply, weights), dependency(facts.amount, facts.months, weights)
    enough = number >= max(weights.reserve_all_structures, weights.reserve_lot_structures, 1)
    if not enough or share is None or share > weights.dependency:
        return None
    kind = _reservation_kind(facts)
    estimate = _reserved_hours(facts, facts.amount)
    reasons = (
        *_supply_reasons(facts),
        f"Montant annuel : {_percent(share)} du chiffre d’affaires moyen d’une structure "
        f"({format_amount(weights.mean_turnover)}), au plus {_percent(weights.dependency)} pour réserver.",
        f"{_article(kind)} : le marché entier peut être réservé.",
    )
    changes = (
        f"Moins de {weights.reserve_all_structures} structures, ou un montant annuel au-delà de "
        f"{format_amount(weights.mean_turnover * weights.dependency)}, et seul un lot serait réservé.",
    )
    return _counted(Suggestion(Outcome.RESERVE_ALL, reasons, kind, changes=changes), estimate)


def _reserve_lot(facts: Facts, weights: Weights) -> Suggestion | None:
    number = counted_structures(facts.supply, weights)
    if number < max(weights.reserve_lot_structures, 1):
        return None
    lots = _lots_within_reach(facts, weights)
    share = dependency(facts.amount, facts.months, weights)
    if not lots and (len(facts.lots) > 1 or share is None or share > 1):
        return None
    kind = _reservation_kind(facts)
    amount = sum((lot.amount or Decimal(0) for lot in lots), Decimal(0)) or None
    reasons = (
        *_supply_reasons(facts),
        _lot_sentence(lots, weights),
        f"{_article(kind)} : un lot peut être réservé.",
    )
    changes = (
        f"Avec {weights.reserve_all_structures} structures et un montant annuel d’au plus "
        f"{format_amount(weights.mean_turnover * weights.dependency)}, tout le marché pourrait être réservé.",
    )
    found = Suggestion(
        Outcome.RESERVE_LOT, reasons, kind, lots=tuple(lot.number for lot in lots), changes=changes
    )
    return _counted(found, _reserved_hours(facts, amount))


def _execution_clause(facts: Facts, weights: Weights) -> Suggestion | None:
    estimate = _clause_hours(facts, weights)
    if estimate is None:
        return None
    enough = estimate.exact >= weights.minimum_hours
    if not enough and not facts.has_duty:
        return None
    where, floor = "au-dessus" if enough else "en dessous", format_hours(weights.minimum_hours)
    reasons = (
        f"{format_hours(estimate.hours)} estimées : {where} du plancher de {floor}.",
        *_default_share(facts),
        *(() if facts.supply is None else _lending_reasons(facts.supply)),
        "Art. L. 2112-2 : une condition d’exécution s’impose au titulaire, quel qu’il soit.",
    )
    kind = ProvisionKind.EXECUTION_CONDITION
    found = Suggestion(
        Outcome.EXECUTION_CLAUSE,
        reasons,
        kind,
        rate=_rate(facts, weights),
        changes=_clause_changes(facts, weights),
    )
    return _counted(found, estimate)


def _award_criterion(facts: Facts, weights: Weights) -> Suggestion | None:
    estimate = _clause_hours(facts, weights)
    worth_it = estimate is not None and estimate.exact >= weights.criterion_hours
    others_do = facts.others is not None and facts.others.share >= weights.benchmark_share
    if not worth_it and not others_do:
        return None
    reasons = (
        *_too_few(estimate, weights),
        "Art. R. 2152-7 : les offres peuvent être notées sur l’insertion.",
    )
    found = Suggestion(
        Outcome.AWARD_CRITERION, reasons, ProvisionKind.AWARD_CRITERION,
        changes=_clause_changes(facts, weights), verdict=Verdict.TO_STUDY,
    )  # fmt: skip
    return _counted(found, estimate)


def _none(facts: Facts, weights: Weights) -> Suggestion:
    estimate = _clause_hours(facts, weights)
    reasons = (*_too_few(estimate, weights), *_default_share(facts))
    found = Suggestion(
        Outcome.NONE, reasons, changes=_clause_changes(facts, weights), verdict=Verdict.NOT_CLAUSABLE,
        verdict_reason=VerdictReason.NO_LABOUR,
    )  # fmt: skip
    return _counted(found, estimate)


_STEPS: tuple[Callable[[Facts, Weights], Suggestion | None], ...] = (
    _insertion_service, _missing, _as_last_time, _reserve_all, _reserve_lot, _execution_clause,
    _award_criterion, _none,
)  # fmt: skip


def _counted(found: Suggestion, estimate: Estimate | None) -> Suggestion:
    if estimate is None:
        return found
    return replace(found, hours=estimate.hours, formula=estimate.formula)


def _rate(facts: Facts, weights: Weights) -> Decimal:
    return weights.rate if facts.special_rate is None else facts.special_rate


def _share(facts: Facts, weights: Weights) -> Decimal | None:
    """A default of services says nothing of supplies."""
    if facts.is_supplies and (facts.labour_share is None or facts.labour_share_is_default):
        return weights.supplies_labour_share
    return facts.labour_share


def _clause_hours(facts: Facts, weights: Weights) -> Estimate | None:
    share, rate = _share(facts, weights), _rate(facts, weights)
    if not facts.amount or not facts.hourly_cost or share is None:
        return None
    if facts.transferred_monthly_hours is not None and facts.months:
        return hours.cleaning(
            amount=facts.amount, rate=rate, transferred_monthly_hours=facts.transferred_monthly_hours,
            months=facts.months, hourly_cost=facts.hourly_cost,
        )  # fmt: skip
    return hours.classic(amount=facts.amount, labour_share=share, rate=rate, hourly_cost=facts.hourly_cost)


def _reserved_hours(facts: Facts, amount: Decimal | None) -> Estimate | None:
    if not amount or not facts.hourly_cost or facts.labour_share is None:
        return None
    return hours.reserved(
        amount=amount, labour_share=facts.labour_share, reserved_share=RESERVED_SHARE,
        hourly_cost=facts.hourly_cost,
    )  # fmt: skip


def _lots_within_reach(facts: Facts, weights: Weights) -> list[LotFacts]:
    """Those that a structure could hold; an undivided market has none."""
    if len(facts.lots) < 2:
        return []
    shares = {lot.number: dependency(lot.amount, facts.months, weights) for lot in facts.lots}
    return [
        lot
        for lot in facts.lots
        if (share := shares[lot.number]) is not None and share <= weights.lot_dependency
    ]


def _reservation_kind(facts: Facts) -> ProvisionKind:
    supply = facts.supply or Supply("")
    if supply.insertion and supply.disability:
        return ProvisionKind.RESERVED_MIXED
    return ProvisionKind.RESERVED_DISABILITY if supply.disability else ProvisionKind.RESERVED_SIAE


def _article(kind: ProvisionKind) -> str:
    return {
        ProvisionKind.RESERVED_MIXED: "Art. L. 2113-14",
        ProvisionKind.RESERVED_DISABILITY: "Art. L. 2113-12",
    }.get(kind, "Art. L. 2113-13")


def _lot_sentence(lots: list[LotFacts], weights: Weights) -> str:
    if lots:
        named = join_words([str(lot.number) for lot in lots])
        return f"{'Lot' if len(lots) == 1 else 'Lots'} {named} à la mesure d’une structure."
    yearly = format_amount(weights.mean_turnover * weights.lot_dependency)
    return (
        f"Le marché n’est pas divisé : un lot d’au plus {yearly} par an serait à la mesure d’une structure."
    )


def _supply_reasons(facts: Facts) -> tuple[str, ...]:
    supply = facts.supply
    if supply is None:
        return ("Offre locale non comptée : le lieu ou la famille d’achats n’est pas reconnu.",)
    families = f"{_number(supply.insertion)} d’insertion, {_number(supply.disability)} du handicap"
    verb = "structure sait" if supply.able < 2 else "structures savent"
    able = f"{_number(supply.able)} {verb} faire ce métier ({families}) : {supply.place}."
    if supply.able == 0:
        able = f"Aucune structure du répertoire n’indique ce métier : {supply.place}."
    return (able, *_to_ask(supply))


def _to_ask(supply: Supply) -> tuple[str, ...]:
    if not supply.to_ask:
        return ()
    verb = "autre est" if supply.to_ask < 2 else "autres sont"
    return (f"{_number(supply.to_ask)} {verb} à interroger : leur fiche ne dit pas leur métier.",)


def _lending_reasons(supply: Supply) -> tuple[str, ...]:
    if not supply.made_available:
        return ()
    verb = "structure met" if supply.made_available < 2 else "structures mettent"
    return (f"{_number(supply.made_available)} {verb} des personnes à disposition du titulaire.",)


def _history_reasons(facts: Facts) -> tuple[str, ...]:
    others = facts.others
    told = () if facts.last is None else (_last_sentence(facts.last),)
    if others is None:
        return told
    return (
        *told,
        f"{_percent(others.share)} des {_number(others.contracts)} contrats semblables d’autres acheteurs "
        "portent une considération sociale.",
    )


def _last_sentence(last: LastVerdict) -> str:
    reason = f" ({VerdictReason(last.reason).label.lower()})" if last.reason else ""
    verdict = f"{last.verdict.label.lower()}{reason}"
    return f"En {last.year}, l’office a jugé cette famille, chez cet acheteur : {verdict}."


def _duty_reasons(facts: Facts, outcome: Outcome) -> tuple[str, ...]:
    if not facts.has_duty:
        return ()
    at = f" à partir de {format_amount(facts.duty_threshold)} HT" if facts.duty_threshold is not None else ""
    told: tuple[str, ...] = (f"Art. L. 2112-2-1 : condition d’exécution sociale obligatoire{at}.",)
    if outcome in (Outcome.RESERVE_ALL, Outcome.RESERVE_LOT, Outcome.AWARD_CRITERION):
        told += (
            "Une réservation ou un critère seul ne suffit peut-être pas : prévoyez aussi une condition.",
        )
    return told


def _default_share(facts: Facts) -> tuple[str, ...]:
    if not facts.labour_share_is_default:
        return ()
    return ("La part de main-d’œuvre est une valeur générale, à confirmer.",)


def _too_few(estimate: Estimate | None, weights: Weights) -> tuple[str, ...]:
    if estimate is None:
        return ("La part de main-d’œuvre n’est pas connue.",)
    floor = format_hours(weights.minimum_hours)
    return (f"{format_hours(estimate.hours)} estimées : en dessous du plancher de {floor}.",)


def _clause_changes(facts: Facts, weights: Weights) -> tuple[str, ...]:
    told = []
    if facts.supply is None:
        told.append("Le lieu d’exécution et la famille permettraient de compter l’offre locale.")
    else:
        missing = weights.reserve_lot_structures - counted_structures(facts.supply, weights)
        if missing > 0:
            noun = "structure" if missing < 2 else "structures"
            told.append(f"{_number(missing)} {noun} de plus dans ce métier, et un lot pourrait être réservé.")
    if facts.months is None:
        told.append("Sans durée, le montant entier est comparé à une année d’activité.")
    return tuple(told)


def _number(count: int) -> str:
    return format_number(count)


def _percent(share: Decimal) -> str:
    return format_percentage(round_half_up(share * 100, 1))
