"""How far offers go, as conditions on their rows."""

from collections.abc import Iterable

from django.db.models import Q

from config.lib.departments import region_of
from structures.enums import AreaKind


def reaching(departments: Iterable[str], path: str = "") -> Q:
    """Offers of all France, or that name one of these départements or its région."""
    codes = sorted(departments)
    found = Q(**{f"{path}area_kind": AreaKind.COUNTRY})
    for region in sorted({region_of(code) for code in codes} - {""}):
        found |= naming(AreaKind.REGIONS, f" {region} ", path)
    for code in codes:
        found |= naming(AreaKind.DEPARTMENTS, f" {code} ", path)
    return found


def naming(kind: AreaKind, code: str, path: str = "") -> Q:
    """Offers of an area of this kind that holds the code; spaces around it make it whole."""
    return Q(**{f"{path}area_kind": kind, f"{path}area_codes__contains": code})
