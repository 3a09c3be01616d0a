"""The office of the demonstration has set its rule once: a number of its own, with its reason."""

from datetime import datetime

from clauses.management.demonstration.cast import Cast
from clauses.models import SuggestionRule
from clauses.queries import suggestion_rules
from clauses.services import suggestion_rules as services


NOTE = "Un critère se suit presque autant qu’une clause : pas en dessous de 80 heures."


def set_the_rule(players: Cast, now: datetime) -> None:
    current = suggestion_rules.numbers(suggestion_rules.in_force(players.office))
    numbers = {name: getattr(current, name) for name in SuggestionRule.NUMBERS}
    services.write(
        office=players.office, numbers=numbers | {"criterion_hours": 80}, note=NOTE,
        started_from=current.pk, by=players.facilitator, at=now,
    )  # fmt: skip
