"""The demonstration as it is loaded, once for all these tests: they read, and change nothing."""

import json
from contextlib import redirect_stdout
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.test import TestCase

from accounts.models import Mandate, User
from clauses.enums import DeclarationState, ProposalState, ProvisionKind
from clauses.management.demonstration import territory
from clauses.models import Clause, Declaration, Participant, Proposal
from procurement.enums import PlanState
from procurement.models import AwardedContract, Market, PracticeCard, PurchasePlan
from procurement.queries import benchmark
from structures.models import Structure


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker):
    """What the command printed, and the letters that left once all was written."""
    mail.outbox = []
    with django_db_blocker.unblock(), transaction.atomic():
        with redirect_stdout(StringIO()) as printed, TestCase.captureOnCommitCallbacks(execute=True):
            call_command("load_demo", "--json")
        yield json.loads(printed.getvalue()), list(mail.outbox)
        transaction.set_rollback(True)


@pytest.fixture
def loaded(demonstration):
    return demonstration[0]


def test_the_territory_is_the_one_of_the_interview(loaded):
    assert loaded["buyers"] == len(territory.TOWNS) + 1
    assert Market.objects.filter(plan__buyer__organisation__name=territory.STATE_BUYER).count() == 92
    assert Structure.objects.exclude(source="Démonstration").count() == 126
    assert set(PurchasePlan.objects.values_list("state", flat=True)) == set(PlanState)
    assert set(Declaration.objects.values_list("state", flat=True)) == set(DeclarationState)
    assert set(Proposal.objects.values_list("state", flat=True)) >= set(ProposalState) - {
        ProposalState.WITHDRAWN
    }
    assert Participant.objects.count() == 15


def test_every_account_of_the_demonstration_opens(loaded):
    for account in territory.ACCOUNTS:
        user = User.objects.get(email=account.email)
        assert user.check_password(territory.PASSWORD)
        assert user.memberships.in_force().get().role == account.role


def test_the_hospital_works_with_two_offices(loaded):
    assert Mandate.objects.in_force().filter(partner__name=territory.HOSPITAL).count() == 2


def test_other_buyers_have_published_and_colleagues_have_written(loaded):
    cleaning = benchmark.shares(["77", "90"])

    assert AwardedContract.objects.filter(issues=[]).count() == AwardedContract.objects.count() >= 40
    assert all(share.is_telling for share in cleaning.values())
    assert {card.price_unit for card in PracticeCard.objects.filter(state="published")} > {"au kilo"}


def test_no_clause_is_overpaid(loaded):
    for clause in Clause.objects.with_hours().exclude(contract=None):
        assert clause.hours_declared <= clause.hours_due or not clause.hours_planned, clause


def test_the_letters_of_the_past_are_not_sent(demonstration):
    assert demonstration[1] == []


def test_the_recycled_toys_are_a_reserved_lot_of_their_market(loaded):
    proposal = Proposal.objects.get(lot__title=territory.RECYCLED_TOYS)

    assert proposal.kind == ProvisionKind.RESERVED_SIAE
    assert proposal.lot.market.lots.count() == 2


def test_every_structure_bears_a_number_that_could_be_true(loaded):
    assert {len(siret) for siret in Structure.objects.values_list("siret", flat=True)} == {14}
    assert not Structure.objects.filter(source="Démonstration", siret_is_valid=False).exists()
