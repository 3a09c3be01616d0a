"""How long things take: the middle duration, and the one that nine in ten do not exceed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Spread:
    """In days. The median of an even number of durations may end in a half."""

    count: int
    median: Decimal
    ninth_decile: int


def spread(days: Sequence[int]) -> Spread | None:
    """`None` of nothing: no duration is not a duration of zero."""
    if not days:
        return None
    ordered, count = sorted(days), len(days)
    middle = ordered[(count - 1) // 2] + ordered[count // 2]
    # The smallest duration that at least nine in ten do not exceed.
    rank = -(-9 * count // 10)
    return Spread(count, Decimal(middle) / 2, ordered[rank - 1])
