"""The scene of the hours: one contract under way of the cast's company, and a person who works on it."""

from datetime import UTC, date, datetime

import pytest

from tests.clauses import scenes
from tests.clauses.factories import PlacementFactory
from tests.procurement.factories import LotFactory


NOON = datetime(2026, 12, 15, 12, tzinfo=UTC)
MARCH = date(2026, 3, 1)


@pytest.fixture
def lot(stage):
    return scenes.new_lot(stage)


@pytest.fixture
def awaiting(stage, lot):
    """A clause of lot 2, whose contract is not notified yet."""
    return scenes.awaiting_clause(stage, LotFactory(market=lot.market, number=2))


@pytest.fixture
def clause(stage, lot):
    """A clause under way: 833 hours due, from 1 February 2026 to 31 January 2027."""
    return scenes.running_clause(stage, lot)


@pytest.fixture
def contract(clause):
    return clause.contract


@pytest.fixture
def participant(stage):
    return scenes.eligible_person(stage, first_name="Ana", last_name="Diallo")


@pytest.fixture
def placement(clause, participant):
    return PlacementFactory(clause=clause, participant=participant)
