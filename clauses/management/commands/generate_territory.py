"""`generate_territory town --seed 1 --json`"""

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import timezone

from accounts.models import Organisation, User
from clauses.management.demonstration import territory
from clauses.management.synthetic.generation import generate
from clauses.management.synthetic.sizes import SIZES
from config.lib.commands import AnsweringCommand, Refusal


class Command(AnsweringCommand):
    help = "Invente un territoire de la taille demandée, pour des essais et des mesures, dans une base vide."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("size", nargs="?", default="", help=" | ".join(SIZES))
        parser.add_argument("--seed", default="1", help="même nombre, même territoire (1 si rien n’est dit)")

    def answer(self, *, size: str, seed: str, **options: object) -> dict:
        if size not in SIZES:
            raise Refusal(f"Tailles connues : {', '.join(SIZES)}.")
        if not (seed.isascii() and seed.isdecimal()):
            raise Refusal(f"--seed {seed} : un nombre entier est attendu.")
        if User.objects.exists() or Organisation.objects.exists():
            raise Refusal("Cette base contient déjà des données : un territoire d’essai n’y entre pas.")
        return generate(SIZES[size], int(seed), timezone.now())

    def sentences(self, answered: dict) -> list[str]:
        told = (
            "Le territoire d’essai est prêt : {buyers} acheteurs, {markets} marchés, "
            "{structures} structures, {contracts} contrats, {participants} personnes, "
            "{hour_entries} lignes d’heures."
        )
        return [told.format(**answered), _doors()]


def _doors() -> str:
    if settings.DEMONSTRATION:
        return f"Comptes : facilitatrice@essai.example, mot de passe {territory.PASSWORD}."
    return "Comptes : « changepassword facilitatrice@essai.example » leur donne un mot de passe."
