import json

import pytest
from django.core import mail
from django.core.management import call_command

from accounts.models import Mandate, User
from clauses.enums import DeclarationState, ProposalState, ProvisionKind
from clauses.management.demonstration import territory
from clauses.models import Clause, Declaration, Participant, Proposal
from procurement.enums import PlanState
from procurement.models import AwardedContract, Market, PracticeCard, PurchasePlan
from procurement.queries import benchmark
from structures.models import Structure


pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(capsys, db):
    call_command("load_demo", "--json")
    return json.loads(capsys.readouterr().out)


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


def test_the_letters_of_the_past_are_not_sent(loaded, django_capture_on_commit_callbacks):
    assert mail.outbox == []


def test_a_database_in_use_is_refused_in_words(capsys, stage):
    with pytest.raises(SystemExit) as stop:
        call_command("load_demo")

    assert stop.value.code == 2
    assert "contient déjà des données" in capsys.readouterr().err


def test_a_real_installation_is_refused_in_words(capsys, settings):
    settings.DEMONSTRATION = False

    with pytest.raises(SystemExit) as stop:
        call_command("load_demo")

    assert stop.value.code == 2
    assert not User.objects.exists()


def test_the_recycled_toys_are_a_reserved_lot_of_their_market(loaded):
    proposal = Proposal.objects.get(lot__title=territory.RECYCLED_TOYS)

    assert proposal.kind == ProvisionKind.RESERVED_SIAE
    assert proposal.lot.market.lots.count() == 2
