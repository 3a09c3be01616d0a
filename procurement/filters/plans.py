import django_filters

from accounts.models import User
from accounts.roles import BUYER_ROLES
from config.lib.listing import ListFilter
from procurement.enums import PlanState
from procurement.models import Buyer


class PlanFilter(ListFilter):
    """Plans of one buyer, one year or one state."""

    buyer = django_filters.ModelChoiceFilter(
        label="Acheteur", queryset=Buyer.objects.none(), empty_label="Tous"
    )
    year = django_filters.ChoiceFilter(label="Année", empty_label="Toutes")
    state = django_filters.ChoiceFilter(label="État", choices=PlanState.choices, empty_label="Tous")

    def offer(self, *, user: User) -> None:
        if user.membership.role in BUYER_ROLES:
            del self.filters["buyer"]
        else:
            buyers = Buyer.objects.visible_to(user).select_related("organisation")
            self.filters["buyer"].queryset = buyers.order_by("organisation__name", "pk")
        self.queryset = self.queryset.order_by("-year", "buyer__organisation__name", "pk")
        years = self.queryset.model.objects.filter(pk__in=self.queryset.order_by().values("pk"))
        known = years.order_by("-year").values_list("year", flat=True).distinct()
        self.filters["year"].extra["choices"] = [(str(year), str(year)) for year in known]

    @property
    def chosen_year(self) -> int | None:
        year = self.understood.get("year")
        return int(year) if year else None
