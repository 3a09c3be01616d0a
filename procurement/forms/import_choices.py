"""What a person answers about columns, sheets and values of a plan file, by the names of the page."""

from collections.abc import Iterable, Mapping

from procurement.enums import ChosenField
from procurement.imports.choices import SheetChoice
from procurement.services.import_choices import AUTOMATIC, ColumnAnswer
from procurement.services.import_values import ValueAnswer


_COLUMN, _SHEET, _HEADER, _VALUE = "colonne", "feuille", "entete", "valeur"
_LONGEST_NUMBER = 6
IS_READ = {"auto": None, "lire": True, "laisser": False}


def read_columns(posted: Mapping[str, str]) -> list[ColumnAnswer]:
    return [
        ColumnAnswer(*numbers, posted[name]) for name in posted if (numbers := _numbers(name, _COLUMN, 2))
    ]


def read_sheets(posted: Mapping[str, str]) -> dict[int, SheetChoice]:
    """By rank of sheet; a line that is no number leaves the header where it is."""
    choices = {}
    for name, said in posted.items():
        if (numbers := _numbers(name, _SHEET, 1)) and said in IS_READ:
            choices[numbers[0]] = SheetChoice(IS_READ[said], _line(posted, numbers[0]))
    return choices


def read_values(posted: Mapping[str, str]) -> list[ValueAnswer]:
    """The values that somebody settled; those left to confirm are none."""
    answers = []
    for name, said in posted.items():
        # PostgreSQL keeps no null character.
        prefix, field, written = [*name.replace("\0", "").split(":", 2), "", ""][:3]
        target = _target(said.replace("\0", ""))
        if prefix == _VALUE and field in ChosenField and written and target is not None:
            answers.append(ValueAnswer(ChosenField(field), written, target))
    return answers


def _target(said: str) -> str | None:
    """« =… » names what was chosen."""
    if said.startswith("="):
        return said[1:].strip() or None
    return {"garder": "", "oublier": AUTOMATIC}.get(said)


def _line(posted: Mapping[str, str], sheet: int) -> int | None:
    typed = posted.get(f"{_HEADER}:{sheet}", "").strip()
    return int(typed) if _is_number(typed) else None


def _numbers(name: str, prefix: str, count: int) -> list[int]:
    head, *rest = name.split(":")
    is_ours = head == prefix and len(rest) == count and all(map(_is_number, rest))
    return [int(number) for number in rest] if is_ours else []


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER


def typed_columns(answers: Iterable[ColumnAnswer]) -> dict[str, str]:
    """What was chosen in vain, by the name that the page gives to each answer."""
    return {f"{_COLUMN}:{answer.sheet}:{answer.rank}": answer.field for answer in answers}
