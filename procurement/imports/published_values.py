"""The cells of a published contract: what they mean, or why they are doubtful. Nothing here writes."""

import html
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from config.lib import siret as siret_numbers
from config.lib.departments import DEPARTMENTS, REGIONS, department_of, region_of
from config.lib.text import fold
from procurement.enums import Consideration, Nature, Procedure, SocialRecord
from procurement.imports import amounts, days
from procurement.imports.cells import NOTHING, Reading


LONGEST_TITLE = 1000
LONGEST_DURATION = 1200
MOST_OFFERS = 100_000
TITLE_CUT = f"L’objet dépasse {LONGEST_TITLE} caractères : la fin est coupée."
CPV_UNREAD = "Un code CPV compte 8 chiffres : celui-ci n’est pas retenu."
CPV_ZERO = "Il manquait le zéro du début, sans doute effacé par un tableur : il est rétabli."
DURATION_UNREAD = f"Une durée est un nombre de mois de 1 à {LONGEST_DURATION}."
OFFERS_UNREAD = "Le nombre d’offres reçues est un nombre entier d’au moins 1."
NOT_LISTED = "Cette valeur n’est pas de la liste officielle."
PLACE_UNREAD = "Ce code de lieu ne se lit pas."
CONTRADICTION = "« Pas de considération sociale » contredit les autres valeurs : elle n’est pas retenue."

LEGAL_NATURES = (
    "Marché", "Marché de partenariat", "Marché de défense ou de sécurité", "Concession de travaux",
    "Concession de service", "Concession de service public", "Délégation de service public",
    # Of the layout in force until 2023.
    "Accord-cadre", "Marché subséquent",
)  # fmt: skip
_LEGAL_NATURES = {fold(label): label for label in LEGAL_NATURES}
PROCEDURES = {
    "procedure adaptee": Procedure.ADAPTED,
    "appel d'offres ouvert": Procedure.OPEN,
    "appel d'offres restreint": Procedure.RESTRICTED,
    "procedure avec negociation": Procedure.NEGOTIATED,
    "marche passe sans publicite ni mise en concurrence prealable": Procedure.DIRECT,
    "dialogue competitif": Procedure.DIALOGUE,
    # Concessions.
    "procedure negociee ouverte": Procedure.NEGOTIATED,
    "procedure non negociee ouverte": Procedure.OPEN,
    "procedure negociee restreinte": Procedure.NEGOTIATED,
    "procedure non negociee restreinte": Procedure.RESTRICTED,
    # Of the layout in force until 2023.
    "procedure concurrentielle avec negociation": Procedure.NEGOTIATED,
    "procedure negociee avec mise en concurrence prealable": Procedure.NEGOTIATED,
    "marche negocie sans publicite ni mise en concurrence prealable": Procedure.DIRECT,
}
NATURES = {fold(str(nature.label)): nature for nature in (Nature.WORKS, Nature.SUPPLIES, Nature.SERVICES)}
PLACE_KINDS = (
    "Code postal", "Code commune", "Code arrondissement", "Code canton", "Code département", "Code région",
    "Code pays",
)  # fmt: skip
_PLACE_KINDS = {fold(label): label for label in PLACE_KINDS}
_NONE = "none"
_KINDS = {
    "clause sociale": Consideration.CLAUSE,
    "critere social": Consideration.CRITERION,
    "marche reserve": Consideration.RESERVED,
    "concession reservee": Consideration.RESERVED,
    "pas de consideration sociale": _NONE,
}
# Consolidated tables write so what the official layout calls « Pas de considération sociale ».
_KINDS_OF_TABLES = _KINDS | {"sans objet": _NONE}
IDENTIFIERS = ("SIRET", "TVA", "TAHITI", "RIDET", "FRWF", "IREP", "HORS-UE")

_CPV = re.compile(r"(\d{8})(?:-\d)?")
_CPV_WITHOUT_ZERO = re.compile(r"(\d{7})(?:-\d)?")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_ISO_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?![\d])")


def read_title(text: str) -> Reading:
    title = " ".join(html.unescape(text).split())
    return Reading(title[:LONGEST_TITLE], TITLE_CUT if len(title) > LONGEST_TITLE else "")


def read_cpv(text: str) -> Reading:
    if not text:
        return Reading("")
    if found := _CPV.fullmatch(text):
        return Reading(found[1])
    if found := _CPV_WITHOUT_ZERO.fullmatch(text):
        return Reading(f"0{found[1]}", CPV_ZERO)
    return Reading("", CPV_UNREAD)


