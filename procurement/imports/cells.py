"""What a cell says, before anybody asks what it is about."""

import json
from typing import Any, NamedTuple

from config.lib.intake import as_text
from config.lib.spreadsheet import Cell
from config.lib.text import fold


# How people leave a cell empty without leaving it empty.
_UNSAID = frozenset(
    (
        "-", "--", "---", "–", "—", "/", "?", "??", ".", "…", "nc", "n.c", "n.c.", "nd", "n.d.", "n/a", "na",
        "n.a.", "#n/a", "inconnu", "neant", "null",
        "a definir", "a determiner", "a preciser", "a venir", "en attente", "non connu", "non defini",
        "non determine", "non renseigne", "non communique", "je ne sais pas", "ne sait pas", "dont_know",
        "sans objet",
    )
)  # fmt: skip
_DISARMED = ("'=", "'+", "'-", "'@")


class Reading(NamedTuple):
    """A value and no reason: understood. Both: understood with a doubt. A reason alone: not understood."""

    value: Any = None
    reason: str = ""


NOTHING = Reading()


def words(cell: Cell) -> str:
    """The cell folded for comparison; empty when it says that nobody knows yet."""
    said = fold(as_text(cell)).removeprefix("'")
    return "" if said in _UNSAID else said


def text(cell: Cell) -> str:
    """The cell as its author reads it, without what a database refuses: null and half characters."""
    written = as_text(plain(cell))
    # So do exports keep a spreadsheet from running a text.
    if written.startswith(_DISARMED):
        written = written[1:]
    if written.isascii():
        return written.replace("\0", "")
    return written.replace("\0", "").encode("utf-8", "replace").decode()


def plain(cell: Cell) -> Cell:
    """A cell of a JSON file that holds an object or a list, in the words of its labels."""
    if not (isinstance(cell, str) and cell[:1] in ("{", "[")):
        return cell
    try:
        return _labels(json.loads(cell))
    except (ValueError, RecursionError):
        return cell


def _labels(value: Any) -> str:
    if isinstance(value, list):
        return "|".join(filter(None, map(_labels, value)))
    if isinstance(value, dict):
        return _labels(value.get("label") or next(iter(value.values()), ""))
    return "" if value is None else str(value)
