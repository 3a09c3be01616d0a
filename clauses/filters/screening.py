from datetime import date, timedelta

import django_filters
from django.db.models import F, Q, QuerySet
from django.utils.http import urlencode

from accounts.models import User
from clauses.enums import Verdict
from clauses.filters.outcomes import may_read, outcome_filter, suggested
from clauses.filters.urgency import urgency_filter, urgent, urgent_first
from clauses.queries.derogations import to_justify
from clauses.queries.screening import Progress
from config.lib.french import format_month
from config.lib.listing import CriteriaForm, ListFilter
from config.lib.text import fold
from procurement.enums import Nature, Procedure
from procurement.filters.markets import amount
from procurement.models import Buyer, Department, Family, Market
from procurement.queries.owing import owing


UNSEEN, SEEN = "unseen", "seen"
VERDICTS = [(UNSEEN, "À voir"), (SEEN, "Vus"), *Verdict.choices]
ORDERS = {
    "launch": ("Urgentes, puis lancement le plus proche", (F("launch_on").asc(nulls_last=True), "pk")),
    "amount": ("Montant le plus élevé", (F("estimated_amount").desc(nulls_last=True), "pk")),
    "deposit": ("Dépôt le plus ancien", ("plan__submitted_at", "pk")),
    "buyer": (
        "Acheteur",
        ("plan__buyer__organisation__name", F("launch_on").asc(nulls_last=True), "pk"),
    ),
}
DEFAULT_ORDER = "launch"
RENEWALS = [("yes", "Renouvellements"), ("no", "Nouveaux besoins")]
# From the day of reading, in days; a launch that has gone by still awaits its answer.
PAST = "past"
URGENCIES = [(PAST, "Date passée"), ("28", "Dans les 4 semaines"), ("90", "Dans les 90 jours")]


OWED, TO_JUSTIFY = "yes", "justify"
DUTIES = [(OWED, "Obligatoire"), (TO_JUSTIFY, "À justifier")]


class DepartmentField(django_filters.fields.ModelChoiceField):
    def label_from_instance(self, department: Department) -> str:
        return f"{department} – {department.buyer_name}"


class DepartmentFilter(django_filters.ModelChoiceFilter):
    field_class = DepartmentField


