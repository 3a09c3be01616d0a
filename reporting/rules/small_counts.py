"""Counts of people that may be published without telling anything of one person."""

from collections.abc import Sequence

from config.lib.french import NO_BREAK_SPACE


Count = int | str

# « Non communiqué »: a count that would give away another one.
WITHHELD = f"n.{NO_BREAK_SPACE}c."


def below(floor: int) -> str:
    return f"<{NO_BREAK_SPACE}{floor}"


def conceal_total(total: int, floor: int) -> Count:
    return below(floor) if 0 < total < floor else total


def conceal(counts: Sequence[int], floor: int) -> list[Count] | None:
    """The parts of a known whole, the small ones hidden so that no subtraction brings them back.

    Where only small parts had to be hidden they read « < 5 »; where larger ones had to follow, all read
    « n. c. »: telling which is which would help to guess. `None` when no part at all may be told.
    """
    if 0 < sum(counts) < floor:
        return None
    small = {rank for rank, count in enumerate(counts) if 0 < count < floor}
    hidden = set(small)
    larger = sorted((count, rank) for rank, count in enumerate(counts) if count and rank not in small)
    while hidden and not _keeps_its_secret([counts[rank] for rank in hidden], floor):
        if not larger:
            return None
        hidden.add(larger.pop(0)[1])
    mark = below(floor) if hidden == small else WITHHELD
    return [mark if rank in hidden else count for rank, count in enumerate(counts)]


def _keeps_its_secret(hidden: Sequence[int], floor: int) -> bool:
    """Could each hidden part be another number, for a reader who knows their sum?"""
    total, parts = sum(hidden), len(hidden)
    is_at_its_least = total == parts
    is_at_its_most = max(hidden) < floor and total == parts * (floor - 1)
    return parts > 1 and not is_at_its_least and not is_at_its_most
