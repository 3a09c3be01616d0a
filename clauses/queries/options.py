"""What the comparison of options starts from: the market, one of its lots, and the values of the day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from clauses.enums import RESERVATIONS, Objective, PerEuroMode, ProposalState, ProvisionKind
from clauses.models import Proposal
from clauses.queries.references import Reference, References
from clauses.rules.options import Measures, Option
from config.lib.rounding import round_half_up
from procurement.enums import Certainty
from procurement.models import Lot, Market


CLEANING_FAMILY = "nettoyage"
# Programmes whose charter counts a share of the hours worked.
HOURS_WORKED = ("anru-npnru", "anru-pnru", "gup")


@dataclass(frozen=True)
class Taken:
    """A proposal that the lot carries already."""

    pk: int
    kind: ProvisionKind
    is_draft: bool


def starting_values(market: Market, lot: Lot | None, known: References) -> dict:
    """What the market says of itself first, then what the reference values say."""
    amount = lot.estimated_amount if lot else None
    if amount is None and (lot is None or market.lots.count() == 1):
        amount = market.estimated_amount
    return {
        "amount": amount,
        "labour_share": _labour_share(market, known),
        "hourly_cost": known.hourly_cost and known.hourly_cost.value,
        "months": market.total_months,
        "rate": list(dict.fromkeys(row.share for row in (known.rate, known.compared_rate) if row)),
        "firm_amount": _firm(amount, market),
        "reserved_amount": amount if lot else _smallest(market.lots.all()) or amount,
        "reservation": ProvisionKind.RESERVED_MIXED.value,
        "transferred_monthly_hours": _transferred(market),
        "euros_per_hour": known.euros_per_hour and known.euros_per_hour.value,
        # The published threshold is that of one very large framework agreement: most markets have none.
        "threshold_amount": Decimal(0),
        "threshold_mode": PerEuroMode.FRANCHISE.value,
        "yearly_hours": known.yearly_hours and known.yearly_hours.value,
    }


def _transferred(market: Market) -> Decimal | None:
    if market.transferred_monthly_hours is not None:
        return market.transferred_monthly_hours
    # Nobody to take over is a fact of the market: until it is known, the rule of the trade says nothing.
    return Decimal(0) if _is_cleaning(market) and market.staff_takeover == Certainty.NO else None


def measures(known: References) -> Measures:
    least, minimum = known.reserved_share_minimum, known.training_months_minimum
    return Measures(
        conventions=known.conventions,
        pace=known.pace,
        band=known.band,
        reserved_share=least.share if least else None,
        training_months_minimum=int(minimum.value) if minimum else None,
    )


def agreed_rate(market: Market, known: References) -> Decimal | None:
    """The share of the hours worked that a programme of the market asks for."""
    codes = {programme.code for programme in market.programmes.all()}
    return known.rate.share if known.rate and codes.intersection(HOURS_WORKED) else None


def sources(known: References, compared: Sequence[Option]) -> list[Reference]:
    """Every reference value that the comparison leans on, beside those under the fields."""
    kinds = {option.kind for option in compared}
    objectives = {option.terms.objective for option in compared}
    rows = [*known.conversions, known.floor]
    if ProvisionKind.TRAINING_CLAUSE in kinds:
        rows += [*known.training, known.training_months_minimum]
    if kinds.intersection(RESERVATIONS):
        rows.append(known.reserved_share_minimum)
    if Objective.CLEANING in objectives:
        rows.append(known.cleaning_hourly_cost)
    return [row for row in rows if row is not None]


def taken(lot: Lot) -> list[Taken]:
    rows = Proposal.objects.alive().filter(lot=lot).order_by("pk")
    return [
        Taken(pk, ProvisionKind(kind), state == ProposalState.DRAFT)
        for pk, kind, state in rows.values_list("pk", "kind", "state")
    ]


def _labour_share(market: Market, known: References) -> Decimal | None:
    if market.labour_share is not None:
        return market.labour_share / 100
    return known.labour_share.share if known.labour_share else None


def _firm(amount: Decimal | None, market: Market) -> Decimal | None:
    """The amount without the renewals, by their share of the whole term."""
    if amount is None or not market.total_months or not market.duration_months:
        return amount
    return round_half_up(amount * market.duration_months / market.total_months, 0)


def _smallest(lots: Iterable[Lot]) -> Decimal | None:
    amounts = [lot.estimated_amount for lot in lots if lot.estimated_amount]
    return min(amounts) if len(amounts) > 1 else None


def _is_cleaning(market: Market) -> bool:
    return market.family is not None and market.family.code == CLEANING_FAMILY
