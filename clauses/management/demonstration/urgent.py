"""A market that cannot wait: first of the triage, and said to the department that is asked."""

from datetime import datetime

from clauses.management.demonstration.calendar import days_ago, told_as_of
from clauses.management.demonstration.cast import Cast
from clauses.services import urgency
from procurement.models import Market


TITLE = "Fauchage et entretien des berges"
REASON = "Les berges sont fermées depuis la crue\u00a0: le titulaire doit être là avant le printemps."


def flag_the_banks(players: Cast, now: datetime) -> None:
    market = Market.objects.submitted().get(title=TITLE, plan__buyer__in=players.buyers.values())
    with told_as_of(days_ago(now, 2)) as moment:
        urgency.flag(market=market, office=players.office, reason=REASON, by=players.facilitator, at=moment)
