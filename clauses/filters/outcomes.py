"""The triage narrowed by what the office's rule suggests, as it was last looked at."""

import django_filters
from django.db.models import QuerySet

from accounts.models import User
from accounts.roles import OFFICE_ROLES
from clauses.enums import Outcome
from clauses.models import LineSuggestion
from procurement.models import Market


# Handed in since the last look.
PENDING = "pending"
OUTCOMES = [*Outcome.choices, (PENDING, "Pas encore calculée")]


def suggested(lines: QuerySet[Market], user: User, outcome: str) -> QuerySet[Market]:
    kept = LineSuggestion.objects.filter(office=user.membership.organisation_id)
    if outcome == PENDING:
        return lines.exclude(pk__in=kept.values("market"))
    return lines.filter(pk__in=kept.filter(outcome=outcome).values("market"))


def outcome_filter() -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(
        label="Suggestion", choices=OUTCOMES, empty_label="Toutes", method="suggesting"
    )


def may_read(user: User) -> bool:
    """A suggestion is the office's own business: its buyers are told verdicts."""
    return user.membership.role in OFFICE_ROLES
