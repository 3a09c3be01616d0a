from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError

from accounts import audit
from accounts.enums import PERSONAL_PAYLOAD
from accounts.models import AuditEvent
from clauses.enums import ClauseState, ProposalState, ProvisionKind, RefusalReason
from clauses.models import Clause, DecisionLink
from clauses.services import clauses, decision, links
from clauses.services.decision import Decider, WordMissing
from clauses.tasks import announce_decision
from clauses.workflow import TransitionRefused
from tests.clauses.factories import MORNING, DecisionLinkFactory, ProposalFactory
from tests.clauses.reading import plain
from tests.procurement.factories import LotFactory, MarketFactory, PurchasePlanFactory


pytestmark = pytest.mark.django_db

NOON = MORNING + timedelta(days=3)
BY_LINK = Decider(user=None, name="Dominique Leroy", job_title="Cheffe de service")


@pytest.fixture(autouse=True)
def _that_day(time_machine):
    time_machine.move_to(MORNING, tick=False)


@pytest.fixture
def lot(stage):
    return LotFactory(market=MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer), lot=None))


@pytest.fixture
def proposal(stage, lot, facilitator):
    return ProposalFactory(
        lot=lot, office=stage.office, department=stage.department, sent=True, sent_by=facilitator
    )


@pytest.fixture
def signed_in(prescriber):
    return Decider(user=prescriber, name=str(prescriber), job_title="Responsable des espaces verts")


def accept(proposal, decider=BY_LINK, **more):
    return decision.accept(proposal=proposal, decider=decider, at=NOON, **more)


def refuse(proposal, decider=BY_LINK, reason=RefusalReason.TOO_LATE, **more):
    return decision.refuse(proposal=proposal, decider=decider, reason=reason, at=NOON, **more)


def ask_rework(proposal, decider=BY_LINK, comment="Le lot est trop petit", **more):
    return decision.ask_rework(proposal=proposal, decider=decider, comment=comment, at=NOON, **more)


ANSWERS = {
    accept: ProposalState.ACCEPTED,
    refuse: ProposalState.REFUSED,
    ask_rework: ProposalState.REWORK,
}


@pytest.mark.parametrize("state", ProposalState)
@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.__name__)
def test_only_an_awaited_answer_is_taken(answer, state):
    traits = {} if state == ProposalState.DRAFT else {state.value: True}
    proposal = ProposalFactory(**traits)

    if state == ProposalState.SENT:
        assert answer(proposal).state == ANSWERS[answer]
    else:
        with pytest.raises(TransitionRefused, match=f"« {state.label} »"):
            answer(proposal)
        proposal.refresh_from_db()
        assert proposal.state == state
        assert not AuditEvent.objects.exists()


def test_an_acceptance_is_signed_and_opens_the_clause(proposal, signed_in, prescriber):
    decided = accept(proposal, signed_in, comment="  Avec plaisir. ")

    decided.refresh_from_db()
    assert (decided.state, decided.decided_at, decided.decided_by) == ("accepted", NOON, prescriber)
    assert (decided.decider_name, decided.decider_job) == (str(prescriber), "Responsable des espaces verts")
    assert decided.decision_comment == "Avec plaisir."
    clause = Clause.objects.get()
    assert (clause.proposal, clause.lot, clause.office) == (proposal, proposal.lot, proposal.office)
    assert (clause.buyer, clause.department) == (proposal.lot.market.plan.buyer, proposal.department)
    assert (clause.kind, clause.hours_planned, clause.state) == (
        ProvisionKind.EXECUTION_CONDITION,
        proposal.hours_due,
        ClauseState.AWAITING_CONTRACT,
    )
    assert clause.created_at == NOON


def test_an_acceptance_is_told_on_the_proposal_and_on_the_clause(proposal, signed_in, prescriber):
    accept(proposal, signed_in)

    told, opened = audit.history(proposal).get(), audit.history(Clause.objects.get()).get()
    assert (told.actor_id, plain(told.sentence)) == (prescriber.pk, "a accepté la proposition (833 h)")
    assert (opened.actor_id, plain(opened.sentence)) == (
        prescriber.pk,
        "a fait de la proposition acceptée une clause (833 h)",
    )


def test_a_provision_without_hours_opens_a_clause_without_hours(stage):
    proposal = ProposalFactory(
        sent=True, kind=ProvisionKind.RESERVED_DISABILITY, rate=None, hours_due=None, office=stage.office
    )

    accept(proposal)

    assert Clause.objects.get().hours_planned is None
    assert audit.history(proposal).get().sentence == "a accepté la proposition (sans objectif d’heures)"


def test_a_refusal_keeps_its_reason_and_opens_nothing(proposal):
    decided = refuse(proposal, comment="Le marché part lundi.")

    decided.refresh_from_db()
    assert (decided.refusal_reason, decided.decision_comment) == ("too_late", "Le marché part lundi.")
    assert decided.decided_by is None
    event = audit.history(proposal).get()
    assert (event.actor, event.sentence) == (
        "Dominique Leroy",
        "a refusé la proposition : Calendrier trop serré",
    )
    assert not Clause.objects.exists()


