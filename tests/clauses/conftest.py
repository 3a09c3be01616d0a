"""The scene of the hours: one contract under way of the cast's company, and a person who works on it."""

from datetime import UTC, date, datetime

import pytest

from tests.clauses.factories import (
    ClauseFactory,
    EligibilityFactory,
    HoursMovementFactory,
    ParticipantFactory,
    PlacementFactory,
    ProposalFactory,
)
from tests.procurement.factories import ContractFactory, LotFactory, MarketFactory, PurchasePlanFactory


NOON = datetime(2026, 12, 15, 12, tzinfo=UTC)
MARCH = date(2026, 3, 1)


@pytest.fixture
def lot(stage):
    plan = PurchasePlanFactory(buyer=stage.buyer)
    return LotFactory(market=MarketFactory(plan=plan, lot=None))


@pytest.fixture
def awaiting(stage, lot):
    """A clause of lot 2, whose contract is not notified yet."""
    second = LotFactory(market=lot.market, number=2)
    proposal = ProposalFactory(lot=second, office=stage.office, department=stage.department, accepted=True)
    return ClauseFactory(proposal=proposal)


@pytest.fixture
def contract(stage):
    return ContractFactory(buyer=stage.buyer, office=stage.office, contractor=stage.company)


@pytest.fixture
def clause(stage, contract, lot):
    """A clause under way: 833 hours due, from 1 February 2026 to 31 January 2027."""
    lot.contract = contract
    lot.save()
    proposal = ProposalFactory(lot=lot, office=stage.office, department=stage.department, accepted=True)
    clause = ClauseFactory(proposal=proposal, running=True, contract=contract)
    HoursMovementFactory(clause=clause)
    return clause


@pytest.fixture
def participant(stage):
    person = ParticipantFactory(office=stage.office, first_name="Ana", last_name="Diallo")
    EligibilityFactory(participant=person)
    return person


@pytest.fixture
def placement(clause, participant):
    return PlacementFactory(clause=clause, participant=participant)
