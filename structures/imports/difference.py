"""The lines of a file against the cards of the directory: judge → plan. Nothing here writes to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from config.lib import siret as siret_numbers
from config.lib.departments import department_of
from config.lib.intake import Counts, Issue, Record, as_text
from structures.imports.cells import StructureRow
from structures.imports.columns import ALIASES, FIELDS, KEY, label
from structures.imports.reading import Reading
from structures.models import Structure
from structures.rules.naming import display_name


Key = tuple[str, str]

_BLANK = {name: Structure._meta.get_field(name).get_default() for name in FIELDS}
_SOURCE_LENGTH = Structure._meta.get_field("source").max_length


@dataclass(frozen=True)
class Line:
    """A line and what it would write, a value per column of its sheet; it waits when `key` is missing."""

    record: Record
    issues: list[Issue]
    key: Key | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def texts(self) -> dict[str, str]:
        return {name: self.record.text(name) for name in ALIASES}


@dataclass(frozen=True)
class Change:
    """A line that becomes a card; `differing` are the fields where the card of the directory differs."""

    line: Line
    key: Key
    values: Mapping[str, Any]
    structure: Structure | None = None
    differing: tuple[str, ...] = ()

    @property
    def display_name(self) -> str:
        return display_name(brand=self.values["brand"], name=self.values["name"])

    @property
    def differences(self) -> list[tuple[str, Any, Any]]:
        """What the field is called, what the card says, what the file says."""
        return [
            (label(name), _shown(getattr(self.structure, name)), _shown(self.values[name]))
            for name in self.differing
        ]


@dataclass(frozen=True)
class DirectoryPlan:
    """What applying the file does, line by line; `gone` are cards that the file’s sources no longer list."""

    created: list[Change]
    updated: list[Change]
    unchanged: list[Change]
    waiting: list[Line]
    gone: list[Structure]
    issues: list[Issue]
    counts: Counts


def judge(records: Iterable[Record]) -> list[Line]:
    """Each line on its own, then against the lines above: the first to bear a key has it."""
    first_of: dict[Key, Record] = {}
    lines = []
    for record in records:
        line = _judge(record)
        if line.key and first_of.setdefault(line.key, record) is not record:
            line = _repeat(line, first_of[line.key])
        lines.append(line)
    return lines


def plan(reading: Reading, known: Iterable[Structure]) -> DirectoryPlan:
    """The difference between the file and the cards of the directory."""
    lines = judge(reading.records)
    cards = {(card.siret, card.kind): card for card in known}
    origin = PurePath(reading.name).stem[:_SOURCE_LENGTH]
    changes = [_change(line, line.key, cards.get(line.key), origin) for line in lines if line.key]
    created = [change for change in changes if change.structure is None]
    updated = [change for change in changes if change.differing]
    unchanged = [change for change in changes if change.structure and not change.differing]
    waiting = [line for line in lines if not line.key]
    return DirectoryPlan(
        created,
        updated,
        unchanged,
        waiting,
        _gone(changes, cards),
        [*reading.issues, *(issue for line in lines for issue in line.issues)],
        Counts(len(reading.records), len(created), len(updated), len(unchanged), len(waiting)),
    )


def _judge(record: Record) -> Line:
    form = StructureRow({name: record.text(name) for name in ALIASES})
    form.is_valid()
    issues = record.issues(form)
    if not form.cleaned_data.keys() >= set(KEY):
        return Line(record, issues)
    siret, kind = (form.cleaned_data[name] for name in KEY)
    if wrong_key := siret_numbers.explain(siret):
        issues.append(record.issue("siret", f"{wrong_key} Le numéro est gardé tel quel."))
    return Line(
        record, issues, (siret, kind.value), _values(record, form, issues, siret_is_valid=not wrong_key)
    )


def _values(record: Record, form: StructureRow, issues: list[Issue], *, siret_is_valid: bool) -> dict:
    values = {name: _value(record, form, name) for name in record.titles if name not in KEY}
    if values.get("postcode") and not values.get("department_code"):
        values["department_code"] = department_of(values["postcode"])
    return values | {
        "siret_is_valid": siret_is_valid,
        "extra": {title: as_text(cell) for title, cell in record.extra.items()},
        # Without the line: it moves when the file is sorted, and the card has not changed.
        "issues": [{"column": i.column, "value": i.value, "reason": i.reason} for i in issues],
    }


def _value(record: Record, form: StructureRow, name: str) -> Any:
    if name in form.cleaned_data:
        return form.cleaned_data[name]
    return form.fields[name].fallback(record.text(name))


def _shown(value: Any) -> str:
    """A value of a card beside the one it replaces."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return " ; ".join(f"{title} : {text}" for title, text in value.items())
    if isinstance(value, list):
        return " ; ".join(f"{issue['column']} « {issue['value']} »" for issue in value)
    return as_text(value)


def _repeat(line: Line, first: Record) -> Line:
    where = f"ligne {first.line}"
    if first.sheet != line.record.sheet:
        where = f"{where} de la feuille « {first.sheet} »"
    reason = f"Cette ligne répète le SIRET et le type déjà donnés {where}."
    return Line(line.record, [line.record.issue("siret", reason), *line.issues])


def _change(line: Line, key: Key, structure: Structure | None, origin: str) -> Change:
    """A column that the file lacks leaves the card as it is, and so does what a person put right."""
    if structure is None:
        return Change(line, key, _BLANK | {"source": origin} | line.values)
    standing = {name: getattr(structure, name) for name in FIELDS}
    kept = {
        *structure.corrected_fields,
        *(["department_code"] if "postcode" in structure.corrected_fields else []),
    }
    values = standing | {name: value for name, value in line.values.items() if name not in kept}
    return Change(
        line, key, values, structure, tuple(name for name in FIELDS if values[name] != standing[name])
    )


def _gone(changes: list[Change], cards: Mapping[Key, Structure]) -> list[Structure]:
    """Only among cards that came from a source of this file: the others never were its business."""
    listed = {change.key for change in changes}
    sources = {change.values["source"] for change in changes}
    gone = [
        card for key, card in cards.items() if key not in listed and card.seen_at and card.source in sources
    ]
    return sorted(gone, key=lambda card: (card.sort_name, card.pk))
