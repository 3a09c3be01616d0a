"""The life of a meeting: planned, moved, cancelled and brought back; the markets it is about."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import Office, User
from config.lib.french import join_words
from procurement.models import Market
from structures import tasks
from structures.enums import MeetingState
from structures.models import Meeting
from structures.workflow import MeetingTransition, next_meeting_state


OWN = ("kind", "title", "starts_at", "ends_at", "place", "about")
# What the calendars of the guests hold.
TOLD = {"title", "starts_at", "ends_at", "place", "about"}


class MeetingRefused(Exception):
    """What was asked cannot be done now; the text is fit for the user."""


@transaction.atomic
def plan(
    *, office: Office, values: Mapping[str, Any], markets: Iterable[Market] = (), by: User, at: datetime
) -> Meeting:
    """`values` are the fields of `OWN`; a visit may be told afterwards."""
    meeting = Meeting(office=office, planned_by=by, planned_at=at, **values)
    meeting.index()
    meeting.save(force_insert=True)
    audit.record(AuditKind.MEETING_PLANNED, target=meeting, by=by)
    for market in markets:
        link(meeting=meeting, market=market, by=by)
    return meeting


@transaction.atomic
def change(*, meeting: Meeting, values: Mapping[str, Any], by: User, at: datetime) -> Meeting:
    """Those already invited are told, unless it is over. Raises `MeetingRefused` once it is cancelled."""
    meeting = lock(meeting)
    if meeting.state == MeetingState.CANCELLED:
        raise MeetingRefused("Cette rencontre est annulée : rétablissez-la avant de la modifier.")
    changed = [name for name in OWN if values[name] != getattr(meeting, name)]
    if not changed:
        return meeting
    for name in changed:
        setattr(meeting, name, values[name])
    meeting.index()
    meeting.revision += 1
    meeting.save(update_fields=[*changed, "search_text", "revision"])
    fields = join_words(audit.field_labels(meeting, changed))
    audit.record(AuditKind.MEETING_CHANGED, target=meeting, by=by, fields=fields)
    if TOLD.intersection(changed):
        _tell_guests(meeting, at)
    return meeting


@transaction.atomic
def cancel(*, meeting: Meeting, by: User, at: datetime) -> Meeting:
    """Takes it out of the guests’ calendars. Raises `TransitionRefused`."""
    return _move(meeting, MeetingTransition.CANCEL, AuditKind.MEETING_CANCELLED, by, at)


@transaction.atomic
def reinstate(*, meeting: Meeting, by: User, at: datetime) -> Meeting:
    """Undo of the cancellation. Raises `TransitionRefused`."""
    return _move(meeting, MeetingTransition.REINSTATE, AuditKind.MEETING_REINSTATED, by, at)


@transaction.atomic
def link(*, meeting: Meeting, market: Market, by: User) -> None:
    """Twice is once."""
    if meeting.markets.filter(pk=market.pk).exists():
        return
    meeting.markets.add(market)
    audit.record(AuditKind.MEETING_MARKET_LINKED, target=meeting, by=by, market=market.title)


@transaction.atomic
def unlink(*, meeting: Meeting, market: Market, by: User) -> None:
    if not meeting.markets.filter(pk=market.pk).exists():
        return
    meeting.markets.remove(market)
    audit.record(AuditKind.MEETING_MARKET_UNLINKED, target=meeting, by=by, market=market.title)


def lock(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)


def _move(
    meeting: Meeting, transition: MeetingTransition, kind: AuditKind, by: User, at: datetime
) -> Meeting:
    meeting = lock(meeting)
    meeting.state = next_meeting_state(transition, MeetingState(meeting.state))
    meeting.cancelled_at = at if meeting.state == MeetingState.CANCELLED else None
    meeting.revision += 1
    meeting.save(update_fields=["state", "cancelled_at", "revision"])
    audit.record(kind, target=meeting, by=by)
    _tell_guests(meeting, at)
    return meeting


def _tell_guests(meeting: Meeting, at: datetime) -> None:
    """Nobody is told anything of what is over."""
    if meeting.ends_at <= at:
        return
    invited = meeting.guests.filter(invited_at__isnull=False).order_by("pk")
    for guest_id in invited.values_list("pk", flat=True):
        tasks.tell_guest.delay_on_commit(guest_id)
