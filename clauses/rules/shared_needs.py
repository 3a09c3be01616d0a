"""Needs that several buyers announce for one period: facts of lines in, what to buy together out."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from procurement.enums import DatePrecision
from procurement.rules.clock import Launch, months_before
from procurement.rules.spans import span_label


# A launch known to the year may be anywhere in it: it makes no period with another.
PLACED = frozenset(DatePrecision) - {DatePrecision.YEAR}


@dataclass(frozen=True)
class Line:
    """One line of a plan; `hours` are those that a clause of its own would carry, `None` when unknown."""

    market_id: int
    title: str
    buyer_id: int
    buyer: str
    year: int
    family_id: int
    family: str
    amount: Decimal | None
    launch: Launch
    hours: Decimal | None = None

    @property
    def is_placed(self) -> bool:
        return self.launch.on is not None and self.launch.precision in PLACED

    @property
    def label(self) -> str:
        """The launch with the precision that the buyer gave it."""
        return span_label(self.starts_on, self.launch.precision)

    @property
    def starts_on(self) -> date:
        assert self.launch.on is not None  # noqa: S101 (for the type checker)
        return self.launch.on

    @property
    def ends_on(self) -> date:
        assert self.launch.ends_on is not None  # noqa: S101 (for the type checker)
        return self.launch.ends_on


@dataclass(frozen=True)
class Need:
    """The lines of one family that several buyers mean to launch in one period."""

    lines: tuple[Line, ...]
    # Of one clause on the whole amount.
    hours: Decimal | None
    # Below which a clause is not advised.
    floor: Decimal | None

    @property
    def family_id(self) -> int:
        return self.lines[0].family_id

    @property
    def family(self) -> str:
        return self.lines[0].family

    @cached_property
    def starts_on(self) -> date:
        return min(line.starts_on for line in self.lines)

    @cached_property
    def ends_on(self) -> date:
        """The last day that the dates of launch leave open."""
        return max(line.ends_on for line in self.lines)

    @cached_property
    def buyers(self) -> list[str]:
        return sorted({line.buyer for line in self.lines})

    @cached_property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines if line.amount is not None), Decimal(0))

    @property
    def without_amount(self) -> int:
        return sum(line.amount is None for line in self.lines)

    @property
    def spread_months(self) -> int:
        """Between the first launch and the last."""
        latest = max(line.starts_on for line in self.lines)
        return (latest.year - self.starts_on.year) * 12 + latest.month - self.starts_on.month

    @cached_property
    def too_small(self) -> int:
        """Lines that carry too few hours for a clause of their own."""
        if self.floor is None:
            return 0
        return sum(line.hours is not None and line.hours < self.floor for line in self.lines)

    @property
    def reaches_the_floor(self) -> bool:
        return self.hours is not None and (self.floor is None or self.hours >= self.floor)

    @property
    def ways(self) -> list[str]:
        """What to talk about, the boldest first; never decided here."""
        found = ["groupement de commandes"]
        if self.reaches_the_floor:
            found.append("une clause commune" if self.too_small else "une clause plus ambitieuse")
        if len(self.lines) > len(self.buyers) or len(self.lines) > 2:
            found.append("un lot réservé")
        return found

    def overlaps(self, starts_on: date, ends_on: date) -> bool:
        return self.starts_on <= ends_on and starts_on <= self.ends_on


def shared(
    lines: Iterable[Line],
    *,
    months: int,
    hours_of: Callable[[int, Decimal], Decimal | None],
    floor: Decimal | None,
) -> list[Need]:
    """The earliest first. `hours_of` gives the hours of a clause on an amount, by family."""
    families: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if line.is_placed:
            families[line.family_id].append(line)
    found = [
        _need(group, hours_of, floor)
        for ones in families.values()
        for group in _periods(ones, months)
        if len({line.buyer_id for line in group}) > 1
    ]
    return sorted(found, key=lambda need: (need.starts_on, -need.amount, need.family))


def _periods(lines: list[Line], months: int) -> Iterator[list[Line]]:
    """A line belongs to the period that its predecessor opened less than so many months before."""
    first, *others = sorted(lines, key=lambda line: (line.starts_on, line.market_id))
    group = [first]
    for line in others:
        if months_before(line.starts_on, months) >= group[0].starts_on:
            yield group
            group = []
        group.append(line)
    yield group


def _need(
    group: list[Line], hours_of: Callable[[int, Decimal], Decimal | None], floor: Decimal | None
) -> Need:
    total = sum((line.amount for line in group if line.amount is not None), Decimal(0))
    hours = hours_of(group[0].family_id, total) if total else None
    return Need(tuple(group), hours, floor)
