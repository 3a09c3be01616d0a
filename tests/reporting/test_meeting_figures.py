"""The year of meetings in figures, and the reminder of those of which nobody has said what came."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from reporting.queries import meetings as query, todo
from structures.enums import MeetingOutcome, Presence
from structures.models import Meeting
from tests.procurement.factories import MarketFactory
from tests.structures.meeting_factories import GuestFactory, MeetingFactory, MeetingKindFactory


pytestmark = pytest.mark.django_db
YEAR = {"starts_on": date(2027, 1, 1), "ends_on": date(2028, 1, 1)}


@pytest.fixture
def held(stage):
    def held(outcome, month=3, **fields):
        starts_at = datetime(2027, month, 12, 9, tzinfo=UTC)
        return MeetingFactory(office=stage.office, outcome=outcome, starts_at=starts_at, **fields)

    return held


def test_the_year_counts_what_was_held_and_what_led_to_something(stage, held):
    market, network = MarketFactory(), MeetingKindFactory(code="network", label="Réseau", rank=1)
    visits = [held(MeetingOutcome.RESERVED), held(MeetingOutcome.NONE, month=12)]
    held(MeetingOutcome.FOLLOW_UP, kind=network).markets.add(market)
    visits[0].markets.add(market)
    for visit in visits:
        GuestFactory(meeting=visit, organisation=stage.buyer.organisation, presence=Presence.CAME)
        GuestFactory(meeting=visit, presence=Presence.ABSENT)
    MeetingFactory(office=stage.office, cancelled=True)
    MeetingFactory(office=stage.office)
    MeetingFactory(office=stage.office, held=True, starts_at=datetime(2026, 12, 31, 9, tzinfo=UTC))

    figures = query.figures(Meeting.objects.all(), **YEAR)

    assert (figures.held, figures.with_result, figures.rate) == (3, 2, Decimal("66.7"))
    assert (figures.cancelled, figures.planned) == (1, 1)
    assert (figures.organisations, figures.markets) == (1, 1)
    assert [(kind.label, kind.held, kind.rate) for kind in figures.kinds] == [
        ("Réseau", 1, Decimal("100.0")),
        ("Visite de site", 2, Decimal("50.0")),
    ]
    assert {row.outcome: row.count for row in figures.outcomes if row.count} == {
        MeetingOutcome.RESERVED: 1,
        MeetingOutcome.FOLLOW_UP: 1,
        MeetingOutcome.NONE: 1,
    }


def test_a_year_without_meetings_has_no_rate():
    assert query.figures(Meeting.objects.all(), **YEAR).rate is None


def test_the_page_shows_the_year_that_is_asked(as_user, manager, held):
    held(MeetingOutcome.QUOTE)

    shown = as_user(manager).get("/rencontres/bilan/?year=2027").content.decode()
    other = as_user(manager).get("/rencontres/bilan/?year=1900").content.decode()

    assert "Devis ou commande" in shown
    assert "Aucune rencontre cette année-là." in other


def test_what_is_over_without_an_outcome_is_to_be_noted(facilitator, manager, stage):
    past = MeetingFactory(office=stage.office)
    MeetingFactory(office=stage.office, held=True)

    same_day = todo.of(facilitator, date(2027, 3, 12)).tasks
    next_day = [item for item in todo.of(facilitator, date(2027, 3, 13)).tasks if "Rencontre" in item.what]
    of_manager = [item for item in todo.of(manager, date(2027, 3, 13)).tasks if "Rencontre" in item.what]

    assert not [item for item in same_day if "Rencontre" in item.what]
    (item,) = next_day
    assert item.about == "Visite de l’atelier de jouets – Alfortville"
    assert item.url == f"/rencontres/{past.pk}/issue/"
    assert of_manager == next_day
