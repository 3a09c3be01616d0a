"""One month of one contract as people × hours, with what deserves a second look."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from clauses.enums import EligibilityState
from clauses.models import Eligibility, HourEntry, Placement, ReferenceValue
from clauses.rules.eligibility import Period, last_day, warn_not_eligible
from clauses.rules.months import (
    days_worked_in,
    next_month,
    previous_month,
    warn_above_legal_maximum,
)
from config.lib.french import MONTHS, format_date_long, format_hours
from procurement.models import Contract


WEEKLY_MAXIMUM = "weekly-hours-maximum"


@dataclass(frozen=True)
class Line:
    """One placement in the month; `done` is None while nothing is written."""

    placement_id: int
    participant_id: int
    person: str
    engagement: str
    employer: str
    starts_on: date
    ends_on: date | None
    entry_id: int | None
    previous: Decimal | None
    done: Decimal | None
    credited: Decimal | None
    warnings: tuple[str, ...]
    is_missing: bool = False

    @property
    def seen_as(self) -> str:
        """What the page sends back once its warnings were shown; a seen blank tells nothing of hours."""
        return f"{self.placement_id}-vide" if self.is_missing else str(self.placement_id)


@dataclass(frozen=True)
class Grid:
    lines: tuple[Line, ...]

    @property
    def total_previous(self) -> Decimal:
        return _sum(line.previous for line in self.lines)

    @property
    def total_done(self) -> Decimal:
        return _sum(line.done for line in self.lines)

    @property
    def total_credited(self) -> Decimal:
        return _sum(line.credited for line in self.lines)

    @property
    def warned(self) -> set[str]:
        return {line.seen_as for line in self.lines if line.warnings}


def to_fill(contract: Contract, period: date, hours: Mapping[int, Decimal] | None = None) -> Grid:
    """Everybody who may be declared; `hours` typed but not kept stand in for those of the draft."""
    placements = Placement.objects.declarable(contract, period, next_month(period))
    return _grid(placements, contract, period, hours)


def as_told(contract: Contract, period: date) -> Grid:
    """Only those whose hours were declared."""
    written = HourEntry.objects.filter(declaration__contract=contract, declaration__period=period)
    return _grid(Placement.objects.filter(pk__in=written.values("placement")), contract, period, None)


def _grid(
    placements: QuerySet[Placement], contract: Contract, period: date, hours: Mapping[int, Decimal] | None
) -> Grid:
    rows = list(
        placements.select_related("participant", "employer_structure").order_by(
            "participant__sort_name", "starts_on", "pk"
        )
    )
    written = _entries(contract, period)
    before = _entries(contract, previous_month(period))
    done = {pk: entry.hours_done for pk, entry in written.items()} if hours is None else hours
    granted = _granted([row.participant_id for row in rows], period)
    weekly = _weekly_maximum(period)
    # Before the first hours are written, a blank grid forgets nobody.
    is_begun = any(done.values())
    return Grid(
        tuple(
            _line(
                row,
                written.get(row.pk),
                before.get(row.pk),
                done.get(row.pk),
                _warnings(row, period, done.get(row.pk), granted[row.participant_id], weekly),
                _missing(row, before.get(row.pk), period) if is_begun and done.get(row.pk) is None else "",
            )
            for row in rows
        )
    )


def _line(
    placement: Placement,
    written: HourEntry | None,
    before: HourEntry | None,
    done: Decimal | None,
    warnings: Iterable[str],
    missing: str,
) -> Line:
    return Line(
        placement_id=placement.pk,
        participant_id=placement.participant_id,
        person=str(placement.participant),
        engagement=f"{placement.get_contract_type_display()}, {placement.get_modality_display().lower()}",
        employer=str(placement.employer_structure or ""),
        starts_on=placement.starts_on,
        ends_on=placement.ends_on,
        entry_id=written.pk if written else None,
        previous=before.hours_done if before else None,
        done=done,
        credited=written.hours_credited if written else None,
        warnings=(missing,) if missing else tuple(warnings),
        is_missing=bool(missing),
    )


def _entries(contract: Contract, period: date) -> dict[int, HourEntry]:
    rows = HourEntry.objects.filter(declaration__contract=contract, declaration__period=period)
    return {row.placement_id: row for row in rows}


def _granted(participant_ids: list[int], period: date) -> dict[int, list[Period]]:
    rows = Eligibility.objects.filter(
        participant__in=participant_ids,
        state=EligibilityState.GRANTED,
        valid_from__lt=next_month(period),
        valid_to__gt=period,
    )
    periods: dict[int, list[Period]] = defaultdict(list)
    for person, start, end in rows.values_list("participant", "valid_from", "valid_to"):
        periods[person].append((start, end))
    return periods


def _weekly_maximum(period: date) -> Decimal | None:
    rows = ReferenceValue.objects.in_force(period).filter(code=WEEKLY_MAXIMUM)
    return rows.order_by("-valid_from", "-pk").values_list("value", flat=True).first()


def _warnings(
    placement: Placement, period: date, done: Decimal | None, granted: list[Period], weekly: Decimal | None
) -> Iterator[str]:
    if not done:
        return
    # An earlier end may have been set after the hours were written.
    if placement.ends_on is not None and placement.ends_on <= period:
        yield f"Le placement a pris fin le {format_date_long(last_day(placement.ends_on))}."
        return
    days = days_worked_in(period, placement.starts_on, placement.ends_on)
    if weekly is not None and (warning := warn_above_legal_maximum(done, days, weekly)):
        yield warning
    end = min(placement.ends_on or next_month(period), next_month(period))
    if warning := warn_not_eligible(granted, max(placement.starts_on, period), end):
        yield warning


def _runs_in(placement: Placement, period: date) -> bool:
    return placement.starts_on < next_month(period) and (
        placement.ends_on is None or placement.ends_on > period
    )


def _missing(placement: Placement, before: HourEntry | None, period: date) -> str:
    """What to say of a blank cell; nothing of a placement that no longer runs."""
    if not _runs_in(placement, period):
        return ""
    nothing = f"Rien pour {placement.participant} ce mois-ci"
    if before is None or not before.hours_done:
        return f"{nothing}."
    month = MONTHS[previous_month(period).month - 1]
    return f"{nothing}\N{NO-BREAK SPACE}; {format_hours(before.hours_done)} en {month}."


def _sum(hours: Iterable[Decimal | None]) -> Decimal:
    return sum(filter(None, hours), Decimal(0))