def read_amount(text: str) -> Reading:
    """In these files a dot is always that of decimals."""
    return amounts.read_amount(Decimal(text) if _NUMBER.fullmatch(text) else text)


def read_whole(text: str, highest: int, reason: str) -> Reading:
    if not text:
        return NOTHING
    number = Decimal(text) if _NUMBER.fullmatch(text) else Decimal(0)
    if number != number.to_integral_value() or not 1 <= number <= highest:
        return Reading(reason=reason)
    return Reading(int(number))


def read_duration(text: str) -> Reading:
    return read_whole(text, LONGEST_DURATION, DURATION_UNREAD)


def read_offers(text: str) -> Reading:
    return read_whole(text, MOST_OFFERS, OFFERS_UNREAD)


def read_day(text: str) -> Reading:
    if not (found := _ISO_DAY.match(text)):
        return days.read_day(text, days.EARLIEST) if text else NOTHING
    try:
        day = date.fromisoformat(found[1])
    except ValueError:
        return Reading(reason=days.IMPOSSIBLE)
    plausible = days.EARLIEST <= day.year < days.LATEST
    return Reading(day) if plausible else Reading(reason=days.IMPLAUSIBLE)


def read_legal_nature(text: str) -> Reading:
    known = _LEGAL_NATURES.get(fold(text), "")
    return Reading(known or text[:80], NOT_LISTED if text and not known else "")


def read_procedure(text: str) -> Reading:
    known = PROCEDURES.get(fold(text))
    return Reading(known or Procedure.UNKNOWN, NOT_LISTED if text and not known else "")


def read_place(code: str, kind: str, buyer_department: str) -> tuple[dict[str, str], str]:
    """The columns of the place, and a doubt. The buyer’s own département stands in for what is not told."""
    label = _PLACE_KINDS.get(fold(kind), kind[:30])
    department, region = _located(code, label)
    doubt = PLACE_UNREAD if code and not (department or region or label == "Code pays") else ""
    if not department and not region and buyer_department in DEPARTMENTS:
        department = buyer_department
    place = {"place_code": code[:20], "place_kind": label, "department_code": department}
    return place | {"region_code": region or region_of(department)}, doubt


def read_considerations(values: Iterable[str], *, of_table: bool) -> tuple[dict[str, Any], list[str]]:
    """The columns of the considerations, and the doubts. Nothing said is « unknown », never « none »."""
    meanings = _KINDS_OF_TABLES if of_table else _KINDS
    read = [(value, meanings.get(fold(value))) for value in values]
    kinds = {kind for _, kind in read if kind}
    doubts = [f"« {value} » : {NOT_LISTED}" for value, kind in read if kind is None]
    if _NONE in kinds and len(kinds) > 1:
        doubts.append(CONTRADICTION)
        kinds.discard(_NONE)
    social = SocialRecord.NONE if kinds == {_NONE} else SocialRecord.WITH if kinds else SocialRecord.UNKNOWN
    return {
        "social": social,
        "has_clause": Consideration.CLAUSE in kinds,
        "has_criterion": Consideration.CRITERION in kinds,
        "is_reserved": Consideration.RESERVED in kinds,
    }, doubts


def doubt_of_identifier(number: str, kind: str) -> str:
    """What is wrong with a contractor’s number; empty when nothing is."""
    if kind and kind.upper() not in IDENTIFIERS:
        return f"« {kind} » : {NOT_LISTED}"
    if kind.upper() in ("", "SIRET") and number and (wrong := siret_numbers.explain(number)):
        return f"{wrong} Le numéro est gardé tel quel."
    return ""


def _located(code: str, kind: str) -> tuple[str, str]:
    """Département and région of a code, as far as it tells."""
    if kind == "Code région":
        return "", code.zfill(2) if code.zfill(2) in REGIONS else ""
    if kind == "Code pays":
        return "", ""
    department = _department(code.upper(), kind)
    return department, region_of(department)


def _department(code: str, kind: str) -> str:
    if kind == "Code département":
        bare = code.lstrip("0").zfill(2)
        return bare if bare in DEPARTMENTS else ""
    if not re.fullmatch(r"\d[\dAB]\d{2,3}", code):
        return ""
    if kind == "Code postal":
        return department_of(code.zfill(5))
    head = code[:3] if code.startswith(("97", "98")) else code[:2]
    return head if head in DEPARTMENTS else ""
