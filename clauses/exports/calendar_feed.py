"""What is due, as a calendar that other software subscribes to (RFC 5545)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event

from clauses.enums import DueKind
from clauses.rules.agenda import Due


REFRESHED_EVERY = timedelta(hours=6)
SUMMARIES = {
    DueKind.ANSWER: "Réponse à l’acheteur",
    DueKind.CALIBRATION: "Calibrage",
    DueKind.DECISION: "Décision du service",
    DueKind.LAUNCH: "Lancement",
}


@dataclass(frozen=True)
class Entry:
    """One event of a whole day. Nothing in it depends on the day it is read: the answer stays the same."""

    uid: str
    on: date
    summary: str
    description: str
    category: str
    url: str


def entry(due: Due, path: str) -> Entry:
    return Entry(
        uid=f"{due.uid}@{urlsplit(settings.SITE_URL).hostname}",
        on=due.due_on,
        summary=_summary(due),
        description="\n".join(_facts(due)),
        category=due.kind.label,
        url=f"{settings.SITE_URL}{path}",
    )


def fingerprint(name: str, entries: Iterable[Entry]) -> str:
    return sha256(repr((name, list(entries))).encode()).hexdigest()


def calendar(name: str, entries: Iterable[Entry], *, stamp: datetime) -> bytes:
    """`stamp` is the moment since which the content is what it is."""
    feed = Calendar()
    feed.add("prodid", f"-//{settings.PRODUCT_NAME}//Échéances//FR")
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", name)
    feed.add("refresh-interval", REFRESHED_EVERY, parameters={"VALUE": "DURATION"})
    feed.add("x-published-ttl", "PT6H")
    for told in entries:
        feed.add_component(_event(told, stamp))
    return feed.to_ical()


def _event(told: Entry, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", told.uid)
    event.add("dtstamp", stamp)
    event.add("dtstart", told.on)
    event.add("dtend", told.on + timedelta(days=1))
    event.add("summary", told.summary)
    event.add("description", told.description)
    event.add("categories", [told.category])
    event.add("url", told.url)
    # A deadline does not make anybody busy.
    event.add("transp", "TRANSPARENT")
    return event


def _summary(due: Due) -> str:
    urgent = "Urgent – " if due.is_urgent else ""
    lines = f" ({due.lines} lignes)" if due.lines > 1 else ""
    span = f" ({due.launch_label})" if due.kind == DueKind.LAUNCH and due.is_approximate else ""
    return f"{urgent}{SUMMARIES[due.kind]}{span}\N{NO-BREAK SPACE}: {due.title}{lines}"


def _facts(due: Due) -> list[str]:
    said = [f"{due.buyer}, plan d’achats {due.year}", due.department]
    if due.starts_on:
        said.append(f"À faire entre le {due.starts_on:%d/%m/%Y} et le {due.due_on:%d/%m/%Y}.")
    if due.launch_label and due.kind != DueKind.LAUNCH:
        said.append(f"Lancement\N{NO-BREAK SPACE}: {due.launch_label}")
    if due.is_approximate:
        said.append("Jour du lancement inconnu\N{NO-BREAK SPACE}: compté depuis le premier de la période.")
    return [fact for fact in said if fact]
