from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from clauses.enums import PerEuroMode
from clauses.rules import hours
from config.lib.french import MINUS
from tests.clauses.reading import plain


FLOOR = Decimal(150)
BRACKETS = tuple(
    hours.Bracket(Decimal(start), Decimal(due))
    # In no particular order: the rule sorts them.
    for start, due in [(400_000, 900), (0, 150), (100_000, 300), (200_000, 450)]
)


# The cases of domain.md §4.7. T21 to T23 and T25 are in test_execution_rules.py, T24 in test_effort_rules.py.
@pytest.mark.parametrize(
    ("case", "amount", "labour_share", "rate", "hourly_cost", "due"),
    [
        ("T1, MEF Sud 77", "1000000", "0.5", "0.05", "30", "833"),
        ("T2, low hourly cost", "1000000", "0.5", "0.05", "25", "1000"),
        ("T3, painting", "200000", "0.7", "0.05", "30", "233"),
        ("T4, metal frame", "400000", "0.2", "0.05", "30", "133"),
        ("T5, consultancy at 8 %", "500000", "0.75", "0.08", "60", "500"),
    ],
)
def test_the_classic_formula(case, amount, labour_share, rate, hourly_cost, due):
    estimate = hours.classic(
        amount=Decimal(amount),
        labour_share=Decimal(labour_share),
        rate=Decimal(rate),
        hourly_cost=Decimal(hourly_cost),
    )

    assert estimate.hours == Decimal(due)


def test_the_formula_is_shown_with_its_numbers_put_in():
    estimate = _classic("1000000")

    assert plain(estimate.formula) == "1 000 000 € × 50 % × 5 % ÷ 30 €"
    assert str(estimate.exact).startswith("833.3333")


def test_half_an_hour_is_rounded_up():
    assert _classic("600").hours == Decimal(1)


def test_no_clause_is_advised_under_the_floor():
    estimate = _classic("100000", floor=FLOOR)

    assert estimate.advice == "no_clause"
    assert list(map(plain, estimate.reasons)) == [
        "83,33 h : en dessous de 150 h, une clause n’est pas conseillée."
    ]


def test_a_clause_is_advised_at_the_floor():
    assert _classic("180000", floor=FLOOR).advice == "clause"


def test_without_a_floor_nothing_is_advised_against():
    assert _classic("1").advice == "clause"


amounts = st.decimals(min_value=0, max_value=10**9, places=2)
shares = st.decimals(min_value=0, max_value=1, places=4)
costs = st.decimals(min_value="0.01", max_value=500, places=2)


@given(amount=amounts, more=amounts, labour_share=shares, rate=shares, cost=costs)
def test_more_money_never_gives_fewer_hours(amount, more, labour_share, rate, cost):
    terms = {"labour_share": labour_share, "rate": rate, "hourly_cost": cost}

    less_hours, more_hours = (
        hours.classic(amount=amount, **terms).hours,
        hours.classic(amount=amount + more, **terms).hours,
    )

    assert 0 <= less_hours <= more_hours


@given(amount=amounts, labour_share=shares, rate=shares, cost=costs, cheaper=costs)
def test_a_dearer_hour_never_gives_more_hours(amount, labour_share, rate, cost, cheaper):
    low, high = sorted([cost, cheaper])
    terms = {"amount": amount, "labour_share": labour_share, "rate": rate}

    assert hours.classic(**terms, hourly_cost=high).hours <= hours.classic(**terms, hourly_cost=low).hours


@pytest.mark.parametrize(
    ("case", "invoiced", "mode", "due"),
    [
        ("T11", "2699999", PerEuroMode.FRANCHISE, 0),
        ("T12", "3000000", PerEuroMode.FRANCHISE, 150),
        ("T13", "3000000", PerEuroMode.TRIGGER, 1500),
        ("T14 whole slices", "2701999", PerEuroMode.FRANCHISE, 0),
        ("T14 whole slices", "2702000", PerEuroMode.FRANCHISE, 1),
        ("not reached", "2699999", PerEuroMode.TRIGGER, 0),
        ("reached", "2700000", PerEuroMode.TRIGGER, 1350),
    ],
)
def test_hours_per_euro_invoiced(case, invoiced, mode, due):
    estimate = hours.per_euro(
        invoiced=Decimal(invoiced), euros_per_hour=Decimal(2000), threshold=Decimal(2_700_000), mode=mode
    )

    assert estimate.hours == due


