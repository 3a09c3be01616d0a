"""Plans that have not come, once the day set by the office has passed."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from accounts.models import User
from procurement.queries.plan_campaign import late_campaign, missing_plans
from reporting.queries.todo.items import Item, plural


NAMED = 3


def plans_not_received(user: User, on: date) -> Iterator[Item]:
    """One line for all of them: naming twenty buyers would hide the rest."""
    campaign = late_campaign(user, on)
    missing = missing_plans(user, campaign.year) if campaign else []
    if campaign and missing:
        names = [plan.buyer for plan in missing[:NAMED]]
        others = len(missing) - len(names)
        yield Item(
            what=plural(len(missing), "plan non reçu", "plans non reçus").capitalize(),
            about=", ".join([*names, *([plural(others, "autre")] if others else [])]),
            since=campaign.due_on,
            verb="Relancer",
            url=f"{reverse('procurement:plan_remind')}?year={campaign.year}",
        )


def plan_to_open(user: User, on: date) -> Iterator[Item]:
    """For a buyer that has not begun the plan of the year."""
    campaign = late_campaign(user, on)
    missing = missing_plans(user, campaign.year) if campaign else []
    for plan in missing:
        if campaign and not plan.has_draft:
            yield Item(
                what="Plan à ouvrir",
                about=f"Plan d’achats {campaign.year}",
                since=campaign.due_on,
                until=campaign.due_on,
                verb="Ouvrir le plan",
                url=reverse("procurement:plan_open"),
            )
