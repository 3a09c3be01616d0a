"""What is due when, for the lines of the plans: facts in, entries of a calendar out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from clauses.enums import DueKind, Verdict
from procurement.enums import DatePrecision
from procurement.rules import clock as rules
from procurement.rules.clock import TELLING, Clock, Delays, Launch, days
from procurement.rules.spans import last_day_of, span_label


UNKNOWN = Launch(None)
# Beyond, a page says the date and does not count the days.
COUNTED = 30


@dataclass(frozen=True)
class Line:
    """What is known of one line of a plan that was handed in; `clock` is `None` when nothing is promised."""

    market_id: int
    title: str
    plan_id: int
    year: int
    buyer: str
    department: str
    launch: Launch
    clock: Clock | None
    verdict: str
    # A proposal was sent for it, whatever became of it.
    is_calibrated: bool
    # It has a clause, or a contract: it is followed there.
    is_followed: bool

    @property
    def is_closed(self) -> bool:
        return self.is_followed or self.verdict == Verdict.NOT_CLAUSABLE

    @property
    def is_to_calibrate(self) -> bool:
        """A launch known to the semester or the year says too little to count back from."""
        return not self.is_closed and not self.is_calibrated and self.launch.precision in TELLING

    @property
    def launched_by(self) -> date | None:
        """The last day that the date of launch leaves open."""
        return self.launch.ends_on


@dataclass(frozen=True)
class Due:
    """One thing due on one day; `pk` is a plan, a market or a proposal, as `kind` says."""

    kind: DueKind
    pk: int
    due_on: date
    title: str
    buyer: str
    year: int
    department: str
    on: date
    launch: Launch = UNKNOWN
    starts_on: date | None = None
    is_urgent: bool = False
    is_late: bool = False
    # Of an answer: the lines of the plan that share its date.
    lines: int = 1

    @property
    def is_dated(self) -> bool:
        """Whether it falls on a day, not somewhere in a month, a quarter or a year."""
        return self.kind != DueKind.LAUNCH or self.launch.precision == DatePrecision.DAY

    @property
    def is_vague(self) -> bool:
        """A launch known to the semester or the year belongs to no month."""
        return self.kind == DueKind.LAUNCH and self.launch.precision not in TELLING

    @property
    def launch_label(self) -> str:
        """« T2 2027 », with the precision that the buyer gave it."""
        return span_label(self.launch.on, self.launch.precision) if self.launch.on else ""

    @property
    def precision_label(self) -> str:
        return self.launch.precision.label if self.launch.on else ""

    @property
    def is_approximate(self) -> bool:
        """Counted back from the first day of a span."""
        return self.launch.on is not None and self.launch.precision != DatePrecision.DAY

    @property
    def days_late(self) -> int:
        """Since the last day that was left."""
        left = last_day_of(self.due_on, self.launch.precision) if self.kind == DueKind.LAUNCH else self.due_on
        return max((self.on - left).days, 0)

    @property
    def state(self) -> str:
        if self.kind == DueKind.PAST:
            return "Sans suite"
        if self.is_late:
            return f"En retard de {days(self.days_late)}"
        if self.days_late:
            return "Date passée"
        return self._to_come()

    def _to_come(self) -> str:
        left = (self.due_on - self.on).days
        if not self.is_dated or left > COUNTED or left < 0:
            return "À venir"
        return f"Dans {days(left)}" if left else "Aujourd’hui"

    @property
    def tone(self) -> str:
        if self.is_late:
            return "danger"
        if self.kind == DueKind.PAST or self.days_late:
            return "neutral"
        return "warning" if self.is_dated and (self.due_on - self.on).days <= rules.SOON else "neutral"

    @property
    def uid(self) -> str:
        """The same as long as the thing is due, whatever its date."""
        name = "urgent" if self.is_urgent and self.kind == DueKind.ANSWER else self.kind.value
        return f"{name}-{self.pk}"


def dues(lines: Sequence[Line], *, delays: Delays | None, on: date) -> list[Due]:
    """Late ones included, in the order of the days."""
    return in_order(found(lines, delays=delays, on=on))


def found(lines: Sequence[Line], *, delays: Delays | None, on: date) -> Iterator[Due]:
    """The same, in no order."""
    yield from _answers(lines, on)
    for line in lines:
        yield from _before(line, delays, on)


def in_order(entries: Iterable[Due]) -> list[Due]:
    return sorted(entries, key=lambda due: (due.due_on, due.kind, due.buyer, due.title, due.pk))


def _answers(lines: Sequence[Line], on: date) -> Iterator[Due]:
    """One for all the lines of a plan whose answer is due on the same day."""
    groups: dict[tuple[int, bool], list[Line]] = defaultdict(list)
    for line in lines:
        if line.clock is not None and not line.clock.is_stopped:
            groups[line.plan_id, line.clock.is_urgent].append(line)
    for (plan_id, is_urgent), group in groups.items():
        promised_on = min(line.clock.promised_on for line in group if line.clock)
        yield Due(
            DueKind.ANSWER, plan_id, promised_on, _answer_title(group), group[0].buyer, group[0].year,
            group[0].department if len(group) == 1 else "", on,
            is_urgent=is_urgent, is_late=promised_on < on, lines=len(group),
        )  # fmt: skip


def _answer_title(group: Sequence[Line]) -> str:
    return group[0].title if len(group) == 1 else f"Plan d’achats {group[0].year}"


def _before(line: Line, delays: Delays | None, on: date) -> Iterator[Due]:
    launched_by = line.launched_by
    if line.launch.on is None or launched_by is None or (launched_by < on and line.is_closed):
        return
    if launched_by < on:
        yield _gone_by(line, launched_by, delays, on)
        return
    yield _of(line, DueKind.LAUNCH, line.launch.on, on)
    if line.is_to_calibrate and delays and line.clock:
        window = rules.calibration(line.launch.on, line.clock, delays)
        is_late = window.ends_on < on
        # Without a verdict it is the answer that is late: telling both would hide one behind the other.
        if line.verdict or not is_late:
            yield _of(
                line, DueKind.CALIBRATION, window.ends_on, on, starts_on=window.starts_on, is_late=is_late
            )


def _gone_by(line: Line, launched_by: date, delays: Delays | None, on: date) -> Due:
    """Without a verdict it is late for a while; then, or once judged, it is only a launch gone by."""
    patience = delays.past_launch_days if delays else 0
    if (on - launched_by).days > patience:
        return _of(line, DueKind.PAST, line.launch.on, on)
    return _of(line, DueKind.LAUNCH, line.launch.on, on, is_late=not line.verdict)


def _of(
    line: Line,
    kind: DueKind,
    due_on: date | None,
    on: date,
    *,
    starts_on: date | None = None,
    is_late: bool = False,
) -> Due:
    assert due_on is not None  # noqa: S101 (for the type checker)
    return Due(
        kind, line.market_id, due_on, line.title, line.buyer, line.year, line.department, on,
        launch=line.launch, starts_on=starts_on,
        is_urgent=line.clock is not None and line.clock.is_urgent, is_late=is_late,
    )  # fmt: skip
