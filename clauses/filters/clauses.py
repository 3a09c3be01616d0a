import django_filters
from django.db.models import QuerySet

from accounts.filters import holding
from accounts.models import Organisation, User
from accounts.roles import OFFICE_ROLES, Role
from clauses.enums import ClauseState, ProvisionKind
from clauses.models import Clause
from procurement.models import Buyer, Programme


WORDS = (
    "lot__market__title",
    "lot__market__reference",
    "lot__title",
    "contract__reference",
    "contract__title",
    "contract__contractor__name",
    "buyer__organisation__name",
)


class ClauseFilter(django_filters.FilterSet):
    """What a list of clauses can be narrowed by; each reader chooses among what they see."""

    q = django_filters.CharFilter(label="Chercher", method="search")
    buyer = django_filters.ModelChoiceFilter(label="Acheteur", empty_label="Tous")
    contractor = django_filters.ModelChoiceFilter(
        label="Titulaire", field_name="contract__contractor", empty_label="Tous"
    )
    state = django_filters.ChoiceFilter(label="État", choices=ClauseState.choices, empty_label="Tous")
    kind = django_filters.ChoiceFilter(
        label="Disposition", choices=ProvisionKind.choices, empty_label="Toutes"
    )
    programme = django_filters.ModelChoiceFilter(
        label="Programme", queryset=Programme.objects.order_by("label"), empty_label="Tous", method="of"
    )

    class Meta:
        model = Clause
        fields = ()

    def __init__(self, data, queryset: QuerySet[Clause], *, user: User):
        super().__init__(data, queryset)
        self.filters["buyer"].queryset = Buyer.objects.filter(
            pk__in=queryset.values("buyer")
        ).select_related("organisation").order_by("organisation__name", "pk")  # fmt: skip
        self.filters["contractor"].queryset = Organisation.objects.filter(
            pk__in=queryset.values("contract__contractor")
        ).order_by("name", "pk")
        if user.membership.role not in OFFICE_ROLES:
            del self.filters["buyer" if user.membership.role == Role.BUYER else "contractor"]

    def search(self, clauses: QuerySet, name: str, words: str) -> QuerySet:
        return holding(clauses, words, *WORDS)

    def of(self, clauses: QuerySet, name: str, programme: Programme) -> QuerySet:
        """The contract's programmes once it is notified, the market's before."""
        tagged = programme.contracts.values("pk")
        before = clauses.filter(contract=None, lot__market__programmes=programme)
        return clauses.filter(contract__in=tagged) | clauses.filter(pk__in=before.values("pk"))
