from datetime import date

import django_filters
from django.db.models import Min, QuerySet

from accounts.models import User
from config.lib.listing import CriteriaForm, ListFilter
from procurement.models import Buyer
from structures.enums import DirectOrderState, LegalFamily
from structures.models import DirectOrder


class DirectOrderFilter(ListFilter):
    """The latest first."""

    kept = ()
    folded_away = frozenset({"state"})

    q = django_filters.CharFilter(label="Achat ou structure", method="filter_words", max_length=200)
    buyer = django_filters.ModelChoiceFilter(
        label="Acheteur", queryset=Buyer.objects.none(), empty_label="Tous"
    )
    family = django_filters.ChoiceFilter(
        label="Famille",
        choices=[(family.value, family.word) for family in LegalFamily],
        empty_label="Toutes",
        method="filter_family",
    )
    year = django_filters.ChoiceFilter(label="Année", empty_label="Toutes", method="filter_year")
    state = django_filters.ChoiceFilter(label="État", choices=DirectOrderState.choices, empty_label="Tous")

    class Meta:
        model = DirectOrder
        fields = ()
        form = CriteriaForm

    def offer(self, *, user: User, today: date) -> None:
        first = self.queryset.aggregate(first=Min("ordered_on"))["first"]
        years = range(today.year, (first or today).year - 1, -1)
        self.filters["year"].extra["choices"] = [(str(year), str(year)) for year in years]
        buyers = Buyer.objects.visible_to(user).select_related("organisation")
        self.filters["buyer"].queryset = buyers.order_by("organisation__name", "pk")

    def filter_words(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.matching(value)

    def filter_family(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.of_family(LegalFamily(value))

    def filter_year(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(ordered_on__year=int(value))
