from datetime import UTC, date, datetime

from hypothesis import given, strategies as st
from icalendar import Calendar

from config.lib import ics
from config.lib.ics import Entry, Method


STAMP = datetime(2027, 3, 1, 8, tzinfo=UTC)
VISIT = Entry(
    uid="meeting-7@example.org",
    starts=datetime(2027, 3, 12, 8, 30, tzinfo=UTC),
    ends=datetime(2027, 3, 12, 10, tzinfo=UTC),
    summary="Visite de l’atelier",
    description="Jouets ; pesés, triés",
    category="Visite",
    url="https://example.org/rencontres/7/",
    place="Alfortville",
    revision=2,
)


def only_event(content):
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    return event


def test_an_invitation_names_who_asks_and_who_is_asked():
    content = ics.invitation(
        "Clausier",
        VISIT,
        method=Method.REQUEST,
        stamp=STAMP,
        organiser="office@example.org",
        guests=["a@b.fr"],
    )

    event = only_event(content)
    assert Calendar.from_ical(content)["METHOD"] == "REQUEST"
    assert (event["ORGANIZER"], event["ATTENDEE"]) == ("mailto:office@example.org", "mailto:a@b.fr")
    assert event.decoded("DTSTART") == VISIT.starts
    assert (event["SEQUENCE"], event["STATUS"], event["TRANSP"]) == (2, "CONFIRMED", "OPAQUE")
    assert event["LOCATION"] == "Alfortville"
    assert event["DESCRIPTION"] == "Jouets ; pesés, triés"


def test_a_cancellation_takes_the_same_event_away():
    event = only_event(ics.invitation("Clausier", VISIT, method=Method.CANCEL, stamp=STAMP))

    assert (event["UID"], event["STATUS"]) == (VISIT.uid, "CANCELLED")


def test_what_is_published_names_nobody():
    event = only_event(ics.invitation("Clausier", VISIT, method=Method.PUBLISH, stamp=STAMP))

    assert "ORGANIZER" not in event
    assert "ATTENDEE" not in event


TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")) | st.sampled_from("\n,;\\: é€😀"))


@given(TEXT, TEXT, TEXT, st.integers(0, 99))
def test_a_subscription_says_what_the_library_would_say(summary, description, place, revision):
    day = Entry(
        "due-1@example.org", date(2027, 4, 1), date(2027, 4, 2), summary, description, "Lancement, calibrage",
        "https://example.org/reperage/7/", place=place, revision=revision,
    )  # fmt: skip

    content = ics.subscription("Clausier", "Échéances", [day], stamp=STAMP)

    written = content[content.index(b"BEGIN:VEVENT") : content.index(b"END:VEVENT")]
    by_the_library = ics._event(day, STAMP).to_ical()
    assert unfolded(written) == unfolded(by_the_library[: by_the_library.index(b"END:VEVENT")])
    # Each line is whole letters, and short enough.
    assert all(len(line) <= 75 and line.decode() is not None for line in content.split(b"\r\n"))


def unfolded(content):
    return content.replace(b"\r\n ", b"").decode().split("\r\n")


def test_an_hour_goes_into_a_subscription_too():
    event = only_event(ics.subscription("Clausier", "Visites", [VISIT], stamp=STAMP))

    assert event.decoded("DTSTART") == VISIT.starts


def test_a_whole_day_makes_nobody_busy():
    deadline = Entry("due-1", date(2027, 4, 1), date(2027, 4, 2), "Lancement", "", "Lancement", "")

    event = only_event(ics.subscription("Clausier", "Échéances", [deadline], stamp=STAMP))

    assert event["TRANSP"] == "TRANSPARENT"
    assert "LOCATION" not in event


def test_the_fingerprint_changes_with_the_name_and_the_entries():
    prints = {ics.fingerprint("a", [VISIT]), ics.fingerprint("b", [VISIT]), ics.fingerprint("a", [])}

    assert len(prints) == 3
    assert ics.fingerprint("a", [VISIT]) in prints
