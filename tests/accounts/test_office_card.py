"""The card of an office: written and published by its manager, agreed to by each person it names."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import AuditEvent, CardContact, OfficeCard
from accounts.services import office_cards, retention
from accounts.services.office_cards import CardIncomplete
from tests.accounts.card_factories import CardContactFactory, OfficeCardFactory
from tests.accounts.factories import MandateFactory, OrganisationFactory


pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 10, 9, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
WORDS = {"presentation": "Qui nous sommes.", "offered": "", "address": "", "website": ""}


@pytest.fixture
def card(stage):
    stage.office.email = "contact@office.example"
    stage.office.save(update_fields=["email"])
    return OfficeCardFactory(office=stage.office)


@pytest.fixture
def contact(card, facilitator):
    return CardContactFactory(card=card, membership=facilitator.membership)


@pytest.fixture
def published(card, manager):
    return office_cards.publish(card=card, by=manager, at=AT)


def kinds_of(office):
    return list(audit.history(office).values_list("kind", flat=True))


def read(client, card):
    return client.get(f"/offices/{card.slug}/")


def test_a_card_is_written_with_an_address_of_its_own(stage, manager):
    card = office_cards.write(office=stage.office, values=WORDS, by=manager, at=AT)
    namesake = office_cards.write(office=MandateFactory().office, values=WORDS, by=manager, at=AT)

    assert (card.slug, card.is_published, str(card)) == (
        "office-du-confluent",
        False,
        "Carte de Office du Confluent",
    )
    assert namesake.slug == f"office-du-confluent-{namesake.pk}"
    assert kinds_of(stage.office) == [AuditKind.OFFICE_CARD_WRITTEN]


def test_the_same_words_change_nothing(card, manager):
    words = {name: getattr(card, name) for name in office_cards.OWN}

    office_cards.write(office=card.office, values=words, by=manager, at=AT)
    office_cards.write(office=card.office, values=words | {"address": "Créteil"}, by=manager, at=AT)

    assert kinds_of(card.office) == [AuditKind.OFFICE_CARD_WRITTEN]
    assert audit.history(card.office).get().payload["fields"] == "adresse postale"


def test_a_card_is_published_and_withdrawn(card, manager):
    for _ in range(2):
        office_cards.publish(card=card, by=manager, at=AT)
    assert OfficeCard.objects.published().get().published_by == manager
    for _ in range(2):
        office_cards.withdraw(card=card, by=manager, at=LATER)

    card.refresh_from_db()
    assert (card.is_published, card.published_by, card.changed_at) == (False, None, LATER)
    assert kinds_of(card.office) == [AuditKind.OFFICE_CARD_WITHDRAWN, AuditKind.OFFICE_CARD_PUBLISHED]


def test_a_card_that_reaches_nobody_is_not_published(stage, manager):
    with pytest.raises(CardIncomplete, match="une adresse ou un téléphone"):
        office_cards.publish(card=OfficeCardFactory(office=stage.office), by=manager, at=AT)


def test_only_what_the_person_agreed_to_is_published(card, contact, facilitator):
    assert not CardContact.objects.agreed().exists()

    for _ in range(2):
        office_cards.agree(contact=contact, by=facilitator, at=AT)
    assert CardContact.objects.agreed().get() == contact
    for _ in range(2):
        office_cards.retract(contact=contact, by=facilitator, at=LATER)

    assert not CardContact.objects.agreed().exists()
    assert kinds_of(card.office) == [AuditKind.CARD_CONTACT_RETRACTED, AuditKind.CARD_CONTACT_AGREED]


def test_other_coordinates_ask_for_a_new_agreement(card, contact, facilitator, manager, stage):
    office_cards.agree(contact=contact, by=facilitator, at=AT)
    same = {name: getattr(contact, name) for name in office_cards.COORDINATES}
    told = {"card": card, "membership": facilitator.membership, "by": manager, "at": LATER}

    kept = office_cards.set_contact(values=same, buyers=[stage.buyer.organisation], **told)
    assert kept.agreed_at == AT
    asked = office_cards.set_contact(values=same | {"phone": "01"}, buyers=[], **told)

    assert (asked.agreed_at, asked.buyers.count()) == (None, 0)
    card.refresh_from_db()
    assert card.changed_at == LATER


def test_who_left_is_published_no_more(contact, facilitator):
    office_cards.agree(contact=contact, by=facilitator, at=AT)

    facilitator.membership.ended_at = LATER
    facilitator.membership.save(update_fields=["ended_at"])

    assert not CardContact.objects.agreed().exists()


def test_who_is_forgotten_leaves_the_card_and_its_log(card, facilitator, manager):
    values = {"function": "", "email": "pro@office.example", "phone": ""}
    office_cards.set_contact(
        card=card, membership=facilitator.membership, values=values, buyers=[], by=manager, at=AT
    )

    retention.forget_person(user=facilitator, by=None, at=LATER)

    assert not CardContact.objects.exists()
    assert AuditEvent.objects.get(kind=AuditKind.CARD_CONTACT_SET).payload == {}


def test_the_manager_sees_all_contacts_and_a_person_their_own(contact, manager, facilitator, buyer, card):
    CardContactFactory(card=card)

    seen = [CardContact.objects.visible_to(user).count() for user in (manager, facilitator, buyer)]

    assert seen == [2, 1, 0]
    assert [OfficeCard.objects.visible_to(user).count() for user in (manager, facilitator, buyer)] == [
        1,
        1,
        0,
    ]


def test_a_card_and_a_contact_are_refused_by_the_database(card, contact):
    with pytest.raises(IntegrityError, match="office_card_published_iff_signed"), transaction.atomic():
        OfficeCard.objects.update(published_at=AT)
    with pytest.raises(IntegrityError, match="card_contact_can_be_reached"), transaction.atomic():
        CardContact.objects.update(email="", phone="")


def test_anybody_reads_a_published_card(client, published, contact, facilitator, stage):
    office_cards.agree(contact=contact, by=facilitator, at=LATER)
    contact.buyers.add(stage.buyer.organisation)
    CardContactFactory(card=published, email="secret@office.example", phone="99")

    answer = read(client, published)

    page = answer.content.decode()
    assert contact.email in page
    assert f"{facilitator}" in page
    assert f"{stage.buyer}" in page
    assert "<li>Chercher une structure</li>" in page
    assert "secret@office.example" not in page
    assert "Annuaire national des facilitateurs" in page
    assert "unea.fr" in page


def test_the_public_page_is_kept_by_caches_and_says_nothing_of_its_reader(client, as_user, published, buyer):
    answer = read(client, published)
    signed_in = read(as_user(buyer), published)

    assert (answer["Cache-Control"], answer["Last-Modified"]) == (
        "public, max-age=300",
        "Wed, 10 Mar 2027 09:00:00 GMT",
    )
    assert signed_in.content == answer.content
    assert not answer.cookies
    assert "csrf" not in answer.content.decode()
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert client.post(f"/offices/{published.slug}/").status_code == 405


def test_a_private_card_is_read_by_its_manager_only(client, as_user, card, manager, facilitator):
    preview = read(as_user(manager), card)

    assert (read(client, card).status_code, read(as_user(facilitator), card).status_code) == (404, 404)
    assert "Aperçu" in preview.content.decode()
    assert "no-store" in preview["Cache-Control"]
    assert preview["X-Robots-Tag"] == "noindex, nofollow"


def test_a_buyer_without_a_contact_is_told_to_write_to_the_office(client, published, stage):
    page = read(client, published).content.decode()

    assert f"{stage.buyer}" in page
    assert "l’office</span>" in page
    assert "contact@office.example" in page


def test_one_buyer_or_ten_ask_as_much(client, published, contact, stage, django_assert_num_queries):
    contact.agreed_at = AT
    contact.save(update_fields=["agreed_at"])
    with django_assert_num_queries(6):
        read(client, published)
    for _ in range(9):
        partner = OrganisationFactory(kind="buyer")
        MandateFactory(office=stage.office, partner=partner)
        contact.buyers.add(partner)

    with django_assert_num_queries(6):
        read(client, published)


def test_the_manager_writes_publishes_and_withdraws(as_user, manager, stage):
    visitor = as_user(manager)

    first = visitor.get("/reglages/carte/").content.decode()
    wrong = visitor.post("/reglages/carte/", WORDS | {"website": "pas une adresse"})
    visitor.post("/reglages/carte/", WORDS)
    refused = visitor.post("/reglages/carte/publier/", follow=True).content.decode()
    stage.office.phone = "01 02 03 04 05"
    stage.office.save(update_fields=["phone"])
    published = visitor.post("/reglages/carte/publier/", follow=True).content.decode()
    withdrawn = visitor.post("/reglages/carte/retirer/", follow=True).content.decode()

    assert "Écrivez d’abord qui vous êtes" in first
    assert wrong.status_code == 422
    assert "une adresse ou un téléphone" in refused
    assert "tout le monde peut la lire" in published
    assert "n’est plus publique" in withdrawn


def test_a_contact_is_proposed_agreed_and_removed(as_user, manager, facilitator, card, stage):
    head, colleague = as_user(manager), as_user(facilitator)
    address = f"/reglages/carte/contacts/{facilitator.membership.pk}/"
    typed = {"function": "Facilitatrice", "email": "f@office.example", "buyers": [stage.buyer.pk]}

    form = head.get(address).content.decode()
    unreachable = head.post(address, {"function": "Facilitatrice"})
    head.post(address, typed)
    waiting = head.get("/reglages/carte/").content.decode()
    recalled = head.get(address).content.decode()
    shown = colleague.get("/compte/carte/").content.decode()
    todo = colleague.get("/").content.decode()
    agreed = colleague.post("/compte/carte/", {"agree": ""}, follow=True).content.decode()
    profile = colleague.get("/compte/").content.decode()
    retracted = colleague.post("/compte/carte/", {"retract": ""}, follow=True).content.decode()
    removed = head.post(f"{address}retirer/", follow=True).content.decode()

    assert facilitator.email in form
    assert (unreachable.status_code, "adresse ou un téléphone" in unreachable.content.decode()) == (422, True)
    assert "Attend son accord" in waiting
    assert "checked" in recalled
    assert "f@office.example" in shown
    assert "Coordonnées à accepter" in todo
    assert "Publiées avec votre accord" in agreed
    assert "/compte/carte/" in profile
    assert "Attendent votre accord" in retracted
    assert "n’est plus sur la carte" in removed
    assert not CardContact.objects.exists()
