"""Where the structures of a list are."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from django.db.models import QuerySet

from config.lib.charts import Place, Point
from config.lib.french import format_number, join_words
from structures.models import Structure
from structures.rules.searching import fold_town


# More names than this hide the dots.
NAMES = 20
TOLD = 3


@dataclass(frozen=True)
class Spread:
    """`drawn` on one plane, with the names of its busiest places; `left_out`: overseas, or nowhere known."""

    drawn: list[Point]
    places: list[Place]
    sentence: str
    left_out: int


def spread(structures: QuerySet[Structure]) -> Spread:
    """Towns are named within one département, départements otherwise."""
    columns = ("latitude", "longitude", "department_code", "city")
    rows = list(structures.values_list(*columns))
    located = [row for row in rows if row[0] is not None and row[1] is not None]
    # Overseas would shrink the mainland to a stain; alone, it is drawn.
    drawn = [row for row in located if _is_mainland(row[0], row[1])] or located
    is_local = len({row[2] for row in drawn}) == 1
    busiest = _busiest([(row[3] if is_local else row[2], Point(row[0], row[1])) for row in drawn])
    return Spread(
        [Point(row[0], row[1]) for row in drawn],
        [Place(name, _middle(points)) for name, points in busiest],
        _sentence(len(drawn), busiest),
        len(rows) - len(drawn),
    )


def _is_mainland(latitude: float, longitude: float) -> bool:
    return 41 < latitude < 51.5 and -5.5 < longitude < 10


def _busiest(named: Sequence[tuple[str, Point]]) -> list[tuple[str, list[Point]]]:
    spellings: dict[str, str] = {}
    by_name: dict[str, list[Point]] = defaultdict(list)
    for name, point in named:
        # « MONTREUIL » and « Montreuil » are one town.
        by_name[spellings.setdefault(fold_town(name), name)].append(point)
    ranked = sorted(by_name.items(), key=lambda item: (-len(item[1]), item[0]))
    return [(name, points) for name, points in ranked if name][:NAMES]


def _middle(points: Sequence[Point]) -> Point:
    return Point(fmean(point.latitude for point in points), fmean(point.longitude for point in points))


def _sentence(count: int, busiest: Sequence[tuple[str, list[Point]]]) -> str:
    told = join_words([f"{format_number(len(points))} à {name}" for name, points in busiest[:TOLD]])
    return f"Carte de {format_number(count)} structures, dont {told}." if told else "Carte sans structure."
