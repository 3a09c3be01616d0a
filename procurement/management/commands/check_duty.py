"""`check_duty --buyer-category local --nature services --amount 216000 --launch 2026-08-22 --json`"""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import CommandParser

from config.lib.commands import AnsweringCommand, Refusal
from procurement.enums import BuyerCategory, Nature, Regime
from procurement.queries import duties
from procurement.rules.duty import Duty, Need, judge, natures_of


MOST = Decimal(10) ** 12
LONGEST = 600
NATURES = [nature.value for nature in Nature if nature != Nature.UNKNOWN]


class Command(AnsweringCommand):
    help = "Dit quelle procédure et quelle obligation sociale s’appliquent à un besoin."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        # Judged below rather than by argparse, whose sentences are in English.
        parser.add_argument("--buyer-category", default="", help=" | ".join(BuyerCategory.values))
        parser.add_argument("--nature", default="", help=" | ".join(NATURES))
        parser.add_argument("--amount", default="", help="valeur estimée, tous lots et reconductions, € HT")
        parser.add_argument("--launch", default="", help="lancement de la consultation, AAAA-MM-JJ")
        parser.add_argument("--duration-months", default="", help="durée en mois, reconductions comprises")
        parser.add_argument("--defence", action="store_true", help="marché de défense ou de sécurité")
        parser.add_argument(
            "--specific-service", action="store_true", help="service social ou autre service spécifique"
        )

    def answer(
        self, *, buyer_category: str, nature: str, amount: str, launch: str, duration_months: str, **more: Any
    ) -> dict[str, Any]:
        need = Need(
            category=BuyerCategory(_one_of("--buyer-category", buyer_category, BuyerCategory.values)),
            natures=natures_of(Nature(_one_of("--nature", nature, NATURES)), _regime(**more)),
            amounts=(_amount(amount),),
            launches=(_day(launch),),
            months=_months(duration_months),
        )
        return _answer(judge(need, duties.law()))

    def sentences(self, answered: dict[str, Any]) -> list[str]:
        motives = ", ".join(answered["exceptions"])
        return [answered["text"], *([f"Motifs possibles : {motives}."] if motives else [])]


def _answer(duty: Duty) -> dict[str, Any]:
    return {
        "threshold": None if duty.threshold is None else f"{duty.threshold.normalize():f}",
        "formal_procedure": duty.is_formal,
        "dispensed": duty.is_dispensed,
        "social_duty": duty.has_social_duty,
        "exceptions": [found.code.value for found in duty.exemptions],
        "text": duty.text,
    }


def _regime(*, defence: bool, specific_service: bool, **_: Any) -> Regime:
    if defence:
        return Regime.DEFENCE
    return Regime.SPECIFIC if specific_service else Regime.ORDINARY


def _one_of(option: str, given: str, known: list[str]) -> str:
    if given not in known:
        raise Refusal(f"{option} {given} : l’une de ces valeurs est attendue : {', '.join(known)}.")
    return given


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text.replace(",", "."))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount < MOST:
        raise Refusal(f"--amount {text} : un montant positif en euros est attendu, par exemple 216000.")
    return amount


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(f"--launch {text} : une date est attendue, par exemple 2026-08-22.") from None


def _months(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and int(text) <= LONGEST):
        raise Refusal(f"--duration-months {text} : un nombre entier de mois est attendu.")
    return int(text)
