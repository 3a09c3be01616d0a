"""What a person answers about the columns and the sheets of a plan file, from the names of the page."""

from collections.abc import Iterable, Mapping

from procurement.imports.choices import SheetChoice
from procurement.services.import_choices import ColumnAnswer


_COLUMN, _SHEET, _HEADER = "colonne", "feuille", "entete"
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
