from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from clauses.enums import Outcome, ProvisionKind, Verdict, VerdictReason
from clauses.rules.suggestion import (
    Facts,
    LastVerdict,
    LotFacts,
    Others,
    Supply,
    Weights,
    counted_structures,
    dependency,
    suggest,
)


RULE = Weights(service_words=("insertion",))
PLACE = "Val-de-Marne"
MANY = Supply(PLACE, insertion=12, disability=2, able=14, made_available=9)
FEW = Supply(PLACE, insertion=4, able=4)
NOBODY = Supply(PLACE)
# A million euros, half of it labour, at 5 % and 30 €/h: 833 hours.
MARKET = Facts(
    family="Espaces verts",
    amount=Decimal(1_000_000),
    labour_share=Decimal("0.5"),
    hourly_cost=Decimal(30),
    reserved_share=Decimal("0.5"),
    months=12,
    supply=NOBODY,
)


def about(**facts):
    return suggest(replace(MARKET, **facts), RULE)


def plain(found):
    return [reason.replace("\N{NO-BREAK SPACE}", " ") for reason in found.reasons]


def test_many_structures_and_a_modest_amount_reserve_the_market():
    found = about(amount=Decimal(200_000), supply=MANY)

    assert (found.outcome, found.kind) == (Outcome.RESERVE_ALL, ProvisionKind.RESERVED_MIXED)
    assert (
        "14 structures savent faire ce métier (12 d’insertion, 2 du handicap) : Val-de-Marne."
        in found.reasons
    )
    # 200 000 € × 50 % × 50 % ÷ 30 €
    assert found.hours == 1667


@pytest.mark.parametrize(
    ("supply", "kind", "article"),
    [
        (Supply(PLACE, insertion=9, able=9), ProvisionKind.RESERVED_SIAE, "L. 2113-13"),
        (Supply(PLACE, disability=9, able=9), ProvisionKind.RESERVED_DISABILITY, "L. 2113-12"),
        (MANY, ProvisionKind.RESERVED_MIXED, "L. 2113-14"),
    ],
)
def test_the_kind_of_reservation_follows_who_is_there(supply, kind, article):
    found = about(amount=Decimal(200_000), supply=supply)

    assert found.kind == kind
    assert any(article in reason for reason in found.reasons)


def test_the_yearly_amount_is_what_a_structure_would_depend_on():
    found = about(amount=Decimal(800_000), months=48, supply=MANY)

    assert found.outcome == Outcome.RESERVE_ALL


def test_without_the_share_that_the_code_asks_for_a_reservation_has_no_hours():
    assert about(amount=Decimal(200_000), supply=MANY).hours is not None
    assert about(amount=Decimal(200_000), supply=MANY, reserved_share=None).hours is None


def test_a_larger_market_reserves_the_lots_within_reach():
    lots = (LotFacts(1, Decimal(900_000)), LotFacts(2, Decimal(100_000)), LotFacts(3))

    found = about(supply=FEW, lots=lots)

    assert (found.outcome, found.lots) == (Outcome.RESERVE_LOT, (2,))
    assert "Lot 2 à la mesure d’une structure." in found.reasons
    assert found.hours == 833


def test_a_lot_within_reach_is_named():
    lots = (LotFacts(1, Decimal(900_000), "Élagage"), LotFacts(2, Decimal(100_000), "Arrosage"))

    assert "Lot 2 (Arrosage) à la mesure d’une structure." in about(supply=FEW, lots=lots).reasons


def test_every_outcome_can_be_reached():
    found = {
        about(**facts).outcome
        for facts in (
            {"amount": Decimal(200_000), "supply": MANY},
            {"amount": Decimal(600_000), "supply": FEW},
            {},
            {"title_words": "chantier d'insertion"},
            {"amount": Decimal(100_000)},
            {"amount": Decimal(20_000)},
            {"amount": None},
        )
    }

    assert found == set(Outcome)


def test_an_undivided_market_is_told_the_size_of_a_lot():
    found = about(amount=Decimal(600_000), supply=FEW)

    assert (found.outcome, found.lots) == (Outcome.RESERVE_LOT, ())
    assert any("Le marché n’est pas divisé" in reason for reason in found.reasons)


