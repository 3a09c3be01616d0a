"""The lines that an office marked as urgent: first of the table, or alone."""

import django_filters
from django.db.models import Case, QuerySet, Value, When

from accounts.models import User
from clauses.models import Urgency
from procurement.models import Market


URGENT = [("yes", "Signalées urgentes")]


def urgency_filter() -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(
        label="Urgence", choices=URGENT, empty_label="Indifférente", method="urgently"
    )


def urgent(lines: QuerySet[Market], user: User) -> QuerySet[Market]:
    return lines.filter(pk__in=_marked(user))


def urgent_first(user: User) -> Case:
    return Case(When(pk__in=_marked(user), then=Value(0)), default=Value(1))


def _marked(user: User) -> QuerySet:
    return Urgency.objects.visible_to(user).in_force().values("market")
