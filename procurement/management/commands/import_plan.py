from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction
from django.utils import timezone

from config.lib.commands import ImportCommand, Refusal
from config.lib.french import format_number
from config.lib.intake import Counts, Issue
from procurement.imports import FilePlan
from procurement.models import Buyer, PurchasePlan
from procurement.services import buyers, plan_files, plans
from procurement.services.drafts import PlanNotDraft


class Command(ImportCommand):
    help = "Importe le plan d’achats d’un acheteur (.csv, .xlsx, .ods, .json) ; à blanc sans --wet-run."
    refusals = (*ImportCommand.refusals, buyers.SiretRefused, plans.YearRefused, PlanNotDraft)

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--buyer", required=True, metavar="SIRET")
        parser.add_argument("--year", required=True)

    def preview(self, name: str, content: bytes, **options: Any) -> tuple[Counts, list[Issue]]:
        return self._told(plan_files.preview(plan=_plan(options), data=content, name=name))

    @transaction.atomic
    def apply(self, name: str, content: bytes, **options: Any) -> tuple[Counts, list[Issue]]:
        plan = _plan(options)
        if plan.pk is None:
            plan = plans.start(buyer=plan.buyer, year=plan.year, by=None)
        return self._told(plan_files.take_in(plan=plan, data=content, name=name, by=None, at=timezone.now()))

    def _told(self, found: FilePlan) -> tuple[Counts, list[Issue]]:
        sheets = [
            f"La feuille « {name} » n’est pas un plan : elle n’est pas lue." for name in found.ignored_sheets
        ]
        absent = len(found.absent)
        gone = [f"{format_number(absent)} marchés du plan ne sont pas dans ce fichier : ils restent."]
        self.remarks = (*sheets, *(gone if absent else []))
        return found.counts, found.issues


def _plan(options: dict[str, Any]) -> PurchasePlan:
    """The plan of this buyer and year, not saved when it is new. Raises a refusal."""
    number, year = buyers.check_siret(options["buyer"]), plans.check_year(options["year"])
    try:
        buyer = Buyer.objects.select_related("organisation").get(organisation__siret=number)
    except Buyer.DoesNotExist as error:
        raise Refusal(f"Aucun acheteur ne porte le SIRET {number} : ajoutez-le avec add_buyer.") from error
    return plans.of_year(buyer=buyer, year=year)
