import textwrap
import zlib
from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from config.lib.charts.drawing import (
    BASELINE,
    CHARACTER,
    COLOURS,
    WIDTH,
    Format,
    Values,
    box,
    join,
    svg,
    text,
)
from config.lib.french import format_number


# White strokes over each colour, in a square of 8.
_STROKES = (
    "",
    "M-2 2L2 -2M0 8L8 0M6 10L10 6",
    "M1 2H3M5 6H7",
    "M0 4H8",
    "M4 0V8",
    "M0 0L8 8M0 8L8 0",
)
_LABEL_WIDTH, _VALUE_WIDTH = 190, 110
_ROW, _BAR, _LINE = 40, 22, 15
_START = _LABEL_WIDTH + 10
_PLOT = WIDTH - _START - _VALUE_WIDTH


def bars(
    sentence: str, rows: Sequence[tuple[str, Decimal]], format_value: Format = format_number
) -> SafeString:
    """Horizontal bars, each with its label and its value."""
    stacks = [(label, [value]) for label, value in rows]
    return svg(sentence, len(rows) * _ROW, _rows(stacks, [COLOURS[0]], format_value))


def stacked_bars(
    sentence: str,
    series: Sequence[str],
    rows: Sequence[tuple[str, Values]],
    format_value: Format = format_number,
) -> SafeString:
    """Horizontal bars cut into the parts that `series` names, six at most, with their total."""
    # Two drawings of one page may not share the name of a pattern.
    key = f"p{zlib.crc32(repr((sentence, series, rows)).encode()):08x}"
    fills = [f"url(#{key}-{rank})" if rank else COLOURS[0] for rank in range(len(series))]
    legend, height = _legend(series, fills)
    drawing = format_html(
        '<defs>{}</defs>{}<g transform="translate(0 {})">{}</g>',
        _patterns(key, len(series)),
        legend,
        height,
        _rows(rows, fills, format_value),
    )
    return svg(sentence, height + len(rows) * _ROW, drawing)


def _rows(rows: Sequence[tuple[str, Values]], fills: Sequence[str], format_value: Format) -> SafeString:
    totals = [sum(values, Decimal()) for _, values in rows]
    longest = max(totals, default=Decimal())
    scale = _PLOT / longest if longest > 0 else Decimal()
    return join(
        _row(
            rank * _ROW, label, [float(value * scale) for value in values], fills, format_value(totals[rank])
        )
        for rank, (label, values) in enumerate(rows)
    )


def _row(top: float, label: str, widths: Sequence[float], fills: Sequence[str], total: str) -> SafeString:
    middle = top + _ROW / 2
    starts = [_START + sum(widths[:rank]) for rank in range(len(widths))]
    parts = [
        box(start, middle - _BAR / 2, width, _BAR, fill)
        for start, width, fill in zip(starts, widths, fills, strict=True)
        if width > 0
    ]
    end = _START + sum(widths) + 8
    return join([_label(middle, label), *parts, text(end, middle + BASELINE, total, weight=600)])


def _label(middle: float, label: str) -> SafeString:
    """On two lines at most; the table beside the drawing has the rest."""
    lines = textwrap.wrap(label, int(_LABEL_WIDTH / CHARACTER), max_lines=2, placeholder="…")
    top = middle + BASELINE - (len(lines) - 1) * _LINE / 2
    return join(text(_LABEL_WIDTH, top + rank * _LINE, line, anchor="end") for rank, line in enumerate(lines))


def _legend(series: Sequence[str], fills: Sequence[str]) -> tuple[SafeString, int]:
    """The names of the parts, on as many lines as they need, and the height they take."""
    x, y, items = 0.0, 0, []
    for name, fill in zip(series, fills, strict=True):
        width = len(name) * CHARACTER + 42
        if x and x + width > WIDTH:
            x, y = 0.0, y + 24
        items += [box(x + 1, y + 2, 18, 14, fill), text(x + 25, y + 14, name)]
        x += width
    return join(items), y + 30


def _patterns(key: str, count: int) -> SafeString:
    return format_html_join(
        "",
        '<pattern id="{}-{}" width="8" height="8" patternUnits="userSpaceOnUse">'
        '<rect width="8" height="8" fill="{}"/><path d="{}" stroke="#ffffff" stroke-width="1.4"/></pattern>',
        ((key, rank, COLOURS[rank], _STROKES[rank]) for rank in range(1, count)),
    )
