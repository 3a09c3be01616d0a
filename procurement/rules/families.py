"""Which purchase family a line is of: what the plan says, else its CPV code, else its title."""

from collections.abc import Sequence
from dataclasses import dataclass

from config.lib.text import fold


@dataclass(frozen=True)
class Trade:
    """A family as the trades it is: beginnings of CPV and NAF codes, beginnings of words, folded."""

    code: str
    label: str
    cpv_prefixes: tuple[str, ...] = ()
    naf_prefixes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    takes_staff_over: bool = False

    def is_done_by(self, *, naf: str, names: str) -> bool:
        """Whether an establishment of this NAF code or under these names (folded) says it does this."""
        code = naf.replace(".", "").upper()
        if code and code.startswith(self.naf_prefixes):
            return True
        words = _spaced(names)
        return any(f" {word}" in words for word in self.words)


@dataclass(frozen=True)
class Guess:
    """`origin`: « plan », « cpv » or « title »."""

    trade: Trade
    origin: str


def bears(text: str, start: str) -> bool:
    """Whether a word of this folded text starts so."""
    return position(text, start) >= 0


def position(text: str, start: str) -> int:
    """Where that word is; -1 when it is not."""
    return _spaced(text).find(f" {start}")


def _spaced(text: str) -> str:
    """Each word after a space, the first one too."""
    words = text.replace("'", " ")
    return f" {words}"


def split_words(text: str) -> tuple[str, ...]:
    """« espaces verts, élagage »: folded, apostrophes as in `bears`."""
    return tuple(word for word in (fold(part).replace("'", " ") for part in text.split(",")) if word)


def guess(*, family: str, cpv_code: str, title: str, trades: Sequence[Trade]) -> Guess | None:
    """The most precise of the best source; `None` when nothing tells."""
    stated = next((trade for trade in trades if trade.code == family), None)
    if stated:
        return Guess(stated, "plan")
    text = fold(title)
    by_cpv = [
        ((0, len(prefix)), trade)
        for trade in trades
        for prefix in trade.cpv_prefixes
        if cpv_code.startswith(prefix)
    ]
    # « Assurance du parc automobile »: what is bought comes first in a title.
    by_word = [
        ((-position(text, word), len(word)), trade)
        for trade in trades
        for word in trade.words
        if bears(text, word)
    ]
    for origin, found in (("cpv", by_cpv), ("title", by_word)):
        if found:
            return Guess(max(found, key=lambda pair: (pair[0], pair[1].code))[1], origin)
    return None
