"""Who is asked to a meeting: organisations, each once, and the letters that ask them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import Organisation, User
from config.lib.text import fold
from structures import notifications, tasks
from structures.enums import MeetingState
from structures.models import Guest, Meeting, Structure
from structures.services import meetings
from structures.services.meetings import MeetingRefused


@dataclass(frozen=True)
class Invited:
    """Those to whom a letter leaves, and those without any address."""

    sent: list[Guest]
    unreached: list[Guest]


@transaction.atomic
def add(
    *,
    meeting: Meeting,
    organisations: Iterable[Organisation] = (),
    structures: Iterable[Structure] = (),
    by: User,
) -> list[Guest]:
    """Those who are not on the list yet. Raises `MeetingRefused` once the meeting is cancelled."""
    meeting = _open(meeting)
    known = {(guest.organisation_id, guest.structure_id) for guest in meeting.guests.all()}
    wanted = [Guest(meeting=meeting, organisation=one) for one in organisations]
    wanted += [Guest(meeting=meeting, structure=one) for one in structures]
    return _keep([guest for guest in wanted if (guest.organisation_id, guest.structure_id) not in known], by)


@transaction.atomic
def add_other(*, meeting: Meeting, name: str, email: str, by: User) -> Guest:
    """An organisation that is neither a buyer nor in the directory. Raises `MeetingRefused`."""
    meeting = _open(meeting)
    (guest,) = _keep([Guest(meeting=meeting, name=name, email=email)], by)
    return guest


@transaction.atomic
def remove(*, guest: Guest, by: User) -> Meeting:
    """Raises `MeetingRefused` once the letter has left: whether it came is then noted."""
    guest = Guest.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=guest.pk)
    if guest.is_invited:
        raise MeetingRefused(
            f"{guest} a reçu l’invitation : son absence se note avec ce qui est sorti de la rencontre."
        )
    meeting, name = guest.meeting, str(guest)
    guest.delete()
    audit.record(AuditKind.GUEST_REMOVED, target=meeting, by=by, guest=name)
    return meeting


@transaction.atomic
def invite(*, meeting: Meeting, by: User, at: datetime) -> Invited:
    """Write to those on the list who have not had a letter yet. Raises `MeetingRefused` when it is over."""
    meeting = _open(meeting)
    if meeting.ends_at <= at:
        raise MeetingRefused("Cette rencontre est passée : il n’est plus temps d’inviter.")
    waiting = list(
        meeting.guests.filter(invited_at__isnull=True)
        .select_related("organisation", "structure")
        .in_reading_order()
    )
    sent = [guest for guest in waiting if notifications.guest_addresses(guest)]
    Guest.objects.filter(pk__in=[guest.pk for guest in sent]).update(invited_at=at)
    for guest in sent:
        tasks.tell_guest.delay_on_commit(guest.pk)
    audit.record_many(AuditKind.GUEST_INVITED, [(meeting, {"guest": str(guest)}) for guest in sent], by=by)
    return Invited(sent, [guest for guest in waiting if guest not in sent])


def _open(meeting: Meeting) -> Meeting:
    meeting = meetings.lock(meeting)
    if meeting.state == MeetingState.CANCELLED:
        raise MeetingRefused("Cette rencontre est annulée : rétablissez-la avant d’inviter.")
    return meeting


def _keep(guests: list[Guest], by: User) -> list[Guest]:
    for guest in guests:
        guest.sort_name = fold(str(guest))[:300]
    kept = Guest.objects.bulk_create(guests)
    rows = [(guest.meeting, {"guest": str(guest)}) for guest in kept]
    audit.record_many(AuditKind.GUEST_ADDED, rows, by=by)
    return kept
