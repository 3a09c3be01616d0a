"""Drawings for screen and print alike.

No style or script attribute (content security policy), no font of their own, parts told apart by pattern and
by name when colours are not, and a <title> that says it all: it is the only thing a reader's software hears.
The same figures always stand in a table beside them.
"""

from config.lib.charts.bars import bars, stacked_bars
from config.lib.charts.dots import Place, Point, dots
from config.lib.charts.lines import line


__all__ = ["Place", "Point", "bars", "dots", "line", "stacked_bars"]
