"""Which départements the place of a market names, and how far two points lie."""

import re
from dataclasses import dataclass
from math import asin, cos, pi, radians, sin, sqrt

from config.lib.departments import DEPARTMENTS, department_of
from config.lib.text import fold
from structures.rules.searching import fold_town


EARTH_RADIUS_KM = 6371
# A degree of latitude; of longitude at the equator.
DEGREE_KM = 2 * pi * EARTH_RADIUS_KM / 360
_ADDRESS = re.compile(
    r"(?P<address>.*?)[\s,;–-]*(?P<postcode>(?<!\d)\d{5}(?!\d))\s*(?P<city>[^\d\s][^\n:]*)$", re.S
)
# « Siège : … Structure : … »: the establishment is the second.
_OWN_ADDRESS = re.compile(
    r"\bstructure\s*:\s*(.+?)(?=\b(?:si[eè]ge|[ée]tablissement)\b[^:]*:|$)", re.I | re.S
)
_POSTCODE = re.compile(r"(?<!\d)\d{5}(?!\d)")
_CODE = re.compile(r"(?<![\da-z])(97\d|98\d|\d{2}|2[ab])(?![\da-z])")
_PARTS = re.compile(r"[,;/()\n]|\bet\b")
_CODES = {fold_town(name): code for code, name in DEPARTMENTS.items()}


@dataclass(frozen=True)
class Centre:
    """A point to measure from; `department_code` and `insee_code` of its commune, when known."""

    latitude: float
    longitude: float
    department_code: str = ""
    insee_code: str = ""

    @property
    def east_km(self) -> float:
        """A degree of longitude here."""
        return DEGREE_KM * cos(radians(self.latitude))

    def box(self, radius_km: float) -> tuple[tuple[float, float], tuple[float, float]]:
        """Bounds of latitude, then of longitude, around the circle."""
        north, east = radius_km / DEGREE_KM, radius_km / self.east_km
        return (
            (self.latitude - north, self.latitude + north),
            (self.longitude - east, self.longitude + east),
        )


def split_address(written: str) -> dict[str, str]:
    """« 10 rue du Pont\\n67000 Strasbourg » in its parts; empty when no postcode ends it."""
    own = _OWN_ADDRESS.search(written)
    text = own[1] if own else written
    found = _ADDRESS.search(text.strip())
    if not found:
        return {}
    return {name: " ".join(part.split()) for name, part in found.groupdict().items()}


def departments_written(place: str) -> tuple[str, ...]:
    """Those that the text names by a postcode, a code or in full: « Créteil (94) », « Val-de-Marne »."""
    text = fold(place)
    found = [department_of(code) for code in _POSTCODE.findall(text)]
    found += [code.upper() for code in _CODE.findall(_POSTCODE.sub(" ", text))]
    # Whole parts only: « lot 100 » is not in the Lot.
    found += [_CODES[part] for part in map(fold_town, _PARTS.split(place)) if part in _CODES]
    return tuple(dict.fromkeys(code for code in found if code in DEPARTMENTS))


def towns_written(place: str) -> tuple[str, ...]:
    """The parts of the text that may be names of towns, folded."""
    parts = (fold_town(re.sub(r"\d+", " ", part)) for part in _PARTS.split(place))
    return tuple(dict.fromkeys(part for part in parts if len(part) > 1))


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """As the crow flies, between two (latitude, longitude)."""
    (north, east), (other_north, other_east) = (tuple(map(radians, point)) for point in (one, other))
    half = sin((other_north - north) / 2) ** 2
    half += cos(north) * cos(other_north) * sin((other_east - east) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(half, 1)))
