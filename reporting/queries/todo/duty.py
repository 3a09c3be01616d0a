"""Markets that the law asks a justification for: those that a verdict or a refusal left without anything."""

from collections.abc import Iterator

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from clauses.queries.derogations import to_justify
from clauses.queries.screening import readable
from procurement.models import Market
from reporting.queries.todo.items import AT_MOST, Item, day, named, plural


def markets_to_justify(user: User) -> Iterator[Item]:
    """One line per plan, towards the table of what it counts."""
    lines = readable(Market.objects.visible_to(user).submitted(), user)
    names = ("plan", "plan__year", "plan__buyer", "plan__buyer__organisation__name")
    rows = (
        to_justify(lines)
        .order_by()
        .values(*names)
        .annotate(count=Count("pk"), since=Min("plan__submitted_at"))
    )
    for row in rows.order_by("since", "plan")[:AT_MOST]:
        query = urlencode({"buyer": row["plan__buyer"], "year": row["plan__year"], "duty": "justify"})
        yield Item(
            what=f"{plural(row['count'], 'marché')} à justifier (article L.\u00a02112-2-1)",
            about=named(f"Plan d’achats {row['plan__year']}", row["plan__buyer__organisation__name"]),
            since=day(row["since"]),
            verb="Justifier",
            url=f"{reverse('clauses:screening_list')}?{query}",
        )
