"""Meetings that are over and of which nobody has said what came."""

from collections.abc import Iterator
from datetime import date, datetime, time

from django.urls import reverse
from django.utils.timezone import get_current_timezone

from accounts.models import User
from reporting.queries.todo.items import AT_MOST, Item, day, named
from structures.enums import MeetingSituation
from structures.models import Meeting


def meetings_to_note(user: User, on: date) -> Iterator[Item]:
    """From the day after: the evening itself is for going home."""
    midnight = datetime.combine(on, time.min, get_current_timezone())
    rows = Meeting.objects.visible_to(user).in_situation(MeetingSituation.TO_NOTE, midnight)
    for row in rows.order_by("ends_at", "pk").values("pk", "title", "place", "ends_at")[:AT_MOST]:
        yield Item(
            what="Rencontre à conclure",
            about=named(row["title"], row["place"]),
            since=day(row["ends_at"]),
            verb="Noter ce qui en est sorti",
            url=reverse("structures:meeting_outcome", args=[row["pk"]]),
        )
