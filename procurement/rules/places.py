"""In which département a market happens, from what people wrote and from whom buys."""

import re

from config.lib.departments import DEPARTMENTS, department_of
from config.lib.text import fold


_POSTCODE = re.compile(r"(?<!\d)\d{5}(?!\d)")
_BRACKETED = re.compile(r"\((\d[\dAB]\d?)\)")
_NAMES = {fold(name).replace("-", " "): code for code, name in DEPARTMENTS.items()}
_LONGEST_FIRST = sorted(_NAMES, key=len, reverse=True)
# The SIREN of communes, départements, their groupings and hospitals holds the département after two digits.
_LOCAL_SIREN = re.compile(r"2[1-6](97\d|\d\d)")


def department_of_place(place: str, *, buyer_siret: str = "") -> str:
    """« 94000 Créteil », « Créteil (94) », « Val-de-Marne »; else where the buyer is. Empty when unknown."""
    for postcode in _POSTCODE.findall(place):
        if code := department_of(postcode):
            return code
    for code in _BRACKETED.findall(place.upper()):
        if code in DEPARTMENTS:
            return code
    return _named(place) or _of_buyer(buyer_siret)


def _named(place: str) -> str:
    said = f" {fold(place).replace('-', ' ')} "
    return next((_NAMES[name] for name in _LONGEST_FIRST if f" {name} " in said), "")


def _of_buyer(siret: str) -> str:
    found = _LOCAL_SIREN.match(siret)
    return found[1] if found and found[1] in DEPARTMENTS else ""
