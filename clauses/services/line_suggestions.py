"""The suggestion of every line that an office screens, kept so that the triage may be narrowed by it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min, QuerySet
from django.utils.timezone import localtime

from accounts.models import AuditEvent, Mandate, Office
from clauses.enums import Outcome
from clauses.models import LineSuggestion
from clauses.queries import advice
from procurement.models import Market


# Lines judged at once: memory is bounded, and the directory is not read again for each of them.
BATCH = 1_000
# References and the law change with the day, which nobody writes in the log.
OLDEST = timedelta(days=1)
# An event bears the moment of its writing; its transaction may end after our reading.
UNCOMMITTED = timedelta(minutes=1)


def refresh_all(*, at: datetime) -> int:
    """For the offices where something happened since the last look. Gives how many were looked at."""
    due = [office for office in Office.objects.order_by("pk") if _is_due(office, at)]
    for office in due:
        refresh(office=office, at=at)
    return len(due)


def refresh(*, office: Office, at: datetime) -> None:
    """Everything is computed first: the writing alone keeps others waiting."""
    found = dict(_outcomes(office, at))
    with transaction.atomic():
        kept = LineSuggestion.objects.filter(office=office)
        kept.exclude(market__in=_lines(office).order_by().values("pk")).delete()
        known = dict(kept.values_list("market", "outcome"))
        changed = [pk for pk, outcome in found.items() if known.get(pk) != outcome]
        LineSuggestion.objects.bulk_create(
            (
                LineSuggestion(office=office, market_id=pk, outcome=found[pk], computed_at=at)
                for pk in changed
            ),
            batch_size=500,
            update_conflicts=True,
            unique_fields=["office", "market"],
            update_fields=["outcome"],
        )
        kept.update(computed_at=at)


def _is_due(office: Office, at: datetime) -> bool:
    last = LineSuggestion.objects.filter(office=office).aggregate(last=Min("computed_at"))["last"]
    if last is None or at - last >= OLDEST:
        return True
    # Whatever changes a suggestion is written in the log: a line, a lot, a rule, a verdict, a directory file.
    latest = AuditEvent.objects.order_by("-pk").values_list("at", flat=True)[:1]
    return any(moment > last - UNCOMMITTED for moment in latest)


def _lines(office: Office) -> QuerySet[Market]:
    buyers = Mandate.objects.partners_of(office.pk)
    return Market.objects.submitted().filter(plan__buyer__in=buyers).order_by("pk")


def _outcomes(office: Office, at: datetime) -> Iterator[tuple[int, Outcome]]:
    keys = list(_lines(office).values_list("pk", flat=True))
    rows = Market.objects.select_related("family", "plan__buyer__organisation").prefetch_related("programmes")
    for start in range(0, len(keys), BATCH):
        markets = rows.filter(pk__in=keys[start : start + BATCH]).order_by("pk")
        given = advice.advise(markets, office, localtime(at).date())
        yield from ((pk, one.outcome) for pk, one in given.items())
