"""A list whose whole state is its address: criteria that can be bookmarked, shown as chips, taken off."""

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

import django_filters
from django import forms
from django.db.models import QuerySet
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe


PAGE_SIZE = 50
SELECTED = mark_safe(" selected")
# Of words looked for: a thousand words would be a thousand conditions, more than SQLite takes.
LONGEST = 200


class Chip(NamedTuple):
    """One criterion in force, and the address of the list without it."""

    label: str
    query: str


class QuickSelect(forms.Select):
    """The same list, written at once: Django renders a template for each option, and a bar has hundreds."""

    def render(self, name, value, attrs=None, renderer=None) -> SafeString:
        # Not `list(…)`: it would ask the length first, and rows of the database would be counted.
        rows = [(key, label) for key, label in self.choices]
        if any(isinstance(label, list | tuple) for _, label in rows):
            return super().render(name, value, attrs, renderer)
        chosen = self.format_value(value)
        written = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                ("" if key is None else key, SELECTED if str(key or "") in chosen else "", label)
                for key, label in rows
            ),
        )
        return format_html("<select{}>{}</select>", flatatt(written), options)


class CriteriaForm(forms.Form):
    """Labels without a colon; « indifferent » chosen in a list leaves no trace in the address."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs, label_suffix="")
        for field in self.fields.values():
            if type(field.widget) is forms.Select:
                field.widget = QuickSelect(field.widget.attrs, field.widget.choices)


class ListFilter(django_filters.FilterSet):
    """What is not understood narrows nothing; the field says so."""

    # Behind « Plus de critères ».
    folded_away: frozenset[str] = frozenset()
    # Kept by every criterion, taken off by none: how the list is shown rather than what is in it.
    kept: tuple[str, ...] = ("sort",)

    class Meta:
        form = CriteriaForm
        fields = ()

    def __init__(self, data: Mapping, queryset: QuerySet, **context):
        super().__init__(data, queryset)
        for each in self.filters.values():
            if isinstance(each, django_filters.CharFilter):
                each.extra.setdefault("max_length", LONGEST)
        self.offer(**context)
        self.form.full_clean()
        self.understood = self.form.cleaned_data

    def offer(self, **context) -> None:
        """Choices that depend on who reads, set on `self.filters`."""

    # Read by each row of a list; nothing changes the criteria once they are understood.
    @cached_property
    def chosen(self) -> list[tuple[str, str]]:
        """The criteria in force, as the address writes them."""
        return [
            (name, value)
            for name in self.form.fields
            if name not in self.kept and self.understood.get(name) not in (None, "")
            for value in self.data.getlist(name)
            if value
        ]

    @property
    def chips(self) -> list[Chip]:
        pairs = self.chosen
        return [
            Chip(f"{self.form.fields[name].label} : {self._wording(name)}", self._query(pairs, without=name))
            for name, _ in pairs
        ]

    @cached_property
    def query(self) -> str:
        """The address of this list, without its page."""
        return self._query(self.chosen)

    @property
    def criteria_query(self) -> str:
        """The criteria alone, for headers that sort."""
        return urlencode(self.chosen)

    @property
    def bare_query(self) -> str:
        """The address of the list with every criterion taken off."""
        return self._query([])

    @property
    def is_unfolded(self) -> bool:
        """What is in force shows as chips; only what is not understood must be seen at once."""
        return not self.folded_away.isdisjoint(self.form.errors)

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [field for field in self.form.visible_fields() if field.name not in self.folded_away]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [field for field in self.form.visible_fields() if field.name in self.folded_away]

    @property
    def kept_pairs(self) -> list[tuple[str, str]]:
        return [(name, self.data[name]) for name in self.kept if self.data.get(name)]

    @property
    def hidden_pairs(self) -> list[tuple[str, str]]:
        """What a filter bar carries along without showing it."""
        return [pair for pair in self.kept_pairs if pair[0] not in self.form.fields]

    def _query(self, pairs: list[tuple[str, str]], without: str = "") -> str:
        return urlencode([*(pair for pair in pairs if pair[0] != without), *self.kept_pairs])

    def _wording(self, name: str) -> str:
        value = self.understood[name]
        field = self.form.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            return str(field.label_from_instance(value))
        choices = {str(key): label for key, label in getattr(field, "choices", [])}
        return str(choices.get(str(value), self.data[name]))
