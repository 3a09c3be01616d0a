"""Periods are made of whole months, as declarations are; their end is exclusive."""

from datetime import date, timedelta

from config.lib.french import MONTHS, format_month


LONGEST_MONTHS = 60
# A year typed with a digit too many or too few is none of ours.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


class PeriodRefused(Exception):
    """No report is made of such a period; the text is fit for the user."""


def year(number: int) -> tuple[date, date]:
    return date(number, 1, 1), date(number + 1, 1, 1)


def quarter(number: int, rank: int) -> tuple[date, date]:
    return date(number, 3 * rank - 2, 1), next_month(date(number, 3 * rank, 1))


def last_quarter(day: date) -> tuple[date, date]:
    """The last one that is over on that day."""
    rank = (day.month + 2) // 3
    return quarter(day.year - 1, 4) if rank == 1 else quarter(day.year, rank - 1)


def day_after(day: date) -> date:
    return day + timedelta(days=1)


def last_day(ends_on: date) -> date:
    return ends_on - timedelta(days=1)


def check(starts_on: date, ends_on: date) -> None:
    if ends_on <= starts_on:
        raise PeriodRefused("La période se termine après son début.")
    if starts_on.day != 1 or ends_on.day != 1:
        raise PeriodRefused(
            "La période va du premier jour d’un mois au dernier jour d’un mois : "
            "les heures se déclarent par mois."
        )
    if len(months(starts_on, ends_on)) > LONGEST_MONTHS:
        raise PeriodRefused("Une période compte cinq ans au plus.")


def months(starts_on: date, ends_on: date) -> list[date]:
    """The first days of the months of the period."""
    firsts, month = [], starts_on.replace(day=1)
    while month < ends_on:
        firsts.append(month)
        month = next_month(month)
    return firsts


def describe(starts_on: date, ends_on: date) -> str:
    """« année 2026 », « 2e trimestre 2026 », « mars 2026 », « janvier 2026 à mars 2027 »."""
    last = last_day(ends_on)
    if (starts_on, ends_on) == year(starts_on.year):
        return f"année {starts_on.year}"
    rank = (starts_on.month + 2) // 3
    if (starts_on, ends_on) == quarter(starts_on.year, rank):
        return f"{'1er' if rank == 1 else f'{rank}e'} trimestre {starts_on.year}"
    if starts_on.year == last.year:
        first = MONTHS[starts_on.month - 1]
        return format_month(last) if starts_on.month == last.month else f"{first} à {format_month(last)}"
    return f"{format_month(starts_on)} à {format_month(last)}"


def years_before(day: date, years: int) -> date:
    """Who is born later than this has not reached that age on `day`."""
    if (day.month, day.day) == (2, 29):
        day = day.replace(day=28)
    return day.replace(year=day.year - years)


def next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
