"""What a running clause owes besides its hours: penalties, due dates, and how long a hire counts."""

from datetime import date
from decimal import Decimal

from clauses.rules.months import add_months, next_month


def penalty_for_missing_hours(missing: Decimal, *, amount_per_hour: Decimal) -> Decimal:
    """Nothing for hours done beyond what was due."""
    return max(missing, Decimal(0)) * amount_per_hour


def penalty_for_late_documents(days: int, *, amount_per_day: Decimal) -> Decimal:
    """Days counted from the end of the formal notice (mise en demeure)."""
    return max(days, 0) * amount_per_day


def documents_due_on(quarter_ends_on: date, *, day: int) -> date:
    """The supporting documents of a quarter are due before that day of the next month.

    `quarter_ends_on` is excluded, as all ends are: 1 April for the first quarter.
    """
    last_month_of_quarter = add_months(quarter_ends_on, -1)
    return next_month(last_month_of_quarter).replace(day=day)


def permanent_hire_counts_until(hired_on: date, *, market_ends_on: date, months_maximum: int) -> date:
    """Hours of a person hired for good (CDI) count for the rest of the market, up to a maximum.

    Ends excluded: somebody hired on 1 March 2022 for 48 months counts until 28 February 2026.
    """
    return min(market_ends_on, add_months(hired_on, months_maximum))
