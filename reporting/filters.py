from collections.abc import Mapping
from datetime import date

import django_filters
from django import forms
from django.db.models import QuerySet

from accounts.models import Organisation
from procurement.models import Buyer, Contract, Programme
from reporting.models import ReportEdition
from reporting.queries.delays import Asked
from reporting.rules import periods


class EditionFilter(django_filters.FilterSet):
    """By buyer and by the year in which the period begins."""

    buyer = django_filters.ModelChoiceFilter(
        field_name="buyer__organisation",
        label="Acheteur",
        empty_label="Tous les acheteurs",
        queryset=Organisation.objects.none(),
    )
    year = django_filters.ChoiceFilter(
        field_name="starts_on__year", label="Année", empty_label="Toutes les années"
    )

    class Meta:
        model = ReportEdition
        fields = []

    def __init__(self, data, queryset: QuerySet[ReportEdition]):
        super().__init__(data, queryset)
        buyers = Organisation.objects.filter(pk__in=queryset.values("buyer"))
        self.filters["buyer"].field.queryset = buyers.order_by("name", "pk")
        self.filters["year"].extra["choices"] = [
            (day.year, str(day.year)) for day in queryset.dates("starts_on", "year", order="DESC")
        ]


class DashboardForm(forms.Form):
    """The year, a buyer, a programme: all of it in the address; what is not understood narrows nothing."""

    year = forms.TypedChoiceField(label="Année", coerce=int, required=False)
    buyer = forms.ModelChoiceField(
        label="Acheteur",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="Tous les acheteurs",
    )
    programme = forms.ModelChoiceField(
        label="Programme",
        queryset=Programme.objects.order_by("label", "pk"),
        required=False,
        empty_label="Tous les programmes",
    )

    def __init__(self, data: Mapping, *, contracts: QuerySet[Contract], today: date):
        years = range(today.year + 1, today.year - 4, -1)
        super().__init__({"year": str(today.year)} | {name: data[name] for name in data})
        self.this_year = today.year
        self.fields["year"].choices = [(year, str(year)) for year in years]
        buyers = Organisation.objects.filter(pk__in=contracts.order_by().values("buyer"))
        self.fields["buyer"].queryset = buyers.order_by("name", "pk")

    @property
    def year_chosen(self) -> int:
        self.full_clean()
        return self.cleaned_data.get("year") or self.this_year

    @property
    def asked(self) -> Asked:
        """The same year, buyer and programme, for the answers given in it."""
        starts_on, ends_on = periods.year(self.year_chosen)
        buyer, programme = self.cleaned_data.get("buyer"), self.cleaned_data.get("programme")
        return Asked(starts_on, ends_on, buyer and buyer.pk, programme and programme.pk)

    @property
    def is_narrow(self) -> bool:
        self.full_clean()
        return bool(self.cleaned_data.get("buyer") or self.cleaned_data.get("programme"))

    def narrow(self, contracts: QuerySet[Contract]) -> QuerySet[Contract]:
        self.full_clean()
        if buyer := self.cleaned_data.get("buyer"):
            contracts = contracts.filter(buyer=buyer.pk)
        if programme := self.cleaned_data.get("programme"):
            contracts = contracts.filter(programmes=programme)
        return contracts


class YearForm(forms.Form):
    """A year in the address; what is not understood is the present one."""

    year = forms.TypedChoiceField(label="Année", coerce=int, required=False)

    def __init__(self, data: Mapping, *, today: date):
        years = range(today.year + 1, today.year - 4, -1)
        super().__init__({"year": str(today.year)} | {name: data[name] for name in data})
        self.this_year = today.year
        self.fields["year"].choices = [(year, str(year)) for year in years]

    @property
    def year_chosen(self) -> int:
        self.full_clean()
        return self.cleaned_data.get("year") or self.this_year


class BuyerYearForm(YearForm):
    """A year and a buyer, or all of them."""

    buyer = forms.ModelChoiceField(
        label="Acheteur", queryset=Buyer.objects.none(), required=False, empty_label="Tous les acheteurs"
    )

    def __init__(self, data: Mapping, *, buyers: QuerySet[Buyer], today: date):
        super().__init__(data, today=today)
        self.fields["buyer"].queryset = buyers.order_by("organisation__name", "pk")

    @property
    def buyer_chosen(self) -> Buyer | None:
        self.full_clean()
        return self.cleaned_data.get("buyer")


class DelayForm(DashboardForm):
    """As the dashboard, over all the buyers: one without a contract has plans too."""

    def __init__(self, data: Mapping, *, buyers: QuerySet[Buyer], today: date):
        super().__init__(data, contracts=Contract.objects.none(), today=today)
        self.fields["buyer"].queryset = Organisation.objects.filter(pk__in=buyers.values("pk")).order_by(
            "name", "pk"
        )