def test_without_structures_enough_hours_make_a_clause():
    found = about()

    assert (found.outcome, found.rate, found.hours) == (Outcome.EXECUTION_CLAUSE, Decimal("0.05"), 833)
    assert "833 h estimées : au-dessus du plancher de 150 h." in plain(found)
    assert found.verdict == Verdict.CLAUSABLE
    assert found.changes == ("3 structures de plus dans ce métier, et un lot pourrait être réservé.",)


def test_the_rate_of_a_programme_or_a_family_comes_first():
    found = about(special_rate=Decimal("0.10"))

    assert (found.rate, found.hours) == (Decimal("0.10"), 1667)


def test_a_market_that_takes_over_staff_is_counted_by_the_cleaning_rule():
    found = about(
        amount=Decimal(300_000), transferred_monthly_hours=Decimal(500), hourly_cost=Decimal(25),
        special_rate=Decimal("0.10"),
    )  # fmt: skip

    assert found.hours == 600


CLEANING = {
    "amount": Decimal(300_000),
    "special_rate": Decimal("0.10"),
    "takes_staff_over": True,
    "takeover_hourly_cost": Decimal(25),
}


def test_staff_to_keep_on_is_told_and_counted_at_the_cost_of_its_trade():
    found = about(**CLEANING, transferred_monthly_hours=Decimal(500))

    assert (found.outcome, found.hours) == (Outcome.EXECUTION_CLAUSE, 600)
    assert "500 h par mois reviennent au personnel à reprendre : elles sont déduites." in plain(found)


def test_staff_to_keep_on_may_leave_no_room_for_a_clause_even_under_the_duty():
    found = about(**CLEANING, transferred_monthly_hours=Decimal(2_000), has_duty=True)

    assert (found.outcome, found.hours, found.verdict) == (Outcome.NONE, 0, Verdict.TO_STUDY)
    assert found.reasons[0] == "Le personnel à reprendre couvre déjà tout le besoin."


def test_staff_whose_hours_are_not_known_is_a_warning():
    assert any("ce nombre est trop fort" in reason for reason in about(**CLEANING).reasons)


def test_in_a_trade_that_often_keeps_its_staff_the_question_is_asked():
    asked = about(may_take_staff_over=True)

    assert any("demandez-le à l’acheteur" in change for change in asked.changes)
    assert about(may_take_staff_over=True, takes_staff_over=False).changes == about().changes


def test_a_few_hours_make_a_criterion():
    found = about(amount=Decimal(100_000))

    assert (found.outcome, found.hours, found.verdict) == (Outcome.AWARD_CRITERION, 83, Verdict.TO_STUDY)
    assert "83 h estimées : en dessous du plancher de 150 h." in plain(found)


def test_what_other_buyers_do_makes_a_criterion():
    others = Others(40, Decimal("0.6"))

    found = about(amount=Decimal(20_000), others=others)

    assert found.outcome == Outcome.AWARD_CRITERION
    assert any(reason.startswith("60\N{NO-BREAK SPACE}% des 40 contrats") for reason in found.reasons)


def test_too_little_labour_makes_nothing():
    found = about(amount=Decimal(20_000), others=Others(40, Decimal("0.1")))

    assert (found.outcome, found.verdict) == (Outcome.NONE, Verdict.NOT_CLAUSABLE)
    assert found.verdict_reason == VerdictReason.NO_LABOUR


def test_supplies_without_a_share_of_their_own_have_little_labour():
    found = about(amount=Decimal(200_000), is_supplies=True, labour_share_is_default=True)

    assert (found.outcome, found.hours) == (Outcome.NONE, 33)


def test_the_words_of_the_title_may_make_an_insertion_market():
    found = about(title_words="chantier d'insertion des berges", amount=None)

    assert (found.outcome, found.kind) == (Outcome.INSERTION_SERVICE, ProvisionKind.INSERTION_SERVICE)


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        ({"amount": None}, "le montant estimé"),
        ({"amount": Decimal(0)}, "le montant estimé"),
        ({"family": "", "is_nature_known": False}, "la famille d’achats ou la nature"),
        ({"hourly_cost": None}, "le coût horaire"),
    ],
)
def test_what_is_missing_is_said(facts, missing):
    found = about(**facts)

    assert (found.outcome, found.missing) == (Outcome.UNKNOWN, (missing,))


