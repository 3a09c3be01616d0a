import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from clauses.queries import considerations
from config.lib.commands import AnsweringCommand, Refusal
from procurement.models import Buyer
from procurement.services import buyers, plans


class Command(AnsweringCommand):
    help = "Donne, contrat par contrat, l’objet « considerationsSociales » à publier (DECP v2.0.3)."
    refusals = (*AnsweringCommand.refusals, buyers.SiretRefused, plans.YearRefused)

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--buyer", required=True, metavar="SIRET")
        parser.add_argument("--year", required=True, help="l’année de la notification")
        parser.add_argument("--output", metavar="FILE", default="", help="écrit l’objet JSON dans ce fichier")

    def answer(self, *, buyer: str, year: str, output: str, **options: Any) -> dict[str, Any]:
        number, of_year = buyers.check_siret(buyer), plans.check_year(year)
        try:
            found = Buyer.objects.get(organisation__siret=number)
        except Buyer.DoesNotExist as error:
            raise Refusal(
                f"Aucun acheteur ne porte le SIRET {number} : ajoutez-le avec add_buyer."
            ) from error
        declared = considerations.declared(buyer=found, year=of_year)
        answered = {"buyer": number, "year": of_year, "contracts": [_told(row) for row in declared]}
        if output:
            _write(output, answered)
        return answered

    def sentences(self, answered: dict[str, Any]) -> list[str]:
        contracts = answered["contracts"]
        if not contracts:
            return [f"Aucun contrat de cet acheteur n’est notifié en {answered['year']}."]
        return [
            f"{contract['id']} : {', '.join(contract['considerationsSociales']['considerationSociale'])}"
            for contract in contracts
        ]


def _told(row: considerations.Declared) -> dict[str, Any]:
    return {
        "id": row.reference,
        "objet": row.title,
        "dateNotification": row.notified_on.isoformat(),
        "considerationsSociales": {"considerationSociale": list(row.considerations)},
    }


def _write(path: str, answered: dict[str, Any]) -> None:
    try:
        Path(path).write_text(json.dumps(answered, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise Refusal(f"Le fichier « {path} » ne peut pas être écrit.") from error
