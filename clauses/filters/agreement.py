import django_filters
from django.db.models import QuerySet

from accounts.models import User
from clauses.enums import Outcome, Verdict
from clauses.models import Suggestion, SuggestionRule
from config.lib.listing import CriteriaForm, ListFilter
from config.lib.text import fold
from procurement.models import Buyer, Family


class AgreementFilter(ListFilter):
    """The suggestions whose verdict stands, latest first."""

    folded_away = frozenset({"family", "rule"})

    q = django_filters.CharFilter(label="Mots du marché", method="holding")
    buyer = django_filters.ModelChoiceFilter(
        label="Acheteur", field_name="market__plan__buyer", queryset=Buyer.objects.none(), empty_label="Tous"
    )
    year = django_filters.ChoiceFilter(label="Année", field_name="market__plan__year", empty_label="Toutes")
    outcome = django_filters.ChoiceFilter(label="Suggestion", choices=Outcome.choices, empty_label="Toutes")
    verdict = django_filters.ChoiceFilter(label="Avis", choices=Verdict.choices, empty_label="Tous")
    family = django_filters.ModelChoiceFilter(
        label="Famille d’achats", field_name="market__family", queryset=Family.objects.none(),
        empty_label="Toutes",
    )  # fmt: skip
    rule = django_filters.ModelChoiceFilter(
        label="Version de la règle", queryset=SuggestionRule.objects.none(), empty_label="Toutes"
    )

    class Meta:
        model = Suggestion
        fields = ()
        form = CriteriaForm

    def offer(self, *, user: User) -> None:
        seen = self.queryset.order_by()
        years = seen.values_list("market__plan__year", flat=True).distinct().order_by("-market__plan__year")
        buyers = Buyer.objects.visible_to(user).select_related("organisation")
        families = Family.objects.filter(pk__in=seen.values("market__family"))
        self.filters["year"].extra["choices"] = [(str(year), str(year)) for year in years]
        self.filters["buyer"].queryset = buyers.order_by("organisation__name", "pk")
        self.filters["family"].queryset = families.order_by("label", "pk")
        self.filters["rule"].queryset = SuggestionRule.objects.visible_to(user).latest_first()

    @property
    def qs(self) -> QuerySet[Suggestion]:
        return super().qs.order_by("-computed_at", "-pk")

    def holding(self, rows: QuerySet, name: str, words: str) -> QuerySet:
        for word in fold(words).split():
            rows = rows.filter(market__search_text__contains=word)
        return rows
