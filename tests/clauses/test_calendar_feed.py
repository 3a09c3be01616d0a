import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import IntegrityError, transaction
from icalendar import Calendar

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import AuditEvent, CalendarFeed
from accounts.roles import Role
from accounts.services import calendar_feeds
from clauses.enums import Verdict, VerdictReason
from procurement.enums import DatePrecision
from tests.accounts.factories import person
from tests.clauses.factories import ProposalFactory, ScreeningFactory
from tests.clauses.queries_of import queries_of
from tests.clauses.reading import plain
from tests.procurement.factories import MarketFactory, PurchasePlanFactory
from tests.structures.meeting_factories import GuestFactory, MeetingFactory


PAGE = "/echeances/abonnement/"
AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def november():
    cache.clear()
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def market(stage):
    plan = PurchasePlanFactory(buyer=stage.buyer, submitted=True)
    return MarketFactory(plan=plan, title="Tonte des parcs", launch_on=date(2027, 4, 12))


@pytest.fixture
def address(facilitator):
    return f"/echeances/flux/{_token(facilitator)}.ics"


def _token(user):
    return calendar_feeds.open_feed(membership=user.membership, by=user, at=AT).token


def events(answer):
    assert answer.status_code == 200
    return {str(event["UID"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_the_feed_is_read_without_signing_in(client, address, market):
    answer = client.get(address)

    found = events(answer)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    launch = found[f"launch-{market.pk}@127.0.0.1"]
    assert plain(str(launch["SUMMARY"])) == "Lancement : Tonte des parcs"
    assert launch.decoded("DTSTART") == date(2027, 4, 12)
    assert launch.decoded("DTEND") == date(2027, 4, 13)
    assert str(launch["URL"]).endswith(f"/reperage/{market.pk}/")
    calibration = found[f"calibration-{market.pk}@127.0.0.1"]
    assert "À faire entre le 12/12/2026 et le 12/01/2027." in str(calibration["DESCRIPTION"])
    assert f"answer-{market.plan_id}@127.0.0.1" in found


def test_a_launch_known_to_the_quarter_says_so(client, address, market):
    MarketFactory(plan=market.plan, launch_on=date(2027, 7, 1), launch_precision=DatePrecision.QUARTER)

    said = [plain(str(event["SUMMARY"])) for event in events(client.get(address)).values()]

    assert "Lancement (T3 2027) : Entretien des espaces verts" in said


def test_lines_that_share_an_answer_and_urgent_ones_are_told_apart(client, address, market):
    MarketFactory(plan=market.plan, title="Relogement", launch_on=date(2026, 11, 28))
    MarketFactory(plan=market.plan)

    said = {plain(str(event["SUMMARY"])) for event in events(client.get(address)).values()}

    assert "Réponse à l’acheteur : Plan d’achats 2027 (2 lignes)" in said
    assert "Urgent – Réponse à l’acheteur : Relogement" in said


def test_nobody_reads_another_office_or_what_the_page_hides(client, stage, market, buyer, other_facilitator):
    ScreeningFactory(
        market=market, office=stage.office, verdict=Verdict.NOT_CLAUSABLE, reason=VerdictReason.NO_LABOUR
    )
    ProposalFactory(lot=market.lots.get(), office=stage.office, department=stage.department)

    of_buyer = events(client.get(f"/echeances/flux/{_token(buyer)}.ics"))
    of_stranger = events(client.get(f"/echeances/flux/{_token(other_facilitator)}.ics"))

    assert f"calibration-{market.pk}@127.0.0.1" in of_buyer
    assert of_stranger == {}


def test_the_feed_holds_the_meetings_that_the_reader_sees(client, stage, address, buyer, other_facilitator):
    meeting = MeetingFactory(office=stage.office)
    MeetingFactory(office=stage.office, cancelled=True)
    MeetingFactory(office=stage.office, starts_at=datetime(2024, 3, 12, 9, tzinfo=UTC))

    of_office, uid = events(client.get(address)), f"meeting-{meeting.pk}@127.0.0.1"
    of_buyer = events(client.get(f"/echeances/flux/{_token(buyer)}.ics"))
    GuestFactory(meeting=meeting, organisation=stage.buyer.organisation, invited_at=AT)
    of_guest = events(client.get(f"/echeances/flux/{_token(buyer)}.ics"))
    of_stranger = events(client.get(f"/echeances/flux/{_token(other_facilitator)}.ics"))

    assert list(of_office) == [uid]
    assert of_office[uid].decoded("DTSTART") == meeting.starts_at
    assert of_office[uid]["TRANSP"] == "OPAQUE"
    assert (of_buyer, list(of_guest), of_stranger) == ({}, [uid], {})


def test_the_same_content_is_not_sent_twice(client, address, market):
    first = client.get(address)

    by_tag = client.get(address, headers={"If-None-Match": first["ETag"]})
    by_date = client.get(address, headers={"If-Modified-Since": first["Last-Modified"]})

    assert (by_tag.status_code, by_tag.content) == (304, b"")
    assert by_date.status_code == 304
    assert by_tag["ETag"] == first["ETag"]
    assert first["Cache-Control"] == "private, no-cache"


def test_the_day_of_reading_changes_nothing(client, address, market):
    first = client.get(address)

    with time_machine.travel(AT + timedelta(days=1), tick=False):
        assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_what_is_moved_keeps_its_name_and_what_is_removed_vanishes(client, address, market):
    first, uid = client.get(address), f"launch-{market.pk}@127.0.0.1"
    market.launch_on = date(2027, 5, 3)
    market.save(update_fields=["launch_on"])

    with time_machine.travel(AT + timedelta(hours=1), tick=False):
        moved = client.get(address, headers={"If-Modified-Since": first["Last-Modified"]})
    market.delete()
    emptied = client.get(address)

    assert events(moved)[uid].decoded("DTSTART") == date(2027, 5, 3)
    assert moved["ETag"] != first["ETag"]
    assert moved["Last-Modified"] != first["Last-Modified"]
    assert events(emptied) == {}


def test_a_launch_gone_by_long_ago_is_no_appointment(client, address, market):
    market.launch_on = date(2026, 2, 1)
    market.save(update_fields=["launch_on"])

    assert [uid for uid in events(client.get(address)) if not uid.startswith("answer")] == []


def test_a_revoked_address_gives_nothing(client, address, facilitator, market):
    calendar_feeds.revoke(membership=facilitator.membership, by=facilitator, at=AT)

    assert client.get(address).status_code == 404


def test_a_renewed_address_takes_the_place_of_the_former(client, address, facilitator):
    renewed = f"/echeances/flux/{_token(facilitator)}.ics"

    assert client.get(address).status_code == 404
    assert client.get(renewed).status_code == 200
    kinds = list(audit.history(facilitator.membership).values_list("kind", flat=True))
    assert kinds == [AuditKind.CALENDAR_FEED_RENEWED, AuditKind.CALENDAR_FEED_OPENED]


def test_who_left_or_is_closed_out_reads_nothing(client, address, facilitator):
    facilitator.is_active = False
    facilitator.save(update_fields=["is_active"])
    closed = client.get(address).status_code
    facilitator.is_active = True
    facilitator.save(update_fields=["is_active"])
    facilitator.membership.ended_at = AT
    facilitator.membership.save(update_fields=["ended_at"])

    assert (closed, client.get(address).status_code) == (404, 404)


def test_a_role_that_reads_no_calendar_opens_none(client, stage):
    funder = person(Role.FUNDER, stage.funder)

    assert client.get(f"/echeances/flux/{_token(funder)}.ics").status_code == 404


def test_the_secret_is_kept_nowhere_but_its_print(facilitator):
    token = _token(facilitator)

    feed = CalendarFeed.objects.get()
    assert feed.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert str(feed) == f"Abonnement de {facilitator.membership}"
    assert token not in str(list(AuditEvent.objects.values()))


def test_one_feed_at_a_time_for_a_role(facilitator):
    _token(facilitator)

    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarFeed.objects.create(membership=facilitator.membership, token_hash="0" * 64, created_at=AT)


def test_a_feed_is_not_revoked_before_it_is_made(facilitator):
    early = AT - timedelta(days=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarFeed.objects.create(
            membership=facilitator.membership, token_hash="0" * 64, created_at=AT, revoked_at=early
        )


def test_revoking_nothing_tells_nothing(facilitator):
    assert not calendar_feeds.revoke(membership=facilitator.membership, by=facilitator, at=AT)
    assert not AuditEvent.objects.exists()


def test_the_address_is_shown_once(as_user, facilitator):
    visitor = as_user(facilitator)

    before = visitor.get(PAGE).content.decode()
    opened = visitor.post(f"{PAGE}ouvrir/")
    after = visitor.get(PAGE).content.decode()

    assert "Créer mon adresse" in before
    assert "/echeances/flux/" in opened.content.decode()
    assert "webcal://" in opened.content.decode()
    assert "no-store" in opened["Cache-Control"]
    assert "/echeances/flux/" not in after
    assert "a ouvert un abonnement" in after


def test_the_page_revokes(as_user, facilitator):
    visitor = as_user(facilitator)
    visitor.post(f"{PAGE}ouvrir/")

    page = visitor.post(f"{PAGE}revoquer/", follow=True).content.decode()

    assert "L’adresse est révoquée" in page
    assert not CalendarFeed.objects.alive().exists()
    assert visitor.post(f"{PAGE}revoquer/").status_code == 302


def test_nobody_sees_the_subscription_of_a_colleague(facilitator, manager):
    _token(facilitator)

    assert not CalendarFeed.objects.visible_to(manager).exists()
    facilitator.membership = None
    assert not CalendarFeed.objects.visible_to(facilitator).exists()


def test_ten_lines_cost_no_more_questions_than_one(client, address, market):
    one = queries_of(client, address)
    MarketFactory.create_batch(9, plan=market.plan)

    assert queries_of(client, address) == one