def test_an_unknown_share_of_labour_gives_no_hours():
    found = about(labour_share=None)

    assert (found.outcome, found.hours) == (Outcome.NONE, None)
    assert about(amount=Decimal(200_000), labour_share=None, supply=MANY).hours is None


def test_last_year_s_reason_is_proposed_again():
    last = LastVerdict(2026, Verdict.NOT_CLAUSABLE, VerdictReason.NO_LINK)

    found = about(last=last)

    assert (found.outcome, found.verdict_reason) == (Outcome.NONE, VerdictReason.NO_LINK)
    assert found.reasons[0].startswith("En 2026, l’office a jugé cette famille")


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({}, replace(RULE, follows_last_verdict=False)),
        ({"has_duty": True, "duty_threshold": Decimal(216_000)}, RULE),
        ({"last": LastVerdict(2026, Verdict.CLAUSABLE)}, RULE),
        ({"last": LastVerdict(2026, Verdict.NOT_CLAUSABLE, VerdictReason.NO_SUPPLY), "supply": FEW}, RULE),
    ],
)
def test_last_year_s_verdict_is_not_always_followed(facts, rule):
    last = LastVerdict(2026, Verdict.NOT_CLAUSABLE, VerdictReason.NO_LINK)

    found = suggest(replace(MARKET, **({"last": last, "amount": Decimal(2_000_000)} | facts)), rule)

    assert found.outcome == Outcome.EXECUTION_CLAUSE


def test_the_duty_of_the_law_makes_a_clause_below_the_floor():
    found = about(
        amount=Decimal(230_000), labour_share=Decimal("0.1"), has_duty=True, duty_threshold=Decimal(216_000)
    )

    assert found.outcome == Outcome.EXECUTION_CLAUSE
    assert any("en dessous du plancher" in reason for reason in found.reasons)
    assert any(reason.startswith("Art. L. 2112-2-1") for reason in found.reasons)


def test_much_money_without_labour_makes_no_clause():
    energy = {"amount": Decimal(30_000_000), "labour_share": Decimal("0.02")}

    found = about(**energy)

    assert (found.outcome, found.hours, found.verdict) == (Outcome.NONE, 1000, Verdict.NOT_CLAUSABLE)
    assert "La main-d’œuvre ne fait que 2 % du montant" in plain(found)[0]
    assert suggest(replace(MARKET, **energy), replace(RULE, minimum_labour_share=Decimal(0))).outcome == (
        Outcome.EXECUTION_CLAUSE
    )


def test_the_duty_of_the_law_on_a_market_without_labour_is_for_somebody_to_look_at():
    found = about(amount=Decimal(30_000_000), labour_share=Decimal("0.02"), has_duty=True)

    assert (found.outcome, found.verdict, found.verdict_reason) == (Outcome.NONE, Verdict.TO_STUDY, "")
    assert any("justifie une dérogation" in reason for reason in found.reasons)


def test_other_buyers_may_still_make_a_criterion_of_a_market_without_labour():
    found = about(amount=Decimal(30_000_000), labour_share=Decimal("0.02"), others=Others(40, Decimal("0.6")))

    assert found.outcome == Outcome.AWARD_CRITERION
    assert "ne fait que" in found.reasons[0]


def test_a_reservation_alone_may_not_be_enough_for_the_law():
    found = about(amount=Decimal(250_000), supply=MANY, has_duty=True)

    assert found.outcome == Outcome.RESERVE_ALL
    assert any("ne suffit peut-être pas" in reason for reason in found.reasons)


def test_an_unknown_place_leaves_the_supply_out():
    found = about(supply=None, months=None)

    assert found.outcome == Outcome.EXECUTION_CLAUSE
    assert any(reason.startswith("Offre locale non comptée") for reason in found.reasons)
    assert len(found.changes) == 2


