import json
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction

from accounts.models import User
from clauses.enums import DeclarationState, ProposalState, Verdict
from clauses.management.demonstration import territory
from clauses.management.synthetic.generation import generate
from clauses.management.synthetic.sizes import SIZES, Size
from clauses.models import Clause, Declaration, HourEntry, Proposal, Screening
from config.lib.siret import explain
from procurement.enums import PlanState
from procurement.models import Buyer, Lot, Market, PurchasePlan


pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
SMALL = Size(offices=1, buyers=22, lines=400, contracts=20, people=30, structures=15)


def test_a_small_territory_holds_every_situation():
    counts = generate(SMALL, 1, NOON)

    assert (counts["buyers"], counts["markets"]) == (22, 400)
    assert (counts["structures"], counts["contracts"], counts["participants"]) == (15, 20, 30)
    assert counts["hour_entries"] > 50
    assert set(PurchasePlan.objects.values_list("state", flat=True)) == set(PlanState)
    assert set(Screening.objects.values_list("verdict", flat=True)) == set(Verdict)
    assert set(Proposal.objects.values_list("state", flat=True)) == set(ProposalState)
    assert set(Declaration.objects.values_list("state", flat=True)) == {
        DeclarationState.SENT,
        DeclarationState.VALIDATED,
    }
    assert not Market.objects.filter(lots=None).exists()
    assert Lot.objects.filter(number__gt=1).exists()


def _drawn(seed):
    """What this seed makes, taken back at once."""
    with transaction.atomic():
        generate(SMALL._replace(lines=60), seed, NOON)
        lines = Market.objects.order_by("pk").values_list("reference", "title", "estimated_amount", "place")
        hours = HourEntry.objects.order_by("pk").values_list("hours_done", flat=True)
        found = list(lines), list(hours)
        transaction.set_rollback(True)
    return found


def test_the_same_seed_makes_the_same_territory_and_another_does_not():
    assert _drawn(1) == _drawn(1)
    assert _drawn(1) != _drawn(2)


def test_every_body_has_a_number_that_nobody_bears():
    generate(SMALL, 1, NOON)

    numbers = Buyer.objects.values_list("organisation__siret", flat=True)
    assert all(number.startswith("2999") and not explain(number) for number in numbers)
    assert len(set(numbers)) == SMALL.buyers


def test_no_contract_is_paid_more_hours_than_it_owes():
    generate(SMALL, 1, NOON)

    for clause in Clause.objects.with_hours().exclude(contract=None):
        assert 0 <= clause.hours_declared <= clause.hours_due, clause


def test_each_office_of_a_larger_territory_has_its_own_buyers():
    generate(SMALL._replace(offices=2, lines=50, contracts=2, people=4), 1, NOON)

    assert Buyer.objects.count() == 2 * SMALL.buyers
    assert Market.objects.count() == 100
    assert User.objects.filter(email__startswith="facilitatrice").count() == 2


def test_a_territory_without_a_line_has_no_contract():
    counts = generate(SMALL._replace(lines=0), 1, NOON)

    assert (counts["markets"], counts["contracts"], counts["participants"]) == (0, 0, 0)


def test_nobody_is_written_to(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        generate(SMALL._replace(lines=20), 1, NOON)

    assert mail.outbox == []


def test_sizes_grow():
    assert SIZES["town"].lines == 2_000
    assert SIZES["town"].structures < SIZES["region"].structures == 10_000
    assert SIZES["town"].offices < SIZES["region"].offices < SIZES["nation"].offices


@pytest.fixture
def small_town(monkeypatch):
    monkeypatch.setitem(SIZES, "town", SMALL._replace(lines=20))


def test_the_command_prints_its_counts(small_town, capsys):
    call_command("generate_territory", "town", "--seed", "3", "--json")

    counts = json.loads(capsys.readouterr().out)
    assert list(counts) == ["buyers", "markets", "structures", "contracts", "participants", "hour_entries"]
    assert counts["markets"] == 20


def test_the_command_says_who_can_come_in(small_town, capsys):
    call_command("generate_territory", "town")

    assert f"mot de passe {territory.PASSWORD}" in capsys.readouterr().out
    assert User.objects.get(email="facilitatrice@essai.example").check_password(territory.PASSWORD)


def test_the_published_password_opens_no_real_installation(small_town, capsys, settings):
    settings.DEMONSTRATION = False

    call_command("generate_territory", "town")

    assert "changepassword" in capsys.readouterr().out
    assert not User.objects.get(email="facilitatrice@essai.example").has_usable_password()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["village"], "Tailles connues : town, region, nation."),
        ([], "Tailles connues"),
        (["town", "--seed", "un"], "--seed un : un nombre entier est attendu."),
    ],
)
def test_arguments_that_cannot_be_used_are_refused_in_words(arguments, sentence, capsys):
    with pytest.raises(SystemExit) as stop:
        call_command("generate_territory", *arguments)

    assert stop.value.code == 2
    assert sentence in capsys.readouterr().err


def test_a_database_in_use_is_refused_in_words(stage, capsys):
    with pytest.raises(SystemExit) as stop:
        call_command("generate_territory", "town")

    assert stop.value.code == 2
    assert "contient déjà des données" in capsys.readouterr().err