@pytest.mark.parametrize(
    ("case", "amount", "transferred", "due", "advice"),
    [
        ("T15", "300000", "500", "600", "clause"),
        ("T16", "90000", "250", "60", "no_clause"),
        ("T17", "120000", "450", "0", "no_clause"),
        ("T18", "300000", "875", "150", "clause"),
    ],
)
def test_cleaning_counts_the_staff_to_be_taken_over_first(case, amount, transferred, due, advice):
    estimate = hours.cleaning(
        amount=Decimal(amount),
        rate=Decimal("0.10"),
        transferred_monthly_hours=Decimal(transferred),
        months=12,
        hourly_cost=Decimal(25),
        floor=FLOOR,
    )

    assert (estimate.hours, estimate.advice) == (Decimal(due), advice)


def test_cleaning_says_what_share_of_the_work_is_free():
    estimate = _cleaning("300000", "500")

    assert estimate.labour_ratio == Decimal("0.5")
    assert plain(estimate.formula) == f"(300 000 € {MINUS} 500 h × 12 mois × 25 €) × 10 % ÷ 25 €"


def test_cleaning_for_nothing_leaves_nothing_free():
    estimate = _cleaning("0", "10")

    assert estimate.labour_ratio == 0
    assert estimate.reasons == ("Le personnel à reprendre couvre déjà tout le besoin.",)


@pytest.mark.parametrize(
    ("case", "amount", "due"),
    [
        ("T6", "50000", 150),
        ("T7", "150000", 300),
        ("T8", "399000", 450),
        ("T9", "400000", 900),
        ("T10, the hole", "99500", 150),
        ("nothing", "0", 150),
        ("the last cent of a bracket", "199999.99", 300),
        ("the first cent of the next", "200000", 450),
    ],
)
def test_the_brackets_of_a_training_clause(case, amount, due):
    assert hours.training(amount=Decimal(amount), brackets=BRACKETS).hours == due


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("150000", "barème pour 150 000 € (tranche de 100 000 € à moins de 200 000 €)"),
        ("1000000", "barème pour 1 000 000 € (tranche de 400 000 € et plus)"),
    ],
)
def test_a_training_clause_says_which_bracket_was_read(amount, words):
    assert plain(hours.training(amount=Decimal(amount), brackets=BRACKETS).formula) == words


@pytest.mark.parametrize(
    ("case", "rate", "due"), [("T19, ANRU works", "0.05", 1000), ("T20, ANRU GUP", "0.10", 2000)]
)
def test_a_share_of_the_hours_worked(case, rate, due):
    assert hours.worked(hours=Decimal(20_000), rate=Decimal(rate)).hours == due


def test_six_months_of_full_time_work():
    """T26."""
    estimate = hours.full_time(months=Decimal(6), yearly_hours=Decimal(1607))

    assert estimate.exact == Decimal("803.5")


def test_a_fixed_number_of_hours_is_itself():
    assert hours.fixed(hours=Decimal("803.5")).exact == Decimal("803.5")


def test_a_reserved_lot_gives_its_workers_the_share_that_the_law_asks_for():
    estimate = hours.reserved(
        amount=Decimal(60_000),
        labour_share=Decimal("0.5"),
        reserved_share=Decimal("0.5"),
        hourly_cost=Decimal(30),
    )

    assert estimate.hours == 500
    assert plain(estimate.formula) == "60 000 € × 50 % × 50 % ÷ 30 €"


@given(amount=amounts, labour_share=shares, rate=shares, higher=shares, cost=costs)
def test_a_higher_rate_never_gives_fewer_hours(amount, labour_share, rate, higher, cost):
    low, high = sorted([rate, higher])
    terms = {"amount": amount, "labour_share": labour_share, "hourly_cost": cost}

    assert hours.classic(**terms, rate=low).hours <= hours.classic(**terms, rate=high).hours


@given(amount=amounts, labour_share=shares, rate=shares, cost=costs)
def test_hours_are_rounded_once_from_the_exact_figure(amount, labour_share, rate, cost):
    estimate = hours.classic(amount=amount, labour_share=labour_share, rate=rate, hourly_cost=cost)

    assert abs(estimate.hours - amount * labour_share * rate / cost) <= Decimal("0.5")


