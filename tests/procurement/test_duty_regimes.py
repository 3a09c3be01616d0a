"""Social and other specific services, defence markets: other thresholds, another duty."""

import json
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError
from django.urls import reverse

from procurement.enums import BuyerCategory, Certainty, Nature, Regime
from procurement.models import Market, SpecificService
from procurement.queries import duties
from procurement.rules.duty import Need, judge, natures_of
from tests.procurement.factories import MarketFactory


LOCAL, STATE, ENTITY = BuyerCategory.LOCAL, BuyerCategory.STATE, BuyerCategory.ENTITY
WORKS, SERVICES, SUPPLIES, UNKNOWN = Nature.WORKS, Nature.SERVICES, Nature.SUPPLIES, Nature.UNKNOWN
SPECIFIC, DEFENCE = Regime.SPECIFIC, Regime.DEFENCE
GUARDS, CLEANING = "79713000", "90911200"

pytestmark = pytest.mark.django_db


def asked(category, nature, regime, amount, launch):
    days = (date.fromisoformat(launch),)
    return judge(Need(category, natures_of(nature, regime), (Decimal(amount),), days), duties.law())


# category, nature, regime, amount, launch → threshold, formal, dispensed, social duty
CASES = [
    (LOCAL, SERVICES, SPECIFIC, "749999.99", "2026-09-01", "750000", False, False, False),
    (LOCAL, SERVICES, SPECIFIC, "750000", "2026-09-01", "750000", False, False, True),
    (STATE, SERVICES, SPECIFIC, "750000", "2026-08-21", "750000", False, False, False),
    (ENTITY, SERVICES, SPECIFIC, "999999.99", "2026-09-01", "1000000", False, False, False),
    (ENTITY, UNKNOWN, SPECIFIC, "1000000", "2026-09-01", "1000000", False, False, True),
    (LOCAL, SERVICES, SPECIFIC, "59999.99", "2026-04-01", "750000", False, True, False),
    (LOCAL, SUPPLIES, SPECIFIC, "216000", "2026-09-01", "216000", True, False, True),
    (STATE, SERVICES, DEFENCE, "431999.99", "2026-09-01", "432000", False, False, False),
    (STATE, SUPPLIES, DEFENCE, "432000", "2026-09-01", "432000", True, False, False),
    (STATE, SUPPLIES, DEFENCE, "443000", "2025-09-01", "443000", True, False, False),
    (STATE, WORKS, DEFENCE, "5404000", "2026-09-01", "5404000", True, False, False),
    (STATE, WORKS, DEFENCE, "99999.99", "2026-09-01", "5404000", False, True, False),
    (STATE, UNKNOWN, DEFENCE, "6000000", "2026-09-01", None, True, False, False),
]


@pytest.mark.parametrize(
    (
        "category",
        "nature",
        "regime",
        "amount",
        "launch",
        "threshold",
        "is_formal",
        "is_dispensed",
        "has_duty",
    ),
    CASES,
)
def test_each_regime_has_its_threshold(
    category, nature, regime, amount, launch, threshold, is_formal, is_dispensed, has_duty
):
    duty = asked(category, nature, regime, amount, launch)

    assert duty.threshold == (None if threshold is None else Decimal(threshold))
    assert (duty.is_formal, duty.is_dispensed, duty.has_social_duty) == (is_formal, is_dispensed, has_duty)


def test_the_sentences_say_which_regime_speaks():
    assert "adaptée quel que soit le montant" in asked(LOCAL, SERVICES, SPECIFIC, "750000", "2027-01-04").text
    assert "échappent à l’obligation" in asked(STATE, SERVICES, DEFENCE, "432000", "2027-01-04").text


def assessed(**facts):
    market = MarketFactory(**{"nature": SERVICES, "estimated_amount": Decimal(500_000)} | facts)
    return duties.of_one(Market.objects.select_related("plan__buyer").get(pk=market.pk)).duty


@pytest.mark.parametrize(
    ("facts", "has_duty"),
    [
        ({}, True),
        ({"cpv_code": CLEANING}, True),
        ({"cpv_code": GUARDS}, False),
        ({"cpv_code": GUARDS, "specific_service": Certainty.NO}, True),
        ({"cpv_code": GUARDS, "nature": SUPPLIES}, True),
        ({"cpv_code": GUARDS, "launch_on": None}, False),
        ({"cpv_code": CLEANING, "specific_service": Certainty.YES}, False),
        ({"cpv_code": CLEANING, "defence": Certainty.YES}, False),
        ({"cpv_code": CLEANING, "defence": Certainty.NO}, True),
    ],
)
def test_what_the_buyer_says_comes_before_what_its_code_tells(facts, has_duty):
    assert assessed(**facts).has_social_duty is has_duty


@pytest.mark.parametrize(
    ("ends_on", "launch_on", "has_duty"),
    [
        (date(2027, 1, 1), date(2027, 3, 1), True),
        (date(2027, 6, 1), date(2027, 3, 1), False),
        (date(2027, 1, 1), None, True),
    ],
)  # fmt: skip
def test_the_list_in_force_on_the_day_of_the_launch_counts(ends_on, launch_on, has_duty):
    SpecificService.objects.update(valid_to=ends_on)

    assert assessed(cpv_code=GUARDS, launch_on=launch_on).has_social_duty is has_duty


def test_every_range_of_the_list_is_in_order_and_sourced():
    rows = SpecificService.objects.order_by("cpv_from")

    assert rows.count() == 24
    for row in rows:
        row.full_clean()
        assert row.is_to_confirm
    assert str(rows.get(cpv_from="80000000")) == "Enseignement et formation (80000000 – 80660000)"


def test_a_range_is_refused_when_it_runs_backwards_or_is_no_code():
    row = SpecificService(
        label="Essai", cpv_from="8", cpv_to="70000000", valid_from=date(2027, 1, 1), source="Essai"
    )

    with pytest.raises(ValidationError, match="compte 8 chiffres"):
        row.full_clean()
    row.cpv_from = "80000000"
    with pytest.raises(IntegrityError, match="specific_service_range_is_in_order"):
        row.save()


def run(*arguments):
    out = StringIO()
    facts = (
        "--buyer-category=local",
        "--nature=services",
        "--amount=500000",
        "--launch=2026-09-01",
        "--json",
    )
    call_command("check_duty", *facts, *arguments, stdout=out)
    return json.loads(out.getvalue())


def test_the_command_knows_the_regimes():
    assert (run()["threshold"], run()["social_duty"]) == ("216000", True)
    assert (run("--specific-service")["threshold"], run("--specific-service")["social_duty"]) == (
        "750000",
        False,
    )
    assert (run("--defence")["threshold"], run("--defence")["social_duty"]) == ("432000", False)


def test_the_buyer_says_it_on_the_page_of_the_market(as_user, buyer, stage):
    market = MarketFactory(plan__buyer=stage.buyer, nature=SERVICES, estimated_amount=Decimal(500_000))
    address = reverse("procurement:market_edit", args=[market.pk])
    assert as_user(buyer).get(address).context["form"]["defence"].value() == "unknown"

    as_user(buyer).post(address, {"title": market.title, "nature": "services", "defence": "yes"})

    market.refresh_from_db()
    assert (market.defence, market.specific_service) == ("yes", "unknown")
    assert "Défense ou sécurité" in as_user(buyer).get(market.get_absolute_url()).content.decode()
