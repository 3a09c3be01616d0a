import re

import django_filters
from django import forms
from django.db.models import QuerySet

from accounts.models import User
from accounts.roles import BUYER_ROLES
from config.lib.listing import CriteriaForm, ListFilter
from config.lib.text import fold
from procurement.enums import Nature
from procurement.models import Buyer, Department, Family, Market, Programme


class AmountField(forms.DecimalField):
    """« 1 500 000,50 € » as people type it."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value):
        return super().to_python(re.sub(r"[\s€]", "", str(value or "")).replace(",", "."))


class AmountFilter(django_filters.NumberFilter):
    field_class = AmountField

    def get_max_validator(self):
        """The digits of the field bound it."""
        return


def day(label: str, lookup: str) -> django_filters.DateFilter:
    return django_filters.DateFilter(
        label=label,
        field_name="launch_on",
        lookup_expr=lookup,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def amount(label: str, lookup: str) -> AmountFilter:
    return AmountFilter(
        label=label, field_name="estimated_amount", lookup_expr=lookup, max_digits=14, decimal_places=2
    )


class MarketFilter(ListFilter):
    """The lines of every plan that a person may see."""

    folded_away = frozenset(
        {
            "department",
            "family",
            "nature",
            "programme",
            "amount_min",
            "amount_max",
            "launch_from",
            "launch_to",
        }
    )

    q = django_filters.CharFilter(label="Objet, référence, lieu, CPV", method="holding")
    buyer = django_filters.ModelChoiceFilter(
        label="Acheteur", field_name="plan__buyer", queryset=Buyer.objects.none(), empty_label="Tous"
    )
    year = django_filters.ChoiceFilter(label="Année", field_name="plan__year", empty_label="Toutes")
    department = django_filters.ModelChoiceFilter(
        label="Service", queryset=Department.objects.none(), empty_label="Tous"
    )
    family = django_filters.ModelChoiceFilter(
        label="Famille d’achats", queryset=Family.objects.order_by("label", "pk"), empty_label="Toutes"
    )
    nature = django_filters.ChoiceFilter(label="Nature", choices=Nature.choices, empty_label="Toutes")
    programme = django_filters.ModelChoiceFilter(
        label="Programme",
        field_name="programmes",
        queryset=Programme.objects.order_by("label", "pk"),
        empty_label="Tous",
    )
    amount_min = amount("Montant minimal (€ HT)", "gte")
    amount_max = amount("Montant maximal (€ HT)", "lte")
    launch_from = day("Lancement dès le", "gte")
    launch_to = day("Lancement jusqu’au", "lte")

    class Meta:
        model = Market
        fields = ()
        form = CriteriaForm

    def offer(self, *, user: User) -> None:
        years = self.queryset.order_by().values_list("plan__year", flat=True).distinct()
        self.filters["year"].extra["choices"] = [
            (str(year), str(year)) for year in sorted(years, reverse=True)
        ]
        departments = Department.objects.visible_to(user).select_related("buyer__organisation")
        self.filters["department"].queryset = departments.order_by("buyer__organisation__name", "name", "pk")
        if user.membership.role in BUYER_ROLES:
            del self.filters["buyer"]
            return
        buyers = Buyer.objects.visible_to(user).select_related("organisation")
        self.filters["buyer"].queryset = buyers.order_by("organisation__name", "pk")
        self.filters["department"].field.label_from_instance = "{0} – {0.buyer}".format

    def holding(self, markets: QuerySet, name: str, words: str) -> QuerySet:
        for word in fold(words).split():
            markets = markets.filter(search_text__contains=word)
        return markets