slices = st.decimals(min_value=1, max_value=100_000, places=2)
modes = st.sampled_from(PerEuroMode)


@given(invoiced=amounts, more=amounts, slice_=slices, threshold=amounts, mode=modes)
def test_more_invoiced_never_gives_fewer_hours(invoiced, more, slice_, threshold, mode):
    terms = {"euros_per_hour": slice_, "threshold": threshold, "mode": mode}

    less_hours = hours.per_euro(invoiced=invoiced, **terms).exact
    more_hours = hours.per_euro(invoiced=invoiced + more, **terms).exact

    assert 0 <= less_hours <= more_hours


@given(invoiced=amounts, slice_=slices, threshold=amounts)
def test_a_franchise_never_asks_more_than_a_trigger(invoiced, slice_, threshold):
    terms = {"invoiced": invoiced, "euros_per_hour": slice_, "threshold": threshold}

    franchise = hours.per_euro(**terms, mode=PerEuroMode.FRANCHISE)
    trigger = hours.per_euro(**terms, mode=PerEuroMode.TRIGGER)

    assert franchise.hours <= trigger.hours


@given(invoiced=amounts, slice_=slices, threshold=amounts, mode=modes)
def test_only_whole_slices_count(invoiced, slice_, threshold, mode):
    exact = hours.per_euro(invoiced=invoiced, euros_per_hour=slice_, threshold=threshold, mode=mode).exact

    assert exact == int(exact)
    assert exact * slice_ <= invoiced


@given(amount=amounts, more=amounts, rate=shares, taken_over=st.integers(0, 10**5), cost=costs)
def test_cleaning_grows_with_the_amount_and_is_never_negative(amount, more, rate, taken_over, cost):
    terms = {
        "rate": rate, "transferred_monthly_hours": Decimal(taken_over), "months": 12, "hourly_cost": cost,
    }  # fmt: skip

    less, greater = hours.cleaning(amount=amount, **terms), hours.cleaning(amount=amount + more, **terms)

    assert 0 <= less.hours <= greater.hours


@given(amount=amounts, rate=shares, higher=shares, taken_over=st.integers(0, 10**5), cost=costs)
def test_cleaning_grows_with_the_rate(amount, rate, higher, taken_over, cost):
    low, high = sorted([rate, higher])
    terms = {
        "amount": amount, "transferred_monthly_hours": Decimal(taken_over), "months": 12, "hourly_cost": cost,
    }  # fmt: skip

    assert hours.cleaning(**terms, rate=low).hours <= hours.cleaning(**terms, rate=high).hours


@given(amount=amounts, rate=shares, taken_over=st.integers(0, 10**5), cost=costs)
def test_cleaning_agrees_with_the_published_formula(amount, rate, taken_over, cost):
    """P = 1 less (S × C) ÷ (A ÷ N); I = P × A ÷ C × T."""
    estimate = hours.cleaning(
        amount=amount + 1, rate=rate, transferred_monthly_hours=Decimal(taken_over), months=12,
        hourly_cost=cost,
    )  # fmt: skip

    free_share = 1 - taken_over * cost / ((amount + 1) / 12)
    published = max(free_share * (amount + 1) / cost * rate, Decimal(0))
    # The page divides first: Decimal keeps 28 figures of each step.
    assert abs(estimate.exact - published) < Decimal("0.000001") * (1 + published)


@given(amount=amounts, more=amounts)
def test_a_larger_market_never_trains_less(amount, more):
    less = hours.training(amount=amount, brackets=BRACKETS)

    assert 0 < less.hours <= hours.training(amount=amount + more, brackets=BRACKETS).hours


def _classic(amount, floor=None):
    return hours.classic(
        amount=Decimal(amount),
        labour_share=Decimal("0.5"),
        rate=Decimal("0.05"),
        hourly_cost=Decimal(30),
        floor=floor,
    )


def _cleaning(amount, transferred):
    return hours.cleaning(
        amount=Decimal(amount),
        rate=Decimal("0.10"),
        transferred_monthly_hours=Decimal(transferred),
        months=12,
        hourly_cost=Decimal(25),
    )
