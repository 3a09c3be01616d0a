from datetime import date

import django_filters
from django import forms
from django.db.models import OuterRef, QuerySet, Subquery

from accounts.filters import holding
from accounts.models import User
from config.lib.listing import CriteriaForm, ListFilter
from procurement.enums import BuyerCategory, PlanState
from procurement.models import Buyer, PurchasePlan


MISSING = "missing"
PLAN_STATES = [(MISSING, "Plan non reçu"), *PlanState.choices]


class BuyerFilter(ListFilter):
    """The buyers that a person may see, and how the plan of one year stands with each.

    `buyers` leaves that state out, for the counters above the list.
    """

    kept = ("year",)

    q = django_filters.CharFilter(label="Nom, commune ou SIRET", method="holding")
    category = django_filters.ChoiceFilter(
        label="Catégorie", choices=BuyerCategory.choices, empty_label="Toutes"
    )
    # Chosen on the tabs above the list.
    plan = django_filters.ChoiceFilter(
        label="Plan", choices=PLAN_STATES, widget=forms.HiddenInput, method="later"
    )
    year = django_filters.ChoiceFilter(label="Année du plan", empty_label=None, method="later")

    class Meta:
        model = Buyer
        fields = ()
        form = CriteriaForm

    def offer(self, *, user: User, today: date) -> None:
        self.plans = PurchasePlan.objects.visible_to(user)
        years = set(self.plans.order_by().values_list("year", flat=True).distinct())
        # The plans of next year come in autumn: its campaign is open once one of them is there.
        self.default_year = max(years | {today.year})
        offered = sorted(years | {today.year, today.year + 1}, reverse=True)
        self.filters["year"].extra["choices"] = [(str(year), str(year)) for year in offered]
        self.data = self.data.copy()
        self.data.setdefault("year", str(self.default_year))

    @property
    def plan_year(self) -> int:
        return int(self.understood.get("year") or self.default_year)

    @property
    def plan_state(self) -> str:
        return self.understood.get("plan", "")

    @property
    def plan_queries(self) -> dict[str, str]:
        """For each state of the plan, the address of the list narrowed to it; the other criteria stay."""
        others = [pair for pair in self.chosen if pair[0] != "plan"]
        narrowed = {state: self._query([("plan", state), *others]) for state, _ in PLAN_STATES}
        return {"all": self._query(others)} | narrowed

    @property
    def buyers(self) -> QuerySet[Buyer]:
        plan = self.plans.filter(buyer=OuterRef("pk"), year=self.plan_year)
        return super().qs.annotate(plan_state=Subquery(plan.values("state")))

    @property
    def qs(self) -> QuerySet[Buyer]:
        if not self.plan_state:
            return self.buyers
        if self.plan_state == MISSING:
            return self.buyers.filter(plan_state__isnull=True)
        return self.buyers.filter(plan_state=self.plan_state)

    def holding(self, buyers: QuerySet, name: str, words: str) -> QuerySet:
        return holding(buyers, words, "organisation__name", "city", "organisation__siret")

    def later(self, buyers: QuerySet, name: str, value: str) -> QuerySet:
        """`buyers` and `qs` apply it."""
        return buyers
