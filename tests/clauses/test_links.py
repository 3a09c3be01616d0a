from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError

from accounts import audit
from clauses.enums import ProposalState
from clauses.models import DecisionLink
from clauses.services import links
from config.lib import tokens
from tests.clauses.factories import MORNING, DecisionLinkFactory, ProposalFactory


pytestmark = pytest.mark.django_db

LATER = MORNING + timedelta(days=3)


@pytest.fixture(autouse=True)
def _that_day(time_machine):
    time_machine.move_to(MORNING, tick=False)


@pytest.fixture
def proposal(stage):
    return ProposalFactory(office=stage.office, department=stage.department, sent=True)


def test_a_link_lives_as_long_as_the_office_says(proposal):
    proposal.office.link_days = 10

    link = links.issue(
        proposal=proposal, recipient_name="Ana Roy", recipient_email="ana@rivebelle.example", at=MORNING
    )

    assert (link.created_at, link.expires_at) == (MORNING, MORNING + timedelta(days=10))
    assert links.read(token=link.token, at=MORNING + timedelta(days=9, hours=23)) == link


@pytest.mark.parametrize("token", ["", "lien-altere", "eyJsaW5rIjoxfQ:1w:abc"])
def test_an_altered_link_is_refused(token):
    with pytest.raises(links.LinkAltered, match="incomplet ou modifié"):
        links.read(token=token, at=LATER)


def test_a_link_signed_for_another_purpose_is_refused():
    link = DecisionLinkFactory()

    with pytest.raises(links.LinkAltered):
        links.read(token=tokens.sign("invitation", {"link": link.pk}), at=LATER)


def test_a_link_without_its_row_is_refused():
    link = DecisionLinkFactory()
    token = link.token
    link.delete()

    with pytest.raises(links.LinkAltered) as refusal:
        links.read(token=token, at=LATER)

    assert refusal.value.link is None


def test_an_expired_link_is_refused_at_the_very_moment():
    link = DecisionLinkFactory()

    with pytest.raises(links.LinkExpired, match="a expiré"):
        links.read(token=link.token, at=link.expires_at)


def test_a_signature_older_than_any_delay_is_refused(time_machine):
    link = DecisionLinkFactory(expires_at=datetime(2030, 1, 1, tzinfo=UTC))
    token = link.token
    time_machine.move_to(MORNING + timedelta(days=182))

    with pytest.raises(links.LinkExpired):
        links.read(token=token, at=LATER)


def test_a_revoked_link_is_refused():
    link = DecisionLinkFactory(revoked_at=LATER)

    with pytest.raises(links.LinkRevoked, match="annulé ou remplacé"):
        links.read(token=link.token, at=LATER)


def test_a_used_link_is_refused():
    link = DecisionLinkFactory(used_at=LATER)

    with pytest.raises(links.LinkUsed, match="a déjà servi"):
        links.read(token=link.token, at=LATER)


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        ("accepted", links.ProposalAnswered),
        ("refused", links.ProposalAnswered),
        ("rework", links.ProposalAnswered),
        ("withdrawn", links.ProposalTakenBack),
        ("draft", links.ProposalTakenBack),
    ],
)
def test_a_link_is_closed_once_the_proposal_awaits_no_answer(state, refusal):
    proposal = ProposalFactory() if state == "draft" else ProposalFactory(**{state: True})
    link = DecisionLinkFactory(proposal=proposal, revoked_at=LATER)

    with pytest.raises(refusal):
        links.read(token=link.token, at=LATER)


def test_revoking_is_told_in_the_log_without_the_address(facilitator):
    link = DecisionLinkFactory()

    links.revoke(link=link, by=facilitator, at=LATER)

    event = audit.history(link.proposal).get()
    assert event.sentence == "a annulé le lien envoyé à Dominique Leroy"
    assert "@" not in str(event.payload)
    assert DecisionLink.objects.get().revoked_at == LATER


def test_a_link_without_a_name_is_told_by_its_department(facilitator, proposal):
    link = DecisionLinkFactory(proposal=proposal, recipient_name="")

    links.revoke(link=link, by=facilitator, at=LATER)

    assert audit.history(proposal).get().sentence == f"a annulé le lien envoyé à {proposal.department}"


@pytest.mark.parametrize(
    ("settled", "refusal"), [("used_at", links.LinkUsed), ("revoked_at", links.LinkRevoked)]
)
def test_a_settled_link_is_not_revoked_again(facilitator, settled, refusal):
    link = DecisionLinkFactory(**{settled: MORNING})

    with pytest.raises(refusal):
        links.revoke(link=link, by=facilitator, at=LATER)

    assert not audit.history(link.proposal).exists()


def test_revoking_all_leaves_what_was_settled(proposal):
    used = DecisionLinkFactory(proposal=proposal, used_at=MORNING)
    revoked = DecisionLinkFactory(proposal=proposal, revoked_at=MORNING)
    open_link, stranger = DecisionLinkFactory(proposal=proposal), DecisionLinkFactory()

    links.revoke_all(proposal=proposal, at=LATER)

    moments = dict(DecisionLink.objects.values_list("pk", "revoked_at"))
    assert moments == {used.pk: None, revoked.pk: MORNING, open_link.pk: LATER, stranger.pk: None}


def test_only_the_first_reading_is_remembered():
    link = DecisionLinkFactory()

    links.open(link=link, at=MORNING)
    links.open(link=link, at=LATER)

    event = audit.history(link.proposal).get()
    assert DecisionLink.objects.get().opened_at == MORNING
    assert (event.actor, event.sentence) == ("Dominique Leroy", "a ouvert le lien de décision")
    assert DecisionLink.objects.get().proposal.state == ProposalState.SENT


def test_the_log_never_holds_the_address(proposal):
    link = DecisionLinkFactory(proposal=proposal, recipient_name="")

    links.open(link=link, at=LATER)

    assert audit.history(proposal).get().actor == str(proposal.department)


def test_a_link_is_spent_once():
    link = DecisionLinkFactory()

    links.use(link=link, at=LATER)

    with pytest.raises(links.LinkUsed):
        links.use(link=link, at=LATER)


def test_a_link_expires_after_it_was_made():
    with pytest.raises(IntegrityError, match="decision_link_expires_after_creation"):
        DecisionLinkFactory(expires_at=MORNING)


def test_a_link_is_not_both_used_and_revoked():
    with pytest.raises(IntegrityError, match="decision_link_used_or_revoked"):
        DecisionLinkFactory(used_at=MORNING, revoked_at=MORNING)


def test_a_link_is_seen_by_those_who_see_its_proposal(proposal, facilitator, other_facilitator):
    link = DecisionLinkFactory(proposal=proposal)

    assert list(DecisionLink.objects.visible_to(facilitator)) == [link]
    assert not DecisionLink.objects.visible_to(other_facilitator).exists()
    assert str(link).startswith("dominique.leroy@rivebelle.example")
