from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import django_filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.utils.http import urlencode

from config.lib.departments import DEPARTMENTS, department_label
from config.lib.listing import QuickSelect
from structures.enums import LegalFamily, ServiceKind, StructureKind
from structures.models import Capacity, Network, Structure, Trade
from structures.queries import needs


_NEAREST = F("square_km").asc(nulls_last=True)
SORTS = {
    "match": ("match", "sort_name", "pk"),
    "near": (_NEAREST, "sort_name", "pk"),
    "name": ("sort_name", "pk"),
    "-name": ("-sort_name", "-pk"),
    "kind": ("kind", "sort_name", "pk"),
    "-kind": ("-kind", "sort_name", "pk"),
    "city": ("sort_city", "sort_name", "pk"),
    "-city": ("-sort_city", "sort_name", "pk"),
    "verified": (F("verified_on").asc(nulls_first=True), "sort_name", "pk"),
    "-verified": (F("verified_on").desc(nulls_last=True), "sort_name", "pk"),
}
DEFAULT_SORT = "name"
SERVING = "serving"
RADII = (5, 10, 20, 30, 50, 100)
# A thousand words would be a thousand conditions, more than SQLite takes.
LONGEST = 200
# Behind « Plus de critères », which opens when one of them is chosen.
FOLDED_AWAY = {"kind", "family", "trade", "service", "network", "capacity", "siret", "verified"}


class Chip(NamedTuple):
    """One criterion in force, and the address of the list without it."""

    label: str
    query: str


