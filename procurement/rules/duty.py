"""What the Code de la commande publique asks of a need: procedure, dispensation, social duty.

Amounts are the estimated value of all lots with their renewals, in euros excluding tax (articles R. 2121-1
to R. 2121-9). What is known only within bounds is judged at each of them: where they agree, it is settled.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product

from config.lib.french import format_amount, format_date_long, join_words
from procurement.enums import (
    BuyerCategory,
    Certainty,
    DutyMotive,
    Nature,
    Regime,
    ThresholdEffect,
    ThresholdNature,
)


DUTY_ARTICLE = "article L. 2112-2-1 du code de la commande publique"
_ORDINARY: dict[Nature, tuple[ThresholdNature, ...]] = {
    Nature.WORKS: (ThresholdNature.WORKS,),
    Nature.SUPPLIES: (ThresholdNature.SUPPLIES_SERVICES,),
    Nature.SERVICES: (ThresholdNature.SUPPLIES_SERVICES,),
    Nature.UNKNOWN: (ThresholdNature.WORKS, ThresholdNature.SUPPLIES_SERVICES),
}
_SPECIFIC: tuple[ThresholdNature, ...] = (ThresholdNature.SOCIAL_SERVICES,)
_DEFENCE: tuple[ThresholdNature, ...] = (ThresholdNature.DEFENCE,)
THRESHOLD_NATURES: dict[Regime, dict[Nature, tuple[ThresholdNature, ...]]] = {
    Regime.ORDINARY: _ORDINARY,
    # Works and supplies are no services, whatever their CPV code says.
    Regime.SPECIFIC: _ORDINARY | {Nature.SERVICES: _SPECIFIC, Nature.UNKNOWN: _SPECIFIC},
    Regime.DEFENCE: {
        Nature.WORKS: (ThresholdNature.DEFENCE_WORKS,),
        Nature.SUPPLIES: _DEFENCE,
        Nature.SERVICES: _DEFENCE,
        Nature.UNKNOWN: (ThresholdNature.DEFENCE_WORKS, ThresholdNature.DEFENCE),
    },
}
DEFENCE_NATURES = (ThresholdNature.DEFENCE, ThresholdNature.DEFENCE_WORKS)
WHOSE = {
    BuyerCategory.STATE: "État",
    BuyerCategory.LOCAL: "collectivités et hôpitaux",
    BuyerCategory.ENTITY: "entités adjudicatrices",
}


@dataclass(frozen=True)
class Threshold:
    """An empty `category` is that of every buyer; `valid_to` is excluded, and open when `None`."""

    effect: ThresholdEffect
    category: str
    nature: ThresholdNature
    amount: Decimal | None
    valid_from: date
    valid_to: date | None
    source: str

    def is_in_force(self, on: date) -> bool:
        """Of one that has begun."""
        return self.valid_to is None or on < self.valid_to


@dataclass(frozen=True)
class Exemption:
    code: DutyMotive
    wording: str
    nature: str
    less_than_months: int | None
    valid_from: date
    valid_to: date | None

    def fits(self, need: "Need", on: date) -> bool:
        """Whether it may be invoked; a length that nobody knows is not under the limit."""
        if on < self.valid_from or (self.valid_to is not None and on >= self.valid_to):
            return False
        if self.nature and any(nature != self.nature for nature in need.natures):
            return False
        return self.less_than_months is None or (
            need.months is not None and need.months < self.less_than_months
        )


@dataclass(frozen=True)
class SpecificServices:
    """A range of CPV codes, both ends included, of the list of social and other specific services."""

    cpv_from: str
    cpv_to: str
    valid_from: date
    valid_to: date | None

    def holds(self, cpv_code: str, launch_on: date | None) -> bool:
        """Without a launch, the list that stays open is the one that counts."""
        if not self.cpv_from <= cpv_code <= self.cpv_to:
            return False
        if launch_on is None:
            return self.valid_to is None
        return self.valid_from <= launch_on and (self.valid_to is None or launch_on < self.valid_to)


@dataclass(frozen=True)
class Law:
    """The rows of the law, past ones included: each need is judged by those of its own day."""

    thresholds: tuple[Threshold, ...]
    exemptions: tuple[Exemption, ...]
    specific_services: tuple[SpecificServices, ...] = ()

    def regime(
        self, *, defence: Certainty, specific_service: Certainty, cpv_code: str, launch_on: date | None
    ) -> Regime:
        """What the buyer says, else what the CPV code tells; who says nothing buys as most buyers do."""
        if defence == Certainty.YES:
            return Regime.DEFENCE
        told = specific_service == Certainty.UNKNOWN and any(
            row.holds(cpv_code, launch_on) for row in self.specific_services
        )
        return Regime.SPECIFIC if told or specific_service == Certainty.YES else Regime.ORDINARY

    def threshold(
        self, effect: ThresholdEffect, category: BuyerCategory, nature: ThresholdNature, on: date
    ) -> Threshold | None:
        """In force on that day, that of the category first; the last known one when the next has not been
        recorded yet."""
        known = [
            row
            for row in self.thresholds
            if row.effect == effect
            and row.nature == nature
            and row.category in ("", category)
            and row.valid_from <= on
        ]
        return max(
            known, key=lambda row: (row.is_in_force(on), bool(row.category), row.valid_from), default=None
        )


@dataclass(frozen=True)
class Need:
    """`amounts` and `launches` are bounds, equal when the value is known, empty when nothing is."""

    category: BuyerCategory
    natures: tuple[ThresholdNature, ...]
    amounts: tuple[Decimal, ...]
    launches: tuple[date, ...]
    months: int | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        facts = {
            "le montant estimé": self.amounts,
            "la date de lancement": self.launches,
            "la nature": self.natures,
        }
        return tuple(name for name, bounds in facts.items() if not bounds)


@dataclass(frozen=True)
class Duty:
    """`None` where the facts do not settle it; then `missing` says what would."""

    threshold: Decimal | None
    is_formal: bool | None
    is_dispensed: bool | None
    has_social_duty: bool | None
    exemptions: tuple[Exemption, ...]
    missing: tuple[str, ...]
    text: str
    source: str = ""

    @property
    def level(self) -> str:
        """The procedure in two words, for a badge."""
        if self.is_formal:
            return "Procédure formalisée"
        if self.is_dispensed:
            return "Sans publicité"
        return "Procédure adaptée" if self.is_formal is False else "Procédure à préciser"


@dataclass(frozen=True)
class _Case:
    """One combination of bounds, judged."""

    nature: ThresholdNature
    amount: Decimal
    launch: date
    formal: Threshold | None
    is_reached: bool | None
    is_formal: bool | None
    is_dispensed: bool
    has_social_duty: bool | None


def judge(need: Need, law: Law) -> Duty:
    if need.missing:
        sentence = f"On ne peut pas conclure : il manque {join_words(need.missing)}."
        return Duty(None, None, None, None, (), need.missing, sentence)
    cases = [
        _judge_case(need.category, *case, law) for case in product(need.natures, need.amounts, need.launches)
    ]
    has_duty = _agreed(case.has_social_duty for case in cases)
    rows = {case.formal for case in cases}
    row = rows.pop() if len(rows) == 1 else None
    on = max(need.launches)
    return Duty(
        threshold=row.amount if row else None,
        is_formal=_agreed(case.is_formal for case in cases),
        is_dispensed=_agreed(case.is_dispensed for case in cases),
        has_social_duty=has_duty,
        exemptions=tuple(found for found in law.exemptions if has_duty and found.fits(need, on)),
        missing=_doubts(need, cases),
        text=_text(need, cases, row),
        source=row.source if row else "",
    )


def natures_of(nature: Nature, regime: Regime = Regime.ORDINARY) -> tuple[ThresholdNature, ...]:
    """The natures under which a need may be judged; both when the buyer does not know."""
    return THRESHOLD_NATURES[regime][nature]


def _judge_case(
    category: BuyerCategory, nature: ThresholdNature, amount: Decimal, launch: date, law: Law
) -> _Case:
    formal = law.threshold(ThresholdEffect.FORMAL, category, nature, launch)
    dispensed = law.threshold(ThresholdEffect.DISPENSED, category, nature, launch)
    duty = law.threshold(ThresholdEffect.SOCIAL_DUTY, category, nature, launch)
    is_reached = None if formal is None or formal.amount is None else amount >= formal.amount
    # Article R. 2123-1, 3°: these services take the adapted procedure whatever their value.
    is_formal = False if nature == ThresholdNature.SOCIAL_SERVICES and is_reached else is_reached
    under = dispensed is not None and dispensed.amount is not None and amount < dispensed.amount
    has_duty = is_reached if runs(duty, launch) else False
    return _Case(nature, amount, launch, formal, is_reached, is_formal, under, has_duty)


def runs(duty: Threshold | None, on: date) -> bool:
    """An amount is carried over until its successor is recorded; a duty that was ended is over."""
    return duty is not None and duty.is_in_force(on)


def _agreed(answers: Iterable[bool | None]) -> bool | None:
    found = set(answers)
    return found.pop() if len(found) == 1 else None


def _doubts(need: Need, cases: list[_Case]) -> tuple[str, ...]:
    """The facts whose bounds make the answer change."""
    outcomes = {(case.is_formal, case.is_dispensed, case.has_social_duty) for case in cases}
    if len(outcomes) == 1:
        return ()
    bounds = {
        "la nature": len(need.natures) > 1,
        "le montant exact": len(set(need.amounts)) > 1,
        "la date de lancement": len(set(need.launches)) > 1,
    }
    return tuple(name for name, is_open in bounds.items() if is_open)


def _text(need: Need, cases: list[_Case], row: Threshold | None) -> str:
    doubts = _doubts(need, cases)
    if doubts:
        return f"La réponse dépend de ce que l’on sait encore mal : {join_words(doubts)}."
    case = cases[-1]
    if row is None or row.amount is None:
        if case.is_reached is None:
            return f"Aucun seuil européen n’est enregistré au {format_date_long(case.launch)}."
        return (
            _duty_sentence(case) if case.is_reached else "Sous le seuil européen, quelle que soit la nature."
        )
    return f"{_threshold_sentence(need, case, row)} {_duty_sentence(case)}".strip()


def _threshold_sentence(need: Need, case: _Case, row: Threshold) -> str:
    whose = WHOSE[need.category] if row.category else "tous acheteurs"
    scope = f"{ThresholdNature(row.nature).label.lower()}, {whose}"
    amount, threshold = format_amount(case.amount), format_amount(row.amount or 0)
    carried = "" if row.valid_to is None or case.launch < row.valid_to else ", dernier seuil connu"
    against = f"le seuil européen de {threshold} HT ({scope}{carried})"
    if case.is_reached:
        level = (
            "procédure formalisée."
            if case.is_formal
            else "procédure adaptée quel que soit le montant (article R. 2123-1, 3°)."
        )
        return f"{amount} HT atteint {against} : {level}"
    followed = (
        "dispense de publicité et de mise en concurrence préalables (article R. 2122-8)."
        if case.is_dispensed
        else "procédure adaptée."
    )
    return f"{amount} HT reste sous {against} : {followed}"


def _duty_sentence(case: _Case) -> str:
    if case.has_social_duty:
        return (
            "Des conditions d’exécution sociales sont obligatoires, sauf motif justifié par l’acheteur "
            f"({DUTY_ARTICLE})."
        )
    if case.is_reached and case.nature in DEFENCE_NATURES:
        return f"Les marchés de défense ou de sécurité échappent à l’obligation sociale ({DUTY_ARTICLE})."
    if case.is_reached:
        return (
            f"Lancée le {format_date_long(case.launch)}, la consultation précède l’obligation de conditions "
            f"d’exécution sociales ({DUTY_ARTICLE})."
        )
    return ""
