"""How alike a market and a published contract are, in points and in words. No database here."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from config.lib.departments import department_label, region_label
from config.lib.french import format_amount, join_words
from config.lib.text import fold
from procurement.rules import cpv


# Points: what is bought weighs most, then its words, then its size, its place, its age.
CPV_POINTS = 5
WORDS_POINTS = 30
SAME_SIZE, NEAR_SIZE = 15, 8
SAME_DEPARTMENT, SAME_REGION = 10, 5
RECENT, LESS_RECENT = 5, 2
# Within twice is the same size, within five times is near.
SAME_FACTOR, NEAR_FACTOR = 2, 5
RECENT_DAYS, LESS_RECENT_DAYS = 731, 1461
# Fewer digits than a group (three) say too little to be told.
TOLD_DIGITS = 3
SHORTEST_WORD = 4
SHOWN_WORDS = 4

_LETTERS = re.compile(r"[a-z0-9]+")
# Said of every market: they bring nothing together.
_EMPTY = frozenset(
    (
        "accord", "achat", "avec", "cadre", "commande", "commune", "dans", "departement", "divers",
        "ensemble", "fourniture", "livraison", "marche", "mise", "oeuvre", "pour", "prestation", "public",
        "realisation", "relatif", "relative", "service", "site", "territoire", "travaux", "ville",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Profile:
    """What a market is compared by. Without a CPV code, the prefixes of its family stand for it."""

    words: frozenset[str]
    cpv_code: str = ""
    prefixes: tuple[str, ...] = ()
    amount: Decimal | None = None
    department: str = ""
    region: str = ""


@dataclass(frozen=True)
class Candidate:
    words: frozenset[str]
    cpv_code: str = ""
    amount: Decimal | None = None
    department: str = ""
    region: str = ""
    notified_on: date | None = None


@dataclass(frozen=True)
class Likeness:
    points: int
    reasons: tuple[str, ...]


def words(text: str) -> frozenset[str]:
    """The telling words of a title, singular: « Entretien des parcs » gives entretien and parc."""
    bare = (_singular(word) for word in _LETTERS.findall(fold(text)))
    return frozenset(word for word in bare if len(word) >= SHORTEST_WORD and word not in _EMPTY)


def rungs(profile: Profile) -> list[tuple[str, ...]]:
    """CPV branches from the nearest to the widest; each rung holds the ones before it."""
    if profile.cpv_code:
        return [(prefix,) for prefix in cpv.ladder(profile.cpv_code)]
    if not profile.prefixes:
        return []
    divisions = tuple(sorted({cpv.division(prefix) for prefix in profile.prefixes}))
    return [profile.prefixes] if divisions == profile.prefixes else [profile.prefixes, divisions]


def compare(profile: Profile, candidate: Candidate, today: date) -> Likeness:
    found = (
        _same_branch(profile, candidate),
        _same_words(profile, candidate),
        _same_size(profile, candidate),
        _same_place(profile, candidate),
        _recent(candidate, today),
    )
    return Likeness(sum(points for points, _ in found), tuple(reason for _, reason in found if reason))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > SHORTEST_WORD and word[-1] == "s" else word


def _same_branch(profile: Profile, candidate: Candidate) -> tuple[int, str]:
    known = (profile.cpv_code,) if profile.cpv_code else profile.prefixes
    digits = max((cpv.common(code, candidate.cpv_code) for code in known), default=0)
    if digits < cpv.DIVISION:
        return 0, ""
    if digits == cpv.DIGITS:
        return digits * CPV_POINTS, f"même code CPV {candidate.cpv_code}"
    told = f"même branche CPV {candidate.cpv_code[:digits]}" if digits >= TOLD_DIGITS else ""
    return digits * CPV_POINTS, told


def _same_words(profile: Profile, candidate: Candidate) -> tuple[int, str]:
    shared = sorted(profile.words & candidate.words)
    if not shared:
        return 0, ""
    told = f"mots communs : {join_words(shared[:SHOWN_WORDS])}"
    return WORDS_POINTS * len(shared) // len(profile.words), told


def _same_size(profile: Profile, candidate: Candidate) -> tuple[int, str]:
    if not profile.amount or not candidate.amount:
        return 0, ""
    low, high = sorted((profile.amount, candidate.amount))
    if high <= low * SAME_FACTOR:
        return SAME_SIZE, f"montant voisin ({format_amount(candidate.amount)})"
    if high <= low * NEAR_FACTOR:
        return NEAR_SIZE, "même ordre de montant"
    return 0, ""


def _same_place(profile: Profile, candidate: Candidate) -> tuple[int, str]:
    if profile.department and profile.department == candidate.department:
        return SAME_DEPARTMENT, f"même département ({department_label(candidate.department)})"
    if profile.region and profile.region == candidate.region:
        return SAME_REGION, f"même région ({region_label(candidate.region)})"
    return 0, ""


def _recent(candidate: Candidate, today: date) -> tuple[int, str]:
    if candidate.notified_on is None:
        return 0, ""
    age = (today - candidate.notified_on).days
    if age <= RECENT_DAYS:
        return RECENT, "notifié depuis moins de deux ans"
    return (LESS_RECENT, "") if age <= LESS_RECENT_DAYS else (0, "")


def best(found: Iterable[tuple[Likeness, int]], number: int) -> list[tuple[Likeness, int]]:
    """The likest, each with its key; the latest keys first among equals."""
    return sorted(found, key=lambda pair: (-pair[0].points, -pair[1]))[:number]
