"""What a number of hours means: per month, in weeks, in posts, in people, and for an ordinary firm."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from clauses.enums import Weight
from clauses.rules.hours import MONTHS_IN_A_YEAR, per_month
from config.lib.rounding import round_half_up, whole_hours


WEEKS_IN_A_YEAR = 52


@dataclass(frozen=True)
class Pace:
    """Conventions of the office; `None` where an administrator keeps the value no more.

    `full_time_weekly` and `full_time_yearly` are a full-time post; `insertion_weekly` is the usual week of
    a person on an insertion path, `hours_per_person` what one person does in all.
    """

    full_time_weekly: Decimal | None = None
    full_time_yearly: Decimal | None = None
    insertion_weekly: Decimal | None = None
    hours_per_person: Decimal | None = None


@dataclass(frozen=True)
class Effort:
    """`None` where the term of the market or a convention is unknown."""

    per_month: Decimal | None = None
    weeks: Decimal | None = None
    posts: Decimal | None = None
    at_once: int | None = None
    people: int | None = None


@dataclass(frozen=True)
class Band:
    """Shares of the labour hours of a contract, from 0 to 1, above which an effort weighs more."""

    noticeable: Decimal
    heavy: Decimal


def measure(hours: Decimal, months: int | None, pace: Pace) -> Effort:
    return Effort(
        per_month=per_month(hours, months) if months else None,
        weeks=round_half_up(hours / pace.full_time_weekly, 1) if pace.full_time_weekly else None,
        posts=_posts(hours, months, pace.full_time_yearly),
        at_once=_at_once(hours, months, pace.insertion_weekly),
        people=_whole(hours / pace.hours_per_person) if pace.hours_per_person else None,
    )


def weigh(share: Decimal, band: Band) -> Weight:
    """How much an ordinary firm feels it: up to and including a limit, it is the lighter of the two."""
    if share > band.heavy:
        return Weight.HEAVY
    return Weight.NOTICEABLE if share > band.noticeable else Weight.LIGHT


def labour_hours(*, amount: Decimal, labour_share: Decimal, hourly_cost: Decimal) -> Decimal:
    """All the hours of work that a contract pays."""
    return amount * labour_share / hourly_cost


def share_of_labour(
    hours: Decimal, *, amount: Decimal | None, labour_share: Decimal | None, hourly_cost: Decimal | None
) -> Decimal | None:
    """Their part in all the hours of the contract, from 0 to 1, rounded to the tenth of a per cent."""
    if not amount or not labour_share or not hourly_cost:
        return None
    whole = labour_hours(amount=amount, labour_share=labour_share, hourly_cost=hourly_cost)
    return round_half_up(hours / whole, 3)


def hours_per_participant(hours: Decimal, people: int) -> Decimal | None:
    """The ratio of the national consolidation; of nobody, none."""
    return whole_hours(hours / people) if people else None


def _posts(hours: Decimal, months: int | None, yearly: Decimal | None) -> Decimal | None:
    if not months or not yearly:
        return None
    return round_half_up(hours * MONTHS_IN_A_YEAR / (yearly * months), 2)


def _at_once(hours: Decimal, months: int | None, weekly: Decimal | None) -> int | None:
    if not months or not weekly:
        return None
    return _whole(hours * MONTHS_IN_A_YEAR / (WEEKS_IN_A_YEAR * weekly * months))


def _whole(people: Decimal) -> int:
    """Somebody who is needed for part of the time is somebody."""
    return int(people.to_integral_value(ROUND_CEILING))
