"""Days told from the day of loading."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max

from accounts.models import AuditEvent


PARIS = ZoneInfo("Europe/Paris")


def month_start(day: date, months: int) -> date:
    """First day of the month that lies so many months from that of `day`."""
    rank = day.year * 12 + day.month - 1 + months
    return date(rank // 12, rank % 12 + 1, 1)


def morning(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), PARIS)


def days_ago(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)


@contextmanager
def told_as_of(moment: datetime) -> Iterator[datetime]:
    """What happens inside is dated `moment` in the log, which otherwise keeps its own time."""
    last = AuditEvent.objects.aggregate(last=Max("pk"))["last"] or 0
    yield moment
    AuditEvent.objects.filter(pk__gt=last).update(at=moment)
