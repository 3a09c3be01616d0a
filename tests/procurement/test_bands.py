"""A band keeps both its bounds: from the file to the page, and to what the law asks."""

import html
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.urls import reverse

from config.lib.spreadsheet import write_csv
from procurement.imports.amounts import read_lowest
from procurement.models import Market
from procurement.queries import duties
from procurement.queries.owing import owing
from procurement.services import markets, plan_files
from tests.procurement.factories import LotFactory, MarketFactory, PurchasePlanFactory


AT = datetime(2027, 1, 12, 9, tzinfo=UTC)


@pytest.fixture
def plan(stage):
    return PurchasePlanFactory(buyer=stage.buyer)


@pytest.fixture
def bring(plan, buyer):
    def bring(amount, title="Montant"):
        data = write_csv(["Réf", "Objet", title], [["A1", "Parcs", amount]])
        return plan_files.take_in(plan=plan, data=data, name="plan.csv", by=buyer, at=AT)

    return bring


def words(response):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def bounds(plan):
    market = plan.markets.get()
    return market.lowest_amount, market.estimated_amount


@pytest.mark.parametrize(
    ("cell", "lowest"),
    [
        ("200 000 à 250 000", 200_000),
        ("Compris entre 40 000 et 200 000 €", 40_000),
        ("1M - 5M€", 1_000_000),
        ("1 à 5 M€", 1_000_000),
        ("200 à 250 k€", 200_000),
        ("40 000 et 1 M€", 40_000),
        ("min 50 000 € max 90 000 €", 50_000),
        ("250 000 / 200 000", 200_000),
        # One bound only, or none that is an amount.
        ("Inférieur à 40 000€", None),
        ("plus de 5 M€", None),
        ("0 à 40 000", None),
        ("999 à 40 000", None),
        ("80 000", None),
        ("80 000 à 80 000", None),
        ("beaucoup", None),
        ("", None),
        (80_000, None),
        (f"{'9' * 70} à 3", None),
    ],
)
def test_the_lower_bound_of_a_band(cell, lowest):
    assert read_lowest(cell) == lowest


def test_both_bounds_are_kept(plan, bring):
    bring("200 000 à 250 000")

    assert bounds(plan) == (Decimal(200_000), Decimal(250_000))


@pytest.mark.parametrize("title", ["Montant (k€)", "Budget prévisionnel en k€"])
def test_both_bounds_count_in_the_unit_of_the_title(plan, bring, title):
    bring("200 à 250", title)

    assert bounds(plan) == (Decimal(200_000), Decimal(250_000))


def test_a_plain_amount_takes_the_place_of_a_band(plan, bring):
    bring("200 000 à 250 000")
    found = bring("240 000")

    assert bounds(plan) == (None, Decimal(240_000))
    changes = {change.name: change.after for change in found.lines[0].changes}
    assert set(changes) == {"estimated_amount", "lowest_amount", "issues"}
    assert changes["lowest_amount"] == "—"


def test_an_empty_cell_leaves_a_band_alone(plan, bring):
    bring("200 000 à 250 000")
    bring("")

    assert bounds(plan) == (Decimal(200_000), Decimal(250_000))


def test_the_same_band_again_changes_nothing(bring):
    bring("200 000 à 250 000")

    assert bring("200 000 à 250 000").counts.unchanged == 1


def test_the_preview_and_the_page_show_both_bounds(plan, buyer, as_user):
    data = write_csv(["Objet", "Montant"], [["Parcs", "200 000 à 250 000"]])
    file = plan_files.receive(plan=plan, data=data, name="plan.csv", by=buyer)
    preview = words(as_user(buyer).get(file.get_absolute_url()))
    plan_files.apply(plan_file=file, by=buyer, at=AT)

    page = words(as_user(buyer).get(plan.markets.get().get_absolute_url()))

    assert "200 000 € à 250 000 €" in preview
    assert "de 200 000 € à 250 000 €" in page


def test_a_person_types_a_band_and_finds_it_again(plan, buyer, as_user):
    market = MarketFactory(plan=plan, title="Parcs")
    url = reverse("procurement:market_edit", args=[market.pk])
    visitor = as_user(buyer)
    typed = {"title": "Parcs", "nature": "services", "estimated_amount": "200 à 250 k€"}

    visitor.post(url, typed)
    page = visitor.get(url).content.decode()
    visitor.post(url, typed | {"estimated_amount": "200 000 à 250 000", "place": "Créteil"})

    assert 'value="200 000 à 250 000"' in page
    assert bounds(plan) == (Decimal(200_000), Decimal(250_000))


def test_another_amount_typed_elsewhere_leaves_no_lower_bound_behind(plan, buyer):
    market = MarketFactory(plan=plan, estimated_amount=250_000, lowest_amount=200_000)

    markets.edit(market=market, values={"estimated_amount": Decimal(100_000)}, by=buyer)

    assert bounds(plan) == (None, Decimal(100_000))


def test_another_fact_leaves_the_band(plan, buyer):
    market = MarketFactory(plan=plan, estimated_amount=250_000, lowest_amount=200_000)

    markets.edit(market=market, values={"place": "Créteil"}, by=buyer)

    assert bounds(plan) == (Decimal(200_000), Decimal(250_000))


def test_the_database_refuses_a_lower_bound_above_the_amount(plan):
    with pytest.raises(IntegrityError, match="market_lowest_amount_is_the_lower"):
        MarketFactory(plan=plan, estimated_amount=1, lowest_amount=2)


def test_the_database_refuses_a_lower_bound_alone(plan):
    with pytest.raises(IntegrityError, match="market_lowest_amount_is_the_lower"):
        MarketFactory(plan=plan, estimated_amount=None, lowest_amount=2)


# What the law asks: its threshold is 216 000 € for the services of a local buyer.


@pytest.mark.parametrize(
    ("lowest", "highest", "has_duty"),
    [
        (None, 250_000, True),
        (220_000, 250_000, True),
        (100_000, 250_000, None),
        (100_000, 150_000, False),
    ],
)
def test_a_band_that_straddles_the_threshold_settles_nothing(plan, lowest, highest, has_duty):
    market = MarketFactory(
        plan=plan, lowest_amount=lowest, estimated_amount=highest, launch_on=date(2027, 3, 1)
    )

    duty = duties.of_one(market).duty

    assert duty.has_social_duty is has_duty
    assert ("le montant exact" in duty.missing) == (has_duty is None)
    found = owing(Market.objects.select_related("plan__buyer"))
    assert found.exists() == (has_duty is True)


def test_lots_that_add_up_to_more_than_the_band_settle_it(plan):
    market = MarketFactory(
        plan=plan, lot=None, lowest_amount=100_000, estimated_amount=250_000, launch_on=date(2027, 3, 1)
    )
    LotFactory(market=market, estimated_amount=300_000)

    assert duties.of_one(market).duty.has_social_duty is True
