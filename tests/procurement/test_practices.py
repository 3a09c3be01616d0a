"""Practice cards: from whom, to whom, how they live."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from pytest_django.asserts import assertContains, assertNotContains

from accounts import audit
from accounts.models import Mandate
from procurement.enums import PracticeKind, PracticeState
from procurement.models import Family, PracticeCard
from procurement.services import practices
from procurement.workflow import PRACTICE_TRANSITIONS, PracticeTransition, TransitionRefused
from tests.accounts.factories import UserFactory
from tests.procurement.factories import (
    AwardedContractFactory,
    MarketFactory,
    PracticeCardFactory,
    PurchasePlanFactory,
)


AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
LIST = "/fiches/"
FILLED = {
    "title": "Mise sous pli de 1 200 enveloppes", "buyer_name": "Ville de Rivebelle", "year": "2026",
    "kind": "direct", "price_unit": "à l’enveloppe", "lessons": "Commander trois semaines avant.",
    "contact_name": "Claire Exemple", "contact_email": "claire@exemple.fr",
}  # fmt: skip

VERBS = {
    PracticeTransition.PUBLISH: lambda card, by: practices.publish(card=card, by=by, at=AT),
    PracticeTransition.WITHDRAW: lambda card, by: practices.withdraw(card=card, by=by),
}


@pytest.mark.parametrize("transition", PracticeTransition)
@pytest.mark.parametrize("state", PracticeState)
def test_every_transition_from_every_state(stage, facilitator, transition, state):
    dated = None if state == PracticeState.DRAFT else AT
    card = PracticeCardFactory(office=stage.office, state=state, published_at=dated)
    sources, target = PRACTICE_TRANSITIONS[transition]

    if state in sources:
        assert VERBS[transition](card, facilitator).state == target
    else:
        with pytest.raises(TransitionRefused):
            VERBS[transition](card, facilitator)


def test_a_buyer_writes_from_a_market_and_publishes_for_the_circle(stage, buyer, facilitator, as_user):
    market = MarketFactory(
        plan=PurchasePlanFactory(buyer=stage.buyer), family=Family.objects.get(code="mise-sous-pli")
    )
    form = as_user(buyer).get(f"{LIST}ecrire/?marche={market.pk}")
    sent = as_user(buyer).post(f"{LIST}ecrire/?marche={market.pk}", FILLED)

    card = PracticeCard.objects.get()
    assertContains(form, market.title)
    assert sent.url == card.get_absolute_url()
    assert (card.office, card.author, card.market) == (stage.office, stage.buyer.organisation, market)
    assert card.kind == PracticeKind.DIRECT
    assert as_user(facilitator).get(card.get_absolute_url()).status_code == 404

    as_user(buyer).post(f"{card.get_absolute_url()}publier/")

    page = as_user(facilitator).get(card.get_absolute_url())
    assertContains(page, "Claire Exemple")
    assertNotContains(page, "Modifier</a>")
    assert [event.kind for event in audit.history(card)] == ["practice_published", "practice_written"]


def test_a_card_is_prefilled_from_a_published_contract(facilitator, as_user):
    contract = AwardedContractFactory(clause=True, is_reserved=True, offers=3)
    bare = AwardedContractFactory(notified_on=None, duration_months=None, cpv_code="")

    page = as_user(facilitator).get(f"{LIST}ecrire/?publie={contract.pk}")

    assertContains(page, contract.title)
    assertContains(page, "3 offres reçues")
    assert page.context["form"].initial["kind"] == PracticeKind.RESERVED
    assert as_user(facilitator).get(f"{LIST}ecrire/?publie={bare.pk}").status_code == 200


@pytest.mark.parametrize("query", ["marche=x", "publie=x", "marche=999999", "publie=999999"])
def test_an_unknown_source_does_not_exist(facilitator, as_user, query):
    assert as_user(facilitator).get(f"{LIST}ecrire/?{query}").status_code == 404


def test_the_market_of_another_is_no_source(facilitator, as_user):
    market = MarketFactory()

    assert as_user(facilitator).get(f"{LIST}ecrire/?marche={market.pk}").status_code == 404


def test_an_unfinished_card_says_what_is_missing(facilitator, as_user):
    page = as_user(facilitator).post(f"{LIST}ecrire/", FILLED | {"lessons": "", "year": "26"})

    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"lessons", "year"}
    assert not PracticeCard.objects.exists()


def test_a_buyer_that_no_office_serves_is_told(stage, buyer, as_user):
    Mandate.objects.filter(partner=stage.buyer.organisation).delete()

    page = as_user(buyer).post(f"{LIST}ecrire/", FILLED)

    assert page.status_code == 422
    assertContains(page, "Aucun office", status_code=422)


def test_a_person_without_a_role_writes_nothing(db):
    with pytest.raises(practices.NoOffice):
        practices.write(values={}, by=UserFactory())


def test_a_change_is_told_without_the_words_of_people(stage, facilitator, as_user):
    card = PracticeCardFactory(office=stage.office)

    page = as_user(facilitator).get(f"{card.get_absolute_url()}modifier/")
    as_user(facilitator).post(f"{card.get_absolute_url()}modifier/", FILLED)
    as_user(facilitator).post(f"{card.get_absolute_url()}modifier/", FILLED)

    card.refresh_from_db()
    assertContains(page, "Modifier la fiche")
    assert card.title == FILLED["title"]
    assert "enveloppes" in card.search_text
    event = audit.history(card).get()
    assert "personne à joindre" in event.sentence
    assert "Claire" not in event.sentence


def test_a_refused_verb_is_said(stage, facilitator, as_user):
    card = PracticeCardFactory(office=stage.office)
    client = as_user(facilitator)

    again = client.post(f"{card.get_absolute_url()}publier/", follow=True)
    client.post(f"{card.get_absolute_url()}retirer/")
    withdrawn = client.post(f"{card.get_absolute_url()}retirer/", follow=True)

    assertContains(again, "n’est pas possible")
    assertContains(withdrawn, "n’est pas possible")


def test_a_shared_card_is_read_elsewhere_without_the_person(stage, other_facilitator, other_buyer, as_user):
    own = PracticeCardFactory(office=stage.office, title="Pour nous")
    shared = PracticeCardFactory(
        office=stage.office, title="Pour tous", is_shared=True, contact_name="Claire Exemple"
    )
    PracticeCardFactory(office=stage.office, title="Pas encore", is_shared=True, draft=True)

    for stranger in (other_facilitator, other_buyer):
        page = as_user(stranger).get(LIST)
        assertContains(page, "Pour tous")
        assertNotContains(page, own.title)
        assertNotContains(page, "Pas encore")
        assertNotContains(as_user(stranger).get(shared.get_absolute_url()), "Claire Exemple")


def test_the_list_is_narrowed(stage, facilitator, as_user):
    PracticeCardFactory(office=stage.office)
    PracticeCardFactory(office=stage.office, title="Enveloppes", kind=PracticeKind.DIRECT)

    by_word = as_user(facilitator).get(LIST, {"q": "jouets"})
    by_kind = as_user(facilitator).get(LIST, {"kind": "direct"})
    nothing = as_user(facilitator).get(LIST, {"q": "zzz"})

    assert [card.title for card in by_word.context["page"]] == ["Jouets recyclés des ludothèques"]
    assert [card.title for card in by_kind.context["page"]] == ["Enveloppes"]
    assertContains(nothing, "Effacer les critères")


def test_an_empty_list_says_what_to_do(buyer, as_user):
    assertContains(as_user(buyer).get(LIST), "Aucune fiche n’est encore écrite")


def test_cards_are_shown_beside_a_market_that_is_alike(stage, facilitator, as_user):
    PracticeCardFactory(office=stage.office)
    PracticeCardFactory(
        office=stage.office, title="Par la famille", family=Family.objects.get(code="jeux-jouets")
    )
    PracticeCardFactory(office=stage.office, title="Par le code", cpv_code="37527000")
    PracticeCardFactory(office=stage.office, title="Autre chose", lessons="Rien à voir")
    market = MarketFactory(
        plan=PurchasePlanFactory(buyer=stage.buyer),
        title="Achat de jouets",
        cpv_code="37520000",
        family=Family.objects.get(code="jeux-jouets"),
    )

    page = as_user(facilitator).get(f"/marches/{market.pk}/comparables/")

    for title in ("Jouets recyclés", "Par la famille", "Par le code"):
        assertContains(page, title)
    assertNotContains(page, "Autre chose")


@pytest.mark.parametrize("wrong", [{"published_at": None}, {"cpv_code": "37"}, {"state": "draft"}])
def test_the_database_refuses_what_contradicts_itself(stage, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        PracticeCardFactory(office=stage.office, **wrong)
