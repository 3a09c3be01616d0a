from datetime import date, datetime

import django_filters
from django.db.models import Min, QuerySet

from accounts.models import User
from accounts.permissions import Permission, allows
from config.lib.listing import CriteriaForm, ListFilter
from procurement.models import Buyer
from structures.enums import MeetingOutcome, MeetingSituation
from structures.models import Meeting, MeetingKind


class MeetingFilter(ListFilter):
    """Those to come first, the nearest one on top; then what is past, the latest first."""

    kept = ()
    folded_away = frozenset({"buyer", "outcome"})

    q = django_filters.CharFilter(label="Objet ou lieu", method="filter_words", max_length=200)
    situation = django_filters.ChoiceFilter(
        label="Situation", choices=MeetingSituation.choices, empty_label="Toutes", method="filter_situation"
    )
    kind = django_filters.ModelChoiceFilter(
        label="Nature", queryset=MeetingKind.objects.order_by("rank", "pk"), empty_label="Toutes"
    )
    year = django_filters.ChoiceFilter(label="Année", empty_label="Toutes", method="filter_year")
    buyer = django_filters.ModelChoiceFilter(
        label="Acheteur", queryset=Buyer.objects.none(), empty_label="Tous", method="filter_buyer"
    )
    outcome = django_filters.ChoiceFilter(
        label="Ce qui en est sorti", choices=MeetingOutcome.choices, empty_label="Tout"
    )

    class Meta:
        model = Meeting
        fields = ()
        form = CriteriaForm

    def offer(self, *, user: User, at: datetime, today: date) -> None:
        self.at = at
        if not allows(user, Permission.MEETING_WRITE):
            # What came of it stays within the office.
            del self.filters["outcome"]
        first = self.queryset.aggregate(first=Min("starts_at"))["first"]
        years = range(today.year + 1, (first.year if first else today.year) - 1, -1)
        self.filters["year"].extra["choices"] = [(str(year), str(year)) for year in years]
        buyers = Buyer.objects.visible_to(user).select_related("organisation")
        self.filters["buyer"].queryset = buyers.order_by("organisation__name", "pk")

    def filter_words(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.matching(value)

    def filter_situation(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.in_situation(MeetingSituation(value), self.at)

    def filter_year(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(starts_at__year=int(value))

    def filter_buyer(self, rows: QuerySet, name: str, value: Buyer) -> QuerySet:
        return rows.about(value)
