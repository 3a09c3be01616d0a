"""Quotes set side by side: like with like only, and what is not alike is said."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from config.lib.rounding import round_amount, round_half_up
from structures.enums import MeasureUnit


# What another unit holds of the one that prices are compared in.
HELD: dict[MeasureUnit, tuple[MeasureUnit, Decimal]] = {
    MeasureUnit.THOUSAND: (MeasureUnit.PIECE, Decimal(1000)),
    MeasureUnit.TONNE: (MeasureUnit.KILO, Decimal(1000)),
}
ONE = Decimal(1)
# A ten-thousandth of a euro: an envelope costs a few cents.
PRICE_PLACES = 4


@dataclass(frozen=True)
class Priced:
    """One quote as the comparison sees it."""

    key: int
    unit: MeasureUnit
    quantity: Decimal
    unit_price: Decimal

    @property
    def compared_in(self) -> MeasureUnit:
        return HELD.get(self.unit, (self.unit, ONE))[0]

    @property
    def compared_price(self) -> Decimal:
        return round_half_up(self.unit_price / self._held, PRICE_PLACES)

    @property
    def compared_quantity(self) -> Decimal:
        return self.quantity * self._held

    @property
    def total(self) -> Decimal:
        return total(self.quantity, self.unit_price)

    @property
    def _held(self) -> Decimal:
        return HELD.get(self.unit, (self.unit, ONE))[1]


@dataclass(frozen=True)
class Row:
    """`is_lowest` only where there is something to compare with; equal prices are lowest together."""

    priced: Priced
    is_lowest: bool


@dataclass(frozen=True)
class Group:
    """Quotes whose prices are of one unit, the lowest first."""

    unit: MeasureUnit
    rows: tuple[Row, ...]

    @property
    def is_alone(self) -> bool:
        return len(self.rows) == 1

    @property
    def has_one_quantity(self) -> bool:
        """Otherwise the prices compare, the totals do not."""
        return len({row.priced.compared_quantity for row in self.rows}) == 1


def total(quantity: Decimal, unit_price: Decimal) -> Decimal:
    return round_amount(quantity * unit_price)


def compare(quotes: Iterable[Priced]) -> tuple[Group, ...]:
    """By unit, the one in which most quotes came first."""
    order = list(MeasureUnit)
    ranked = sorted(
        quotes, key=lambda priced: (order.index(priced.compared_in), priced.compared_price, priced.key)
    )
    groups = [_group(unit, list(rows)) for unit, rows in groupby(ranked, lambda priced: priced.compared_in)]
    return tuple(sorted(groups, key=lambda group: -len(group.rows)))


def _group(unit: MeasureUnit, quotes: list[Priced]) -> Group:
    lowest = quotes[0].compared_price
    is_compared = len(quotes) > 1
    return Group(
        unit, tuple(Row(priced, is_compared and priced.compared_price == lowest) for priced in quotes)
    )
