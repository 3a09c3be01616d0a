"""How alike two names are, typing mistakes and word order aside. Never a decision: only what is proposed."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

from config.lib.text import fold


# Out of 100. One letter lost or added in a name of ten still leaves 90; « École Jules Ferry » and « École
# Jules Verne » reach 82. `tests/procurement/test_approximate.py` keeps the pairs on which this was set.
ALIKE = 85
_SHORTEST = 5
_INITIALS = range(2, 7)
_BY_INITIALS = 90.0
_LOOKED_AT = 5
_REMEMBERED = 20_000

_SMALL_WORDS = frozenset(
    ("a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "pour")
)
# They say what kind of body it is, not which: two directions are no more alike for being directions.
_BODIES = frozenset(
    (
        "dir", "direct", "direction", "directions", "dept", "departement", "dpt", "division", "generale",
        "pole", "sce", "serv", "service", "services", "secretariat", "unite",
    )
)  # fmt: skip
_WORD = re.compile(r"[a-z]+|\d+")


class Bare(NamedTuple):
    """What is compared of a name: its telling words, sorted and in order, its numbers, its initials."""

    text: str
    ordered: str
    numbers: tuple[str, ...]
    initials: str


@lru_cache(maxsize=_REMEMBERED)
def bare(name: str) -> Bare:
    telling = [word for word in _WORD.findall(fold(name)) if word not in _SMALL_WORDS]
    words = [word for word in telling if word not in _BODIES] or telling
    numbers = tuple(word for word in words if word.isdigit())
    return Bare(" ".join(sorted(words)), " ".join(words), numbers, "".join(word[0] for word in telling))


def likeness(one: Bare, other: Bare) -> float:
    """Out of 100. Another number is another thing: « Lot 2 » is not a misspelt « Lot 1 »."""
    if one.numbers != other.numbers:
        return 0
    if _is_short_for(one, other) or _is_short_for(other, one):
        return _BY_INITIALS
    return max(fuzz.ratio(one.text, other.text), fuzz.ratio(one.ordered, other.ordered))


def part_likeness(one: Bare, other: Bare) -> float:
    """The same, where one may say a part of the other: « élagage » of « espaces verts et élagage »."""
    return max(likeness(one, other), 0.9 * fuzz.token_set_ratio(one.ordered, other.ordered))


def _is_short_for(short: Bare, name: Bare) -> bool:
    """« DRH » for « Direction des ressources humaines »."""
    return len(short.text) in _INITIALS and " " in name.text and short.text == name.initials


class Names:
    """Known names, among which a misspelt one is looked for."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._sorted: dict[str, str] = {}
        self._ordered: dict[str, str] = {}
        self._by_initials: dict[str, str] = {}
        for name in names:
            known = bare(name)
            self._sorted[name], self._ordered[name] = known.text, known.ordered
            if " " in known.text and len(known.initials) in _INITIALS:
                self._by_initials.setdefault(known.initials, name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._sorted)

    def closest(self, written: str) -> str:
        """The known name that this one most likely misspells; empty when it is none of them.

        Short names, and those that begin otherwise, are left alone: « sports » is not « ports ».
        """
        ours = bare(written)
        if ours.text in self._by_initials:
            return self._by_initials[ours.text]
        if len(ours.text) < _SHORTEST:
            return ""
        found = {
            name: likeness(ours, bare(name))
            for name in self._near(ours)
            if bare(name).text[:1] == ours.text[0] and len(bare(name).text) >= _SHORTEST
        }
        best = max(found, key=lambda name: found[name], default="")
        return best if best and found[best] >= ALIKE else ""

    def _near(self, ours: Bare) -> list[str]:
        return [
            hit[2]
            for text, texts in ((ours.text, self._sorted), (ours.ordered, self._ordered))
            for hit in process.extract(
                text, texts, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=_LOOKED_AT, processor=None
            )
        ]
