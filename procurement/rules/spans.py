"""What a date known to the month, the quarter or the year leaves open."""

from calendar import monthrange
from datetime import date

from config.lib.french import format_date_short, format_month
from procurement.enums import DatePrecision


MONTHS = {
    DatePrecision.MONTH: 1,
    DatePrecision.QUARTER: 3,
    DatePrecision.SEMESTER: 6,
    DatePrecision.YEAR: 12,
}


def last_day_of(first: date, precision: DatePrecision) -> date:
    """The last day of the span that starts on `first`."""
    months = MONTHS.get(precision)
    if months is None:
        return first
    rank = first.month - 1 + months - 1
    year, month = first.year + rank // 12, rank % 12 + 1
    return date(year, month, monthrange(year, month)[1])


def span_label(first: date, precision: DatePrecision) -> str:
    """The date with the precision that people gave it: « T2 2027 »."""
    return {
        DatePrecision.DAY: format_date_short(first),
        DatePrecision.MONTH: format_month(first),
        DatePrecision.QUARTER: f"T{(first.month - 1) // 3 + 1} {first.year}",
        DatePrecision.SEMESTER: f"S{(first.month - 1) // 6 + 1} {first.year}",
        DatePrecision.YEAR: str(first.year),
    }[precision]


def first_day_reaching(day: date, precision: DatePrecision) -> date:
    """The earliest start of a span whose last day is `day` or later."""
    months = MONTHS.get(precision)
    if months is None:
        return day
    rank = day.year * 12 + day.month - 1 - (months - 1)
    return date(rank // 12, rank % 12 + 1, 1)
