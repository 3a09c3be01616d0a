"""A meeting as calendars read it; no guest is named in it."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from config.lib import ics
from config.lib.ics import Entry, Method
from structures.models import Meeting


PRODUCT = f"{settings.PRODUCT_NAME}//Rencontres"


def entry(meeting: Meeting) -> Entry:
    return Entry(
        uid=f"meeting-{meeting.pk}@{urlsplit(settings.SITE_URL).hostname}",
        starts=meeting.starts_at,
        ends=meeting.ends_at,
        summary=meeting.title,
        description="\n".join(filter(None, [f"{meeting.kind} – {meeting.office}", meeting.about])),
        category=meeting.kind.label,
        url=f"{settings.SITE_URL}{meeting.get_absolute_url()}",
        place=meeting.place,
        revision=meeting.revision,
    )


def published(meeting: Meeting) -> bytes:
    """To be downloaded by whoever reads the page."""
    return ics.invitation(PRODUCT, entry(meeting), method=Method.PUBLISH, stamp=meeting.planned_at)


def asked(meeting: Meeting, *, method: Method, at: datetime, organiser: str, guests: Iterable[str]) -> bytes:
    """To be attached to a letter: it names those to whom that letter goes, and nobody else."""
    return ics.invitation(
        PRODUCT, entry(meeting), method=method, stamp=at, organiser=organiser, guests=guests
    )