class ScreeningFilter(ListFilter):
    """The lines of all plans that a person may screen; `lines` leaves the verdict out, for the counters."""

    folded_away = frozenset(
        {
            "family", "nature", "department", "amount_min", "amount_max", "month", "place", "procedure",
            "renewal", "urgency", "urgent", "outcome", "duty", "sort",
        }
    )  # fmt: skip

    q = django_filters.CharFilter(label="Mots", method="holding")
    buyer = django_filters.ModelChoiceFilter(
        label="Acheteur", field_name="plan__buyer", queryset=Buyer.objects.none(), empty_label="Tous"
    )
    year = django_filters.ChoiceFilter(label="Année", field_name="plan__year", empty_label="Toutes")
    verdict = django_filters.ChoiceFilter(label="Avis", choices=VERDICTS, empty_label="Tous", method="later")
    urgency = django_filters.ChoiceFilter(
        label="Lancement", choices=URGENCIES, empty_label="À toute date", method="pressing"
    )
    urgent = urgency_filter()
    family = django_filters.ModelChoiceFilter(
        label="Famille d’achats", queryset=Family.objects.order_by("label"), empty_label="Toutes"
    )
    nature = django_filters.ChoiceFilter(label="Nature", choices=Nature.choices, empty_label="Toutes")
    department = DepartmentFilter(label="Service", queryset=Department.objects.none(), empty_label="Tous")
    amount_min = amount("Montant à partir de (€)", "gte")
    amount_max = amount("Montant jusqu’à (€)", "lte")
    month = django_filters.ChoiceFilter(label="Mois de lancement", empty_label="Tous", method="launched_in")
    place = django_filters.CharFilter(label="Lieu", method="in_place")
    procedure = django_filters.ChoiceFilter(
        label="Procédure", choices=Procedure.choices, empty_label="Toutes"
    )
    renewal = django_filters.ChoiceFilter(
        label="Renouvellement", choices=RENEWALS, empty_label="Indifférent", method="renewed"
    )
    outcome = outcome_filter()
    # The last of them: it reads what the others left.
    duty = django_filters.ChoiceFilter(
        label="Obligation légale", choices=DUTIES, empty_label="Indifférente", method="owed"
    )
    sort = django_filters.ChoiceFilter(
        label="Ordre",
        choices=[(name, label) for name, (label, _) in ORDERS.items() if name != DEFAULT_ORDER],
        empty_label=ORDERS[DEFAULT_ORDER][0],
        method="later",
    )

    class Meta:
        model = Market
        fields = ()
        form = CriteriaForm

    def offer(self, *, user: User, on: date) -> None:
        self.on, self.user = on, user
        if not may_read(user):
            del self.filters["outcome"], self.filters["urgent"]
        buyers = Buyer.objects.visible_to(user).select_related("organisation")
        # Asked of the database only where they are shown or chosen from: not when the table alone is swapped.
        self.filters["year"].extra["choices"] = self._years
        self.filters["month"].extra["choices"] = self._months
        self.filters["buyer"].queryset = buyers.order_by("organisation__name", "pk")
        self.filters["department"].queryset = Department.objects.visible_to(user).named()

    def _years(self) -> list[tuple[str, str]]:
        years = self.queryset.order_by("-plan__year").values_list("plan__year", flat=True).distinct()
        return [(str(year), str(year)) for year in years]

    def _months(self) -> list[tuple[str, str]]:
        # Cut to the month here: SQLite would call back for every line.
        launches = self.queryset.order_by().exclude(launch_on=None).values_list("launch_on", flat=True)
        months = sorted({day.replace(day=1) for day in launches.distinct()})
        return [(f"{day:%Y-%m}", format_month(day)) for day in months]

    @property
    def lines(self) -> QuerySet[Market]:
        return super().qs

    @property
    def qs(self) -> QuerySet[Market]:
        chosen = self.understood.get("sort") or DEFAULT_ORDER
        _, order = ORDERS[chosen]
        first = [urgent_first(self.user)] if chosen == DEFAULT_ORDER and may_read(self.user) else []
        return self.lines.filter(self._judged()).order_by(*first, *order)

    def found(self, counted: Progress) -> int:
        """How many lines `qs` holds, from the counters of `lines`."""
        wanted = self.understood.get("verdict")
        known = {"": counted.total, UNSEEN: counted.unseen, SEEN: counted.seen}
        return known[wanted] if wanted in known else counted.by_verdict[wanted]

    @property
    def unseen_query(self) -> str:
        """The address of what is left to see among these lines."""
        others = [pair for pair in self.chosen if pair[0] != "verdict"]
        return urlencode([*others, ("verdict", UNSEEN), *self.kept_pairs])

    def _judged(self) -> Q:
        wanted = self.understood.get("verdict")
        if not wanted:
            return Q()
        if wanted in (UNSEEN, SEEN):
            return Q(verdict="") if wanted == UNSEEN else ~Q(verdict="")
        return Q(verdict=wanted)

    def holding(self, lines: QuerySet, name: str, words: str) -> QuerySet:
        for word in fold(words).split():
            lines = lines.filter(search_text__contains=word)
        return lines

    def in_place(self, lines: QuerySet, name: str, words: str) -> QuerySet:
        # The text of the search holds the place, folded: « ecully » finds « Écully » on SQLite too.
        return self.holding(lines.exclude(place=""), name, words)

    def launched_in(self, lines: QuerySet, name: str, month: str) -> QuerySet:
        start = date.fromisoformat(f"{month}-01")
        return lines.filter(launch_on__gte=start, launch_on__lt=(start + timedelta(days=31)).replace(day=1))

    def renewed(self, lines: QuerySet, name: str, wanted: str) -> QuerySet:
        return lines.filter(is_renewal=wanted == "yes")

    def pressing(self, lines: QuerySet, name: str, wanted: str) -> QuerySet:
        if wanted == PAST:
            return lines.filter(launch_on__lt=self.on)
        return lines.filter(launch_on__range=(self.on, self.on + timedelta(days=int(wanted))))

    def urgently(self, lines: QuerySet, name: str, wanted: str) -> QuerySet:
        return urgent(lines, self.user)

    def suggesting(self, lines: QuerySet, name: str, outcome: str) -> QuerySet:
        return suggested(lines, self.user, outcome)

    def owed(self, lines: QuerySet, name: str, value: str) -> QuerySet:
        return to_justify(lines) if value == TO_JUSTIFY else owing(lines)

    def later(self, lines: QuerySet, name: str, value: str) -> QuerySet:
        """`qs` applies it, once `lines` is known."""
        return lines
