"""Visits, appointments and events: their life, their guests, their outcome, and what calendars are told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from icalendar import Calendar

from accounts import audit
from accounts.enums import AuditKind
from config.celery import app
from structures import notifications
from structures.enums import MeetingOutcome, MeetingSituation, MeetingState, Presence
from structures.models import Guest, Meeting
from structures.services import guests, meetings, outcomes
from structures.services.meetings import MeetingRefused
from structures.workflow import MEETING_TRANSITIONS, MeetingTransition, TransitionRefused, next_meeting_state
from tests.accounts.factories import UserFactory
from tests.procurement.factories import MarketFactory, PurchasePlanFactory
from tests.structures.factories import (
    ContactFactory,
    StructureFactory,
)
from tests.structures.meeting_factories import GuestFactory, MeetingFactory, MeetingKindFactory


pytestmark = pytest.mark.django_db
BEFORE = datetime(2027, 3, 2, 9, tzinfo=UTC)
AFTER = datetime(2027, 3, 13, 9, tzinfo=UTC)


@pytest.fixture
def meeting(stage):
    return MeetingFactory(office=stage.office)


@pytest.fixture
def values():
    return {
        "kind": MeetingKindFactory(),
        "title": "Visite de l’atelier de jouets",
        "starts_at": datetime(2027, 3, 12, 8, 30, tzinfo=UTC),
        "ends_at": datetime(2027, 3, 12, 10, 30, tzinfo=UTC),
        "place": "Alfortville",
        "about": "",
    }


@pytest.fixture
def send(django_capture_on_commit_callbacks):
    """`with send():` lets the letters leave."""
    app.conf.task_always_eager = True
    yield lambda: django_capture_on_commit_callbacks(execute=True)
    app.conf.task_always_eager = False


def kinds_of(meeting):
    return list(audit.history(meeting).values_list("kind", flat=True))


def event_of(letter):
    (attachment,) = letter.attachments
    (event,) = Calendar.from_ical(attachment[1]).walk("VEVENT")
    return attachment, event


def test_a_visit_is_planned_for_a_market(stage, facilitator, values):
    market = MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer))

    meeting = meetings.plan(office=stage.office, values=values, markets=[market], by=facilitator, at=BEFORE)

    assert list(meeting.markets.all()) == [market]
    assert meeting.search_text.startswith("visite de l")
    assert kinds_of(meeting) == [AuditKind.MEETING_MARKET_LINKED, AuditKind.MEETING_PLANNED]


def test_a_market_is_linked_once_and_unlinked_once(meeting, stage, facilitator):
    market = MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer))

    for verb in (meetings.link, meetings.link, meetings.unlink, meetings.unlink):
        verb(meeting=meeting, market=market, by=facilitator)

    assert not meeting.markets.exists()
    assert kinds_of(meeting) == [AuditKind.MEETING_MARKET_UNLINKED, AuditKind.MEETING_MARKET_LINKED]


def test_the_office_and_the_buyers_it_invited_read_a_meeting(
    meeting, stage, facilitator, manager, buyer, other_facilitator, other_buyer
):
    GuestFactory(meeting=meeting, organisation=stage.buyer.organisation, invited_at=BEFORE)
    GuestFactory(meeting=meeting, organisation=stage.other_buyer.organisation)

    readers = (facilitator, manager, buyer, other_buyer, other_facilitator)
    seen = [Meeting.objects.visible_to(user).exists() for user in readers]

    assert seen == [True, True, True, False, False]


def test_an_invitation_leaves_with_its_calendar_file(meeting, stage, facilitator, buyer, prescriber, send):
    stage.office.email = "office@example.org"
    stage.office.save(update_fields=["email"])
    guests.add(meeting=meeting, organisations=[stage.buyer.organisation], by=facilitator)

    with send():
        invited = guests.invite(meeting=meeting, by=facilitator, at=BEFORE)

    (letter,) = mail.outbox
    assert (letter.to, [str(guest) for guest in invited.sent]) == ([buyer.email], [str(stage.buyer)])
    (name, _, mimetype), event = event_of(letter)
    assert (name, mimetype) == ("rencontre.ics", "text/calendar; method=REQUEST")
    assert 'text/calendar; method="REQUEST"' in letter.message().as_string()
    assert (event["ORGANIZER"], event["ATTENDEE"]) == ("mailto:office@example.org", f"mailto:{buyer.email}")
    assert event.decoded("DTSTART") == meeting.starts_at
    assert "vous invite" in letter.body
    assert "de 09:30 à 11:30" in letter.body


def test_who_has_no_address_is_named_and_who_was_asked_is_not_asked_again(
    meeting, stage, facilitator, buyer, send
):
    known, silent = StructureFactory(email="public@example.org"), StructureFactory()
    guests.add(meeting=meeting, structures=[known, silent], by=facilitator)
    guests.add_other(meeting=meeting, name="Chambre de métiers", email="accueil@cma.example", by=facilitator)

    with send():
        invited = guests.invite(meeting=meeting, by=facilitator, at=BEFORE)
    with send():
        again = guests.invite(meeting=meeting, by=facilitator, at=BEFORE)

    assert sorted(letter.to[0] for letter in mail.outbox) == ["accueil@cma.example", "public@example.org"]
    assert [str(guest) for guest in invited.unreached] == [str(silent)]
    assert again.sent == []


def test_the_contact_to_reach_first_comes_before_the_public_address():
    structure = StructureFactory(email="public@example.org")
    ContactFactory(structure=structure, email="second@example.org")
    ContactFactory(structure=structure, email="first@example.org", is_first=True)

    assert notifications.guest_addresses(GuestFactory(structure=structure)) == ["first@example.org"]


def test_a_letter_without_anybody_to_read_it_is_not_sent(meeting, stage, facilitator, buyer, send):
    guest = GuestFactory(meeting=meeting, organisation=stage.buyer.organisation, invited_at=BEFORE)
    buyer.is_active = False
    buyer.save(update_fields=["is_active"])

    with send():
        meetings.cancel(meeting=meeting, by=facilitator, at=BEFORE)

    assert notifications.guest_addresses(guest) == []
    assert mail.outbox == []


def test_an_organisation_is_on_the_list_once(meeting, stage, facilitator):
    structure = StructureFactory()

    for _ in range(2):
        guests.add(
            meeting=meeting,
            organisations=[stage.buyer.organisation],
            structures=[structure],
            by=facilitator,
        )

    assert sorted(map(str, meeting.guests.all())) == sorted([str(stage.buyer), str(structure)])


def test_who_received_the_letter_stays_on_the_list(meeting, stage, facilitator):
    waiting = GuestFactory(meeting=meeting)
    asked = GuestFactory(meeting=meeting, organisation=stage.buyer.organisation, invited_at=BEFORE)

    guests.remove(guest=waiting, by=facilitator)
    with pytest.raises(MeetingRefused, match="a reçu l’invitation"):
        guests.remove(guest=asked, by=facilitator)

    assert list(meeting.guests.all()) == [asked]


def test_nobody_is_invited_to_what_is_over_or_cancelled(meeting, stage, facilitator):
    with pytest.raises(MeetingRefused, match="est passée"):
        guests.invite(meeting=meeting, by=facilitator, at=AFTER)
    meetings.cancel(meeting=meeting, by=facilitator, at=BEFORE)
    with pytest.raises(MeetingRefused, match="est annulée"):
        guests.invite(meeting=meeting, by=facilitator, at=BEFORE)
    with pytest.raises(MeetingRefused, match="est annulée"):
        guests.add_other(meeting=meeting, name="Forum", email="", by=facilitator)


def test_those_invited_are_told_of_a_new_hour(meeting, stage, facilitator, buyer, values, send):
    GuestFactory(meeting=meeting, organisation=stage.buyer.organisation, invited_at=BEFORE)
    GuestFactory(meeting=meeting)
    moved = values | {"starts_at": values["starts_at"] + timedelta(minutes=30)}

    with send():
        meetings.change(meeting=meeting, values=moved, by=facilitator, at=BEFORE)

    (letter,) = mail.outbox
    _, event = event_of(letter)
    assert event["SEQUENCE"] == 1
    assert event.decoded("DTSTART") == moved["starts_at"]
    assert kinds_of(meeting) == [AuditKind.MEETING_CHANGED]


def test_what_calendars_do_not_hold_disturbs_nobody(meeting, stage, facilitator, buyer, values, send):
    GuestFactory(meeting=meeting, organisation=stage.buyer.organisation, invited_at=BEFORE)

    with send():
        meetings.change(meeting=meeting, values=values, by=facilitator, at=BEFORE)
        other = values | {"kind": MeetingKindFactory(code="event", label="Événement")}
        meetings.change(meeting=meeting, values=other, by=facilitator, at=BEFORE)
        meetings.change(meeting=meeting, values=other | {"place": "Créteil"}, by=facilitator, at=AFTER)

    assert mail.outbox == []
    meeting.refresh_from_db()
    assert (meeting.revision, meeting.place) == (2, "Créteil")


def test_a_cancelled_meeting_leaves_the_calendars_and_comes_back(meeting, stage, facilitator, buyer, send):
    GuestFactory(meeting=meeting, organisation=stage.buyer.organisation, invited_at=BEFORE)

    with send():
        meetings.cancel(meeting=meeting, by=facilitator, at=BEFORE)
    with send():
        meetings.reinstate(meeting=meeting, by=facilitator, at=BEFORE)

    (_, cancelled), (_, back) = [event_of(letter) for letter in mail.outbox]
    assert (cancelled["STATUS"], cancelled["SEQUENCE"]) == ("CANCELLED", 1)
    assert (back["STATUS"], back["SEQUENCE"], back["UID"]) == ("CONFIRMED", 2, cancelled["UID"])
    assert "annule cette rencontre" in mail.outbox[0].body
    meeting.refresh_from_db()
    assert (meeting.state, meeting.cancelled_at) == (MeetingState.PLANNED, None)


def test_a_cancelled_meeting_is_not_changed(stage, facilitator, values):
    cancelled = MeetingFactory(office=stage.office, cancelled=True)

    with pytest.raises(MeetingRefused, match="rétablissez-la"):
        meetings.change(meeting=cancelled, values=values | {"title": "Autre"}, by=facilitator, at=BEFORE)


def test_what_came_of_it_is_noted_with_who_came(meeting, stage, facilitator):
    came = GuestFactory(meeting=meeting, organisation=stage.buyer.organisation, invited_at=BEFORE)
    absent = GuestFactory(meeting=meeting)

    outcomes.note(
        meeting=meeting,
        outcome=MeetingOutcome.RESERVED,
        text="Le lot 2 sera réservé.",
        came=[came],
        by=facilitator,
        at=AFTER,
    )

    meeting.refresh_from_db()
    assert (meeting.state, meeting.outcome_noted_by) == (MeetingState.HELD, facilitator)
    assert dict(meeting.guests.values_list("pk", "presence")) == {
        came.pk: Presence.CAME,
        absent.pk: Presence.ABSENT,
    }


def test_the_note_is_taken_back(meeting, stage, facilitator):
    guest = GuestFactory(meeting=meeting)
    note = {"outcome": MeetingOutcome.NONE, "text": "", "by": facilitator, "at": AFTER}
    outcomes.note(meeting=meeting, came=[guest], **note)

    outcomes.take_back(meeting=meeting, by=facilitator)

    meeting.refresh_from_db()
    assert (meeting.state, meeting.outcome, meeting.outcome_noted_at) == (MeetingState.PLANNED, "", None)
    assert meeting.guests.get().presence == Presence.UNKNOWN
    assert audit.history(meeting)[0].payload == {"outcome": "Sans suite"}


def test_nothing_is_noted_of_what_has_not_begun(meeting, facilitator):
    with pytest.raises(MeetingRefused, match="pas encore eu lieu"):
        outcomes.note(
            meeting=meeting, outcome=MeetingOutcome.NONE, text="", came=[], by=facilitator, at=BEFORE
        )


@pytest.mark.parametrize("transition", MeetingTransition)
@pytest.mark.parametrize("state", MeetingState)
def test_every_state_and_transition(transition, state):
    sources, target = MEETING_TRANSITIONS[transition]

    if state in sources:
        assert next_meeting_state(transition, state) == target
    else:
        with pytest.raises(TransitionRefused, match="n’est pas possible"):
            next_meeting_state(transition, state)


def test_a_meeting_stands_as_the_day_says(stage):
    planned = MeetingFactory(office=stage.office)
    held, cancelled = MeetingFactory(office=stage.office, held=True), MeetingFactory(cancelled=True)

    assert planned.situation(BEFORE) == MeetingSituation.UPCOMING
    assert planned.situation(AFTER) == MeetingSituation.TO_NOTE
    assert held.situation(BEFORE) == MeetingSituation.HELD
    assert cancelled.situation(BEFORE).tone == "neutral"
    assert list(Meeting.objects.in_situation(MeetingSituation.TO_NOTE, AFTER)) == [planned]
    assert list(Meeting.objects.in_situation(MeetingSituation.UPCOMING, BEFORE)) == [planned]


@pytest.mark.parametrize(
    ("constraint", "broken"),
    [
        ("meeting_ends_after_its_start", {"ends_at": datetime(2027, 3, 12, 8, tzinfo=UTC)}),
        ("meeting_held_iff_outcome_noted", {"outcome": "none"}),
        ("meeting_cancelled_iff_dated", {"cancelled_at": BEFORE}),
    ],
)
def test_a_meeting_is_refused_by_the_database(meeting, constraint, broken):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(**broken)


def test_a_guest_is_one_organisation_and_once(meeting, stage):
    guest = GuestFactory(meeting=meeting, organisation=stage.buyer.organisation)
    structure = StructureFactory()
    GuestFactory(meeting=meeting, structure=structure)

    with pytest.raises(IntegrityError, match="guest_is_one_organisation"), transaction.atomic():
        Guest.objects.filter(pk=guest.pk).update(name="Autre")
    with pytest.raises(IntegrityError), transaction.atomic():
        GuestFactory(meeting=meeting, organisation=stage.buyer.organisation)
    with pytest.raises(IntegrityError), transaction.atomic():
        GuestFactory(meeting=meeting, structure=structure)


def test_a_person_who_notes_is_kept_by_the_row():
    noted = MeetingFactory(held=True, planned_by=UserFactory(first_name="Nora"))

    assert str(noted.outcome_noted_by).startswith("Nora")
    assert str(noted) == noted.title
    assert str(noted.kind) == "Visite de site"
