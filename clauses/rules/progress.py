"""How the hours of a clause fare against the calendar of its contract."""

from datetime import date, timedelta
from decimal import Decimal

from clauses.enums import Progress


# Recruiting takes the first weeks: nobody is late before.
START = timedelta(days=60)
# Share of the hours that an even pace would have reached.
ON_TRACK, TO_WATCH = Decimal("0.9"), Decimal("0.6")


def judge(
    *, due: Decimal, declared: Decimal, credited: Decimal, starts_on: date, ends_on: date | None, on: date
) -> Progress:
    """The debt is paid by credited hours; the pace is read on declared ones, which come a month sooner."""
    if not due:
        return Progress.NO_TARGET
    if credited >= due:
        return Progress.REACHED
    if ends_on is not None and on >= ends_on and declared < due:
        return Progress.MISSED
    if on < starts_on + START:
        return Progress.STARTING
    return _pace(declared, expected_by(due=due, starts_on=starts_on, ends_on=ends_on, on=on))


def expected_by(*, due: Decimal, starts_on: date, ends_on: date | None, on: date) -> Decimal:
    """Hours that an even pace would have reached; none is expected of a contract without end."""
    if ends_on is None:
        return Decimal(0)
    elapsed = min(max((on - starts_on).days, 0), (ends_on - starts_on).days)
    return due * elapsed / (ends_on - starts_on).days


def _pace(declared: Decimal, expected: Decimal) -> Progress:
    if declared >= ON_TRACK * expected:
        return Progress.ON_TRACK
    return Progress.TO_WATCH if declared >= TO_WATCH * expected else Progress.LATE
