"""The duty of the lines of plans, the pages that show it, the command that answers for it, its tables."""

import json
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNumQueries

from procurement.enums import DatePrecision, Nature, ThresholdEffect, ThresholdNature
from procurement.models import DutyException, LegalThreshold, Market
from procurement.queries import duties
from tests.procurement.factories import LotFactory, MarketFactory


pytestmark = pytest.mark.django_db

FACTS = ("--buyer-category=local", "--nature=services", "--amount=216000", "--launch=2026-08-22")


def run(*arguments):
    out = StringIO()
    call_command("check_duty", *arguments, stdout=out)
    return out.getvalue()


def assessed(market):
    rows = Market.objects.select_related("plan__buyer")
    return duties.of_one(rows.get(pk=market.pk))


def test_the_command_answers_with_one_object():
    answer = json.loads(run(*FACTS, "--json"))

    assert list(answer) == ["threshold", "formal_procedure", "dispensed", "social_duty", "exceptions", "text"]
    assert answer["threshold"] == "216000"
    assert (answer["formal_procedure"], answer["dispensed"], answer["social_duty"]) == (True, False, True)
    assert answer["exceptions"] == ["immediate_solution", "no_link", "restricts"]


def test_the_command_counts_the_months_of_short_works():
    works = ("--buyer-category=state", "--nature=works", "--amount=6000000", "--launch=2027-01-04")

    assert "short_works" in json.loads(run(*works, "--duration-months=5", "--json"))["exceptions"]
    assert "short_works" not in json.loads(run(*works, "--duration-months=6", "--json"))["exceptions"]


def test_the_command_speaks_to_people():
    assert "Motifs possibles : immediate_solution, no_link, restricts." in run(*FACTS)
    assert "Motifs" not in run(
        "--buyer-category=local", "--nature=services", "--amount=1", "--launch=2027-01-04"
    )


@pytest.mark.parametrize(
    ("argument", "sentence"),
    [
        ("--buyer-category=ville", "--buyer-category ville : l’une de ces valeurs est attendue"),
        (
            "--nature=unknown",
            "--nature unknown : l’une de ces valeurs est attendue : works, supplies, services",
        ),
        ("--amount=-1", "--amount -1 : un montant positif"),
        ("--amount=beaucoup", "--amount beaucoup : un montant positif"),
        ("--amount=1e400", "--amount 1e400 : un montant positif"),
        ("--launch=22/08/2026", "--launch 22/08/2026 : une date est attendue"),
        ("--duration-months=six", "--duration-months six : un nombre entier"),
    ],
)
def test_arguments_that_cannot_be_used_are_refused_with_a_sentence(argument, sentence, capsys):
    with pytest.raises(SystemExit) as ending:
        call_command("check_duty", *FACTS, argument)

    assert ending.value.code == 2
    assert sentence in capsys.readouterr().err


def test_the_larger_of_the_line_and_of_its_lots_counts():
    market = MarketFactory(estimated_amount=Decimal(200_000), lot=None)
    LotFactory(market=market, number=1, estimated_amount=Decimal(150_000))
    LotFactory(market=market, number=2, estimated_amount=Decimal(90_000))

    found = assessed(market)

    assert (found.amount, found.is_amount_of_lots) == (Decimal(240_000), True)
    assert found.duty.has_social_duty


def test_a_line_whose_amount_exceeds_its_lots_keeps_it():
    market = MarketFactory(estimated_amount=Decimal(300_000), lot=None)
    LotFactory(market=market, estimated_amount=Decimal(10_000))

    assert assessed(market).is_amount_of_lots is False


def test_a_zero_is_no_amount():
    assert assessed(MarketFactory(estimated_amount=Decimal(0))).duty.missing == ("le montant estimé",)


def test_without_a_launch_the_year_of_the_plan_is_looked_at_whole():
    assert assessed(MarketFactory(launch_on=None)).duty.has_social_duty
    early = MarketFactory(plan__year=2026, launch_on=None)
    assert assessed(early).duty.missing == ("la date de lancement",)


def test_a_quarter_is_judged_from_its_first_day_to_its_last():
    market = MarketFactory(launch_on=date(2026, 7, 1), launch_precision=DatePrecision.QUARTER)

    assert assessed(market).duty.has_social_duty is None


def test_fifty_lines_ask_as_much_of_the_database_as_one():
    for _ in range(3):
        MarketFactory(nature=Nature.UNKNOWN)
    rows = Market.objects.select_related("plan__buyer")

    with assertNumQueries(5):
        found = duties.of(rows)

    assert len(found) == 3


def test_the_page_of_a_market_says_what_the_law_asks(as_user, buyer, stage):
    market = MarketFactory(plan__buyer=stage.buyer)

    page = as_user(buyer).get(reverse("procurement:market_detail", args=[market.pk]))

    assertContains(page, "Ce que la loi demande")
    assertContains(page, "Obligatoire")
    assertContains(page, "L. 2112-2-1")


def test_two_thresholds_of_one_case_may_not_overlap():
    row = LegalThreshold(
        effect=ThresholdEffect.FORMAL,
        category="local",
        nature=ThresholdNature.SUPPLIES_SERVICES,
        amount=1,
        valid_from=date(2027, 6, 1),
        source="Essai",
    )

    with pytest.raises(ValidationError, match="Une autre ligne couvre déjà"):
        row.full_clean()
    row.valid_from = date(2028, 1, 1)
    row.full_clean()
    with pytest.raises(ValidationError, match="valid_from"):
        LegalThreshold(effect=ThresholdEffect.FORMAL, source="Essai").full_clean()


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("threshold_ends_after_its_start", {"valid_to": date(2029, 1, 1), "amount": 1}),
        ("threshold_has_an_amount", {"amount": None}),
    ],
)
def test_the_database_refuses_an_impossible_threshold(constraint, fields):
    facts = {"effect": "formal", "nature": "works", "valid_from": date(2030, 1, 1), "source": "Essai"}

    with pytest.raises(IntegrityError, match=constraint):
        LegalThreshold.objects.create(**facts | fields)


def test_the_database_refuses_a_motive_that_ends_before_it_starts():
    with pytest.raises(IntegrityError, match="duty_exception_ends_after_its_start"):
        DutyException.objects.create(
            code="no_link", wording="Essai", valid_from=date(2030, 1, 1), valid_to=date(2029, 1, 1)
        )


def test_the_tables_read_in_words():
    assert str(
        LegalThreshold.objects.get(effect="formal", category="local", valid_from=date(2026, 1, 1))
    ) == ("Procédure formalisée (seuil européen) – Fournitures et services (01/01/2026)")
    assert str(DutyException.objects.get(code="short_works")).startswith("Le marché porte sur des travaux")
