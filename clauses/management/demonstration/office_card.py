"""The public card of the office, with the one facilitator who agreed to be named."""

from datetime import datetime

from accounts.models import buyers_served
from accounts.services import office_cards
from clauses.management.demonstration.calendar import days_ago, told_as_of
from clauses.management.demonstration.cast import Cast


CARD = {
    "presentation": (
        "La Maison des clauses est une association. Elle aide les acheteurs publics du Val-de-Marne à faire "
        "une place, dans leurs marchés, à des personnes éloignées de l’emploi, et les entreprises à tenir "
        "leurs engagements. Territoire et personnes de démonstration."
    ),
    "offered": "\n".join(
        (
            "Relire un plan d’achats et dire ce qui peut porter une clause",
            "Calculer les heures, proposer la rédaction, répondre aux entreprises",
            "Trouver les structures du territoire et organiser les visites",
            "Suivre les heures et rendre compte à l’acheteur, chaque trimestre",
        )
    ),
    "address": "1 place de la Démonstration, 94000 Créteil",
    "website": "",
}


def publish_card(cast: Cast, now: datetime) -> None:
    manager, facilitator = cast.users["responsable@demo.example"], cast.facilitator
    with told_as_of(days_ago(now, 60)) as moment:
        card = office_cards.write(office=cast.office, values=CARD, by=manager, at=moment)
        contact = office_cards.set_contact(
            card=card,
            membership=facilitator.membership,
            values={
                "function": facilitator.membership.job_title,
                "email": facilitator.email,
                "phone": "01 00 00 00 01",
            },
            buyers=buyers_served(cast.office)[:12],
            by=manager,
            at=moment,
        )
        office_cards.agree(contact=contact, by=facilitator, at=moment)
        office_cards.publish(card=card, by=manager, at=moment)
