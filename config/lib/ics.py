"""Calendars for other software (RFC 5545, RFC 5546): a subscription, an invitation, its cancellation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from icalendar import Calendar, Event, vCalAddress


REFRESHED_EVERY = timedelta(hours=6)
CRLF = b"\r\n"
FOLD = 75


class Method(StrEnum):
    """What the reader is asked to do with the event."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Entry:
    """One event; its end is exclusive. Whole days make nobody busy, hours do.

    Nothing in it depends on the day it is read: the answer stays the same.
    """

    uid: str
    starts: date
    ends: date
    summary: str
    description: str
    category: str
    url: str
    place: str = ""
    # Raised by each change: a calendar keeps the highest one.
    revision: int = 0

    @property
    def is_of_whole_days(self) -> bool:
        return not isinstance(self.starts, datetime)


def fingerprint(name: str, entries: Iterable[Entry]) -> str:
    return sha256(repr((name, list(entries))).encode()).hexdigest()


def subscription(product: str, name: str, entries: Iterable[Entry], *, stamp: datetime) -> bytes:
    """`stamp` is the moment since which the content is what it is."""
    feed = _calendar(product, Method.PUBLISH)
    feed.add("x-wr-calname", name)
    feed.add("refresh-interval", REFRESHED_EVERY, parameters={"VALUE": "DURATION"})
    feed.add("x-published-ttl", "PT6H")
    head, end, _ = feed.to_ical().partition(b"END:VCALENDAR")
    return b"".join([head, *(_written(entry, stamp) for entry in entries), end, CRLF])


def invitation(
    product: str,
    entry: Entry,
    *,
    method: Method,
    stamp: datetime,
    organiser: str = "",
    guests: Iterable[str] = (),
) -> bytes:
    """One event, as an attachment. `organiser` and `guests` are addresses; published, it names nobody."""
    event = _event(entry, stamp)
    event.add("status", "CANCELLED" if method == Method.CANCEL else "CONFIRMED")
    if organiser:
        event.add("organizer", vCalAddress(f"mailto:{organiser}"))
    for guest in guests:
        event.add("attendee", vCalAddress(f"mailto:{guest}"), parameters={"RSVP": "FALSE"})
    calendar = _calendar(product, method)
    calendar.add_component(event)
    return calendar.to_ical()


def _calendar(product: str, method: Method) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//{product}//FR")
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    return calendar


def _written(entry: Entry, stamp: datetime) -> bytes:
    """As icalendar writes it; a subscription holds thousands of days, and the library takes half a
    millisecond for each."""
    if not entry.is_of_whole_days:
        return _event(entry, stamp).to_ical()
    lines = [
        "BEGIN:VEVENT",
        f"SUMMARY:{_escaped(entry.summary)}",
        f"DTSTART;VALUE=DATE:{entry.starts:%Y%m%d}",
        f"DTEND;VALUE=DATE:{entry.ends:%Y%m%d}",
        f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"UID:{_escaped(entry.uid)}",
        f"SEQUENCE:{entry.revision}",
        f"CATEGORIES:{_escaped(entry.category)}",
        f"DESCRIPTION:{_escaped(entry.description)}",
        *([f"LOCATION:{_escaped(entry.place)}"] if entry.place else []),
        "TRANSP:TRANSPARENT",
        f"URL:{entry.url}",
        "END:VEVENT",
    ]
    return b"".join(map(_folded, lines))


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """No line is longer than 75 bytes, and none is cut inside a letter."""
    left = line.encode()
    parts: list[bytes] = []
    while len(left) > FOLD:
        # The space that announces the rest of a line counts.
        cut = FOLD - bool(parts)
        while left[cut] & 0xC0 == 0x80:
            cut -= 1
        parts.append(left[:cut])
        left = left[cut:]
    return (CRLF + b" ").join([*parts, left]) + CRLF


def _event(entry: Entry, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", stamp)
    event.add("sequence", entry.revision)
    event.add("dtstart", entry.starts)
    event.add("dtend", entry.ends)
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    event.add("categories", [entry.category])
    event.add("url", entry.url)
    if entry.place:
        event.add("location", entry.place)
    event.add("transp", "TRANSPARENT" if entry.is_of_whole_days else "OPAQUE")
    return event
