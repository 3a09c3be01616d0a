"""The rule laid out to be read: what each number means, where it comes from, what each version changed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import Field

from accounts.models import Office
from clauses.models import SuggestionRule
from config.lib.french import format_amount, format_hours, format_number, format_percentage


def _words(value: str) -> str:
    return value or "aucun"


def _yes_or_no(value: bool) -> str:  # noqa: FBT001 (a value to write, not an option)
    return "oui" if value else "non"


def _structures(value: int) -> str:
    return f"{format_number(value)} structure{'s' if value > 1 else ''}"


# Title → the numbers that belong there, each with the way it is written.
SHELVES: dict[str, dict[str, Callable[[Any], str]]] = {
    "Heures et taux": {
        "minimum_hours": format_hours,
        "criterion_hours": format_hours,
        "rate": format_percentage,
    },
    "Réserver le marché ou un lot": {
        "reserve_all_structures": _structures,
        "reserve_lot_structures": _structures,
        "to_ask_weight": format_percentage,
        "mean_turnover": format_amount,
        "dependency": format_percentage,
        "lot_dependency": format_percentage,
    },
    "Main-d’œuvre": {
        "supplies_labour_share": format_percentage,
        "minimum_labour_share": format_percentage,
    },
    "Ce qui s’est déjà fait": {"benchmark_share": format_percentage, "follows_last_verdict": _yes_or_no},
    "L’insertion pour objet": {"service_words": _words},
}
_WRITERS = {name: write for shelf in SHELVES.values() for name, write in shelf.items()}
_UNIT = re.compile(r" \([^)]*\)$")


@dataclass(frozen=True)
class Row:
    label: str
    meaning: str
    value: str
    source: str
    is_to_confirm: bool
    is_number: bool


@dataclass(frozen=True)
class Shelf:
    title: str
    rows: list[Row]


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Version:
    """`changes` from the version that was followed before."""

    rule: SuggestionRule
    changes: list[Change]
    is_in_force: bool


def shelves(rule: SuggestionRule) -> list[Shelf]:
    return [Shelf(title, [_row(rule, name) for name in names]) for title, names in SHELVES.items()]


def changes(before: SuggestionRule, after: SuggestionRule) -> list[Change]:
    return [
        Change(label(name), written(before, name), written(after, name))
        for name in SuggestionRule.NUMBERS
        if getattr(before, name) != getattr(after, name)
    ]


def history(office: Office) -> list[Version]:
    """Latest first: the office's own versions, then the common ones."""
    rows = SuggestionRule.objects.known_to(office).latest_first().select_related("created_by", "copied_from")
    kept = list(rows)
    told = [changes(older, newer) for newer, older in pairwise(kept)]
    return [
        Version(row, told[rank] if rank < len(told) else [], is_in_force=rank == 0)
        for rank, row in enumerate(kept)
    ]


def newer_common(current: SuggestionRule) -> SuggestionRule | None:
    """The common rule that was written after the office's own."""
    if current.office_id is None:
        return None
    common = SuggestionRule.objects.known_to(None).filter(created_at__gt=current.created_at)
    return common.latest_first().first()


def label(name: str) -> str:
    words = _UNIT.sub("", str(_field(name).verbose_name))
    return words[:1].upper() + words[1:]


def written(rule: SuggestionRule, name: str) -> str:
    return _WRITERS[name](getattr(rule, name))


def _field(name: str) -> Field:
    return {field.name: field for field in SuggestionRule._meta.concrete_fields}[name]


def _row(rule: SuggestionRule, name: str) -> Row:
    source = rule.sources.get(name) or {"text": rule.source, "is_to_confirm": rule.is_to_confirm}
    return Row(
        label=label(name),
        meaning=str(_field(name).help_text),
        value=written(rule, name),
        source=source["text"],
        is_to_confirm=source["is_to_confirm"],
        is_number=not isinstance(getattr(rule, name), str),
    )
