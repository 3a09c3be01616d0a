from datetime import date

import django_filters
from django.db.models import QuerySet

from accounts.models import User
from clauses.enums import SharedNeedState
from clauses.queries import shared_needs
from clauses.queries.shared_needs import Row
from config.lib.listing import CriteriaForm, ListFilter
from procurement.models import Buyer, Family, Market


class SharedNeedFilter(ListFilter):
    """The needs that the buyers of an office share; `rows` are those that answer the criteria."""

    kept = ()

    buyer = django_filters.ModelChoiceFilter(
        label="Acheteur", queryset=Buyer.objects.none(), empty_label="Tous", method="later"
    )
    family = django_filters.ModelChoiceFilter(
        label="Famille d’achats", queryset=Family.objects.order_by("label"), empty_label="Toutes"
    )
    state = django_filters.ChoiceFilter(
        label="Suite", choices=SharedNeedState.choices, empty_label="À traiter et à évoquer", method="later"
    )

    class Meta:
        model = Market
        fields = ()
        form = CriteriaForm

    def offer(self, *, user: User, on: date) -> None:
        self.user, self.on = user, on
        buyers = Buyer.objects.visible_to(user).select_related("organisation")
        self.filters["buyer"].queryset = buyers.order_by("organisation__name", "pk")

    @property
    def rows(self) -> list[Row]:
        """Unless they are asked for, those that were dismissed are left out."""
        wanted, buyer = self.understood.get("state"), self.understood.get("buyer")
        found = shared_needs.rows(self.qs, self.user, on=self.on)
        if buyer:
            found = [row for row in found if any(line.buyer_id == buyer.pk for line in row.need.lines)]
        if wanted:
            return [row for row in found if row.state == wanted]
        return [row for row in found if row.state != SharedNeedState.DISMISSED]

    def later(self, lines: QuerySet, name: str, value: object) -> QuerySet:
        """`rows` applies it: a need is shared with others than the buyer asked for."""
        return lines
