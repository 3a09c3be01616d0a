"""Letters are read by people before they change: their texts are kept beside this file."""

from datetime import date

import pytest
import time_machine

from clauses import notifications, tasks
from tests.clauses.factories import MORNING, DecisionLinkFactory, ProposalFactory


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    # The token of a link is made of the moment it was signed.
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def office(stage):
    stage.office.email, stage.office.phone = "contact@confluent.example", "01 00 00 00 00"
    stage.office.save()
    return stage.office


@pytest.fixture
def proposal(stage, office, facilitator):
    stage.department.name = "Espaces verts"
    stage.department.save()
    return ProposalFactory(
        pk=12,
        office=office,
        department=stage.department,
        lot__market__plan__buyer=stage.buyer,
        sent=True,
        sent_by=facilitator,
        answer_by_on=date(2026, 11, 30),
        explanation="Ce marché demande de la main-d’œuvre.",
    )


@pytest.fixture
def link(proposal):
    return DecisionLinkFactory(pk=7, proposal=proposal)


def test_a_link_asks_its_recipient(link, mailoutbox, snapshot):
    tasks.ask_by_link(link.pk)

    (letter,) = mailoutbox
    assert letter.to == ["dominique.leroy@rivebelle.example"]
    assert _read(letter, link.token) == snapshot


def test_a_changed_proposal_says_what_changed(link, mailoutbox, snapshot):
    link.proposal.changes = ["Taux d’insertion : 5 % → 4 %", "L’explication a été récrite."]
    link.proposal.save()

    tasks.ask_by_link(link.pk)

    assert _read(mailoutbox[0], link.token) == snapshot


def test_a_revoked_link_is_not_sent(link, mailoutbox):
    link.revoked_at = MORNING
    link.save()

    tasks.ask_by_link(link.pk)

    assert mailoutbox == []


def test_accounts_are_asked_to_sign_in(proposal, prescriber, mailoutbox, snapshot):
    tasks.ask_members(proposal.pk)

    (letter,) = mailoutbox
    assert letter.to == [prescriber.email]
    assert _read(letter) == snapshot


def test_the_contact_who_has_an_account_is_asked_once(proposal, prescriber, mailoutbox):
    proposal.department.contact_email = prescriber.email
    proposal.department.save()

    tasks.ask_members(proposal.pk)

    assert mailoutbox == []


def test_nobody_is_asked_once_the_answer_is_there(prescriber, stage, mailoutbox):
    tasks.ask_members(ProposalFactory(department=stage.department, accepted=True).pk)

    assert mailoutbox == []


def test_a_withdrawal_is_told_to_everybody_who_was_asked(link, prescriber, mailoutbox, snapshot):
    tasks.announce_withdrawal(link.proposal_id)

    (letter,) = mailoutbox
    assert letter.to == sorted(["dominique.leroy@rivebelle.example", prescriber.email])
    assert _read(letter) == snapshot


def test_a_subject_stays_on_one_line(proposal):
    proposal.lot.market.title = "Entretien\ndes espaces verts"

    assert "\n" not in notifications.decision_by_account(proposal).subject


def _read(letter, path=""):
    body = letter.body.replace(path, "…") if path else letter.body
    return f"{letter.subject}\n\n{body}"
