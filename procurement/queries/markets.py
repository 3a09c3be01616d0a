from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from procurement.models import Market


@dataclass(frozen=True)
class Totals:
    """A set of markets in figures; `amount` leaves out the markets whose amount is not known."""

    markets: int
    without_amount: int
    amount: Decimal


def totals(markets: QuerySet[Market]) -> Totals:
    found = markets.order_by().aggregate(
        markets=Count("pk"), known=Count("estimated_amount"), amount=Sum("estimated_amount")
    )
    return Totals(
        markets=found["markets"],
        without_amount=found["markets"] - found["known"],
        amount=found["amount"] or Decimal(0),
    )
