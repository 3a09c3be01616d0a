"""When an answer is promised, and what must be done before a market is launched: dates in, dates out."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from procurement.enums import DatePrecision
from procurement.rules.spans import last_day_of


# A launch known to the semester or the year says too little to hurry anybody.
TELLING = {DatePrecision.DAY, DatePrecision.MONTH, DatePrecision.QUARTER}
SOON = 7


@dataclass(frozen=True)
class Delays:
    """What the office promises, in days, and how long before the launch it calibrates, in months."""

    answer_days: int
    urgent_answer_days: int
    calibration_from_months: int
    calibration_to_months: int
    # How long after its launch a line without a verdict still counts as late.
    past_launch_days: int


@dataclass(frozen=True)
class Clock:
    """The time left to answer a buyer; `days_left` is negative once the promise is broken."""

    promised_on: date
    days_left: int
    is_urgent: bool
    is_stopped: bool
    # Somebody of the office said so, whatever the launch.
    is_flagged: bool = False

    @property
    def tone(self) -> str:
        if self.days_left < 0:
            return "danger"
        if self.is_stopped:
            return "success"
        return "warning" if self.days_left <= SOON else "neutral"

    @property
    def label(self) -> str:
        late = -self.days_left
        if self.is_stopped:
            return f"Répondu avec {days(late)} de retard" if late > 0 else "Répondu dans le délai"
        if late > 0:
            return f"En retard de {days(late)}"
        return f"Réponse dans {days(self.days_left)}" if self.days_left else "Réponse aujourd’hui"


@dataclass(frozen=True)
class Launch:
    """The first day that the buyer's date leaves open, and how precise that date is."""

    on: date | None
    precision: DatePrecision = DatePrecision.DAY

    @cached_property
    def ends_on(self) -> date | None:
        """The last day that it leaves open."""
        return last_day_of(self.on, self.precision) if self.on else None


@dataclass(frozen=True)
class Window:
    """The days in which something is to be done; only the last one when no room is left before it."""

    starts_on: date | None
    ends_on: date


@dataclass(frozen=True)
class Milestone:
    """Something due before a launch; `is_done` is `None` when nothing recorded can tell."""

    label: str
    due_on: date
    actor: str
    is_done: bool | None
    on: date
    starts_on: date | None = None

    @property
    def is_late(self) -> bool:
        return self.is_done is False and self.due_on < self.on

    @property
    def tone(self) -> str:
        if self.is_done:
            return "success"
        return "danger" if self.is_late else "neutral"

    @property
    def state(self) -> str:
        if self.is_done:
            return "Fait"
        if self.is_late:
            return "En retard"
        return "Date passée" if self.due_on < self.on else "À venir"


def clock(
    *,
    deposited_on: date,
    answered_on: date | None,
    launch: Launch,
    on: date,
    delays: Delays,
    flagged_on: date | None = None,
) -> Clock:
    """Counted from the buyer's deposit, up to the answer once it is given.

    A line that the office marked as urgent takes the fast lane from that day: nobody is late for what was not
    urgent yet, and a promise already given is never put off.
    """
    ordinary, urgent = timedelta(days=delays.answer_days), timedelta(days=delays.urgent_answer_days)
    hurries = _hurries(launch, deposited_on, deposited_on + ordinary)
    promised_on = deposited_on + (urgent if hurries else ordinary)
    is_flagged = flagged_on is not None
    if flagged_on is not None:
        promised_on = min(promised_on, flagged_on + urgent)
    days_left = (promised_on - (answered_on or on)).days
    return Clock(promised_on, days_left, hurries or is_flagged, answered_on is not None, is_flagged)


def _hurries(launch: Launch, deposited_on: date, ordinary: date) -> bool:
    """Before the ordinary answer; a period that was over before the deposit hurries nobody any more."""
    if launch.on is None or launch.precision not in TELLING:
        return False
    return launch.on < ordinary and last_day_of(launch.on, launch.precision) >= deposited_on


def milestones(
    *, answer: Clock, launch: Launch, is_calibrated: bool | None, on: date, delays: Delays
) -> list[Milestone]:
    """What is due before the launch, in the order of the dates; only the answer when no launch is known."""
    found = [Milestone("Réponse à l’acheteur", answer.promised_on, "l’office", answer.is_stopped, on)]
    if launch.on is not None:
        window = calibration(launch.on, answer, delays)
        found += [
            Milestone(
                "Calibrage de la clause", window.ends_on, "l’office", is_calibrated, on, window.starts_on
            ),
            Milestone("Lancement prévu", launch.on, "l’acheteur", None, on),
        ]
    return sorted(found, key=lambda milestone: milestone.due_on)


def calibration(launch_on: date, answer: Clock, delays: Delays) -> Window:
    """Never due before the answer that it follows from, nor after the launch."""
    starts_on = months_before(launch_on, delays.calibration_from_months)
    ends_on = months_before(launch_on, delays.calibration_to_months)
    if answer.promised_on <= ends_on:
        return Window(starts_on, ends_on)
    return Window(None, max(ends_on, min(answer.promised_on, launch_on)))


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or its last day when it is shorter."""
    rank = day.year * 12 + day.month - 1 - months
    year, month = rank // 12, rank % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def days(count: int) -> str:
    return f"{count} jour{'s' if count >= 2 else ''}"
