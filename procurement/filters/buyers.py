from datetime import date

import django_filters
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.http import urlencode

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
    plan = django_filters.ChoiceFilter(label="Plan", choices=PLAN_STATES, empty_label="Tous", method="later")
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
    def plan_queries(self) -> dict[str, str]:
        """For each state of the plan, the address of the list narrowed to it."""
        return {state: urlencode({"plan": state, "year": self.plan_year}) for state, _ in PLAN_STATES}

    @property
    def buyers(self) -> QuerySet[Buyer]:
        plan = self.plans.filter(buyer=OuterRef("pk"), year=self.plan_year)
        return super().qs.annotate(plan_state=Subquery(plan.values("state")))

    @property
    def qs(self) -> QuerySet[Buyer]:
        wanted = self.understood.get("plan")
        if not wanted:
            return self.buyers
        return self.buyers.filter(Q(plan_state__isnull=True) if wanted == MISSING else Q(plan_state=wanted))

    def holding(self, buyers: QuerySet, name: str, words: str) -> QuerySet:
        return holding(buyers, words, "organisation__name", "city", "organisation__siret")

    def later(self, buyers: QuerySet, name: str, value: str) -> QuerySet:
        """`buyers` and `qs` apply it."""
        return buyers
