from datetime import date

import django_filters
from django.db.models import F, QuerySet

from accounts.models import User
from clauses.enums import ProposalState, ProvisionKind
from clauses.filters.screening import DepartmentFilter
from clauses.models import Proposal
from config.lib.listing import CriteriaForm, ListFilter
from config.lib.text import fold
from procurement.models import Buyer, Department


LATE = "late"
# What waits longest comes first: neither drafts nor decided proposals wait for a department.
ORDER = (F("answer_by_on").asc(nulls_last=True), "-pk")


class ProposalFilter(ListFilter):
    folded_away = frozenset({"department", "kind"})

    q = django_filters.CharFilter(label="Mots du marché", method="holding")
    buyer = django_filters.ModelChoiceFilter(
        label="Acheteur", field_name="lot__market__plan__buyer", queryset=Buyer.objects.none(),
        empty_label="Tous",
    )  # fmt: skip
    state = django_filters.ChoiceFilter(label="État", empty_label="Tous", method="in_state")
    department = DepartmentFilter(label="Service", queryset=Department.objects.none(), empty_label="Tous")
    kind = django_filters.ChoiceFilter(
        label="Disposition", choices=ProvisionKind.choices, empty_label="Toutes"
    )

    class Meta:
        model = Proposal
        fields = ()
        form = CriteriaForm

    def offer(self, *, user: User, today: date) -> None:
        self.today = today
        self.filters["state"].extra["choices"] = [(LATE, "En retard"), *ProposalState.choices]
        seen = self.queryset.order_by()
        buyers = Buyer.objects.filter(pk__in=seen.values("lot__market__plan__buyer"))
        departments = Department.objects.filter(pk__in=seen.values("department"))
        self.filters["buyer"].queryset = buyers.select_related("organisation").order_by(
            "organisation__name", "pk"
        )
        self.filters["department"].queryset = departments.named()

    @property
    def qs(self) -> QuerySet[Proposal]:
        return super().qs.order_by(*ORDER)

    def holding(self, rows: QuerySet, name: str, words: str) -> QuerySet:
        for word in fold(words).split():
            rows = rows.filter(lot__market__search_text__contains=word)
        return rows

    def in_state(self, rows: QuerySet, name: str, state: str) -> QuerySet:
        if state == LATE:
            return rows.filter(state=ProposalState.SENT, answer_by_on__lt=self.today)
        return rows.filter(state=state)
