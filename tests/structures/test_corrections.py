from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from pytest_django.asserts import assertContains, assertNotContains

from accounts import audit
from structures import tasks
from structures.enums import CorrectionState
from structures.models import Correction
from structures.services import corrections, sourcing
from structures.workflow import CORRECTION_TRANSITIONS, CorrectionTransition, TransitionRefused
from tests.structures.factories import (
    ApproachFactory,
    ContactFactory,
    CorrectionFactory,
    NeedFactory,
    StructureFactory,
)


MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
FRIDAY = MONDAY + timedelta(days=4)
WORDS = {"name": "Ada", "comment": ""}


@pytest.fixture
def card(db):
    return StructureFactory(name="Atelier", website="https://vieux.example", headcount="12.50")


@pytest.fixture
def asked(card, stage, facilitator):
    return corrections.ask(
        structure=card, office=stage.office, email="a@x.example", by=facilitator, at=MONDAY
    )


def propose(asked, **values):
    return corrections.propose(correction=asked, values=values, at=FRIDAY, **WORDS)


def review(correction, by, accepted=(), refusal=""):
    return corrections.review(
        correction=correction, accepted=accepted, refusal=refusal, by=by, at=FRIDAY, on=FRIDAY.date()
    )


def test_the_letter_holds_the_link(asked, time_machine):
    time_machine.move_to(MONDAY, tick=False)
    tasks.ask_correction(asked.pk)
    (letter,) = mail.outbox
    assert letter.to == ["a@x.example"]
    assert f"/fiche/{asked.token}/" in letter.body


def test_a_second_link_replaces_the_first(asked, card, stage, facilitator):
    token = asked.token
    again = corrections.ask(
        structure=card, office=stage.office, email="b@x.example", by=facilitator, at=FRIDAY
    )
    assert list(Correction.objects.all()) == [again]
    with pytest.raises(corrections.CardLinkClosed, match="remplacé"):
        corrections.read(token=token)
    tasks.ask_correction(asked.pk)
    assert mail.outbox == []


def test_a_link_lasts_ninety_days(asked, time_machine):
    time_machine.move_to(MONDAY)
    token = asked.token
    time_machine.move_to(MONDAY + timedelta(days=91))
    with pytest.raises(corrections.CardLinkClosed, match="expiré"):
        corrections.read(token=token)


def test_nothing_shows_before_the_review(asked, card, facilitator):
    correction = propose(asked, website="https://neuf.example", name="Atelier", phone="0102030405")

    card.refresh_from_db()
    assert card.website == "https://vieux.example"
    # What is as the card says it is no change.
    assert corrections.differences(correction) == {
        "website": "https://neuf.example",
        "phone": "0102030405",
    }
    tasks.announce_correction(asked.pk)
    (letter,) = mail.outbox
    assert letter.to == [facilitator.email]
    assert correction.get_absolute_url() in letter.body


def test_what_is_accepted_is_written_and_the_card_verified(asked, card, facilitator):
    propose(asked, website="https://neuf.example", phone="0102030405", headcount="14.00")
    correction = Correction.objects.get(pk=asked.pk)
    with pytest.raises(corrections.CorrectionRefused, match="Dites pourquoi"):
        review(correction, facilitator, accepted=["website", "headcount"])

    review(correction, facilitator, accepted=["website", "headcount"], refusal="Numéro d’un autre site")

    card.refresh_from_db()
    assert (card.website, str(card.headcount), card.phone) == ("https://neuf.example", "14.00", "")
    assert card.verified_on == FRIDAY.date()
    assert card.corrected_fields == ["headcount", "website"]
    kinds = [event.kind for event in audit.history(card)]
    assert "correction_refused" in kinds
    tasks.tell_review(asked.pk)
    assert "Numéro d’un autre site" in mail.outbox[0].body


def test_a_card_said_to_be_right_is_verified(asked, card, facilitator):
    propose(asked)
    correction = Correction.objects.get(pk=asked.pk)
    review(correction, facilitator, refusal="sans objet")
    card.refresh_from_db()
    correction.refresh_from_db()
    assert (card.verified_on, correction.refusal) == (FRIDAY.date(), "")


def test_a_correction_refused_as_a_whole_verifies_nothing(asked, card, facilitator):
    propose(asked, name="Autre")
    review(asked, facilitator, refusal="Ce n’est pas elle")
    card.refresh_from_db()
    assert (card.name, card.verified_on) == ("Atelier", None)


def test_what_is_volunteered_replaces_what_was_and_tells_nobody_by_letter(card, stage, facilitator):
    for website in ("https://un.example", "https://deux.example"):
        corrections.volunteer(
            structure=card, office=stage.office, values={"website": website}, by=None, at=FRIDAY, **WORDS
        )
    correction = Correction.objects.get()
    assert correction.values == {"website": "https://deux.example"}
    review(correction, facilitator, accepted=["website"])
    assert mail.outbox == []


