from collections.abc import Iterator
from datetime import date

import django_filters
from django.db.models import QuerySet
from django.utils.http import urlencode

from accounts.models import User
from clauses.enums import DueKind
from clauses.filters.screening import DepartmentFilter
from clauses.queries import agenda
from clauses.rules import agenda as rules, calendar
from clauses.rules.agenda import Due
from clauses.rules.calendar import Span, months_after
from config.lib.french import format_month
from config.lib.listing import CriteriaForm, ListFilter
from procurement.models import Buyer, Department, Market


USUAL_MONTHS = 6
PERIODS = {"3": "Les 3 prochains mois", "12": "Les 12 prochains mois", "all": "Toutes les dates"}
# Months that may be chosen one by one, from the present one.
OFFERED = range(-3, 24)


class AgendaFilter(ListFilter):
    """What is due for the lines that a person may see; `dues` are the entries, `month` the month to draw."""

    kept = ()

    buyer = django_filters.ModelChoiceFilter(
        label="Acheteur", field_name="plan__buyer", queryset=Buyer.objects.none(), empty_label="Tous"
    )
    kind = django_filters.ChoiceFilter(
        label="Nature", choices=DueKind.choices, empty_label="Toutes", method="later"
    )
    department = DepartmentFilter(label="Service", queryset=Department.objects.none(), empty_label="Tous")
    period = django_filters.ChoiceFilter(
        label="Période", empty_label=f"Les {USUAL_MONTHS} prochains mois", method="later"
    )

    class Meta:
        model = Market
        fields = ()
        form = CriteriaForm

    def offer(self, *, user: User, on: date) -> None:
        self.user, self.on = user, on
        months = [months_after(on, rank) for rank in OFFERED]
        self.filters["period"].extra["choices"] = [
            *PERIODS.items(),
            *((f"{first:%Y-%m}", format_month(first).capitalize()) for first in months),
        ]
        buyers = Buyer.objects.visible_to(user).select_related("organisation")
        self.filters["buyer"].queryset = buyers.order_by("organisation__name", "pk")
        self.filters["department"].queryset = Department.objects.visible_to(user).named()

    @property
    def span(self) -> Span:
        period, first = self.understood.get("period") or "", months_after(self.on, 0)
        if period == "all":
            return Span()
        if "-" in period:
            return Span(self.month, months_after(self.month, 1), is_month=True)
        return Span(first, months_after(first, int(period or USUAL_MONTHS)))

    @property
    def month(self) -> date:
        """The month that was chosen, or the present one."""
        period = self.understood.get("period") or ""
        return date.fromisoformat(f"{period}-01") if "-" in period else months_after(self.on, 0)

    @property
    def dues(self) -> list[Due]:
        """In the period that was asked for."""
        return rules.in_order(calendar.kept(self._found(), self.span))

    @property
    def dues_of_month(self) -> list[Due]:
        """Of the month to draw, whatever the period."""
        span = Span(self.month, months_after(self.month, 1), is_month=True)
        return rules.in_order(calendar.kept(self._found(), span))

    def _found(self) -> Iterator[Due]:
        kind = self.understood.get("kind")
        found = agenda.found(self.qs, self.user, on=self.on)
        return (due for due in found if due.kind == kind) if kind else found

    def query_of(self, **instead: str) -> str:
        """The address of the same list with other values for some criteria."""
        others = [pair for pair in self.chosen if pair[0] not in instead]
        return urlencode([*others, *((name, value) for name, value in instead.items() if value)])

    def later(self, lines: QuerySet, name: str, value: str) -> QuerySet:
        """`dues` applies it."""
        return lines
