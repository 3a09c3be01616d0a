import re

import django_filters
from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet

from config.lib.departments import DEPARTMENTS, REGIONS, department_label
from config.lib.listing import CriteriaForm, ListFilter
from procurement.enums import Consideration, Nature, SocialRecord
from procurement.filters.markets import AmountFilter
from procurement.models import AwardedContract


FLAGS = {
    Consideration.CLAUSE: "has_clause",
    Consideration.CRITERION: "has_criterion",
    Consideration.RESERVED: "is_reserved",
}


def notified(label: str, lookup: str) -> django_filters.DateFilter:
    return django_filters.DateFilter(
        label=label,
        field_name="notified_on",
        lookup_expr=lookup,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def amount(label: str, lookup: str) -> AmountFilter:
    return AmountFilter(label=label, field_name="amount", lookup_expr=lookup, max_digits=14, decimal_places=2)


class CpvField(forms.CharField):
    """« 9091 », « 90911200-8 »: the start of a code, its check digit aside."""

    def __init__(self, **kwargs):
        reason = "Écrivez de 2 à 8 chiffres, par exemple 9091."
        super().__init__(**kwargs, validators=[RegexValidator(r"^\d{2,8}$", reason)])

    def to_python(self, value):
        return re.sub(r"-\d$|\s", "", super().to_python(value))


class CpvFilter(django_filters.CharFilter):
    field_class = CpvField


class AwardedFilter(ListFilter):
    """What other buyers published; the address of the page holds every criterion."""

    folded_away = frozenset(
        {"kind", "nature", "department", "region", "amount_min", "amount_max", "notified_from", "notified_to"}
    )

    q = django_filters.CharFilter(label="Objet, acheteur, titulaire", method="holding")
    cpv = CpvFilter(label="Code CPV", method="under", max_length=12)
    social = django_filters.ChoiceFilter(
        label="Considération sociale", choices=SocialRecord.choices, empty_label="Indifférente"
    )
    kind = django_filters.ChoiceFilter(
        label="Nature de la considération",
        choices=[(kind.value, str(kind.label).capitalize()) for kind in Consideration],
        empty_label="Toutes",
        method="carrying",
    )
    nature = django_filters.ChoiceFilter(label="Nature", choices=Nature.choices, empty_label="Toutes")
    department = django_filters.ChoiceFilter(
        label="Département",
        field_name="department_code",
        choices=[(code, department_label(code)) for code in DEPARTMENTS],
        empty_label="Tous",
    )
    region = django_filters.ChoiceFilter(
        label="Région",
        field_name="region_code",
        choices=[(code, name) for code, (name, _) in REGIONS.items()],
        empty_label="Toutes",
    )
    amount_min = amount("Montant minimal (€ HT)", "gte")
    amount_max = amount("Montant maximal (€ HT)", "lte")
    notified_from = notified("Notifié dès le", "gte")
    notified_to = notified("Notifié jusqu’au", "lte")

    class Meta:
        model = AwardedContract
        fields = ()
        form = CriteriaForm

    def holding(self, contracts: QuerySet, name: str, words: str) -> QuerySet:
        return contracts.matching(words)

    def under(self, contracts: QuerySet, name: str, prefix: str) -> QuerySet:
        return contracts.under_cpv(prefix)

    def carrying(self, contracts: QuerySet, name: str, kind: str) -> QuerySet:
        return contracts.filter(**{FLAGS[Consideration(kind)]: True})
