from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from clauses.enums import Objective, PerEuroMode, ProvisionKind, Weight
from clauses.rules import options
from clauses.rules.effort import Band, Pace
from clauses.rules.hours import Bracket
from clauses.rules.objectives import Conventions
from clauses.rules.options import Measures, Situation
from tests.clauses.reading import plain


MEASURES = Measures(
    conventions=Conventions(
        floor=Decimal(150),
        brackets=(Bracket(Decimal(0), Decimal(150)), Bracket(Decimal(400_000), Decimal(900))),
    ),
    pace=Pace(Decimal(35), Decimal(1607), Decimal(26), Decimal(395)),
    band=Band(Decimal("0.05"), Decimal("0.10")),
    reserved_share=Decimal("0.5"),
    training_months_minimum=12,
)
MILLION = Situation(
    amount=Decimal(1_000_000),
    labour_share=Decimal("0.5"),
    hourly_cost=Decimal(30),
    months=12,
    rates=(Decimal("0.05"), Decimal("0.08"), Decimal("0.12")),
    firm_amount=Decimal(1_000_000),
    reserved_amount=Decimal(60_000),
)


def test_rates_training_and_a_reserved_lot_stand_side_by_side():
    found = options.compare(MILLION, MEASURES)

    assert [(plain(option.title), option.hours) for option in found] == [
        ("Clause à 5 %", 833),
        ("Clause à 8 %", 1333),
        ("Clause à 12 %", 2000),
        ("Clause de formation", 900),
        ("Lot réservé", 500),
    ]


def test_each_option_says_what_it_weighs_on_an_ordinary_firm():
    found = options.compare(MILLION, MEASURES)

    assert [option.weight for option in found] == [
        Weight.LIGHT, Weight.NOTICEABLE, Weight.HEAVY, Weight.NOTICEABLE, None,
    ]  # fmt: skip
    assert found[-1].share is None


def test_each_option_says_the_effort_it_asks():
    five_percent = options.compare(MILLION, MEASURES)[0]

    assert (five_percent.effort.per_month, five_percent.effort.at_once) == (Decimal("69.4"), 1)


def test_the_best_figures_are_told_in_words():
    found = options.superlatives(options.compare(MILLION, MEASURES))

    assert found == {0: ["le moins lourd"], 2: ["le plus d’heures"]}


def test_figures_that_all_share_are_no_distinction():
    alone = replace(MILLION, rates=(Decimal("0.05"),), firm_amount=None, reserved_amount=None)

    assert options.superlatives(options.compare(alone, MEASURES)) == {}


def test_the_cleaning_rule_is_compared_when_there_is_staff_to_take_over():
    cleaning = replace(
        MILLION,
        amount=Decimal(300_000),
        rates=(Decimal("0.10"),),
        transferred_monthly_hours=Decimal(500),
        cleaning_hourly_cost=Decimal(25),
    )

    usual, option, *_ = options.compare(cleaning, MEASURES)

    assert (plain(option.title), option.hours) == ("Règle de la propreté à 10 %", 600)
    assert option.terms.objective == Objective.CLEANING
    assert usual.warnings == (
        "Le personnel à reprendre n’est pas compté ici : voyez la règle de la propreté.",
    )


def test_staff_that_covers_the_whole_need_leaves_no_clause_to_advise():
    cleaning = replace(
        MILLION, transferred_monthly_hours=Decimal(5000), cleaning_hourly_cost=Decimal(25), firm_amount=None
    )

    found = options.compare(cleaning, MEASURES)

    assert options.advises_none(found)
    assert options.superlatives(found) == {}


def test_the_cleaning_rule_needs_the_term_of_the_market():
    cleaning = replace(MILLION, months=None, transferred_monthly_hours=Decimal(500))

    titles = [option.title for option in options.compare(cleaning, MEASURES)]

    assert not any("propreté" in title for title in titles)


def test_a_programme_that_counts_hours_worked_has_its_own_option():
    found = options.compare(replace(MILLION, rates=(), agreed_rate=Decimal("0.10")), MEASURES)

    assert (plain(found[0].title), found[0].hours) == ("10 % des heures travaillées", 1667)
    assert found[0].terms.hours_worked == 16_667


def test_hours_per_euro_and_full_time_months_are_compared_when_they_are_asked():
    asked = replace(
        MILLION,
        euros_per_hour=Decimal(2000),
        threshold_amount=Decimal(0),
        threshold_mode=PerEuroMode.FRANCHISE,
        full_time_months=Decimal(6),
        yearly_hours=Decimal(1607),
    )

    found = options.compare(asked, MEASURES)

    assert [(option.title, option.hours) for option in found[-2:]] == [
        ("Heures par euro facturé", 500),
        ("Mois de temps plein", 804),
    ]
    assert found[-2].forecast.endswith("suivront le montant facturé.")
    assert (found[-1].forecast, found[0].forecast) == ("", "")


def test_few_hours_are_warned_of_and_no_clause_is_a_legitimate_advice():
    small = replace(MILLION, amount=Decimal(100_000), rates=(Decimal("0.05"),), firm_amount=None)

    found = options.compare(small, MEASURES)

    assert plain(found[0].warnings[0]).startswith("83,33 h : en dessous de 150 h")
    assert options.advises_none(found)
    assert not options.advises_none(options.compare(MILLION, MEASURES))
    assert not options.advises_none([])


def test_few_hours_of_another_way_of_counting_are_warned_of_too():
    asked = replace(
        MILLION,
        euros_per_hour=Decimal(10_000),
        threshold_amount=Decimal(0),
        threshold_mode=PerEuroMode.TRIGGER,
    )

    option = options.compare(asked, MEASURES)[-1]

    assert plain(option.warnings[0]) == "100 h : moins de 150 h, beaucoup de suivi pour peu d’effet."


def test_without_a_floor_nothing_is_warned_of():
    found = options.compare(replace(MILLION, amount=Decimal(1000), reserved_amount=None), Measures())

    assert [option.warnings for option in found] == [(), (), ()]
    assert [option.weight for option in found] == [None, None, None]


@pytest.mark.parametrize(("months", "warned"), [(6, True), (12, False), (None, False)])
def test_a_training_clause_needs_a_market_of_a_year(months, warned):
    found = options.compare(replace(MILLION, months=months, rates=()), MEASURES)

    assert ("Cette clause demande un marché de 12 mois au moins." in found[0].warnings) is warned


def test_a_reserved_lot_opens_a_draft_of_the_chosen_kind():
    found = options.compare(replace(MILLION, reservation=ProvisionKind.RESERVED_SIAE), MEASURES)

    assert found[-1].kind == ProvisionKind.RESERVED_SIAE
    assert (found[-1].terms.amount, found[-1].terms.reserved_share) == (60_000, Decimal("0.5"))


def test_a_market_without_labour_weighs_nothing():
    found = options.compare(replace(MILLION, labour_share=Decimal(0)), MEASURES)

    assert found[0].hours == 0
    assert found[0].weight is None


@given(amount=st.decimals(0, 10**8, places=2), rate=st.decimals(0, 1, places=4), months=st.integers(1, 120))
def test_any_market_can_be_compared(amount, rate, months):
    situation = replace(
        MILLION, amount=amount, rates=(rate,), months=months, transferred_monthly_hours=Decimal(100),
        cleaning_hourly_cost=Decimal(25), firm_amount=amount,
    )  # fmt: skip

    assert all(option.hours >= 0 for option in options.compare(situation, MEASURES))
