from datetime import date

import django_filters
from django.db.models import Q, QuerySet

from accounts.models import Organisation
from clauses.models import Participant, Placement


ELIGIBILITIES = [("yes", "Éligible"), ("no", "Non éligible")]
PLACES = [("placed", "En placement"), ("free", "Sans placement")]


class ParticipantFilter(django_filters.FilterSet):
    """Whom to find; nothing here tells why a person is eligible."""

    q = django_filters.CharFilter(label="Nom", method="search")
    eligible = django_filters.ChoiceFilter(
        label="Éligibilité", choices=ELIGIBILITIES, empty_label="Indifférente", method="by_eligibility"
    )
    placed = django_filters.ChoiceFilter(
        label="Placement", choices=PLACES, empty_label="Indifférent", method="by_placement"
    )
    company = django_filters.ModelChoiceFilter(label="Entreprise", empty_label="Toutes", method="at")

    class Meta:
        model = Participant
        fields = ()

    def __init__(
        self, data, queryset: QuerySet[Participant], *, placements: QuerySet[Placement], today: date
    ):
        super().__init__(data, queryset)
        self.placements = placements
        self.today = today
        self.filters["company"].queryset = Organisation.objects.filter(
            pk__in=placements.values("clause__contract__contractor")
        ).order_by("name", "pk")

    def search(self, people: QuerySet, name: str, words: str) -> QuerySet:
        return people.matching(words)

    def by_eligibility(self, people: QuerySet, name: str, value: str) -> QuerySet:
        return people.filter(eligible_until__isnull=value == "no")

    def by_placement(self, people: QuerySet, name: str, value: str) -> QuerySet:
        running = self.placements.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gt=self.today), starts_on__lte=self.today
        )
        there = Q(pk__in=running.values("participant"))
        return people.filter(there if value == "placed" else ~there)

    def at(self, people: QuerySet, name: str, company: Organisation) -> QuerySet:
        placed = self.placements.filter(clause__contract__contractor=company)
        return people.filter(pk__in=placed.values("participant"))
