"""The year of visits, appointments and events: how many were held, with whom, what came of them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from config.lib.rounding import percentage
from structures.enums import MeetingOutcome, MeetingState, Presence
from structures.models import Guest, Meeting


WITH_A_RESULT = Q(state=MeetingState.HELD) & ~Q(outcome=MeetingOutcome.NONE)


@dataclass(frozen=True)
class KindFigures:
    pk: int
    label: str
    held: int
    with_result: int
    rate: Decimal | None


@dataclass(frozen=True)
class OutcomeFigures:
    outcome: MeetingOutcome
    count: int


@dataclass(frozen=True)
class MeetingFigures:
    """`rate`, in hundredths: those that led to something among those held; nothing when none was held.

    What is over and has no outcome yet is told apart and counts in neither."""

    held: int
    with_result: int
    rate: Decimal | None
    cancelled: int
    planned: int
    organisations: int
    markets: int
    kinds: tuple[KindFigures, ...]
    outcomes: tuple[OutcomeFigures, ...]


def figures(meetings: QuerySet[Meeting], *, starts_on: date, ends_on: date) -> MeetingFigures:
    """Of the meetings that begin in the period, its end excluded."""
    rows = meetings.filter(starts_at__date__gte=starts_on, starts_at__date__lt=ends_on)
    counts = rows.aggregate(
        held=Count("pk", filter=Q(state=MeetingState.HELD)),
        with_result=Count("pk", filter=WITH_A_RESULT),
        cancelled=Count("pk", filter=Q(state=MeetingState.CANCELLED)),
        planned=Count("pk", filter=Q(state=MeetingState.PLANNED)),
    )
    held = rows.filter(state=MeetingState.HELD)
    return MeetingFigures(
        **counts,
        rate=percentage(counts["with_result"], counts["held"]),
        organisations=_organisations(held),
        markets=held.exclude(markets=None).values("markets").distinct().count(),
        kinds=_kinds(held),
        outcomes=_outcomes(held),
    )


def _organisations(held: QuerySet[Meeting]) -> int:
    """Each once, however many times it came; those that are in no directory by their name."""
    came = Guest.objects.filter(meeting__in=held.values("pk"), presence=Presence.CAME)
    return came.order_by().values("organisation", "structure", "name").distinct().count()


def _kinds(held: QuerySet[Meeting]) -> tuple[KindFigures, ...]:
    rows = (
        held.order_by()
        .values("kind", "kind__label", "kind__rank")
        .annotate(held=Count("pk"), with_result=Count("pk", filter=WITH_A_RESULT))
        .order_by("kind__rank", "kind")
    )
    return tuple(
        KindFigures(
            row["kind"],
            row["kind__label"],
            row["held"],
            row["with_result"],
            percentage(row["with_result"], row["held"]),
        )
        for row in rows
    )


def _outcomes(held: QuerySet[Meeting]) -> tuple[OutcomeFigures, ...]:
    counts = dict(
        held.order_by().values("outcome").annotate(count=Count("pk")).values_list("outcome", "count")
    )
    return tuple(OutcomeFigures(outcome, counts.get(outcome, 0)) for outcome in MeetingOutcome)
