from collections.abc import Iterable, Sequence
from math import cos, radians
from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString

from config.lib.charts.drawing import BASELINE, CHARACTER, COLOURS, MUTED, TEXT, WIDTH, join, short, svg, text
from config.lib.french import format_number


KILOMETRES_PER_DEGREE = 111.32
_MARGIN, _FOOT = 28, 30
_TALLEST = 620
# A lone town is drawn with its surroundings, not blown up to the whole drawing.
_NARROWEST_KM = 20
_STEPS_KM = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


class Point(NamedTuple):
    latitude: float
    longitude: float


class Place(NamedTuple):
    """A name that tells the eye where it is."""

    name: str
    point: Point


class Plane(NamedTuple):
    """An equirectangular plane: kilometres from a corner, the parallels shortened by the middle latitude."""

    north: float
    west: float
    shortening: float
    pixels_per_km: float
    height: float

    def spot(self, point: Point) -> tuple[float, float]:
        east = (point.longitude - self.west) * KILOMETRES_PER_DEGREE * self.shortening
        south = (self.north - point.latitude) * KILOMETRES_PER_DEGREE
        return _MARGIN + east * self.pixels_per_km, _MARGIN + south * self.pixels_per_km


def dots(sentence: str, points: Sequence[Point], places: Iterable[Place] = ()) -> SafeString:
    """Where things are, with names to find one's way and a scale; no border and no map of anybody else's."""
    if not points:
        return svg(sentence, 1, SafeString())
    plane = _plane(points)
    drawing = join([_cloud(plane, points), *_names(plane, places), _scale(plane)])
    return svg(sentence, plane.height, drawing)


def _plane(points: Sequence[Point]) -> Plane:
    latitudes, longitudes = ([point[axis] for point in points] for axis in (0, 1))
    shortening = max(cos(radians((max(latitudes) + min(latitudes)) / 2)), 0.01)
    high = (max(latitudes) - min(latitudes)) * KILOMETRES_PER_DEGREE
    wide = (max(longitudes) - min(longitudes)) * KILOMETRES_PER_DEGREE * shortening
    room = WIDTH - 2 * _MARGIN
    pixels_per_km = min(room / max(wide, _NARROWEST_KM), _TALLEST / max(high, _NARROWEST_KM))
    # What is narrower than the drawing stands in its middle.
    west = min(longitudes) - (room / pixels_per_km - wide) / 2 / KILOMETRES_PER_DEGREE / shortening
    height = high * pixels_per_km + 2 * _MARGIN + _FOOT
    return Plane(max(latitudes), west, shortening, pixels_per_km, height)


def _cloud(plane: Plane, points: Sequence[Point]) -> SafeString:
    """All the dots as one path: thousands of circles would weigh ten times as much."""
    spots = dict.fromkeys(f"M{short(x)} {short(y)}h0" for x, y in map(plane.spot, points))
    return format_html(
        '<path d="{}" fill="none" stroke="{}" stroke-width="6" stroke-linecap="round" stroke-opacity="0.7"/>',
        "".join(spots),
        COLOURS[0],
    )


def _names(plane: Plane, places: Iterable[Place]) -> Iterable[SafeString]:
    """The first names first; one that would cover another is left out."""
    taken: list[tuple[float, float, float]] = []
    for place in places:
        x, y = plane.spot(place.point)
        half = len(place.name) * CHARACTER / 2 + 4
        x = min(max(x, half), WIDTH - half)
        if all(abs(y - top) > TEXT + 3 or abs(x - middle) > half + reach for middle, top, reach in taken):
            taken.append((x, y, half))
            yield _name(x, y, place.name)


def _name(x: float, y: float, name: str) -> SafeString:
    """Just above its dots, in a white halo."""
    return format_html(
        '<g paint-order="stroke" stroke="#ffffff" stroke-width="3.5" stroke-linejoin="round">{}</g>',
        text(x, y - 7, name, anchor="middle", weight=600),
    )


def _scale(plane: Plane) -> SafeString:
    room = (WIDTH - 2 * _MARGIN) / 4 / plane.pixels_per_km
    step = max((step for step in _STEPS_KM if step <= room), default=_STEPS_KM[0])
    end, y = _MARGIN + step * plane.pixels_per_km, plane.height - 12
    return join(
        [
            format_html(
                '<path d="M{} {}v-5v5H{}v-5" fill="none" stroke="{}"/>', _MARGIN, short(y), short(end), MUTED
            ),
            text(end + 8, y + BASELINE - 4, f"{format_number(step)} km", fill=MUTED),
        ]
    )
