import django_filters
from django.db.models import Q, QuerySet

from accounts.enums import MembershipState, OrganisationKind
from accounts.models import Membership, Organisation
from config.lib.text import fold


STATES = {
    MembershipState.PENDING: Q(accepted_at__isnull=True, ended_at__isnull=True),
    MembershipState.ACTIVE: Q(accepted_at__isnull=False, ended_at__isnull=True),
    MembershipState.ENDED: Q(ended_at__isnull=False),
}


def holding(rows: QuerySet, words: str, *columns: str) -> QuerySet:
    """Rows whose columns hold every word, accents and capitals aside.

    Folded here rather than in SQL (SQLite only folds ASCII): these are hundreds of people, not 50,000 lines.
    """
    wanted = fold(words).split()
    found = [
        pk
        for pk, *texts in rows.values_list("pk", *columns)
        if all(word in fold(" ".join(filter(None, texts))) for word in wanted)
    ]
    return rows.filter(pk__in=found)


class TeamFilter(django_filters.FilterSet):
    """Everybody who is there or invited; those who left only on demand."""

    q = django_filters.CharFilter(label="Nom ou adresse", method="search")
    state = django_filters.ChoiceFilter(
        label="Situation",
        choices=MembershipState.choices,
        method="in_state",
        empty_label="Membres et invités",
    )

    class Meta:
        model = Membership
        fields = []

    @property
    def qs(self) -> QuerySet[Membership]:
        members = super().qs
        return members if self.form.cleaned_data.get("state") else members.current()

    def search(self, members: QuerySet, name: str, words: str) -> QuerySet:
        columns = ("user__email", "user__first_name", "user__last_name", "organisation__name")
        return holding(members, words, *columns)

    def in_state(self, members: QuerySet, name: str, state: str) -> QuerySet:
        return members.filter(STATES[MembershipState(state)])


class OrganisationFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Nom ou SIRET", method="search")
    kind = django_filters.ChoiceFilter(label="Nature", choices=OrganisationKind.choices, empty_label="Toutes")

    class Meta:
        model = Organisation
        fields = ["q", "kind"]

    def search(self, organisations: QuerySet, name: str, words: str) -> QuerySet:
        return holding(organisations, words, "name", "siret")
