from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from procurement.enums import PlanState


@dataclass(frozen=True)
class Campaign:
    """How the plans of one year come in, over a set of buyers."""

    buyers: int
    missing: int
    drafts: int
    submitted: int
    answered: int

    @property
    def is_incomplete(self) -> bool:
        return bool(self.missing or self.drafts)

    @property
    def received(self) -> int:
        return self.submitted + self.answered


def campaign(buyers: QuerySet[Any]) -> Campaign:
    """Of buyers that carry `plan_state`, the state of their plan of the year."""
    states = buyers.order_by().values_list("plan_state").annotate(number=Count("pk"))
    counted: dict[str | None, int] = dict(states)
    return Campaign(
        buyers=sum(counted.values()),
        missing=counted.get(None, 0),
        drafts=counted.get(PlanState.DRAFT, 0),
        submitted=counted.get(PlanState.SUBMITTED, 0),
        answered=counted.get(PlanState.ANSWERED, 0),
    )
