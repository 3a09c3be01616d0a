"""What a proposal of each kind must record, what the law refuses, and what may be combined on a lot."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal

from clauses.enums import RESERVATIONS, Objective, PerEuroMode, ProvisionKind
from clauses.rules.catalogue import FORMULA, PROVISIONS
from clauses.rules.objectives import INPUTS
from config.lib import french


WHOLE = ProvisionKind.CLAUSE_AND_CRITERION
# What the columns of hours hold; no contract comes near it.
MOST_HOURS = Decimal("99999999.99")
PARTS = (ProvisionKind.EXECUTION_CONDITION, ProvisionKind.AWARD_CRITERION)

TITLES = {
    "objective": "Mode de calcul",
    "amount": "Montant retenu",
    "labour_share": "Part de main-d’œuvre",
    "rate": "Taux d’insertion",
    "hourly_cost": "Coût horaire",
    "transferred_monthly_hours": "Heures mensuelles du personnel à reprendre",
    "euros_per_hour": "Montant facturé qui doit une heure",
    "threshold_amount": "Seuil de facturation",
    "threshold_mode": "Au-delà du seuil",
    "hours_worked": "Heures travaillées du marché",
    "full_time_months": "Mois de temps plein",
    "yearly_hours": "Durée annuelle d’un temps plein",
    "reserved_share": "Part minimale de travailleurs concernés",
    "criterion_weight": "Pondération du critère",
    "months": "Durée du marché",
    "hours_due": "Heures d’insertion",
}
LABELS = {
    "objective": "le mode de calcul",
    "transferred_monthly_hours": "les heures mensuelles du personnel à reprendre",
    "euros_per_hour": "le montant facturé qui doit une heure",
    "threshold_amount": "le seuil de facturation",
    "threshold_mode": "ce que devient le premier euro une fois le seuil atteint",
    "hours_worked": "les heures travaillées du marché",
    "full_time_months": "le nombre de mois de temps plein",
    "yearly_hours": "la durée annuelle d’un temps plein",
    "amount": "le montant",
    "labour_share": "la part de main-d’œuvre",
    "rate": "le taux d’insertion",
    "hourly_cost": "le coût horaire",
    "reserved_share": "la part minimale de travailleurs concernés",
    "criterion_weight": "la pondération du critère",
    "months": "la durée du marché",
    "hours_due": "les heures",
}


@dataclass(frozen=True)
class Terms:
    """What one proposal says in numbers; shares and rates run from 0 to 1.

    `objective` is left out when the hours are counted in the usual way of their kind.
    """

    objective: Objective | None = None
    amount: Decimal | None = None
    labour_share: Decimal | None = None
    rate: Decimal | None = None
    hourly_cost: Decimal | None = None
    transferred_monthly_hours: Decimal | None = None
    euros_per_hour: Decimal | None = None
    threshold_amount: Decimal | None = None
    threshold_mode: PerEuroMode | None = None
    hours_worked: Decimal | None = None
    full_time_months: Decimal | None = None
    yearly_hours: Decimal | None = None
    reserved_share: Decimal | None = None
    criterion_weight: Decimal | None = None
    months: int | None = None
    hours_due: Decimal | None = None

    @property
    def given(self) -> list[str]:
        return [field.name for field in fields(self) if getattr(self, field.name) is not None]


@dataclass(frozen=True)
class Bounds:
    """Numbers of the law on that day; `None` when nobody keeps them any more."""

    reserved_share_minimum: Decimal | None = None
    ess_months_maximum: int | None = None


@dataclass(frozen=True)
class Objection:
    """`field` is empty when the whole proposal is concerned."""

    field: str
    sentence: str


def counts_by_formula(kind: ProvisionKind) -> bool:
    """Whether its hours come from the numbers of the market: another way of counting may then be chosen."""
    return PROVISIONS[kind].terms[: len(FORMULA)] == FORMULA


def asked(kind: ProvisionKind, objective: Objective | None) -> tuple[str, ...]:
    """The terms that a proposal of this kind may record, counted this way."""
    usual = PROVISIONS[kind].terms
    if objective in (None, Objective.CLASSIC) or not counts_by_formula(kind):
        return usual
    # Hours that are fixed are simply written.
    inputs = () if objective == Objective.FIXED else INPUTS[objective]
    return tuple(dict.fromkeys(["objective", "amount", *inputs, "hours_due", *usual[len(FORMULA) :]]))


def objections(kind: ProvisionKind, terms: Terms, bounds: Bounds) -> list[Objection]:
    """Everything that forbids this proposal, each with the sentence its author will read."""
    provision = PROVISIONS[kind]
    recorded = asked(kind, terms.objective)
    refused = out_of_range(terms)
    return [
        *refused,
        *(Objection(name, _foreign(kind, name)) for name in terms.given if name not in recorded),
        *(
            Objection(name, f"Indiquez {LABELS[name]}.")
            for name in provision.required
            # Hours that could not be computed are no second fault of their author.
            if name not in terms.given and not (name == "hours_due" and refused)
        ),
        *_out_of_bounds(kind, terms, bounds),
    ]


def describe(kind: ProvisionKind, terms: Terms) -> dict[str, str]:
    """The terms in words, as the department reads them; two descriptions tell what changed."""
    shown = {"Disposition sociale": kind.label}
    for name in asked(kind, terms.objective):
        value = getattr(terms, name)
        if value is not None:
            shown[TITLES[name]] = _FORMATS[name](value)
    return shown


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """« Heures : 833 h → 600 h »; nothing was sent before: nothing has changed."""
    if not before:
        return []
    titles = dict.fromkeys([*before, *after])
    return [
        f"{title} : {before.get(title, 'sans objet')} → {after.get(title, 'sans objet')}"
        for title in titles
        if before.get(title) != after.get(title)
    ]


def conflicts(kind: ProvisionKind, others: Collection[ProvisionKind]) -> list[str]:
    """Why this kind may not join those that the lot already carries."""
    sentences = []
    if kind in others:
        sentences.append(f"Ce lot a déjà une proposition « {kind.label} ».")
    if kind in RESERVATIONS:
        reserved = [other for other in RESERVATIONS if other in others and other != kind]
        sentences += [_two_reservations(kind, other) for other in reserved]
    sentences += [
        f"« {WHOLE.label} » comprend déjà « {part.label} »."
        for part in PARTS
        if (kind == WHOLE and part in others) or (kind == part and WHOLE in others)
    ]
    return sentences


def _percent(share: Decimal) -> str:
    return french.format_percentage(share * 100)


def _choice(choice: Objective | PerEuroMode) -> str:
    return str(choice.label)


_FORMATS: Mapping[str, Callable] = {
    "objective": _choice,
    "transferred_monthly_hours": french.format_hours,
    "euros_per_hour": french.format_amount,
    "threshold_amount": french.format_amount,
    "threshold_mode": _choice,
    "hours_worked": french.format_hours,
    "full_time_months": lambda months: f"{french.format_number(months)} mois",
    "yearly_hours": french.format_hours,
    "amount": french.format_amount,
    "labour_share": _percent,
    "rate": _percent,
    "hourly_cost": french.format_amount,
    "reserved_share": _percent,
    "criterion_weight": _percent,
    "months": lambda months: f"{months} mois",
    "hours_due": french.format_hours,
}

# What divides, or counts something that must exist.
_ABOVE_ZERO: Mapping[str, str] = {
    "hourly_cost": "Le coût horaire est supérieur à zéro.",
    "euros_per_hour": "Le montant facturé qui doit une heure est supérieur à zéro.",
    "months": "La durée du marché est d’un mois au moins.",
    "full_time_months": "Le nombre de mois de temps plein est supérieur à zéro.",
    "yearly_hours": "La durée annuelle d’un temps plein est supérieure à zéro.",
    "hours_due": "Le nombre d’heures est supérieur à zéro.",
}
_NOT_NEGATIVE: Mapping[str, str] = {
    "amount": "Le montant ne peut pas être négatif.",
    "transferred_monthly_hours": "Les heures du personnel à reprendre ne peuvent pas être négatives.",
    "threshold_amount": "Le seuil de facturation ne peut pas être négatif.",
    "hours_worked": "Les heures travaillées ne peuvent pas être négatives.",
}
_SHARES: Mapping[str, str] = {
    "labour_share": "Une part de main-d’œuvre",
    "rate": "Un taux d’insertion",
    "reserved_share": "Une part de travailleurs",
    "criterion_weight": "Une pondération",
}


def out_of_range(terms: Terms) -> list[Objection]:
    """Numbers that no formula could use, whatever the kind."""
    found = [
        Objection(name, f"{label} va de 0 à 100 % : {_percent(share)} n’est pas possible.")
        for name, label in _SHARES.items()
        if (share := getattr(terms, name)) is not None and not 0 <= share <= 1
    ]
    numbers = {name: value for name, value in vars(terms).items() if value is not None}
    found += [
        Objection(name, sentence) for name, sentence in _NOT_NEGATIVE.items() if numbers.get(name, 0) < 0
    ]
    found += [
        Objection(name, sentence) for name, sentence in _ABOVE_ZERO.items() if numbers.get(name, 1) <= 0
    ]
    if terms.hours_due is not None and terms.hours_due > MOST_HOURS:
        hours = french.format_hours(terms.hours_due)
        sentence = f"{hours}, c’est trop pour un contrat : vérifiez le montant, les taux et le coût horaire."
        found.append(Objection("hours_due", sentence))
    return found


def _foreign(kind: ProvisionKind, name: str) -> str:
    if kind in RESERVATIONS and name == "rate":
        return "Un marché réservé n’a pas de taux d’insertion : laissez ce champ vide."
    return f"« {kind.label} » ne demande pas {LABELS[name]} : laissez ce champ vide."


def _out_of_bounds(kind: ProvisionKind, terms: Terms, bounds: Bounds) -> list[Objection]:
    found = []
    least, most = bounds.reserved_share_minimum, bounds.ess_months_maximum
    if (
        least is not None
        and "reserved_share" in PROVISIONS[kind].terms
        and terms.reserved_share is not None
        and terms.reserved_share < least
    ):
        sentence = (
            f"Un marché réservé demande au moins {_percent(least)} de travailleurs concernés "
            "(article R. 2113-7)."
        )
        found.append(Objection("reserved_share", sentence))
    if (
        kind == ProvisionKind.RESERVED_ESS
        and most is not None
        and terms.months is not None
        and terms.months > most
    ):
        sentence = (
            f"Un marché réservé à l’économie sociale et solidaire dure {most} mois au plus "
            "(article L. 2113-16)."
        )
        found.append(Objection("months", sentence))
    return found


def _two_reservations(kind: ProvisionKind, other: ProvisionKind) -> str:
    if ProvisionKind.RESERVED_PRISON in (kind, other):
        return "La réservation au milieu pénitentiaire ne se combine avec aucune autre (article L. 2113-14)."
    if {kind, other} == {ProvisionKind.RESERVED_DISABILITY, ProvisionKind.RESERVED_SIAE}:
        return (
            "Pour ouvrir le lot au handicap et à l’insertion à la fois, préparez une seule proposition "
            f"« {ProvisionKind.RESERVED_MIXED.label} » (article L. 2113-14)."
        )
    return f"Ce lot est déjà réservé : « {other.label} »."
