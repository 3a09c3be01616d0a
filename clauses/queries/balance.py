"""What is owed, told and credited: the same figures for the list, the page and the workbook."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum

from clauses.enums import Progress
from clauses.models import Clause
from clauses.rules.progress import judge
from config.lib.rounding import percentage


NAMES = ("due", "declared", "done", "credited")


@dataclass(frozen=True)
class Balance:
    """Hours of one clause, or of many: `declared` is sent or validated, `done` and `credited` validated."""

    due: Decimal
    declared: Decimal
    done: Decimal
    credited: Decimal

    @property
    def remaining(self) -> Decimal:
        """Negative when more was credited than owed."""
        return self.due - self.credited

    @property
    def surplus(self) -> Decimal:
        return max(self.credited - self.due, Decimal(0))

    @property
    def rate(self) -> Decimal | None:
        return percentage(self.credited, self.due)


def of(clause: Clause) -> Balance:
    """Of a row that `with_hours` annotated."""
    return Balance(**{name: getattr(clause, f"hours_{name}") for name in NAMES})


def total(clauses: QuerySet[Clause]) -> Balance:
    sums = clauses.order_by().aggregate(**{name: Sum(f"hours_{name}", default=Decimal(0)) for name in NAMES})
    return Balance(**sums)


def progress(clause: Clause, on: date) -> Progress | None:
    """`None` before the contract is notified: nothing is owed yet."""
    if clause.contract is None:
        return None
    hours = of(clause)
    return judge(
        due=hours.due,
        declared=hours.declared,
        credited=hours.credited,
        starts_on=clause.contract.starts_on,
        ends_on=clause.contract.ends_on,
        on=on,
    )
