import django_filters
from django.db.models import Q, QuerySet

from config.lib.listing import CriteriaForm, ListFilter
from procurement.enums import Nature, Procedure
from procurement.models import Department, Family, Market
from procurement.models.market import ASKED


# What an empty answer is, field by field; the others are null.
_EMPTY = {"nature": Nature.UNKNOWN, "procedure": Procedure.UNKNOWN, "place": ""}


def without(name: str) -> Q:
    """Lines where nobody wrote this, whether or not somebody said that it is not known."""
    return Q(**{name: _EMPTY[name]}) if name in _EMPTY else Q(**{f"{name}__isnull": True})


class PlanGridFilter(ListFilter):
    """The lines of one plan, while they are typed."""

    q = django_filters.CharFilter(label="Objet, référence, lieu, CPV", method="holding")
    department = django_filters.ModelChoiceFilter(
        label="Service", queryset=Department.objects.none(), empty_label="Tous"
    )
    family = django_filters.ModelChoiceFilter(
        label="Famille d’achats", queryset=Family.objects.order_by("label", "pk"), empty_label="Toutes"
    )
    missing = django_filters.ChoiceFilter(label="Sans", method="lacking", empty_label="Indifférent")

    class Meta:
        model = Market
        fields = ()
        form = CriteriaForm

    def offer(self, *, departments: QuerySet) -> None:
        self.filters["department"].queryset = departments
        self.filters["missing"].extra["choices"] = [
            (name, Market._meta.get_field(name).verbose_name) for name in ASKED
        ]

    def holding(self, markets: QuerySet, name: str, words: str) -> QuerySet:
        return markets.matching(words)

    def lacking(self, markets: QuerySet, name: str, field: str) -> QuerySet:
        return markets.filter(without(field))
