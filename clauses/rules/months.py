"""How many hours a month can hold, and how many the law allows."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from config.lib.french import format_hours, format_month
from config.lib.rounding import round_hours


def first_day(day: date) -> date:
    return day.replace(day=1)


def next_month(month: date) -> date:
    return first_day(first_day(month) + timedelta(days=31))


def previous_month(month: date) -> date:
    return first_day(first_day(month) - timedelta(days=1))


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last one of that month (31 January + 1 = 28 February)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    start = date(year, month + 1, 1)
    return min(start + timedelta(days=day.day - 1), next_month(start) - timedelta(days=1))


def months_between(start: date, end: date) -> Iterator[date]:
    """First days of the months that touch [start, end[."""
    month = first_day(start)
    while month < end:
        yield month
        month = next_month(month)


def days_worked_in(month: date, starts_on: date, ends_on: date | None) -> int:
    """Days of a month inside [starts_on, ends_on[."""
    end = next_month(month)
    last = end if ends_on is None else min(ends_on, end)
    return max((last - max(starts_on, month)).days, 0)


def hours_in(month: date) -> int:
    return 24 * (next_month(month) - month).days


def legal_maximum(days: int, weekly: Decimal) -> Decimal:
    """Hours that a weekly maximum allows over so many days."""
    return round_hours(weekly * days / 7)


def explain_too_many_hours(person: str, month: date, hours: Decimal) -> str | None:
    """Why these hours cannot be true; `None` when they can."""
    longest = hours_in(month)
    if hours <= longest:
        return None
    return (
        f"{person} : {format_hours(hours)} en {format_month(month)}, "
        f"alors que ce mois ne compte que {format_hours(longest)}."
    )


def warn_above_legal_maximum(hours: Decimal, days: int, weekly: Decimal) -> str | None:
    maximum = legal_maximum(days, weekly)
    if hours <= maximum:
        return None
    counted = "1 jour" if days == 1 else f"{days} jours"
    return (
        f"Plus que le maximum légal : {format_hours(maximum)} pour {counted}, "
        f"à raison de {format_hours(weekly)} par semaine."
    )
