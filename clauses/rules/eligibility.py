"""When the hours of a person may count. Periods are [start, end[."""

from collections.abc import Iterable
from datetime import date, timedelta

from clauses.rules.months import add_months
from config.lib.french import format_date_long


Period = tuple[date, date]


def last_day(end: date) -> date:
    """What people read: « jusqu’au 14 mars » includes the 14th."""
    return end - timedelta(days=1)


def explain_proof(issued_on: date | None, max_months: int | None, starts_on: date) -> str | None:
    """Why a proof cannot support an eligibility from `starts_on`; `None` when it can."""
    if max_months is None:
        return None
    if issued_on is None:
        return f"Indiquez la date du justificatif : il date de {max_months} mois au plus."
    if add_months(issued_on, max_months) < starts_on:
        return (
            f"Le justificatif du {format_date_long(issued_on)} a plus de {max_months} mois "
            f"le {format_date_long(starts_on)} : demandez-en un plus récent."
        )
    return None


def covers(granted: Iterable[Period], starts_on: date, ends_on: date) -> bool:
    """Whether the granted periods, put end to end, hold [starts_on, ends_on[ without a hole."""
    reached = starts_on
    for start, end in sorted(granted):
        if start > reached:
            break
        reached = max(reached, end)
    return reached >= ends_on


def warn_not_eligible(granted: Iterable[Period], starts_on: date, ends_on: date) -> str | None:
    """Says until when, never why: the company reads it."""
    granted = list(granted)
    if covers(granted, starts_on, ends_on):
        return None
    touching = [(start, end) for start, end in granted if start < ends_on and end > starts_on]
    if not touching:
        return "Éligibilité non reconnue ce mois-ci."
    end = max(end for _, end in touching)
    if end < ends_on:
        return f"Éligibilité reconnue jusqu’au {format_date_long(last_day(end))} seulement."
    return "Éligibilité reconnue pour une partie du mois seulement."
