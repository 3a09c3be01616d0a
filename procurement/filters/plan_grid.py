import django_filters
from django.db.models import QuerySet

from config.lib.listing import CriteriaForm, ListFilter
from procurement.models import Department, Family, Market
from procurement.queries import missing


class PlanGridFilter(ListFilter):
    """The lines of one plan, while they are typed."""

    q = django_filters.CharFilter(label="Objet, référence, lieu, CPV", method="holding")
    department = django_filters.ModelChoiceFilter(
        label="Service", queryset=Department.objects.none(), empty_label="Tous"
    )
    family = django_filters.ModelChoiceFilter(
        label="Famille d’achats", queryset=Family.objects.order_by("label", "pk"), empty_label="Toutes"
    )
    missing = django_filters.ChoiceFilter(label="Où manque", method="lacking", empty_label="Indifférent")

    class Meta:
        model = Market
        fields = ()
        form = CriteriaForm

    def offer(self, *, departments: QuerySet) -> None:
        self.filters["department"].queryset = departments
        self.filters["missing"].extra["choices"] = missing.labels()

    def holding(self, markets: QuerySet, name: str, words: str) -> QuerySet:
        return markets.matching(words)

    def lacking(self, markets: QuerySet, name: str, field: str) -> QuerySet:
        return missing.lacking(markets, field)
