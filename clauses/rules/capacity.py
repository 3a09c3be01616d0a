"""Hours that clauses promise against hours that structures say they can do, month by month."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from clauses.rules.hours import MONTHS_IN_A_YEAR
from clauses.rules.months import days_worked_in, months_between, next_month
from config.lib.french import format_hours, format_month
from config.lib.rounding import round_hours, whole_hours


NOTHING = Decimal(0)


@dataclass(frozen=True)
class Promise:
    """Hours that a clause still owes, over [starts_on, ends_on[."""

    hours: Decimal
    starts_on: date
    ends_on: date

    @property
    def last_day(self) -> date:
        return self.ends_on - timedelta(days=1)


@dataclass(frozen=True)
class Declared:
    """Hours a month that structures say they can do, over [starts_on, ends_on[; no end: until they say."""

    monthly_hours: Decimal
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True)
class Month:
    """`declared` is `None` when no structure has said anything of that month, which is not zero."""

    first: date
    promised: Decimal
    declared: Decimal | None

    @property
    def left(self) -> Decimal | None:
        """Negative when more is promised than can be done."""
        return None if self.declared is None else self.declared - self.promised

    @property
    def missing(self) -> Decimal:
        return max(-(self.left or NOTHING), NOTHING)


@dataclass(frozen=True)
class Balance:
    """A trade over some months."""

    months: tuple[Month, ...]

    @property
    def promised(self) -> Decimal:
        return sum((month.promised for month in self.months), NOTHING)

    @property
    def declared(self) -> Decimal | None:
        told = [month.declared for month in self.months if month.declared is not None]
        return sum(told, NOTHING) if told else None

    @property
    def short(self) -> tuple[Month, ...]:
        return tuple(month for month in self.months if month.missing)

    @property
    def worst(self) -> Month | None:
        """The month that misses most hours; the first of several."""
        return max(self.short, key=lambda month: month.missing, default=None)


def monthly(quantity: Decimal, *, is_yearly: bool, hours_per_place: Decimal | None = None) -> Decimal:
    """What a declaration gives a month; a place is a full-time post, of `hours_per_place` a year."""
    if hours_per_place is not None:
        return round_hours(quantity * hours_per_place / MONTHS_IN_A_YEAR)
    return round_hours(quantity / MONTHS_IN_A_YEAR) if is_yearly else quantity


def spread(promise: Promise) -> dict[date, Decimal]:
    """By month, in proportion of its days; the last month takes what rounding leaves, so nothing is lost."""
    days = (promise.ends_on - promise.starts_on).days
    found: dict[date, Decimal] = {}
    for month in months_between(promise.starts_on, promise.ends_on):
        worked = days_worked_in(month, promise.starts_on, promise.ends_on)
        found[month] = round_hours(promise.hours * worked / days)
    last = max(found)
    found[last] += promise.hours - sum(found.values(), NOTHING)
    return found


def balance(promises: Iterable[Promise], declared: Iterable[Declared], months: Sequence[date]) -> Balance:
    owed: Mapping[date, Decimal] = _sum(promises)
    told = list(declared)
    return Balance(
        tuple(Month(month, owed.get(month, NOTHING), _declared_in(month, told)) for month in months)
    )


def with_more(balance: Balance, hours: Decimal) -> Balance:
    """The same months, had they so many hours more to carry in equal parts."""
    first, last = balance.months[0].first, next_month(balance.months[-1].first)
    more = spread(Promise(hours, first, last))
    return Balance(
        tuple(replace(month, promised=month.promised + more[month.first]) for month in balance.months)
    )


def explain(outlook: Balance, hours: Decimal) -> str:
    """Whether a clause of so many hours still fits in what structures declare."""
    if outlook.declared is None:
        return "inconnues"
    worst = with_more(outlook, hours).worst
    if worst is None:
        return "suffisantes"
    return f"il manquerait {format_hours(whole_hours(worst.missing))} en {format_month(worst.first)}"


def _sum(promises: Iterable[Promise]) -> dict[date, Decimal]:
    total: dict[date, Decimal] = defaultdict(Decimal)
    for promise in promises:
        for month, hours in spread(promise).items():
            total[month] += hours
    return total


def _declared_in(month: date, told: Iterable[Declared]) -> Decimal | None:
    """A declaration that covers part of a month counts for its days; what was promised elsewhere leaves
    nothing, never less."""
    length = (next_month(month) - month).days
    parts = [
        (row.monthly_hours, days)
        for row in told
        if (days := days_worked_in(month, row.starts_on, row.ends_on))
    ]
    total = sum((hours * days for hours, days in parts), NOTHING)
    return max(round_hours(total / length), NOTHING) if parts else None
