from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from config.lib.rounding import round_hours
from procurement.models import Contract
from reporting.queries.window import Window
from reporting.rules.periods import months, next_month


OF_THE_MONTH = ("declared", "validated", "credited")


@dataclass(frozen=True)
class MonthFigures:
    """Hours of the month; `credited_to_date` and `due` since the first day of the contracts.

    `credited_to_date` is unknown for the months that had not begun at the cut-off.
    """

    month: date
    declared: Decimal
    validated: Decimal
    credited: Decimal
    credited_to_date: Decimal | None
    due: Decimal


def by_month(window: Window, contracts: QuerySet[Contract]) -> tuple[MonthFigures, ...]:
    due = window.due_by("effective_on", contracts)
    sums = window.sums_by("declaration__period", contracts)
    credited = {period: row["credited_to_date"] for period, row in sums.items()}
    today = timezone.localtime(window.cutoff_at).date()
    return tuple(
        MonthFigures(
            month=month,
            **{name: round_hours(sums.get(month, {}).get(name, Decimal(0))) for name in OF_THE_MONTH},
            credited_to_date=_before(next_month(month), credited) if month <= today else None,
            due=_before(next_month(month), due),
        )
        for month in months(window.starts_on, window.ends_on)
    )


def _before(day: date, hours: dict[date, Decimal]) -> Decimal:
    return round_hours(sum((count for counted_on, count in hours.items() if counted_on < day), Decimal(0)))
