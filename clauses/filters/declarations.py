from collections.abc import Sequence

import django_filters
from django import forms
from django.db.models import QuerySet

from accounts.models import Organisation
from clauses.enums import DeclarationState, MonthState
from clauses.models import Declaration
from clauses.queries.months import Month
from config.lib.french import format_month
from procurement.models import Buyer


class DeclarationFilter(django_filters.FilterSet):
    """The facilitator's queue: what is to validate, unless something else is asked for."""

    state = django_filters.ChoiceFilter(
        label="État",
        choices=[*DeclarationState.choices, ("all", "Toutes")],
        empty_label=None,
        method="by_state",
    )
    buyer = django_filters.ModelChoiceFilter(
        label="Acheteur", field_name="contract__buyer", empty_label="Tous"
    )
    company = django_filters.ModelChoiceFilter(
        label="Entreprise", field_name="contract__contractor", empty_label="Toutes"
    )
    period = django_filters.ChoiceFilter(label="Mois", empty_label="Tous")

    class Meta:
        model = Declaration
        fields = ()

    def __init__(self, data, queryset: QuerySet[Declaration]):
        data = data.copy()
        data.setdefault("state", DeclarationState.SENT)
        super().__init__(data, queryset)
        self.filters["buyer"].queryset = Buyer.objects.filter(
            pk__in=queryset.values("contract__buyer")
        ).select_related("organisation").order_by("organisation__name", "pk")  # fmt: skip
        self.filters["company"].queryset = Organisation.objects.filter(
            pk__in=queryset.values("contract__contractor")
        ).order_by("name", "pk")
        months = queryset.order_by("-period").values_list("period", flat=True).distinct()
        self.filters["period"].extra["choices"] = [(f"{day:%Y-%m-%d}", format_month(day)) for day in months]

    def by_state(self, declarations: QuerySet, name: str, value: str) -> QuerySet:
        return declarations if value == "all" else declarations.filter(state=value)


class MonthFilter(forms.Form):
    """The company's months, which have no row of their own before they are declared."""

    state = forms.ChoiceField(label="État", required=False, choices=[("", "Tous"), *MonthState.choices])
    contract = forms.ChoiceField(label="Contrat", required=False)

    def __init__(self, data, months: Sequence[Month]):
        super().__init__(data)
        self.months = months
        contracts = {str(month.contract_id): f"{month.reference} – {month.title}" for month in months}
        self.fields["contract"].choices = [("", "Tous"), *sorted(contracts.items(), key=lambda pair: pair[1])]

    @property
    def found(self) -> list[Month]:
        """What is not understood narrows nothing."""
        self.full_clean()
        state, contract = self.cleaned_data.get("state"), self.cleaned_data.get("contract")
        return [
            month
            for month in self.months
            if (not state or month.state == state) and (not contract or str(month.contract_id) == contract)
        ]
