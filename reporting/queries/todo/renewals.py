"""What ends soon and stands in no plan yet."""

from datetime import date

from django.urls import reverse

from accounts.models import User
from clauses.queries.renewals import candidates, horizons
from procurement.rules.clock import months_before
from reporting.queries.todo.items import Item, plural


def renewals_due(user: User, on: date) -> list[Item]:
    """One line however many, since the day on which the first came near, until the first must be launched."""
    months = [int(value.value) for value in horizons(on)]
    waiting = [one.renewal for one in candidates(user, on) if one.successor is None]
    if not waiting:
        return []
    first = waiting[0]
    others = len(waiting) - 1
    return [
        Item(
            what="Renouvellement à inscrire au plan" if not others else "Renouvellements à inscrire au plan",
            about=f"{first.title} et {plural(others, 'autre')}" if others else first.title,
            since=months_before(first.ends_on, max(months)),
            until=first.launch_on,
            verb="Choisir",
            url=reverse("clauses:renewal_list"),
        )
    ]
