"""What comes again: when a market ends, how soon that is, and the plan in which its successor stands."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from procurement.rules.clock import months_before


@dataclass(frozen=True)
class Renewal:
    """A contract, a line of an earlier plan or a contract with its line, that ends on `ends_on`, its last
    day, and comes again in the plan of `year`."""

    buyer_id: int
    year: int
    title: str
    ends_on: date
    launch_on: date
    contract_id: int | None = None
    line_id: int | None = None
    amount: Decimal | None = None
    months: int | None = None

    @property
    def key(self) -> str:
        return f"contrat-{self.contract_id}" if self.contract_id else f"ligne-{self.line_id}"

    @property
    def starts_on(self) -> date:
        return self.ends_on + timedelta(days=1)


def last_day_of_term(
    *, starts_on: date | None, launch_on: date | None, previous_ends_on: date | None, months: int | None
) -> date | None:
    """The day on which a planned market should end: from its start; else from the end of the one that it
    follows; else from its launch, which is too early by the months of the procedure."""
    if not months:
        return None
    if starts_on is None and previous_ends_on is not None:
        return months_before(previous_ends_on, -months)
    begins_on = starts_on or launch_on
    return begins_on and months_before(begins_on, -months) - timedelta(days=1)


def horizon(ends_on: date, on: date, horizons: Iterable[int]) -> int | None:
    """The smallest of these numbers of months within which the end falls; `None` past all of them, or once
    it has ended."""
    if ends_on < on:
        return None
    return min((months for months in horizons if ends_on <= months_before(on, -months)), default=None)


def launch_for(ends_on: date, months: int, on: date) -> date:
    """The month in which the successor is launched, so many months before the end, or at once."""
    return max(months_before(ends_on, months), on).replace(day=1)


def plan_year(launch_on: date, on: date, *, drafts: Collection[int], closed: Collection[int]) -> int:
    """The year of the launch, or the next one whose plan was not handed in. The plan of the year in hand is
    written only when it is open already."""
    year = launch_on.year
    if year <= on.year and on.year not in drafts:
        year = on.year + 1
    while year in closed:
        year += 1
    return year
