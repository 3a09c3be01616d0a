"""`estimate_hours classic --amount 1000000 --labour-share 0.5 --rate 0.05 --hourly-cost 30 --json`"""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from clauses.enums import PerEuroMode
from clauses.models import ReferenceValue
from clauses.queries import references
from clauses.queries.references import References
from clauses.rules import hours
from clauses.rules.hours import Estimate
from config.lib.commands import AnsweringCommand, Refusal
from config.lib.french import format_hours


SHARES = {"labour_share", "rate"}
STRICTLY_POSITIVE = {"hourly_cost", "euros_per_hour", "months", "yearly_hours"}

# Formula → its arguments, in the order of interfaces.md.
ARGUMENTS = {
    "classic": ("amount", "labour_share", "rate", "hourly_cost"),
    "per-euro": ("invoiced", "euros_per_hour", "threshold", "mode"),
    "cleaning": ("amount", "rate", "transferred_monthly_hours", "months"),
    "training": ("amount",),
    "worked": ("hours", "rate"),
    "fte": ("months", "yearly_hours"),
}


class MissingReference(CommandError):
    """A value that an administrator no longer keeps: a failure of ours, not of the arguments."""


class Command(AnsweringCommand):
    help = "Calcule les heures d’insertion d’un marché, avec la formule et un conseil."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("formula", nargs="?", default="", help=" | ".join(ARGUMENTS))
        for name in sorted({name for names in ARGUMENTS.values() for name in names}):
            parser.add_argument(_option(name), dest=name)

    def answer(self, *, formula: str, **options: Any) -> dict[str, Any]:
        if formula not in ARGUMENTS:
            raise Refusal(f"Formules connues : {', '.join(ARGUMENTS)}.")
        given = {name: _read(name, options[name]) for name in ARGUMENTS[formula]}
        self.estimate = ESTIMATES[formula](given, references.general(timezone.localdate()))
        return _answer(self.estimate)

    def sentences(self, answered: dict[str, Any]) -> list[str]:
        estimate = self.estimate
        hours_found = f"{format_hours(estimate.exact)}, soit {format_hours(estimate.hours)}"
        return [f"{estimate.formula} = {hours_found}.", *(estimate.reasons or ["Une clause est possible."])]


def _cleaning(given: dict, known: References) -> Estimate:
    rows = ReferenceValue.objects.by_code(timezone.localdate())
    if "cleaning-hourly-cost" not in rows:
        raise MissingReference("La valeur de référence « cleaning-hourly-cost » manque.")
    if given["months"] != given["months"].to_integral_value():
        raise Refusal("--months : un nombre entier de mois est attendu.")
    months = int(given.pop("months"))
    cost = rows["cleaning-hourly-cost"].value
    return hours.cleaning(**given, months=months, hourly_cost=cost, floor=known.floor_hours)


def _training(given: dict, known: References) -> Estimate:
    if not known.training:
        raise MissingReference("Le barème de la clause de formation manque dans les valeurs de référence.")
    return hours.training(**given, hours_by_bracket=known.hours_by_bracket)


ESTIMATES: dict[str, Callable[[dict, References], Estimate]] = {
    "classic": lambda given, known: hours.classic(**given, floor=known.floor_hours),
    "per-euro": lambda given, known: hours.per_euro(**given),
    "cleaning": _cleaning,
    "training": _training,
    "worked": lambda given, known: hours.worked(**given),
    "fte": lambda given, known: hours.full_time(**given),
}


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _read(name: str, text: str | None) -> Decimal | PerEuroMode:
    if text is None:
        raise Refusal(f"Indiquez {_option(name)}.")
    if name == "mode":
        return _mode(text)
    refusal = _refusal(name, number := _number(text))
    if refusal:
        raise Refusal(f"{_option(name)} {text} : {refusal}")
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
        return "un nombre est attendu."
    if number < 0 or (number == 0 and name in STRICTLY_POSITIVE):
        return "un nombre positif est attendu."
    if name in SHARES and number > 1:
        return "une part s’écrit de 0 à 1 (5 % : 0.05)."
    if number >= 10**12:
        return "ce nombre est trop grand."
    return ""


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
