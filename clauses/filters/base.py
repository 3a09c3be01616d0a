"""A list whose whole state is its address: criteria that can be bookmarked, shown as chips, taken off."""

from collections.abc import Mapping
from typing import NamedTuple

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.http import urlencode


class Chip(NamedTuple):
    """One criterion in force, and the address of the list without it."""

    label: str
    query: str


class QuietForm(forms.Form):
    """Fields of a filter bar: Bootstrap's classes, no colon after the labels."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs, label_suffix="")
        for field in self.fields.values():
            field.widget.attrs["class"] = (
                "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            )


class ListFilter(django_filters.FilterSet):
    """What is not understood narrows nothing."""

    # Behind « Plus de critères », which opens when one of them is chosen.
    folded_away: frozenset[str] = frozenset()
    # Not a criterion: it has no chip.
    order_field = "sort"

    def __init__(self, data: Mapping, queryset: QuerySet, **context):
        super().__init__(data, queryset)
        self.offer(**context)
        self.form.full_clean()
        self.understood = self.form.cleaned_data

    def offer(self, **context) -> None:
        """Choices that depend on who reads, set on `self.filters`."""

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """The criteria in force and the order, as the address writes them."""
        return [
            (name, value)
            for name in self.form.fields
            if self.understood.get(name) not in (None, "")
            for value in self.data.getlist(name)
            if value
        ]

    @property
    def chips(self) -> list[Chip]:
        return [
            Chip(f"{self.form.fields[name].label} : {self._wording(name)}", self._without(name))
            for name, _ in self.chosen
            if name != self.order_field
        ]

    @property
    def query(self) -> str:
        """The address of this list, without its page."""
        return urlencode(self.chosen)

    @property
    def is_unfolded(self) -> bool:
        return not self.folded_away.isdisjoint(name for name, _ in self.chosen)

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [field for field in self.form if field.name not in self.folded_away]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [field for field in self.form if field.name in self.folded_away]

    def _without(self, name: str) -> str:
        return urlencode([pair for pair in self.chosen if pair[0] != name])

    def _wording(self, name: str) -> str:
        value = self.understood[name]
        choices = dict(getattr(self.form.fields[name], "choices", []))
        return str(choices.get(value, value))
