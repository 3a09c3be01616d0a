"""What a structure is found by, and what a person types to find it."""

import re

from config.lib.text import fold


# « 807 469 317 00018 »: a SIREN or a SIRET as it is printed on letters.
_SPACED_NUMBER = re.compile(r"(?<!\d)\d{3}(?:[ .]?\d{3}){2}(?:[ .]?\d{5})?(?!\d)")


def search_text(*texts: str) -> str:
    return fold(" ".join(texts))


def names_text(*names: str) -> str:
    """What the start of a word is searched in: « l'atelier vélo » gives " l atelier velo"."""
    return "".join(f" {word}" for word in re.sub(r"[-']", " ", fold(" ".join(names))).split())


def search_words(query: str) -> list[str]:
    """Every one of them must be found."""
    joined = _SPACED_NUMBER.sub(lambda number: re.sub(r"[ .]", "", number[0]), fold(query))
    return joined.split()


def fold_town(town: str) -> str:
    """« Saint-Maur-des-Fossés », « saint maur des fosses »: the same town."""
    return " ".join(re.sub(r"[-']", " ", fold(town)).split())


def split_synonyms(text: str) -> tuple[str, ...]:
    """« mise sous pli, routage »: each folded, without the empty ones."""
    return tuple(filter(None, (fold(part) for part in text.split(","))))
