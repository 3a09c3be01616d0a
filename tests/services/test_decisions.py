"""Two people answer the same proposal at the same moment: only a database that locks rows can tell."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from clauses.enums import RefusalReason
from clauses.models import Clause, DecisionLink, Proposal
from clauses.services import decision, links
from clauses.services.decision import Decider
from clauses.workflow import TransitionRefused
from tests.clauses.factories import MORNING, DecisionLinkFactory, ProposalFactory


pytestmark = pytest.mark.services

NOON = MORNING + timedelta(days=3)
SOMEBODY = Decider(user=None, name="Dominique Leroy", job_title="Cheffe de service")


def test_of_two_answers_at_once_one_is_kept_and_the_other_told(servers):
    proposal = ProposalFactory(sent=True)
    first, second = DecisionLinkFactory.create_batch(2, proposal=proposal)

    outcomes = at_once(lambda: accept(proposal, first), lambda: refuse(proposal, second))

    proposal.refresh_from_db()
    assert sorted(map(type, outcomes), key=str) == [Proposal, links.ProposalAnswered]
    assert Clause.objects.count() == (proposal.state == "accepted")
    assert DecisionLink.objects.filter(used_at=NOON).count() == 1
    assert not DecisionLink.objects.unsettled().exists()


def test_one_link_pressed_twice_answers_once(servers):
    proposal = ProposalFactory(sent=True)
    link = DecisionLinkFactory(proposal=proposal)

    outcomes = at_once(lambda: accept(proposal, link), lambda: accept(proposal, link))

    assert sorted(map(type, outcomes), key=str) == [Proposal, links.LinkUsed]
    assert Clause.objects.count() == 1


def test_an_answer_signed_in_and_one_by_link_do_not_both_pass(servers):
    proposal = ProposalFactory(sent=True)
    link = DecisionLinkFactory(proposal=proposal)

    outcomes = at_once(lambda: accept(proposal), lambda: accept(proposal, link))

    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert len(refused) == 1
    assert isinstance(refused[0], (links.ProposalAnswered, TransitionRefused))
    assert Clause.objects.count() == 1


def accept(proposal, link=None):
    return decision.accept(proposal=proposal, decider=SOMEBODY, at=NOON, link=link)


def refuse(proposal, link):
    return decision.refuse(proposal=proposal, decider=SOMEBODY, reason=RefusalReason.COST, at=NOON, link=link)


def at_once(*answers):
    """What each gave or raised, once all of them were ready to start."""
    ready = Barrier(len(answers))

    def answer(give):
        ready.wait(timeout=10)
        try:
            return give()
        except (links.LinkClosed, TransitionRefused) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(answers)) as crowd:
        return list(crowd.map(answer, answers))