def test_structures_to_ask_count_for_a_part():
    supply = Supply(PLACE, able=2, to_ask=45)

    assert counted_structures(supply, RULE) == 4
    assert counted_structures(replace(supply, able=0), RULE) == 0
    assert counted_structures(None, RULE) == 0
    assert any("45 autres sont à interroger" in reason for reason in about(supply=supply).reasons)


def test_those_who_lend_people_are_told_for_a_clause():
    found = about(supply=replace(NOBODY, made_available=1, to_ask=1))

    assert "1 structure met des personnes à disposition du titulaire." in found.reasons


def test_dependency_needs_an_amount_and_a_turnover():
    assert dependency(None, 12, RULE) is None
    assert dependency(Decimal(90_000), 12, replace(RULE, mean_turnover=Decimal(0))) is None
    assert dependency(Decimal(90_000), None, RULE) == Decimal("0.1")


def test_a_share_by_default_is_said():
    assert any("à confirmer" in reason for reason in about(labour_share_is_default=True).reasons)


amounts = st.none() | st.decimals(min_value=0, max_value=10**9, places=2)
shares = st.none() | st.decimals(min_value=0, max_value=1, places=4)
supplies = st.none() | st.builds(
    lambda insertion, disability, to_ask, lent: Supply(
        PLACE, insertion, disability, insertion + disability, to_ask, lent
    ),
    *[st.integers(0, 60)] * 4,
)
everything = st.builds(
    Facts,
    title_words=st.sampled_from(["", "chantier d'insertion"]),
    family=st.sampled_from(["", "Espaces verts"]),
    is_supplies=st.booleans(),
    is_nature_known=st.booleans(),
    amount=amounts,
    labour_share=shares,
    labour_share_is_default=st.booleans(),
    hourly_cost=st.none() | st.decimals(min_value=1, max_value=200, places=2),
    special_rate=shares,
    months=st.none() | st.integers(0, 600),
    takes_staff_over=st.sampled_from([None, True, False]),
    may_take_staff_over=st.booleans(),
    transferred_monthly_hours=st.none() | st.decimals(min_value=0, max_value=5000, places=1),
    lots=st.lists(st.builds(LotFacts, st.integers(1, 9), amounts), max_size=4).map(tuple),
    supply=supplies,
    last=st.none()
    | st.builds(LastVerdict, st.just(2026), st.sampled_from(Verdict), st.sampled_from(["", *VerdictReason])),
    others=st.none() | st.builds(Others, st.integers(10, 500), st.decimals(0, 1, places=4)),
    has_duty=st.sampled_from([None, True, False]),
    duty_threshold=st.none() | st.just(Decimal(216_000)),
)
RESERVED = (Outcome.RESERVE_ALL, Outcome.RESERVE_LOT)


@given(everything)
def test_it_always_answers_the_same_with_reasons_and_no_negative_hours(facts):
    found = suggest(facts, RULE)

    assert found == suggest(facts, RULE)
    assert found.reasons
    assert found.hours is None or found.hours >= 0
    assert bool(found.missing) == (found.outcome == Outcome.UNKNOWN)


@given(everything.filter(lambda facts: facts.supply is not None), st.integers(1, 50))
def test_more_structures_never_turn_a_reservation_off(facts, more):
    supply = facts.supply
    richer = replace(supply, insertion=supply.insertion + more, able=supply.able + more)

    before, after = suggest(facts, RULE), suggest(replace(facts, supply=richer), RULE)

    assert before.outcome not in RESERVED or after.outcome in RESERVED
    assert before.outcome != Outcome.RESERVE_ALL or after.outcome == Outcome.RESERVE_ALL


@given(everything, st.integers(0, 400))
def test_a_lower_floor_never_turns_a_clause_off(facts, floor):
    before = suggest(facts, replace(RULE, minimum_hours=Decimal(floor + 50)))
    after = suggest(facts, replace(RULE, minimum_hours=Decimal(floor)))

    assert before.outcome != Outcome.EXECUTION_CLAUSE or after.outcome == Outcome.EXECUTION_CLAUSE
