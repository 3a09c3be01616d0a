"""`add_buyer 21940028000018 --name "Ville de Rivebelle" --category local --office "Office du Confluent"`"""

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from config.lib.commands import AnsweringCommand, Refusal
from procurement.enums import BuyerCategory
from procurement.forms.buyers import BuyerForm
from procurement.services import buyers


class Command(AnsweringCommand):
    help = "Ajoute un acheteur, et l’office qui l’accompagne s’il est nouveau."

    refusals = (*AnsweringCommand.refusals, buyers.OfficeAmbiguous)

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        # Judged below rather than by argparse, whose sentences are in English.
        parser.add_argument("siret", metavar="SIRET", nargs="?", default="", help="les 14 chiffres")
        parser.add_argument("--name", default="", help="le nom de l’acheteur")
        parser.add_argument("--category", default="", help=" | ".join(BuyerCategory.values))
        parser.add_argument("--office", default="", help="le nom de l’office qui l’accompagne")

    def answer(self, *, siret: str, name: str, category: str, office: str, **options: Any) -> dict[str, Any]:
        given = _judge(siret, name, category)
        enrolment = buyers.enrol(
            siret=given["siret"],
            name=given["name"],
            category=BuyerCategory(given["category"]),
            office_name=_judge_office(office),
            by=None,
            at=timezone.now(),
        )
        self.name = str(enrolment.buyer)
        return {
            "buyer": enrolment.buyer.organisation.siret,
            "office": str(enrolment.office) if enrolment.office else None,
            "created": enrolment.is_new,
        }

    def sentences(self, answered: dict[str, Any]) -> list[str]:
        buyer = f"L’acheteur « {self.name} » ({answered['buyer']})"
        if not answered["created"]:
            return [f"{buyer} existe déjà : sa fiche reste comme elle est.", *_accompanied(answered)]
        alone = "Aucun office ne l’accompagne : relancez avec --office pour qu’il paraisse dans une liste."
        return [f"{buyer} est ajouté.", *(_accompanied(answered) or [alone])]


def _accompanied(answered: dict[str, Any]) -> list[str]:
    office = answered["office"]
    return [f"L’office « {office} » l’accompagne."] if office else []


def _judge(siret: str, name: str, category: str) -> dict[str, Any]:
    known = ", ".join(BuyerCategory.values)
    if category not in BuyerCategory.values:
        raise Refusal(f"La catégorie s’écrit --category avec l’une de ces valeurs : {known}.")
    form = BuyerForm({"siret": siret, "name": name, "category": category})
    if not form.is_valid():
        raise Refusal(next(iter(form.errors.values()))[0])
    return form.cleaned_data


def _judge_office(name: str) -> str:
    name = " ".join(name.split())
    if len(name) > 200:
        raise Refusal("Le nom de l’office compte 200 signes au plus.")
    return name
