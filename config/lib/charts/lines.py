from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate
from math import ceil, log10

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from config.lib.charts.drawing import (
    BASELINE,
    CHARACTER,
    COLOURS,
    GRID,
    MUTED,
    WIDTH,
    Format,
    Values,
    join,
    short,
    svg,
    text,
)
from config.lib.french import format_number


# At the right stand « Retenues, sept. 26 » and its like, in bold.
_HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 300, 90, 176, 16, 34
_FLOOR = _HEIGHT - _BOTTOM
_LEVELS = 4
_ROUND_STEPS = tuple(map(Decimal, ("1", "1.5", "2", "2.5", "3", "4", "5", "6", "8", "10", "20")))
# Two lines of text and a little air.
_NAME = 34


def line(
    sentence: str,
    labels: Sequence[str],
    values: Values,
    objective: Values,
    format_value: Format = format_number,
    names: tuple[str, str] = ("Réalisé", "Objectif"),
) -> SafeString:
    """What was done, month after month, against what was due; `values` stops where time has."""
    top = _round_top(max([*values, *objective, Decimal(0)]))
    done, due = _points(values, len(labels), top), _points(objective, len(labels), top)
    drawing = join(
        [
            _grid(top, format_value),
            _ticks(labels),
            _polyline(due, COLOURS[1], width=1.75, dashes="6 4"),
            _polyline(done, COLOURS[0], width=2.5, dashes="none"),
            _dots(done),
            _names(
                [
                    *_end(_since(names[0], labels, values), values, top, format_value, COLOURS[0]),
                    *_end(names[1], objective, top, format_value, COLOURS[1]),
                ]
            ),
        ]
    )
    return svg(sentence, _HEIGHT, drawing)


def _round_top(highest: Decimal) -> Decimal:
    """The next figure that is cut into round levels."""
    if highest <= 0:
        return Decimal(_LEVELS)
    unit = Decimal(10) ** (ceil(log10(highest / _LEVELS)) - 1)
    tops = (step * unit * _LEVELS for step in _ROUND_STEPS)
    return next(top for top in tops if top >= highest)


def _x(rank: int, count: int) -> float:
    return _LEFT + (WIDTH - _LEFT - _RIGHT) * rank / max(count - 1, 1)


def _y(value: Decimal, top: Decimal) -> float:
    return _FLOOR - (_FLOOR - _TOP) * float(value / top)


def _points(values: Values, count: int, top: Decimal) -> list[tuple[float, float]]:
    return [(_x(rank, count), _y(value, top)) for rank, value in enumerate(values)]


def _grid(top: Decimal, format_value: Format) -> SafeString:
    levels = [top * step / _LEVELS for step in range(_LEVELS + 1)]
    return join(
        format_html(
            '<path d="M{} {}H{}" stroke="{}" stroke-width="1"/>{}',
            _LEFT,
            short(_y(level, top)),
            WIDTH - _RIGHT,
            GRID,
            text(_LEFT - 8, _y(level, top) + BASELINE, format_value(level), anchor="end", fill=MUTED),
        )
        for level in levels
    )


def _ticks(labels: Sequence[str]) -> SafeString:
    """As many as stand side by side, the first always."""
    widest = max((len(label) for label in labels), default=0) * CHARACTER + 10
    every = max(ceil(widest * len(labels) / (WIDTH - _LEFT - _RIGHT)), 1)
    return join(
        text(_x(rank, len(labels)), _HEIGHT - 10, label, anchor="middle", fill=MUTED)
        for rank, label in enumerate(labels)
        if rank % every == 0
    )


def _polyline(points: list[tuple[float, float]], colour: str, *, width: float, dashes: str) -> SafeString:
    return format_html(
        '<polyline points="{}" fill="none" stroke="{}" stroke-width="{}" stroke-dasharray="{}"/>',
        " ".join(f"{short(x)},{short(y)}" for x, y in points),
        colour,
        width,
        dashes,
    )


def _dots(points: list[tuple[float, float]]) -> SafeString:
    return format_html_join(
        "",
        '<circle cx="{}" cy="{}" r="3.5" fill="{}"/>',
        ((short(x), short(y), COLOURS[0]) for x, y in points),
    )


def _since(name: str, labels: Sequence[str], values: Values) -> str:
    """A line that stops before the others says when."""
    return f"{name}, {labels[len(values) - 1]}" if len(values) < len(labels) else name


def _end(
    name: str, numbers: Values, top: Decimal, format_value: Format, colour: str
) -> list[tuple[float, str, str, str]]:
    """Where a line ends, its name, its last figure and its colour; nothing for an empty one."""
    return [(_y(numbers[-1], top), name, format_value(numbers[-1]), colour)] if numbers else []


def _names(ends: list[tuple[float, str, str, str]]) -> SafeString:
    """At the right, each at the height where its line ends, unless they would meet."""
    ends = sorted(ends)
    heights = list(accumulate((end[0] for end in ends), lambda above, own: max(own, above + _NAME)))
    overflow = max([height - _FLOOR for height in heights[-1:]] + [0])
    return join(_name(height - overflow, *end[1:]) for height, end in zip(heights, ends, strict=True))


def _name(height: float, name: str, figure: str, colour: str) -> SafeString:
    x = WIDTH - _RIGHT + 12
    return join(
        [
            text(x, height - 3, name, fill=colour, weight=600),
            text(x, height + 13, figure, fill=colour, weight=600),
        ]
    )
