"""Situations that several tests start from, all of the cast's office, buyer and company."""

from clauses.models import Clause, Participant, Placement
from procurement.models import Lot
from tests.clauses.factories import (
    ClauseFactory,
    EligibilityFactory,
    HoursMovementFactory,
    ParticipantFactory,
    PlacementFactory,
    ProposalFactory,
)
from tests.procurement.factories import ContractFactory, LotFactory, MarketFactory, PurchasePlanFactory


def new_lot(stage, number: int = 1, **plan) -> Lot:
    plan = PurchasePlanFactory(buyer=stage.buyer, **plan)
    return LotFactory(market=MarketFactory(plan=plan, lot=None), number=number)


def awaiting_clause(stage, lot: Lot) -> Clause:
    """A clause whose contract is not notified yet."""
    proposal = ProposalFactory(lot=lot, office=stage.office, department=stage.department, accepted=True)
    return ClauseFactory(proposal=proposal)


def running_clause(stage, lot: Lot, **contract) -> Clause:
    """A clause under way: 833 hours due, from 1 February 2026 to 31 January 2027."""
    lot.contract = ContractFactory(
        **{"buyer": stage.buyer, "office": stage.office, "contractor": stage.company, **contract}
    )
    lot.save()
    proposal = ProposalFactory(lot=lot, office=stage.office, department=stage.department, accepted=True)
    clause = ClauseFactory(proposal=proposal, running=True, contract=lot.contract)
    HoursMovementFactory(clause=clause)
    return clause


def eligible_person(stage, **identity) -> Participant:
    person = ParticipantFactory(office=stage.office, **identity)
    EligibilityFactory(participant=person)
    return person


def running_placement(stage) -> Placement:
    return PlacementFactory(clause=running_clause(stage, new_lot(stage)), participant=eligible_person(stage))