class StructureFilter(django_filters.FilterSet):
    """What the directory can be narrowed by; the address of the page holds it all."""

    q = django_filters.CharFilter(
        label="Besoin, métier, nom ou SIRET", method="filter_words", max_length=LONGEST
    )
    place = django_filters.CharFilter(
        label="Commune ou code postal", method="filter_place", max_length=LONGEST
    )
    within = django_filters.ChoiceFilter(
        label="Distance",
        choices=[
            *((str(km), f"à moins de {km} km") for km in RADII),
            (SERVING, "qui disent y intervenir"),
        ],
        empty_label="dans la commune",
        method="filter_nothing",
    )
    department = django_filters.ChoiceFilter(
        label="Département",
        field_name="department_code",
        choices=[(code, department_label(code)) for code in DEPARTMENTS],
        empty_label="Tous",
        widget=QuickSelect,
    )
    kind = django_filters.MultipleChoiceFilter(
        label="Type", choices=StructureKind.choices, widget=forms.CheckboxSelectMultiple
    )
    family = django_filters.ChoiceFilter(
        label="Réservation possible",
        choices=LegalFamily.choices,
        empty_label="Indifférente",
        method="filter_family",
    )
    trade = django_filters.ModelChoiceFilter(
        label="Métier déclaré",
        queryset=Trade.objects.order_by("label"),
        to_field_name="code",
        empty_label="Indifférent",
        method="filter_trade",
        widget=QuickSelect,
    )
    service = django_filters.ChoiceFilter(
        label="Nature", choices=ServiceKind.choices, empty_label="Indifférente", method="filter_service"
    )
    network = django_filters.ModelChoiceFilter(
        label="Réseau",
        queryset=Network.objects.order_by("label"),
        to_field_name="code",
        field_name="networks",
        empty_label="Indifférent",
    )
    capacity = django_filters.ChoiceFilter(
        label="Capacité",
        choices=[("declared", "Déclarée à ce jour")],
        empty_label="Indifférente",
        method="filter_capacity",
    )
    siret = django_filters.ChoiceFilter(
        label="Clé du SIRET",
        choices=[("valid", "Juste"), ("invalid", "Fausse")],
        empty_label="Indifférente",
        method="filter_siret",
    )
    verified = django_filters.ChoiceFilter(
        label="Vérification",
        choices=[("yes", "Vérifiée depuis moins d’un an"), ("no", "À vérifier")],
        empty_label="Indifférente",
        method="filter_verified",
    )
    sort = django_filters.ChoiceFilter(
        choices=[(name, name) for name in SORTS], widget=forms.HiddenInput, method="filter_nothing"
    )

    view = django_filters.ChoiceFilter(
        choices=[("map", "Carte")], widget=forms.HiddenInput, method="filter_nothing"
    )

    class Meta:
        model = Structure
        fields = ()

    def __init__(self, data: Mapping, queryset: QuerySet[Structure], *, today: date):
        super().__init__(data, queryset)
        self.today = today
        # What is not understood narrows nothing.
        self.form.full_clean()
        self.understood = self.form.cleaned_data
        self.need = needs.understand(self.understood.get("q") or "")
        self.centre = needs.centre_of(self.understood.get("place") or "")
        self.sort_name = self._sort(self.understood.get("sort") or self.default_sort)
        self.is_map = self.understood.get("view") == "map"

    @property
    def default_sort(self) -> str:
        """The best answer first to a need, the nearest first around a place, else by name."""
        if self.need.words:
            return "match"
        return "near" if self.centre else DEFAULT_SORT

    def _sort(self, name: str) -> str:
        """An order that the criteria give no ground for is that of names."""
        has_ground = {"match": bool(self.need.words), "near": self.centre is not None}
        return name if has_ground.get(name, True) else self.default_sort

    @property
    def qs(self) -> QuerySet[Structure]:
        order = SORTS[self.sort_name]
        if self.sort_name == "match" and self.centre:
            order = ("match", _NEAREST, *order[1:])
        return super().qs.order_by(*order)

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """The criteria in force, one pair a value."""
        return [
            (name, value)
            for name, given in self.understood.items()
            for value in (given if isinstance(given, list) else [getattr(given, "code", given)])
            if value and name not in ("sort", "view")
        ]

    @property
    def is_unfolded(self) -> bool:
        return not FOLDED_AWAY.isdisjoint(name for name, _ in self.chosen)

    @property
    def query(self) -> str:
        """The address of this list, without its page."""
        return self._query(self.chosen)

    @property
    def list_query(self) -> str:
        return self._query(self.chosen, is_map=False)

    @property
    def map_query(self) -> str:
        return self._query(self.chosen, is_map=True)

    @property
    def chips(self) -> list[Chip]:
        return [
            Chip(
                f"{self.form.fields[name].label} : {self._wording(name, value)}",
                self._query([pair for pair in self.chosen if pair != (name, value)]),
            )
            for name, value in self.chosen
        ]

    def sorted_by(self, name: str) -> str:
        """The address of the list sorted so; the other way round when it already is."""
        return self._query(self.chosen, sort=f"-{name}" if self.sort_name == name else name)

    def _query(self, chosen: list[tuple[str, str]], sort: str = "", *, is_map: bool | None = None) -> str:
        sort = sort or self.sort_name
        is_map = self.is_map if is_map is None else is_map
        own = ("sort", sort if sort != self.default_sort else ""), ("view", "map" if is_map else "")
        return urlencode([*chosen, *(pair for pair in own if pair[1])])

    def _wording(self, name: str, value: str) -> str:
        choices = getattr(self.form.fields[name], "choices", [])
        return str({str(key): label for key, label in choices}.get(value, value))

    def filter_words(self, queryset, name: str, value: str):
        return needs.answering(queryset, self.need)

    def filter_place(self, queryset, name: str, value: str):
        """Within the commune unless a distance is asked; an unknown place is the start of a name."""
        within = self.understood.get("within")
        if self.centre is None:
            return queryset.in_place(value)
        if within == SERVING:
            return needs.serving(queryset.near(self.centre), self.centre)
        if within:
            return queryset.near(self.centre, int(within))
        return queryset.near(self.centre).in_place(value)

    def filter_trade(self, queryset, name: str, value: Trade):
        return queryset.offering(Q(trade=value))

    def filter_service(self, queryset, name: str, value: str):
        return queryset.offering(Q(service_kind=value))

    def filter_capacity(self, queryset, name: str, value: str):
        return queryset.offering(Q(pk__in=Capacity.objects.in_force(self.today).values("offer")))

    def filter_family(self, queryset, name: str, value: str):
        return queryset.of_family(LegalFamily(value))

    def filter_siret(self, queryset, name: str, value: str):
        return queryset.filter(siret_is_valid=value == "valid")

    def filter_verified(self, queryset, name: str, value: str):
        return queryset.up_to_date(self.today) if value == "yes" else queryset.to_verify(self.today)

    def filter_nothing(self, queryset, name: str, value: str):
        return queryset
