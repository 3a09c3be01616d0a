"""What a line changes in a market, as people read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models

from config.lib.french import format_amount, format_date_short, format_number, join_words
from procurement.models import Department, Family, Market


NOTHING_SAID = "—"
MONEY = ("estimated_amount", "lowest_amount")
FIELDS = {concrete.name: concrete for concrete in Market._meta.concrete_fields}
_CHOICES = {name: dict(concrete.flatchoices) for name, concrete in FIELDS.items() if concrete.choices}


@dataclass(frozen=True)
class Change:
    """One field of a market, before and after, as people read them."""

    name: str
    label: str
    before: str
    after: str


class Shown:
    """Values as people read them, related rows by their name and without a query."""

    def __init__(self, families: Iterable[Family], departments: Iterable[Department]):
        self.names = {
            "family": {family.pk: family.label for family in families},
            "department": {department.pk: department.name for department in departments},
        } | _CHOICES

    def change(self, name: str, before: Any, after: Any) -> Change:
        if name == "extra":
            before, after = _differing(before, after)
        return Change(name, str(FIELDS[name].verbose_name), self.text(name, before), self.text(name, after))

    def text(self, name: str, value: object) -> str:
        if isinstance(value, models.Model):
            return str(value)
        if name in self.names:
            return str(self.names[name].get(value, NOTHING_SAID))
        return _as_read(name, value)


def _differing(before: dict, after: dict) -> tuple[dict, dict]:
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before[name] for name in names if name in before}, {name: after[name] for name in names}


def _as_read(name: str, value: object) -> str:
    match value:
        case bool():
            written = "oui" if value else "non"
        case Decimal():
            written = format_amount(value) if name in MONEY else format_number(value)
        case date():
            written = format_date_short(value)
        case list():
            written = join_words([str(mark["column"]) for mark in value])
        case dict():
            written = " ; ".join(f"{title} : {cell}" for title, cell in value.items())
        case _:
            written = "" if value is None else str(value)
    return written or NOTHING_SAID
