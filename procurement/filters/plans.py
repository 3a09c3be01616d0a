import django_filters

from config.lib.listing import ListFilter
from procurement.enums import PlanState


class PlanFilter(ListFilter):
    """Plans of one year or one state."""

    year = django_filters.ChoiceFilter(label="Année", empty_label="Toutes")
    state = django_filters.ChoiceFilter(label="État", choices=PlanState.choices, empty_label="Tous")

    def offer(self) -> None:
        self.queryset = self.queryset.order_by("-year", "buyer__organisation__name", "pk")
        years = self.queryset.model.objects.filter(pk__in=self.queryset.order_by().values("pk"))
        known = years.order_by("-year").values_list("year", flat=True).distinct()
        self.filters["year"].extra["choices"] = [(str(year), str(year)) for year in known]

    @property
    def chosen_year(self) -> int | None:
        year = self.understood.get("year")
        return int(year) if year else None
