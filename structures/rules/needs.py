"""What a need in plain French is about: « plier 1 200 courriers à Alfortville » is « Mise sous pli »."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log

from config.lib.text import fold


# Words that any sentence holds; a trade is never told by them.
_EMPTY_WORDS = frozenset(
    word
    for line in (
        "a afin ai au aux avec besoin ce ces cet cette chercher cherche cherchons chez d dans de des du elle",
        "en entre est et etre faire fait faut grand il ils j je l la le les leur leurs lors lui m ma mes mon",
        "n nos notre nous on ou par pas petit pour pouvant pres prestation qu quelqu quelque qui realiser s",
        "sa sans ses service si son sont structure sur trouver un une vers vos votre vous y",
    )
    for word in line.split()
)
_WORD = re.compile(r"[a-z0-9]+")
# From the longest; what is cut must leave four letters, or two words would meet too soon.
_ENDINGS = (
    "issements", "issement", "ateurs", "ations", "ateur", "atrice", "ation", "ements", "ement", "euses",
    "euse", "eurs", "eur", "ages", "age", "iers", "iere", "ieres", "ier", "ees", "ee", "ants", "ant", "ents",
    "ent", "er", "es", "ir", "s", "x", "e",
)  # fmt: skip
_SHORTEST_STEM = 4
# A phrase of which less was said is another phrase; a trade far behind the best one is noise.
_LEAST_COVERED = 0.5
_LEAST_OF_THE_BEST = 0.55


@dataclass(frozen=True)
class Said:
    """A trade that the need is about, and the words that told it; `score` only ranks, higher first."""

    code: str
    score: float
    told_by: tuple[str, ...] = ()


def stems(text: str) -> tuple[str, ...]:
    """The words that tell something, without their endings: « les vitres », « vitrage » meet as « vitr »."""
    return tuple(map(_stem, _telling(text)))


def _telling(text: str) -> list[str]:
    words = _WORD.findall(fold(text))
    return [word for word in words if word not in _EMPTY_WORDS and not word.isdecimal()]


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


class Vocabulary:
    """Every phrase of every trade, prepared once: `phrases` by code, the trade's own name first."""

    def __init__(self, phrases: Mapping[str, Sequence[str]]) -> None:
        self.phrases = {code: [stems(phrase) for phrase in said] for code, said in phrases.items()}

    @cached_property
    def weights(self) -> dict[str, float]:
        """A word that few trades share tells more."""
        bearers = Counter(
            stem for said in self.phrases.values() for stem in {stem for phrase in said for stem in phrase}
        )
        return {stem: 1 + log(len(self.phrases) / number) for stem, number in bearers.items()}

    def understand(self, need: str) -> list[Said]:
        """The trades of a need, best first; empty when it names none."""
        words = {_stem(word): word for word in _telling(need)}
        found = [said for code in self.phrases if (said := self._hear(code, words))]
        least = max((said.score for said in found), default=0.0) * _LEAST_OF_THE_BEST
        return sorted(
            (said for said in found if said.score >= least), key=lambda said: (-said.score, said.code)
        )

    def _hear(self, code: str, words: Mapping[str, str]) -> Said | None:
        """By the phrase of which the most was said."""
        heard = [(self._score(phrase, words), phrase) for phrase in self.phrases[code]]
        score, phrase = max(heard, key=lambda pair: pair[0], default=(0.0, ()))
        return Said(code, score, tuple(words[stem] for stem in phrase if stem in words)) if score else None

    def _score(self, phrase: Sequence[str], words: Mapping[str, str]) -> float:
        total = sum(self.weights[stem] for stem in phrase)
        told = sum(self.weights[stem] for stem in phrase if stem in words)
        covered = told / total if total else 0.0
        return told * covered if covered >= _LEAST_COVERED else 0.0
