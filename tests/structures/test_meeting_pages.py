"""The list of meetings, the page of one, and everything that its buttons do."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from structures.enums import MeetingState
from structures.models import Meeting
from tests.clauses.queries_of import queries_of
from tests.procurement.factories import MarketFactory, PurchasePlanFactory
from tests.structures.factories import (
    StructureFactory,
)
from tests.structures.meeting_factories import GuestFactory, MeetingFactory, MeetingKindFactory


pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_the_day(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def meeting(stage):
    return MeetingFactory(office=stage.office)


@pytest.fixture
def past(stage):
    return MeetingFactory(office=stage.office, title="Rendez-vous passé", starts_at=NOW - timedelta(days=8))


@pytest.fixture
def visitor(as_user, facilitator):
    return as_user(facilitator)


@pytest.fixture
def typed():
    return {
        "kind": MeetingKindFactory().pk,
        "title": "Réunion du réseau",
        "day": "2027-04-06",
        "starts": "14:00",
        "ends": "16:00",
        "place": "Créteil",
        "about": "Les plans de 2028.",
    }


def text(answer):
    return (
        answer.content.decode().replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    )


def test_the_list_shows_first_what_awaits_its_outcome(visitor, meeting, past, stage):
    MeetingFactory(office=stage.office, title="Ancienne", held=True, starts_at=NOW - timedelta(days=90))
    MeetingFactory(office=stage.office, title="Plus tard", starts_at=NOW + timedelta(days=60))

    page = text(visitor.get("/rencontres/"))

    places = [
        page.index(word) for word in ("Rendez-vous passé", "atelier de jouets", "Plus tard", "Ancienne")
    ]
    assert places == sorted(places)
    assert "Suite convenue" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=jouets ALFORTVILLE", ["Visite de l’atelier de jouets"]),
        ("situation=to_note", ["Rendez-vous passé"]),
        ("situation=upcoming", ["Visite de l’atelier de jouets"]),
        ("year=2028", []),
        ("outcome=reserved", []),
        ("kind=0", ["Rendez-vous passé", "Visite de l’atelier de jouets"]),
    ],
)
def test_the_list_narrows_and_its_exports_too(visitor, meeting, past, query, found):
    content = visitor.get(f"/rencontres/export.csv?{query}").content.decode("utf-8-sig")
    book = load_workbook(BytesIO(visitor.get(f"/rencontres/export.xlsx?{query}").content))

    assert [line.split(";")[4] for line in content.splitlines()[1:]] == found
    assert book.active.max_row == len(found) + 1


def test_a_criterion_of_buyer_finds_those_with_it_and_for_its_markets(visitor, meeting, past, stage):
    GuestFactory(meeting=meeting, organisation=stage.buyer.organisation)
    past.markets.add(MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer)))
    MeetingFactory(office=stage.office, title="Sans lui")

    page = text(visitor.get(f"/rencontres/?buyer={stage.buyer.pk}"))

    assert "atelier de jouets" in page
    assert "Rendez-vous passé" in page
    assert "Sans lui" not in page


def test_a_buyer_reads_where_it_was_invited_without_what_came_of_it(as_user, buyer, stage):
    held = MeetingFactory(office=stage.office, held=True, outcome_note="Un mot de l’office.")
    GuestFactory(meeting=held, organisation=stage.buyer.organisation, invited_at=NOW)
    MeetingFactory(office=stage.office, title="Entre nous")
    visitor = as_user(buyer)

    listed, page = (
        text(visitor.get("/rencontres/?outcome=follow_up")),
        text(visitor.get(f"/rencontres/{held.pk}/")),
    )
    exported = visitor.get("/rencontres/export.csv").content.decode()

    assert "Entre nous" not in listed
    for said in (listed, page, exported):
        assert "atelier de jouets" in said
        assert "Suite convenue" not in said
        assert "Un mot de l’office" not in said
    assert "Historique" not in page


def test_the_empty_list_says_what_to_do(visitor, as_user, buyer):
    assert "Saisissez-la" not in text(visitor.get("/rencontres/?q=zzz"))
    assert "Aucune rencontre ne répond" in text(visitor.get("/rencontres/?q=zzz"))
    assert "saisissez-la avant pour inviter" in text(visitor.get("/rencontres/"))
    assert "Aucune rencontre ne vous concerne" in text(as_user(buyer).get("/rencontres/"))


def test_a_swap_is_the_list_alone(visitor, meeting):
    answer = visitor.get("/rencontres/?q=jouets", headers={"HX-Request": "true"})

    assert "<h1" not in text(answer)
    assert answer["HX-Push-Url"] == "?q=jouets"


def test_a_meeting_is_planned_from_a_market(visitor, stage, typed):
    market = MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer), title="Jouets recyclés")

    form = text(visitor.get(f"/rencontres/prevoir/?market={market.pk}"))
    visitor.post(f"/rencontres/prevoir/?market={market.pk}", typed)

    meeting = Meeting.objects.get()
    assert "Jouets recyclés" in form
    assert (meeting.starts_at, meeting.ends_at) == (
        datetime(2027, 4, 6, 12, tzinfo=UTC),
        datetime(2027, 4, 6, 14, tzinfo=UTC),
    )
    assert list(meeting.markets.all()) == [market]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ends": "13:00"}, "La rencontre se termine après son début."),
        ({"day": "le six"}, "date valide"),
        ({"title": ""}, "obligatoire"),
    ],
)
def test_what_was_typed_wrong_is_said_and_kept(visitor, typed, wrong, said):
    answer = visitor.post("/rencontres/prevoir/", typed | wrong)

    assert answer.status_code == 422
    assert said in text(answer)
    assert "Les plans de 2028." in text(answer)
    assert not Meeting.objects.exists()


def test_a_meeting_is_changed_with_its_hours_recalled(visitor, meeting, typed):
    page = text(visitor.get(f"/rencontres/{meeting.pk}/modifier/"))
    visitor.post(f"/rencontres/{meeting.pk}/modifier/", typed)

    assert 'value="09:30"' in page
    assert 'value="2027-03-12"' in page
    meeting.refresh_from_db()
    assert meeting.title == "Réunion du réseau"


def test_a_kind_no_longer_offered_stays_where_it_serves(visitor, stage):
    meeting = MeetingFactory(
        office=stage.office, kind=MeetingKindFactory(code="old", label="Salon", is_offered=False)
    )

    assert "Salon" in text(visitor.get(f"/rencontres/{meeting.pk}/modifier/"))
    assert "Salon" not in text(visitor.get("/rencontres/prevoir/"))


def test_a_cancelled_meeting_is_not_changed_but_comes_back(visitor, meeting, typed):
    visitor.post(f"/rencontres/{meeting.pk}/annuler/")
    refused = visitor.post(f"/rencontres/{meeting.pk}/modifier/", typed)
    twice = visitor.post(f"/rencontres/{meeting.pk}/annuler/", follow=True)
    back = visitor.post(f"/rencontres/{meeting.pk}/retablir/", follow=True)

    assert (refused.status_code, "rétablissez-la" in text(refused)) == (422, True)
    assert "n’est pas possible" in text(twice)
    assert "La rencontre est rétablie" in text(back)
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.PLANNED


def test_guests_are_found_added_invited_and_removed(visitor, meeting, stage):
    structure = StructureFactory(name="Atelier du Lac", email="lac@example.org")
    address = f"/rencontres/{meeting.pk}/"

    found = text(visitor.get(f"{address}?structure=lac"))
    visitor.post(f"{address}invites/ajouter/", {"structure": structure.pk, "buyer": stage.buyer.pk})
    visitor.post(f"{address}invites/autre/", {"name": "Chambre de métiers"})
    invited = text(visitor.post(f"{address}inviter/", follow=True))
    waiting = meeting.guests.get(name="Chambre de métiers")
    removed = text(visitor.post(f"/rencontres/invites/{waiting.pk}/retirer/", follow=True))
    refused = text(
        visitor.post(
            f"/rencontres/invites/{meeting.guests.get(structure=structure).pk}/retirer/", follow=True
        )
    )

    assert "Atelier du Lac" in found
    assert "L’invitation part à Atelier du Lac." in invited
    assert "Aucune adresse électronique n’est connue pour Chambre de métiers" in invited
    assert "« Chambre de métiers » n’est plus sur la liste." in removed
    assert "a reçu l’invitation" in refused


def test_guests_are_refused_with_a_sentence(visitor, meeting, past):
    address = f"/rencontres/{meeting.pk}/"
    nobody = visitor.post(f"{address}invites/ajouter/", {})
    unnamed = visitor.post(f"{address}invites/autre/", {"email": "x"})
    late = visitor.post(f"/rencontres/{past.pk}/inviter/", follow=True)
    visitor.post(f"{address}annuler/")
    cancelled = [
        text(visitor.post(f"{address}invites/ajouter/", {"structure": StructureFactory().pk}, follow=True)),
        text(visitor.post(f"{address}invites/autre/", {"name": "Forum"}, follow=True)),
    ]

    assert (nobody.status_code, "Cochez au moins une organisation." in text(nobody)) == (422, True)
    assert (unnamed.status_code, "obligatoire" in text(unnamed)) == (422, True)
    assert "n’est plus temps d’inviter" in text(late)
    assert all("rétablissez-la avant d’inviter" in said for said in cancelled)


def test_the_same_guest_twice_is_said(visitor, meeting, stage):
    address = f"/rencontres/{meeting.pk}/invites/ajouter/"
    visitor.post(address, {"buyer": stage.buyer.pk})

    again = visitor.post(address, {"buyer": stage.buyer.pk}, follow=True)

    assert "étaient déjà sur la liste" in text(again)


def test_markets_are_found_linked_and_detached(visitor, meeting, stage):
    market = MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer), title="Jouets recyclés")
    address = f"/rencontres/{meeting.pk}/"

    found = text(visitor.get(f"{address}?market=jouets recyclés"))
    nothing = text(visitor.get(f"{address}?market=zzz&structure=zzz"))
    linked = text(visitor.post(f"{address}marches/rattacher/", {"market": market.pk}, follow=True))
    detached = text(visitor.post(f"{address}marches/detacher/", {"market": market.pk}, follow=True))
    wrong = visitor.post(f"{address}marches/rattacher/", {"market": 0})

    assert "Jouets recyclés" in found
    assert "Aucun autre marché ne répond" in nothing
    assert "Aucune autre structure ne répond" in nothing
    assert "est rattaché" in linked
    assert "n’est plus rattaché" in detached
    assert wrong.status_code == 422


def test_what_came_of_it_is_noted_corrected_and_taken_back(visitor, past, stage):
    guest = GuestFactory(meeting=past, organisation=stage.buyer.organisation, invited_at=NOW)
    address = f"/rencontres/{past.pk}/issue/"

    form = text(visitor.get(address))
    noted = text(
        visitor.post(
            address, {"outcome": "reserved", "text": "Lot 2 réservé.", "came": guest.pk}, follow=True
        )
    )
    back = text(visitor.post(f"{address}reprendre/", follow=True))
    twice = text(visitor.post(f"{address}reprendre/", follow=True))

    assert "Qui est venu" in form
    assert "Lot 2 réservé." in noted
    assert "Venue" in noted
    assert "attend de nouveau" in back
    assert "n’est pas possible" in twice


def test_nothing_is_noted_before_the_day(visitor, meeting):
    answer = visitor.post(f"/rencontres/{meeting.pk}/issue/", {"outcome": "none"})

    assert (answer.status_code, "pas encore eu lieu" in text(answer)) == (422, True)
    assert "Qui est venu" not in text(answer)


def test_the_calendar_file_names_nobody(visitor, meeting, stage, buyer):
    GuestFactory(meeting=meeting, organisation=stage.buyer.organisation, invited_at=NOW)

    answer = visitor.get(f"/rencontres/{meeting.pk}/rencontre.ics")

    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert answer["Content-Type"].startswith("text/calendar")
    assert str(event["SUMMARY"]) == meeting.title
    assert buyer.email not in answer.content.decode()


def test_one_meeting_or_ten_ask_as_much(visitor, meeting, stage):
    GuestFactory(meeting=meeting, structure=StructureFactory())
    one_listed, one_shown = (
        queries_of(visitor, "/rencontres/"),
        queries_of(visitor, f"/rencontres/{meeting.pk}/"),
    )
    for other in MeetingFactory.create_batch(9, office=stage.office):
        other.markets.add(
            MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer, year=2020 + other.pk % 70))
        )
    for _ in range(9):
        GuestFactory(meeting=meeting, structure=StructureFactory())

    assert queries_of(visitor, "/rencontres/") == one_listed
    assert queries_of(visitor, f"/rencontres/{meeting.pk}/") == one_shown


def test_the_page_of_a_line_lists_what_was_held_for_it(visitor, past, stage):
    market = MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer, submitted=True))

    before = text(visitor.get(f"/reperage/{market.pk}/"))
    past.markets.add(market)
    after = text(visitor.get(f"/reperage/{market.pk}/"))

    assert "Ni visite ni rendez-vous" in before
    assert f"/rencontres/prevoir/?market={market.pk}" in before
    assert "Rendez-vous passé" in after
