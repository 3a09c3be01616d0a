from datetime import date
from functools import cached_property

import django_filters
from django.db.models import QuerySet

from accounts.models import User
from clauses.models import Clause
from clauses.queries import capacity
from clauses.queries.capacity import Table
from config.lib.departments import department_label
from config.lib.listing import CriteriaForm, ListFilter
from procurement.models import Family


USUAL_LENGTH = 12
SHORT = "manque"
LENGTHS = (("6", "6 mois"), ("24", "24 mois"))


class CapacityFilter(ListFilter):
    """The balance of an office, family by family; `table` is what answers the criteria."""

    kept = ()

    family = django_filters.ModelChoiceFilter(
        label="Famille d’achats",
        queryset=Family.objects.order_by("label"),
        empty_label="Toutes",
        method="later",
    )
    department = django_filters.ChoiceFilter(
        label="Territoire", empty_label="Tout le territoire", method="later"
    )
    months = django_filters.ChoiceFilter(
        label="Horizon", choices=LENGTHS, empty_label="12 mois", method="later"
    )
    show = django_filters.ChoiceFilter(
        label="Afficher",
        choices=[(SHORT, "Seulement ce qui manque")],
        empty_label="Toutes les familles",
        method="later",
    )

    class Meta:
        model = Clause
        fields = ()
        form = CriteriaForm

    def offer(self, *, user: User, on: date) -> None:
        self.user, self.on = user, on
        self.territory = tuple(user.membership.organisation.office.department_codes.split())
        self.filters["department"].extra["choices"] = [
            (code, department_label(code)) for code in self.territory
        ]

    @cached_property
    def whole(self) -> Table:
        return capacity.table(
            self.qs,
            self.territory,
            on=self.on,
            length=int(self.understood.get("months") or USUAL_LENGTH),
            department=self.understood.get("department") or "",
        )

    @property
    def rows(self) -> list[capacity.Row]:
        family, is_short = self.understood.get("family"), self.understood.get("show") == SHORT
        return [
            row
            for row in self.whole.rows
            if (not family or row.family_id == family.pk) and (not is_short or row.balance.short)
        ]

    def later(self, clauses: QuerySet, name: str, value: object) -> QuerySet:
        """The balance is a table of families and months: `whole` and `rows` narrow it."""
        return clauses
