import django_filters
from django.db.models import QuerySet

from config.lib.listing import CriteriaForm, ListFilter
from procurement.enums import PracticeKind, PracticeState
from procurement.models import Family, PracticeCard


class PracticeFilter(ListFilter):
    """The cards that a person may read."""

    q = django_filters.CharFilter(label="Objet, acheteur, mots", method="holding")
    kind = django_filters.ChoiceFilter(
        label="Considération", choices=PracticeKind.choices, empty_label="Toutes"
    )
    family = django_filters.ModelChoiceFilter(
        label="Famille d’achats", queryset=Family.objects.order_by("label", "pk"), empty_label="Toutes"
    )
    state = django_filters.ChoiceFilter(label="État", choices=PracticeState.choices, empty_label="Tous")

    class Meta:
        model = PracticeCard
        fields = ()
        form = CriteriaForm

    def holding(self, cards: QuerySet, name: str, words: str) -> QuerySet:
        return cards.matching(words)
