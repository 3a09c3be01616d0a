"""The values of a file that a person must confirm, or has confirmed: each once, with what it may be."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from config.lib.text import fold
from procurement.enums import ChosenField
from procurement.imports.approximate import bare, likeness, part_likeness
from procurement.imports.cells import text
from procurement.imports.choices import value_key
from procurement.imports.difference import FilePlan
from procurement.imports.known import Doubt


# Under it, what is alike is alike by chance: not worth being shown first.
CLOSE = 50
_PROPOSED = 3


class Option(NamedTuple):
    """`target` is what the service takes; `likeness` out of 100."""

    target: str
    label: str
    likeness: int = 0


class Question(NamedTuple):
    """One value written, on how many lines, the names most alike, then all of them."""

    field: ChosenField
    name: str
    written: str
    line_count: int
    close: Sequence[Option] = ()
    others: Sequence[Option] = ()
    chosen: str = ""

    @property
    def label(self) -> str:
        return str(self.field.label)

    @property
    def may_be_created(self) -> bool:
        return self.field == ChosenField.DEPARTMENT


def value_name(field: str, written: str) -> str:
    return f"valeur:{field}:{written}"


class Pending(NamedTuple):
    doubt: Doubt
    line_count: int


def pending(found: FilePlan) -> list[Pending]:
    """The values to confirm, the most frequent first."""
    if not found.known.doubts:
        return []
    counts = _lines_by_value(found)
    asked = [Pending(doubt, counts[place]) for place, doubt in found.known.doubts.items()]
    return sorted(asked, key=lambda one: (-one.line_count, one.doubt.field, fold(one.doubt.written)))


def questions(found: FilePlan, asked: Iterable[Pending]) -> list[Question]:
    return [
        Question(
            ChosenField(doubt.field),
            value_name(doubt.field, doubt.written),
            doubt.written,
            line_count,
            *_options(found, doubt.field, doubt.written),
        )
        for doubt, line_count in asked
    ]


def remembered(found: FilePlan) -> list[Question]:
    """The choices that served to read this file."""
    counts = _lines_by_value(found)
    return [
        Question(
            ChosenField(field),
            value_name(field, choice.written),
            choice.written,
            counts[field, key],
            chosen=choice.said,
        )
        for (field, key), choice in found.known.used.items()
    ]


def _lines_by_value(found: FilePlan) -> Counter[tuple[str, str]]:
    return Counter(
        (field.value, value_key(text(line.record.cells[field])))
        for line in found.lines
        for field in ChosenField
        if field in line.record.cells
    )


def _options(found: FilePlan, field: str, written: str) -> tuple[list[Option], list[Option]]:
    score = part_likeness if field == ChosenField.FAMILY else likeness
    ours = bare(written)
    options = sorted(
        (
            Option(target, label, round(score(ours, bare(label))))
            for target, label in found.known.names(field).items()
        ),
        key=lambda option: (-option.likeness, fold(option.label)),
    )
    close = [option for option in options[:_PROPOSED] if option.likeness >= CLOSE]
    return close, sorted(options[len(close) :], key=lambda option: fold(option.label))
