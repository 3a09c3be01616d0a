"""What people decided of the files of a buyer, and of one file: it goes before what we understand alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from config.lib.intake import Header, normalise
from config.lib.text import fold
from procurement.imports.columns import ALIASES, REQUIRED
from procurement.models import Buyer, ColumnChoice, ValueChoice


_LONGEST_KEY = ColumnChoice._meta.get_field("key").max_length


@dataclass(frozen=True)
class SheetChoice:
    """`is_read` is None as long as nobody chose; so is the line of the header, 0 when the sheet has none."""

    is_read: bool | None = None
    header_line: int | None = None


class ChosenValue(NamedTuple):
    """What a written value stands for; no row and no place when it is none of ours."""

    written: str
    said: str
    family: int | None = None
    department: int | None = None
    place: str = ""


@dataclass(frozen=True)
class Choices:
    """`columns` from the key of a title to a field, empty for a column not to be read.

    `values` by field and key of what is written.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    sheets: Mapping[str, SheetChoice] = field(default_factory=dict)
    values: Mapping[tuple[str, str], ChosenValue] = field(default_factory=dict)


def choices_of(buyer: Buyer, sheets: Mapping[str, Mapping] | None = None) -> Choices:
    """What is remembered for this buyer, saved or not, with what was said of the sheets of one file."""
    said = {name: SheetChoice(**choice) for name, choice in (sheets or {}).items()}
    if not buyer.pk:
        return Choices(sheets=said)
    kept = ColumnChoice.objects.filter(buyer=buyer).order_by("pk").values_list("key", "field")
    # A field that we no longer know is no choice any more.
    columns = {key: name for key, name in kept if not name or name in ALIASES}
    return Choices(columns, said, _values_of(buyer))


def _values_of(buyer: Buyer) -> dict[tuple[str, str], ChosenValue]:
    chosen = ValueChoice.objects.filter(buyer=buyer).select_related("family", "department").order_by("pk")
    return {
        (choice.field, choice.key): ChosenValue(
            choice.written, choice.said, choice.family_id, choice.department_id, choice.place
        )
        for choice in chosen
    }


def value_key(written: str) -> str:
    """How two values are said to be the same: « ÉCOLES » is « écoles »."""
    return fold(written)[:_LONGEST_KEY]


def column_key(title: str) -> str:
    """How two titles are said to be the same from one file to the next."""
    return (normalise(title) or fold(title))[:_LONGEST_KEY]


def aliases_with(choices: Choices) -> dict[str, list[str]]:
    """Our titles of each field, after those of the buyer: they find its header as well as ours do."""
    own: dict[str, list[str]] = {name: [] for name in ALIASES}
    for key, name in choices.columns.items():
        if name:
            own[name].append(key)
    return {name: [*own[name], *ALIASES[name]] for name in ALIASES}


def chosen(header: Header, choices: Choices) -> Header:
    """The header as people chose; of two columns chosen for one field, the first is read."""
    fields = list(header.fields)
    taken: set[str] = set()
    for rank, title in enumerate(header.titles):
        name = choices.columns.get(column_key(title))
        if name is None:
            continue
        if name and name not in taken:
            fields = [None if other == name else other for other in fields]
            fields[rank] = name
            taken.add(name)
        else:
            fields[rank] = None
    found = Header(header.line, tuple(fields), header.titles)
    # What was said of another file never leaves this one without an object.
    return header if is_plan(header) and not is_plan(found) else found


def is_plan(header: Header) -> bool:
    return set(REQUIRED) <= set(header.known)
