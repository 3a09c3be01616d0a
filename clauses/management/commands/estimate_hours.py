"""`estimate_hours classic --amount 1000000 --labour-share 0.5 --rate 0.05 --hourly-cost 30 --json`"""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from clauses.enums import Objective, PerEuroMode
from clauses.queries import references
from clauses.queries.references import Reference, References
from clauses.rules import objectives
from clauses.rules.hours import Estimate
from clauses.rules.objectives import INPUTS, SHARES, STRICTLY_POSITIVE
from config.lib.commands import AnsweringCommand, Refusal
from config.lib.french import format_hours


# The rules speak of a proposal, the command of one formula at a time: shorter names here.
NAMES = {
    (Objective.PER_EURO, "amount"): "invoiced",
    (Objective.PER_EURO, "threshold_amount"): "threshold",
    (Objective.PER_EURO, "threshold_mode"): "mode",
    (Objective.WORKED, "hours_worked"): "hours",
    (Objective.FULL_TIME, "full_time_months"): "months",
    (Objective.FIXED, "fixed_hours"): "hours",
}
A_SHARE = "une part s’écrit de 0 à 1 (5 % : 0.05)."
# Read from the reference values when it is not given.
OPTIONAL = {(Objective.CLEANING, "hourly_cost")}


def _argument(objective: Objective, name: str) -> str:
    return NAMES.get((objective, name), name)


ARGUMENTS = sorted({_argument(objective, name) for objective, names in INPUTS.items() for name in names})


class MissingReference(CommandError):
    """A value that an administrator no longer keeps: a failure of ours, not of the arguments."""


class Command(AnsweringCommand):
    help = "Calcule les heures d’insertion d’un marché, avec la formule et un conseil."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("formula", nargs="?", default="", help=" | ".join(Objective.values))
        for name in ARGUMENTS:
            parser.add_argument(_option(name), dest=name)

    def answer(self, *, formula: str, **options: Any) -> dict[str, Any]:
        if formula not in Objective.values:
            raise Refusal(f"Formules connues : {', '.join(Objective.values)}.")
        objective = Objective(formula)
        _refuse_foreign(objective, options)
        given = {name: _given(objective, name, options) for name in INPUTS[objective]}
        self.estimate = _estimate(objective, given, references.general(timezone.localdate()))
        return _answer(self.estimate)

    def sentences(self, answered: dict[str, Any]) -> list[str]:
        estimate = self.estimate
        hours_found = f"{format_hours(estimate.exact)}, soit {format_hours(estimate.hours)}"
        return [f"{estimate.formula} = {hours_found}.", *(estimate.reasons or ["Une clause est possible."])]


def _estimate(objective: Objective, given: dict[str, Any], known: References) -> Estimate:
    if objective == Objective.CLEANING and given["hourly_cost"] is None:
        given["hourly_cost"] = _kept(known.cleaning_hourly_cost, "cleaning-hourly-cost").value
    if objective == Objective.TRAINING and not known.training:
        raise MissingReference("Le barème de la clause de formation manque dans les valeurs de référence.")
    estimate = objectives.estimate(objective, given, known.conventions)
    if estimate is None:
        raise CommandError("Ces nombres ne permettent aucun calcul.")
    return estimate


def _kept(reference: Reference | None, code: str) -> Reference:
    if reference is None:
        raise MissingReference(f"La valeur de référence « {code} » manque.")
    return reference


def _refuse_foreign(objective: Objective, options: dict[str, str | None]) -> None:
    """A number that the formula does not read would be a number lost."""
    asked = {_argument(objective, name) for name in INPUTS[objective]}
    for name in ARGUMENTS:
        if options[name] is not None and name not in asked:
            raise Refusal(f"{_option(name)} : la formule « {objective.value} » ne s’en sert pas.")


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _given(objective: Objective, name: str, options: dict[str, str | None]) -> Decimal | PerEuroMode | None:
    option = _argument(objective, name)
    text = options[option]
    if text is None and (objective, name) in OPTIONAL:
        return None
    if text is None:
        raise Refusal(f"Indiquez {_option(option)}.")
    if name == "threshold_mode":
        return _mode(text)
    number = _number(text)
    if refusal := _refusal(name, number):
        raise Refusal(f"{_option(option)} {text} : {refusal}")
    return number


def _mode(text: str) -> PerEuroMode:
    if text not in PerEuroMode.values:
        raise Refusal(f"--mode {text} : {' ou '.join(PerEuroMode.values)} est attendu.")
    return PerEuroMode(text)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _refusal(name: str, number: Decimal | None) -> str:
    if number is None:
        return A_SHARE if name in SHARES else "un nombre est attendu."
    refused = {
        "un nombre positif est attendu.": number < 0 or (number == 0 and name in STRICTLY_POSITIVE),
        A_SHARE: name in SHARES and number > 1,
        "ce nombre est trop grand.": number >= 10**12,
        "un nombre entier de mois est attendu.": name == "months" and number % 1 != 0,
    }
    return next((sentence for sentence, found in refused.items() if found), "")


def _answer(estimate: Estimate) -> dict:
    answer = {
        "exact": _plain(estimate.exact),
        "hours": _plain(estimate.hours),
        "advice": estimate.advice,
        "reasons": list(estimate.reasons),
    }
    if estimate.labour_ratio is not None:
        answer["labour_ratio"] = _plain(estimate.labour_ratio)
    return answer


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
