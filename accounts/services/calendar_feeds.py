"""Personal addresses by which a calendar is read without signing in."""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import CalendarFeed, Membership, User


# 256 bits: nobody guesses it.
TOKEN_BYTES = 32


@dataclass(frozen=True)
class OpenedFeed:
    """The only moment at which the secret is known."""

    feed: CalendarFeed
    token: str


@transaction.atomic
def open_feed(*, membership: Membership, by: User, at: datetime) -> OpenedFeed:
    """A new address; the former one of the same role opens nothing any more."""
    # Locked: two windows may ask at once.
    Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    replaced = CalendarFeed.objects.alive().filter(membership=membership).update(revoked_at=at)
    token = token_urlsafe(TOKEN_BYTES)
    feed = CalendarFeed.objects.create(
        membership=membership, token_hash=CalendarFeed.hash_of(token), created_at=at
    )
    kind = AuditKind.CALENDAR_FEED_RENEWED if replaced else AuditKind.CALENDAR_FEED_OPENED
    audit.record(kind, target=membership, by=by)
    return OpenedFeed(feed, token)


@transaction.atomic
def revoke(*, membership: Membership, by: User, at: datetime) -> bool:
    """Whether there was one to revoke."""
    revoked = CalendarFeed.objects.alive().filter(membership=membership).update(revoked_at=at)
    if revoked:
        audit.record(AuditKind.CALENDAR_FEED_REVOKED, target=membership, by=by)
    return bool(revoked)
