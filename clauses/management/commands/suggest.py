"""`suggest --buyer 21940028600013 --year 2027 --json`"""

from decimal import Decimal
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from accounts.models import Mandate, Office
from clauses.enums import Outcome
from clauses.queries import advice
from clauses.queries.advice import Advice
from config.lib.commands import AnsweringCommand, Refusal
from config.lib.french import format_hours, format_number
from procurement.models import Market, PurchasePlan


class Command(AnsweringCommand):
    help = "Dit ce que la règle de l’office suggère pour chaque ligne du plan d’un acheteur, et pourquoi."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--buyer", default="", help="le SIRET de l’acheteur")
        parser.add_argument("--year", default="", help="l’année du plan")

    def answer(self, *, buyer: str, year: str, **options: Any) -> dict[str, Any]:
        plan = _plan("".join(buyer.split()), year)
        rows = Market.objects.filter(plan=plan).order_by("reference", "pk")
        lines = list(
            rows.select_related("family", "plan__buyer__organisation").prefetch_related("programmes")
        )
        given = advice.advise(lines, _office(plan), timezone.localdate())
        return {"lines": [_line(line, given[line.pk]) for line in lines]}

    def sentences(self, answered: dict[str, Any]) -> list[str]:
        return [_sentence(line) for line in answered["lines"]] or ["Ce plan n’a aucune ligne."]


def _plan(siret: str, year: str) -> PurchasePlan:
    if not siret:
        raise Refusal("Indiquez --buyer.")
    if not year.isdecimal():
        raise Refusal(f"--year {year} : une année sur quatre chiffres est attendue.")
    try:
        return PurchasePlan.objects.get(buyer__organisation__siret=siret, year=int(year[:9]))
    except PurchasePlan.DoesNotExist as error:
        raise Refusal(f"Aucun plan d’achats {year} pour l’acheteur {siret}.") from error


def _office(plan: PurchasePlan) -> Office | None:
    """The one that serves this buyer today: the rule and the former verdicts are its own."""
    mandates = Mandate.objects.in_force().filter(partner=plan.buyer_id).order_by("starts_on", "pk")
    mandate = next(iter(mandates.select_related("office__organisation")[:1]), None)
    return mandate.office if mandate else None


def _line(market: Market, given: Advice) -> dict[str, Any]:
    return {
        "reference": market.reference,
        "title": market.title,
        "suggestion": given.outcome.value,
        "reasons": list(given.reasons),
        "hours": None if given.hours is None else f"{given.hours:f}",
        "structures": given.structures,
        "rate": None if given.suggestion.rate is None else f"{given.suggestion.rate.normalize():f}",
        "lots": list(given.suggestion.lots),
        "missing": list(given.suggestion.missing),
        "rule_version": given.version,
    }


def _sentence(line: dict[str, Any]) -> str:
    hours = "" if line["hours"] is None else f", {format_hours(Decimal(line['hours']))}"
    structures = f"{format_number(line['structures'])} structures"
    name = f"{line['reference']} {line['title']}".strip()
    return f"{name} : {Outcome(line['suggestion']).label}{hours}, {structures}. {' '.join(line['reasons'])}"