def test_another_reason_must_be_explained(proposal):
    with pytest.raises(WordMissing, match="demande une précision"):
        refuse(proposal, reason=RefusalReason.OTHER, comment="  ")

    assert refuse(proposal, reason=RefusalReason.OTHER, comment="Régie directe").state == "refused"


def test_a_rework_says_what_to_change(proposal):
    with pytest.raises(WordMissing, match="ce que l’office devrait revoir"):
        ask_rework(proposal, comment=" ")

    ask_rework(proposal, comment="Le taux est trop haut pour un an.")

    event = audit.history(proposal).get()
    assert event.sentence == "a demandé de revoir la proposition : Le taux est trop haut pour un an."
    assert PERSONAL_PAYLOAD[event.kind] == ("comment",)


def test_an_answer_spends_its_link_and_closes_the_others(proposal):
    link, other = DecisionLinkFactory.create_batch(2, proposal=proposal)

    accept(proposal, link=link)

    moments = dict(DecisionLink.objects.values_list("pk", "used_at"))
    assert moments == {link.pk: NOON, other.pk: None}
    assert DecisionLink.objects.get(pk=other.pk).revoked_at == NOON


def test_an_answer_given_signed_in_closes_every_link(proposal, signed_in):
    DecisionLinkFactory.create_batch(2, proposal=proposal)

    refuse(proposal, signed_in)

    assert not DecisionLink.objects.unsettled().exists()


def test_the_second_of_two_recipients_is_told_that_an_answer_was_given(proposal):
    first, second = DecisionLinkFactory.create_batch(2, proposal=proposal)
    accept(proposal, link=first)

    with pytest.raises(links.ProposalAnswered, match="déjà été donnée"):
        refuse(proposal, link=second)

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.ACCEPTED
    assert Clause.objects.count() == 1


def test_the_same_link_answers_once(proposal):
    link = DecisionLinkFactory(proposal=proposal)
    refuse(proposal, link=link)

    with pytest.raises(links.LinkUsed, match="ne se donne qu’une fois"):
        accept(proposal, link=link)

    assert not Clause.objects.exists()


def test_a_link_that_expired_since_it_was_read_decides_nothing(proposal):
    link = DecisionLinkFactory(proposal=proposal, expires_at=MORNING + timedelta(days=1))

    with pytest.raises(links.LinkExpired):
        accept(proposal, link=link)

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.SENT


def test_the_link_of_one_proposal_does_not_answer_another(proposal):
    stranger = DecisionLinkFactory()

    with pytest.raises(DecisionLink.DoesNotExist):
        accept(proposal, link=stranger)


def test_a_decision_and_its_clause_are_one(proposal):
    accept(proposal)
    proposal.refresh_from_db()
    twin = ProposalFactory(sent=True)
    Clause.objects.filter(proposal=proposal).update(proposal=twin)

    # The clause of the twin exists already: the whole decision is undone with it.
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        accept(twin)

    twin.refresh_from_db()
    assert twin.state == ProposalState.SENT
    assert not audit.history(twin).exists()


def test_an_acceptance_may_be_told_without_an_account(proposal):
    accept(proposal)

    event = audit.history(Clause.objects.get()).get()
    assert (event.actor_id, event.actor) == (None, "Dominique Leroy")


def test_hours_in_words():
    assert clauses.hours_in_words(None) == "sans objectif d’heures"


def test_the_letter_leaves_only_once_the_decision_is_kept(proposal, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as later:
        accept(proposal)

    assert len(later) == 1
    assert mail.outbox == []


def test_an_answer_that_was_cancelled_meanwhile_is_not_told(proposal):
    announce_decision(proposal_id=proposal.pk)

    assert mail.outbox == []


def test_the_letter_reaches_the_sender_and_the_buyers_members(
    proposal, facilitator, manager, buyer, other_buyer, prescriber
):
    accept(proposal)

    announce_decision(proposal_id=proposal.pk)

    (letter,) = mail.outbox
    assert letter.to == [facilitator.email, buyer.email]


def test_the_office_itself_is_told_when_the_sender_has_left(proposal, facilitator):
    facilitator.membership.ended_at = MORNING
    facilitator.membership.save()
    proposal.office.email = "contact@office.example"
    proposal.office.save()
    refuse(proposal)

    announce_decision(proposal_id=proposal.pk)

    assert mail.outbox[0].to == ["contact@office.example"]


def test_nobody_is_written_to_when_nobody_is_left(proposal, facilitator):
    facilitator.is_active = False
    facilitator.save()
    refuse(proposal)

    announce_decision(proposal_id=proposal.pk)

    assert mail.outbox == []


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.__name__)
def test_the_letter_reads_well(answer, proposal, snapshot):
    answer(proposal, comment="Prévoir un lot plus petit & une visite.")
    proposal.department.name, proposal.lot.market.title = "Jardins", "Entretien\ndes espaces verts"
    proposal.department.save()
    proposal.lot.market.save()

    announce_decision(proposal_id=proposal.pk)

    letter = mail.outbox[0]
    address = proposal.get_absolute_url()
    assert address in letter.body
    assert f"{letter.subject}\n\n{letter.body}".replace(address, "/propositions/1/") == snapshot
