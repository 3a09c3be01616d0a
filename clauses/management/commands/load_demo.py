from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Organisation, User
from clauses.management.demonstration import (
    cast,
    contracts,
    meetings,
    offers,
    office_card,
    plans,
    published,
    purchases,
    rules,
    searches,
    urgent,
    workshops,
)
from clauses.models import Participant
from clauses.services import line_suggestions
from config.lib.commands import AnsweringCommand, Refusal
from procurement.models import Buyer, Contract, Market
from structures.models import Structure
from structures.services import directory, towns


STRUCTURES = Path(cast.__file__).with_name("structures.csv")
TOWNS = Path(cast.__file__).with_name("towns.csv")


class Command(AnsweringCommand):
    help = "Charge le territoire de démonstration dans une base vide."

    def answer(self, **options) -> dict:
        if not settings.DEMONSTRATION:
            raise Refusal(
                "Le territoire de démonstration ne se charge qu’avec les réglages de démonstration."
            )
        if User.objects.exists() or Organisation.objects.exists():
            raise Refusal(
                "Cette base contient déjà des données : le territoire de démonstration n’y entre pas."
            )
        return load()

    def sentences(self, answered: dict) -> list[str]:
        return [
            "Le territoire de démonstration est chargé : {buyers} acheteurs, {markets} marchés, {structures} "
            "structures, {contracts} contrats, {participants} personnes.".format(**answered)
        ]


@transaction.atomic
def load() -> dict:
    now = timezone.now()
    players = cast.gather(now)
    directory.bring_in(name=STRUCTURES.name, content=STRUCTURES.read_bytes(), by=None, at=now)
    towns.bring_in(name=TOWNS.name, content=TOWNS.read_bytes())
    cast.name_the_workshop(players)
    workshops.open_workshops(players, now)
    departments = plans.open_departments(players)
    contracts.tell_stories(players, departments, now)
    plans.open_plans(players, departments, now)
    offers.make_offers(players, now)
    published.publish_open_data(now)
    published.write_cards(players, now)
    rules.set_the_rule(players, now)
    searches.look_for_structures(players, now)
    urgent.flag_the_banks(players, now)
    meetings.hold_meetings(players, now)
    purchases.buy(players, now)
    office_card.publish_card(players, now)
    line_suggestions.refresh_all(at=now)
    # The letters of this invented past were never sent to anybody.
    connection.run_on_commit.clear()
    return {
        "buyers": Buyer.objects.count(),
        "markets": Market.objects.count(),
        "structures": Structure.objects.count(),
        "contracts": Contract.objects.count(),
        "participants": Participant.objects.count(),
    }
