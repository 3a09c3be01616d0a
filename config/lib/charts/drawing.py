from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


INK, MUTED, GRID = "#1c2b33", "#52616b", "#d5dbde"
COLOURS = ("#0f5a5c", "#b4472b", "#4f7cac", "#7a6f9b", "#5b8c5a", "#d98e04")

WIDTH = 640
TEXT = 13
# The width of a letter cannot be measured here; this is a generous mean of the faces in use.
CHARACTER = TEXT * 0.55
# From the middle of a line of text down to its baseline.
BASELINE = 4.5

Values = Sequence[Decimal]
Format = Callable[[Decimal], str]


def svg(sentence: str, height: float, drawing: SafeString) -> SafeString:
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" viewBox="0 0 {} {}" font-size="{}">'
        "<title>{}</title>{}</svg>",
        WIDTH,
        short(max(height, 1)),
        TEXT,
        sentence,
        drawing,
    )


def join(drawings: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((drawing,) for drawing in drawings))


def short(length: float) -> str:
    """A coordinate to the tenth: enough for the eye, and the same on every machine."""
    return f"{length:.1f}".removesuffix(".0")


def text(
    x: float, y: float, words: str, *, anchor: str = "start", fill: str = INK, weight: int = 400
) -> SafeString:
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" fill="{}" font-weight="{}">{}</text>',
        short(x),
        short(y),
        anchor,
        fill,
        weight,
        words,
    )


def box(x: float, y: float, width: float, height: float, fill: str) -> SafeString:
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}" stroke-width="0.75"/>',
        short(x),
        short(y),
        short(width),
        short(height),
        fill,
        INK,
    )
