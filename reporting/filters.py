import django_filters
from django.db.models import QuerySet

from accounts.models import Organisation
from reporting.models import ReportEdition


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
