"""Which outcome the facts lead to: the first step that answers wins."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from clauses.enums import Outcome, ProvisionKind, Verdict, VerdictReason
from clauses.rules.hours import Estimate
from clauses.rules.suggestion import reasons
from clauses.rules.suggestion.facts import Facts, Suggestion, Supply, Weights
from clauses.rules.suggestion.measures import (
    clause_hours,
    counted_structures,
    dependency,
    has_too_little_labour,
    lots_within_reach,
    reserved_hours,
    suggested_rate,
)


def suggest(facts: Facts, weights: Weights) -> Suggestion:
    found = next(found for step in _STEPS if (found := step(facts, weights)) is not None)
    common = reasons.common(facts, found.outcome)
    return replace(found, reasons=(*found.reasons, *(row for row in common if row not in found.reasons)))


def _insertion_service(facts: Facts, weights: Weights) -> Suggestion | None:
    word = next((word for word in weights.service_words if word and word in facts.title_words), None)
    if word is None:
        return None
    return Suggestion(
        Outcome.INSERTION_SERVICE, reasons.insertion_service(word), ProvisionKind.INSERTION_SERVICE
    )


def _missing(facts: Facts, weights: Weights) -> Suggestion | None:
    del weights
    missing = [] if facts.amount else ["le montant estimé"]
    if not facts.family and not facts.is_nature_known:
        missing.append("la famille d’achats ou la nature")
    if not facts.hourly_cost:
        missing.append("le coût horaire")
    if not missing:
        return None
    told = reasons.missing(missing)
    return Suggestion(Outcome.UNKNOWN, told, missing=tuple(missing), verdict=Verdict.TO_STUDY)


def _as_last_time(facts: Facts, weights: Weights) -> Suggestion | None:
    last = facts.last
    if last is None or not weights.follows_last_verdict or facts.has_duty:
        return None
    if last.verdict != Verdict.NOT_CLAUSABLE:
        return None
    if last.reason == VerdictReason.NO_SUPPLY and facts.supply and facts.supply.able:
        return None
    return Suggestion(
        Outcome.NONE, (reasons.last_verdict(last),), changes=reasons.AS_LAST_TIME_CHANGES,
        verdict=Verdict.NOT_CLAUSABLE, verdict_reason=last.reason,
    )  # fmt: skip


def _reserve_all(facts: Facts, weights: Weights) -> Suggestion | None:
    number, share = counted_structures(facts.supply, weights), dependency(facts.amount, facts.months, weights)
    enough = number >= max(weights.reserve_all_structures, weights.reserve_lot_structures, 1)
    if not enough or share is None or share > weights.dependency:
        return None
    kind = _reservation_kind(facts)
    found = Suggestion(
        Outcome.RESERVE_ALL, reasons.reserve_all(facts, weights, kind, share), kind,
        changes=reasons.reserve_all_changes(weights),
    )  # fmt: skip
    return _counted(found, reserved_hours(facts, facts.amount))


def _reserve_lot(facts: Facts, weights: Weights) -> Suggestion | None:
    number = counted_structures(facts.supply, weights)
    if number < max(weights.reserve_lot_structures, 1):
        return None
    lots = lots_within_reach(facts, weights)
    share = dependency(facts.amount, facts.months, weights)
    if not lots and (len(facts.lots) > 1 or share is None or share > 1):
        return None
    kind = _reservation_kind(facts)
    found = Suggestion(
        Outcome.RESERVE_LOT, reasons.reserve_lot(facts, weights, kind, lots), kind,
        lots=tuple(lot.number for lot in lots), changes=reasons.reserve_lot_changes(weights),
    )  # fmt: skip
    amount = sum((lot.amount or Decimal(0) for lot in lots), Decimal(0)) or None
    return _counted(found, reserved_hours(facts, amount))


def _execution_clause(facts: Facts, weights: Weights) -> Suggestion | None:
    estimate = clause_hours(facts, weights)
    if estimate is None or estimate.exact == 0 or has_too_little_labour(facts, weights):
        return None
    if estimate.exact < weights.minimum_hours and not facts.has_duty:
        return None
    found = Suggestion(
        Outcome.EXECUTION_CLAUSE, reasons.execution_clause(facts, weights, estimate),
        ProvisionKind.EXECUTION_CONDITION, rate=suggested_rate(facts, weights),
        changes=reasons.clause_changes(facts, weights),
    )  # fmt: skip
    return _counted(found, estimate)


def _award_criterion(facts: Facts, weights: Weights) -> Suggestion | None:
    estimate = clause_hours(facts, weights)
    is_labour = not has_too_little_labour(facts, weights)
    worth_it = is_labour and estimate is not None and estimate.exact >= weights.criterion_hours
    others_do = facts.others is not None and facts.others.share >= weights.benchmark_share
    if not worth_it and not others_do:
        return None
    found = Suggestion(
        Outcome.AWARD_CRITERION, reasons.award_criterion(facts, weights, estimate),
        ProvisionKind.AWARD_CRITERION,
        changes=reasons.clause_changes(facts, weights), verdict=Verdict.TO_STUDY,
    )  # fmt: skip
    return _counted(found, estimate)


def _none(facts: Facts, weights: Weights) -> Suggestion:
    estimate = clause_hours(facts, weights)
    found = Suggestion(
        Outcome.NONE, reasons.nothing(facts, weights, estimate),
        changes=reasons.clause_changes(facts, weights), verdict=Verdict.NOT_CLAUSABLE,
        verdict_reason=VerdictReason.NO_LABOUR,
    )  # fmt: skip
    if facts.has_duty:
        # Nothing to suggest is no answer to the law: somebody has to look, and maybe to sign a derogation.
        found = replace(found, verdict=Verdict.TO_STUDY, verdict_reason="")
    return _counted(found, estimate)


_STEPS: tuple[Callable[[Facts, Weights], Suggestion | None], ...] = (
    _insertion_service, _missing, _as_last_time, _reserve_all, _reserve_lot, _execution_clause,
    _award_criterion, _none,
)  # fmt: skip


def _counted(found: Suggestion, estimate: Estimate | None) -> Suggestion:
    if estimate is None:
        return found
    return replace(found, hours=estimate.hours, formula=estimate.formula)


def _reservation_kind(facts: Facts) -> ProvisionKind:
    supply = facts.supply or Supply("")
    if supply.insertion and supply.disability:
        return ProvisionKind.RESERVED_MIXED
    return ProvisionKind.RESERVED_DISABILITY if supply.disability else ProvisionKind.RESERVED_SIAE
