"""The delays that hold on one day: those of an office first, then the usual ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from procurement.enums import DELAY_BOUNDS, DelayCode
from procurement.rules.clock import Delays


# In the order of the fields of `Delays`.
PROMISES = (
    DelayCode.ANSWER,
    DelayCode.URGENT_ANSWER,
    DelayCode.CALIBRATION_FROM,
    DelayCode.CALIBRATION_TO,
    DelayCode.PAST_LAUNCH,
)


@dataclass(frozen=True)
class Kept:
    """One delay from one day to another, end excluded; `is_own` when an office set it for itself."""

    code: str
    value: int
    valid_from: date
    valid_to: date | None
    is_own: bool
    source: str = ""
    is_to_confirm: bool = False

    def holds(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True)
class Timetable:
    """Everything that was ever kept, read once: any day finds its own delays in it."""

    rows: tuple[Kept, ...]

    def kept(self, code: DelayCode, on: date) -> Kept | None:
        found = [row for row in self.rows if row.code == code and row.holds(on)]
        return max(found, key=lambda row: (row.is_own, row.valid_from), default=None)

    def usual(self, code: DelayCode, on: date) -> Kept | None:
        """What holds for an office that set nothing."""
        return Timetable(tuple(row for row in self.rows if not row.is_own)).kept(code, on)

    def value(self, code: DelayCode, on: date) -> int | None:
        found = self.kept(code, on)
        return found.value if found else None

    def at(self, on: date) -> Delays | None:
        """`None` when one of the promises is kept no more."""
        values = [self.value(code, on) for code in PROMISES]
        found = [value for value in values if value is not None]
        return Delays(*found) if len(found) == len(PROMISES) else None

    def plan_due_on(self, year: int) -> date | None:
        """The last day for the plan of a year: the delay in force when that year begins."""
        first = date(year, 1, 1)
        rank = self.value(DelayCode.PLAN_DUE, first)
        return first + timedelta(days=rank - 1) if rank else None


def faults(values: Mapping[DelayCode, int]) -> dict[DelayCode, str]:
    """What cannot be kept, in words, by delay; empty when all can."""
    found = dict(_out_of_bounds(values))
    if _is_more(values, DelayCode.URGENT_ANSWER, DelayCode.ANSWER):
        found[DelayCode.URGENT_ANSWER] = "Un marché urgent ne peut pas attendre plus longtemps qu’un autre."
    if _is_more(values, DelayCode.CALIBRATION_TO, DelayCode.CALIBRATION_FROM):
        found[DelayCode.CALIBRATION_TO] = (
            "La fin du calibrage est plus proche du lancement que son début\N{NO-BREAK SPACE}: "
            "comptez moins de mois."
        )
    return found


def _out_of_bounds(values: Mapping[DelayCode, int]) -> Iterable[tuple[DelayCode, str]]:
    for code, value in values.items():
        least, most = DELAY_BOUNDS[code]
        if not least <= value <= most:
            yield code, f"Choisissez un nombre de {least} à {most}."


def _is_more(values: Mapping[DelayCode, int], code: DelayCode, other: DelayCode) -> bool:
    return code in values and other in values and values[code] > values[other]