@pytest.mark.parametrize("state", CorrectionState)
@pytest.mark.parametrize("transition", CorrectionTransition)
def test_every_state_and_transition(transition, state, facilitator, card):
    correction = CorrectionFactory(
        structure=card, state=state,
        proposed_at=None if state == CorrectionState.ASKED else FRIDAY,
        reviewed_at=FRIDAY if state == CorrectionState.REVIEWED else None,
        reviewed_by=facilitator if state == CorrectionState.REVIEWED else None,
    )  # fmt: skip
    sources, target = CORRECTION_TRANSITIONS[transition]
    act = {
        CorrectionTransition.PROPOSE: lambda: propose(correction),
        CorrectionTransition.REVIEW: lambda: review(correction, facilitator),
    }[transition]

    if state in sources:
        assert act().state == target
    else:
        with pytest.raises(TransitionRefused):
            act()


@pytest.mark.parametrize(
    ("broken", "name"),
    [
        ({"state": CorrectionState.PROPOSED}, "correction_proposed_iff_dated"),
        ({"refusal": "Non"}, "correction_reviewed_iff_signed"),
        ({"recipient_email": ""}, "correction_asked_iff_addressed"),
    ],
)
def test_constraints(broken, name, db):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        CorrectionFactory(**broken)


class TestPages:
    @pytest.fixture(autouse=True)
    def _today(self, time_machine):
        time_machine.move_to(FRIDAY)

    def test_from_the_link_to_the_card(self, client, as_user, facilitator, card, stage):
        ContactFactory(structure=card, email="claire@x.example")
        visitor = as_user(facilitator)
        page = visitor.get(f"/structures/{card.pk}/faire-relire/")
        assert page.context["form"].initial["email"] == "claire@x.example"
        visitor.post(f"/structures/{card.pk}/faire-relire/", {"email": "claire@x.example"})
        correction = Correction.objects.get()

        link = f"/fiche/{correction.token}/"
        given = client.get(link).context["form"].initial | {
            "website": "https://neuf.example",
            "author": "Ada",
        }
        given = {name: value for name, value in given.items() if value is not None}
        assertContains(client.post(link, given, follow=True), "paraîtront une fois relues")

        assertContains(visitor.get("/structures/corrections/"), "Proposée le 05/03/2027 par Ada")
        assertContains(visitor.get(correction.get_absolute_url()), "https://neuf.example")
        answer = visitor.post(correction.get_absolute_url(), {"accepted": []})
        assertContains(answer, "Dites pourquoi", status_code=422)
        visitor.post(correction.get_absolute_url(), {"accepted": ["website"]})
        card.refresh_from_db()
        assert card.website == "https://neuf.example"
        assertContains(visitor.get(correction.get_absolute_url()), "Relue le 5 mars 2027")
        assertContains(visitor.get("/structures/corrections/"), "Demandées et relues")
        assertContains(client.get(link), "votre fiche est à jour")
        # A form kept open on a page that was reviewed meanwhile changes nothing.
        assertContains(client.post(link, given | {"name": "Autre"}), "votre fiche est à jour")

    def test_a_name_is_asked(self, client, stage):
        correction = CorrectionFactory(office=stage.office)
        answer = client.post(f"/fiche/{correction.token}/", {"name": "Atelier"})
        assert answer.status_code == 422
        correction.refresh_from_db()
        assert correction.state == CorrectionState.ASKED

    def test_the_link_of_a_need_opens_the_card(self, client, stage):
        need = NeedFactory(office=stage.office)
        approach = ApproachFactory(need=need)
        approach.structure.email = "a@x.example"
        approach.structure.save()
        sourcing.send(need=need, approaches=[approach], by=need.opened_by, at=FRIDAY)
        approach.refresh_from_db()
        link = f"/besoin/{approach.token}/fiche/"

        assertContains(client.get(f"/besoin/{approach.token}/"), "Relire la fiche")
        client.post(link, {"name": "Nouveau nom", "author": "Ada"})

        correction = Correction.objects.get()
        assert (correction.office, correction.values["name"]) == (stage.office, "Nouveau nom")
        page = client.get(link)
        assertContains(page, "Reçu le 5 mars 2027")
        assert page.context["form"].initial["name"] == "Nouveau nom"
        assertNotContains(page, "Se déconnecter")

    def test_a_correction_is_reviewed_where_it_was_asked(self, as_user, facilitator, stage):
        theirs = CorrectionFactory(proposed=True)
        for_all = CorrectionFactory(proposed=True, office=None, asked_at=None, asked_by=None)
        assert list(Correction.objects.visible_to(facilitator)) == [for_all]
        assert as_user(facilitator).get(theirs.get_absolute_url()).status_code == 404

    def test_one_asked_and_not_answered_is_shown_so(self, as_user, facilitator, stage):
        correction = CorrectionFactory(office=stage.office)
        assertContains(as_user(facilitator).get(correction.get_absolute_url()), "pas encore répondu")

    def test_the_list_asks_as_much_for_ten_as_for_one(
        self, as_user, facilitator, stage, django_assert_num_queries
    ):
        visitor = as_user(facilitator)
        CorrectionFactory(office=stage.office, proposed=True)
        visitor.get("/structures/corrections/")
        with django_assert_num_queries(5) as captured:
            visitor.get("/structures/corrections/")
        for _ in range(9):
            CorrectionFactory(office=stage.office, proposed=True)
        with django_assert_num_queries(len(captured)):
            visitor.get("/structures/corrections/")
