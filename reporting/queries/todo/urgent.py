"""The lines that a facilitator marked as urgent and that still await a verdict."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.models import User
from clauses.models import Screening, Urgency
from reporting.queries.todo.items import AT_MOST, Item, day, named


def urgent_lines(user: User) -> Iterator[Item]:
    seen = Screening.objects.filter(market=OuterRef("market"), office=OuterRef("office")).exclude(verdict="")
    rows = Urgency.objects.visible_to(user).in_force().filter(~Exists(seen)).order_by("flagged_at", "pk")
    names = ("market", "market__title", "market__plan__buyer__organisation__name", "flagged_at")
    for row in rows.values(*names)[:AT_MOST]:
        yield Item(
            what="Ligne urgente à voir",
            about=named(row["market__title"], row["market__plan__buyer__organisation__name"]),
            since=day(row["flagged_at"]),
            verb="Rendre l’avis",
            url=reverse("clauses:screening_detail", args=[row["market"]]),
        )
