"""What came of a meeting, and who came to it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User
from structures.enums import MeetingOutcome, MeetingState, Presence
from structures.models import Guest, Meeting
from structures.services import meetings
from structures.services.meetings import MeetingRefused
from structures.workflow import MeetingTransition, next_meeting_state


FIELDS = ["state", "outcome", "outcome_note", "outcome_noted_at", "outcome_noted_by"]


@transaction.atomic
def note(
    *, meeting: Meeting, outcome: MeetingOutcome, text: str, came: Iterable[Guest], by: User, at: datetime
) -> Meeting:
    """Those of the list who are not among `came` were absent. Raises `MeetingRefused` before it has begun."""
    meeting = meetings.lock(meeting)
    meeting.state = next_meeting_state(MeetingTransition.NOTE, MeetingState(meeting.state))
    if meeting.starts_at > at:
        raise MeetingRefused("Cette rencontre n’a pas encore eu lieu.")
    meeting.outcome, meeting.outcome_note = outcome, text
    meeting.outcome_noted_at, meeting.outcome_noted_by = at, by
    meeting.save(update_fields=FIELDS)
    present = [guest.pk for guest in came]
    meeting.guests.filter(pk__in=present).update(presence=Presence.CAME)
    meeting.guests.exclude(pk__in=present).update(presence=Presence.ABSENT)
    audit.record(AuditKind.MEETING_OUTCOME_NOTED, target=meeting, by=by, outcome=outcome.label)
    return meeting


@transaction.atomic
def take_back(*, meeting: Meeting, by: User) -> Meeting:
    """Undo of the note: the meeting waits for its outcome again. Raises `TransitionRefused`."""
    meeting = meetings.lock(meeting)
    meeting.state = next_meeting_state(MeetingTransition.TAKE_BACK, MeetingState(meeting.state))
    former = meeting.get_outcome_display()
    meeting.outcome, meeting.outcome_note = "", ""
    meeting.outcome_noted_at = meeting.outcome_noted_by = None
    meeting.save(update_fields=FIELDS)
    meeting.guests.update(presence=Presence.UNKNOWN)
    audit.record(AuditKind.MEETING_OUTCOME_TAKEN_BACK, target=meeting, by=by, outcome=former)
    return meeting
