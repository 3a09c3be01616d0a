"""What a date known to the month, the quarter or the year leaves open."""

from calendar import monthrange
from datetime import date

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
