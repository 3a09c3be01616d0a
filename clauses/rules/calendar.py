"""How entries are laid out to be read: late ones first, then month by month, or in the weeks of one month."""

from calendar import Calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from clauses.enums import DueKind
from clauses.rules.agenda import Due
from config.lib.french import format_month


LATE = "En retard"
VAGUE = "Lancements connus au semestre ou à l’année"
PAST = "Lancements passés sans suite"


@dataclass(frozen=True)
class Span:
    """The days that a reader asked for, end excluded. Late entries are told beside it, not in one month."""

    starts_on: date | None = None
    ends_on: date | None = None
    is_month: bool = False

    def holds(self, day: date) -> bool:
        return (self.starts_on is None or self.starts_on <= day) and (
            self.ends_on is None or day < self.ends_on
        )


@dataclass(frozen=True)
class Section:
    title: str
    dues: list[Due]
    anchor: str
    # The month as an address writes it, when the section is one.
    month: str = ""


@dataclass(frozen=True)
class Day:
    on: date
    is_of_month: bool
    is_today: bool
    dues: list[Due]


@dataclass(frozen=True)
class Month:
    """One month as a wall calendar shows it; what has no day of its own stands above the weeks."""

    first: date
    weeks: list[list[Day]]
    undated: list[Due]

    @property
    def previous(self) -> date:
        return months_after(self.first, -1)

    @property
    def next(self) -> date:
        return months_after(self.first, 1)


def months_after(day: date, months: int) -> date:
    """The first day of the month so many months later."""
    rank = day.year * 12 + day.month - 1 + months
    return date(rank // 12, rank % 12 + 1, 1)


def kept(dues: Iterable[Due], span: Span) -> list[Due]:
    """What a reader who asked for this period reads: the late entries always belong to it."""
    return [due for due in dues if span.holds(due.due_on) or (not span.is_month and _is_pressing(due))]


def sections(dues: Sequence[Due]) -> list[Section]:
    """Late ones first, then the months in their order; empty sections are left out."""
    late = [due for due in dues if due.is_late]
    past = [due for due in dues if due.kind == DueKind.PAST]
    vague = [due for due in dues if due.is_vague and not due.is_late]
    others = [due for due in dues if not (due.is_late or due.is_vague or due.kind == DueKind.PAST)]
    found = [
        Section(LATE, late, "retard"),
        *_months(others),
        Section(VAGUE, vague, "sans-mois"),
        Section(PAST, past, "passes"),
    ]
    return [section for section in found if section.dues]


def month_of(dues: Sequence[Due], first: date, *, on: date) -> Month:
    current = [due for due in dues if (due.due_on.year, due.due_on.month) == (first.year, first.month)]
    by_day: dict[date, list[Due]] = {}
    for due in current:
        if due.is_dated:
            by_day.setdefault(due.due_on, []).append(due)
    weeks = [
        [Day(day, day.month == first.month, day == on, by_day.get(day, [])) for day in week]
        for week in Calendar().monthdatescalendar(first.year, first.month)
    ]
    return Month(first, weeks, [due for due in current if not due.is_dated])


def _months(dues: Iterable[Due]) -> list[Section]:
    months: dict[date, list[Due]] = {}
    for due in dues:
        months.setdefault(due.due_on.replace(day=1), []).append(due)
    return [
        Section(format_month(first).capitalize(), found, f"mois-{first:%Y-%m}", f"{first:%Y-%m}")
        for first, found in sorted(months.items())
    ]


def _is_pressing(due: Due) -> bool:
    return due.is_late or due.kind == DueKind.PAST
