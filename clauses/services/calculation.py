"""What the figures of a proposal rest on, frozen with it: later defaults change nothing to it."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal

from clauses.enums import Objective, ProvisionKind
from clauses.queries.references import Reference, References
from clauses.rules import effort
from clauses.rules.hours import Estimate
from clauses.rules.provisions import Terms
from procurement.models import Market


def frozen(
    *,
    kind: ProvisionKind,
    terms: Terms,
    estimate: Estimate | None,
    known: References,
    market: Market,
    on: date,
) -> dict:
    """All that the figures rest on, as it was that day."""
    kept: dict[str, object] = {
        "on": on.isoformat(),
        "terms": {name: str(value) for name, value in asdict(terms).items() if value is not None},
        "references": _rows(known.used_by(kind, terms.objective)),
    }
    if estimate:
        kept |= _computed(estimate, terms)
    if terms.hours_due is not None:
        kept |= {"conversions": _rows(known.conversions), "effort": _effort(terms, known, market)}
    return kept


def is_unchanged(before: Terms, now: Terms, *, hours_are_computed: bool) -> bool:
    """Hours left blank are those already computed, unless somebody had corrected them."""
    if now.hours_due is None and hours_are_computed:
        now = replace(now, hours_due=before.hours_due)
    return now == before


def _computed(estimate: Estimate, terms: Terms) -> dict:
    return {
        "formula": estimate.formula,
        "exact": str(estimate.exact),
        "computed_hours": str(estimate.hours),
        "corrected_by_hand": terms.hours_due != estimate.hours,
        "advice": estimate.advice,
        "reasons": list(estimate.reasons),
    }


def _effort(terms: Terms, known: References, market: Market) -> dict:
    """What the hours meant that day; what is unknown is left out."""
    hours = terms.hours_due or Decimal(0)
    months = terms.months or market.total_months
    measured = asdict(effort.measure(hours, months, known.pace))
    share = _share_of_labour(hours, terms, known, market)
    found = measured | {"months": months, "share": share}
    if share is not None and known.band:
        found["weight"] = effort.weigh(share, known.band).value
    return {name: str(value) for name, value in found.items() if value is not None}


def _share_of_labour(hours: Decimal, terms: Terms, known: References, market: Market) -> Decimal | None:
    """The part of the labour hours of the contract; the general values stand in for what is not written."""
    labour_share, hourly_cost = terms.labour_share, terms.hourly_cost
    if labour_share is None and market.labour_share is not None:
        labour_share = market.labour_share / 100
    if labour_share is None and known.labour_share:
        labour_share = known.labour_share.share
    if terms.objective == Objective.CLEANING or hourly_cost is None:
        hourly_cost = known.hourly_cost.value if known.hourly_cost else None
    return effort.share_of_labour(
        hours, amount=terms.amount, labour_share=labour_share, hourly_cost=hourly_cost
    )


def _rows(references: Iterable[Reference]) -> list[dict]:
    return [
        {
            name: str(value) if isinstance(value, Decimal | date) else value
            for name, value in asdict(row).items()
        }
        for row in references
    ]
