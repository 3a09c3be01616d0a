"""What the law asks, read from the tables that the migrations fill."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from procurement.enums import (
    BuyerCategory,
    DatePrecision,
    DutyMotive,
    Nature,
    ThresholdEffect,
    ThresholdNature,
)
from procurement.models import DutyException, LegalThreshold
from procurement.queries import duties
from procurement.rules.duty import Law, Need, judge, natures_of
from procurement.rules.spans import last_day_of


LOCAL, STATE, ENTITY = BuyerCategory.LOCAL, BuyerCategory.STATE, BuyerCategory.ENTITY
WORKS, SERVICES, SUPPLIES, UNKNOWN = Nature.WORKS, Nature.SERVICES, Nature.SUPPLIES, Nature.UNKNOWN
EVERY_MOTIVE = {DutyMotive.IMMEDIATE_SOLUTION, DutyMotive.NO_LINK, DutyMotive.RESTRICTS}

pytestmark = pytest.mark.django_db


def need(category, nature, amount, *launches, months=None):
    amounts = () if amount is None else (Decimal(amount),)
    days = tuple(date.fromisoformat(day) for day in launches)
    return Need(category, natures_of(nature), amounts, days, months)


def asked(*facts, **more):
    return judge(need(*facts, **more), duties.law())


# category, nature, amount, launch → formal, dispensed, social duty
CASES = [
    (LOCAL, SERVICES, "216000", "2026-09-01", True, False, True),
    (LOCAL, SERVICES, "215999.99", "2026-09-01", False, False, False),
    (LOCAL, SERVICES, "220000", "2025-12-31", False, False, False),
    (LOCAL, SERVICES, "220000", "2026-01-02", True, False, False),
    (STATE, SERVICES, "140000", "2026-09-01", True, False, True),
    (STATE, SUPPLIES, "139999.99", "2026-09-01", False, False, False),
    (LOCAL, WORKS, "5404000", "2026-09-01", True, False, True),
    (LOCAL, WORKS, "5403999.99", "2026-09-01", False, False, False),
    (STATE, WORKS, "5404000", "2026-01-02", True, False, False),
    (ENTITY, SERVICES, "432000", "2026-09-01", True, False, True),
    (ENTITY, SUPPLIES, "431999.99", "2026-09-01", False, False, False),
    (ENTITY, SERVICES, "443000", "2025-06-01", True, False, False),
    (LOCAL, SERVICES, "59999.99", "2026-04-01", False, True, False),
    (LOCAL, SERVICES, "60000", "2026-04-01", False, False, False),
    (LOCAL, SERVICES, "59999.99", "2026-03-31", False, False, False),
    (LOCAL, SERVICES, "39999.99", "2026-03-31", False, True, False),
    (LOCAL, WORKS, "99999.99", "2026-06-01", False, True, False),
    (LOCAL, WORKS, "100000", "2026-06-01", False, False, False),
    (LOCAL, SERVICES, "300000", "2026-08-21", True, False, False),
    (LOCAL, SERVICES, "300000", "2026-08-22", True, False, True),
    (LOCAL, SERVICES, "0", "2026-08-22", False, True, False),
]


@pytest.mark.parametrize(
    ("category", "nature", "amount", "launch", "is_formal", "is_dispensed", "has_duty"), CASES
)
def test_the_law_is_applied_to_the_day_and_to_the_cent(
    category, nature, amount, launch, is_formal, is_dispensed, has_duty
):
    duty = asked(category, nature, amount, launch)

    assert (duty.is_formal, duty.is_dispensed, duty.has_social_duty) == (is_formal, is_dispensed, has_duty)
    assert not duty.missing


def test_the_text_says_the_amounts_the_article_and_what_follows():
    duty = asked(LOCAL, SERVICES, "300000", "2026-08-22")

    assert duty.threshold == Decimal(216000)
    assert "300\u202f000\u00a0€ HT atteint le seuil européen de 216\u202f000\u00a0€ HT" in duty.text
    assert "article L. 2112-2-1" in duty.text
    assert "sont obligatoires, sauf motif justifié" in duty.text
    assert (duty.level, "2026-2027" in duty.source) == ("Procédure formalisée", True)


@pytest.mark.parametrize(
    ("facts", "sentence", "level"),
    [
        ((LOCAL, SERVICES, "300000", "2026-08-21"), "précède l’obligation", "Procédure formalisée"),
        ((LOCAL, SERVICES, "50000", "2026-05-01"), "dispense de publicité", "Sans publicité"),
        ((LOCAL, SERVICES, "100000", "2026-05-01"), "procédure adaptée.", "Procédure adaptée"),
        ((LOCAL, SERVICES, "300000", "2028-05-01"), "dernier seuil connu", "Procédure formalisée"),
        ((LOCAL, SERVICES, "300000", "2019-05-01"), "Aucun seuil européen", "Procédure à préciser"),
        ((LOCAL, WORKS, "6000000", "2027-05-01"), "travaux, tous acheteurs", "Procédure formalisée"),
    ],
)
def test_each_answer_is_told_in_words(facts, sentence, level):
    duty = asked(*facts)

    assert sentence in duty.text
    assert duty.level == level


@pytest.mark.parametrize(
    ("nature", "months", "motives"),
    [
        (WORKS, 5, EVERY_MOTIVE | {DutyMotive.SHORT_WORKS}),
        (WORKS, 6, EVERY_MOTIVE),
        (WORKS, None, EVERY_MOTIVE),
        (SERVICES, 3, EVERY_MOTIVE),
    ],
)
def test_short_works_alone_may_invoke_their_length(nature, months, motives):
    duty = asked(LOCAL, nature, "6000000", "2027-01-15", months=months)

    assert {found.code for found in duty.exemptions} == motives


def test_a_motive_that_the_law_took_back_is_not_offered():
    DutyException.objects.filter(code=DutyMotive.NO_LINK).update(valid_to=date(2027, 1, 1))

    assert DutyMotive.NO_LINK not in {
        found.code for found in asked(LOCAL, SERVICES, "300000", "2027-01-01").exemptions
    }


def test_no_motive_is_offered_without_a_duty():
    assert asked(LOCAL, SERVICES, "100000", "2027-01-15").exemptions == ()


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        ((LOCAL, SERVICES, None, "2027-01-15"), ("le montant estimé",)),
        ((LOCAL, SERVICES, "1000"), ("la date de lancement",)),
        ((LOCAL, SERVICES, None), ("le montant estimé", "la date de lancement")),
    ],
)
def test_what_is_missing_is_named_rather_than_guessed(facts, missing):
    duty = asked(*facts)

    assert (duty.missing, duty.has_social_duty, duty.level) == (missing, None, "Procédure à préciser")
    assert duty.text.startswith("On ne peut pas conclure : il manque le ") or "la date" in duty.text


@pytest.mark.parametrize(
    ("amount", "is_formal", "missing"),
    [("50000", False, ()), ("6000000", True, ()), ("300000", None, ("la nature",))],
)
def test_a_nature_that_nobody_knows_matters_only_where_it_changes_the_answer(amount, is_formal, missing):
    duty = asked(LOCAL, UNKNOWN, amount, "2027-01-15")

    assert (duty.is_formal, duty.missing) == (is_formal, missing)
    assert duty.text


def test_a_nature_unknown_below_both_thresholds_says_so():
    assert asked(LOCAL, UNKNOWN, "150000", "2027-01-15").text.startswith("Sous le seuil européen")


def test_a_launch_known_to_the_year_matters_when_the_duty_starts_within_it():
    duty = asked(LOCAL, SERVICES, "300000", "2026-01-01", "2026-12-31")

    assert (duty.is_formal, duty.has_social_duty, duty.missing) == (True, None, ("la date de lancement",))
    assert "la date de lancement" in duty.text


def test_an_amount_known_within_bounds_is_judged_at_both():
    bounds = Need(LOCAL, natures_of(SERVICES), (Decimal(200_000), Decimal(250_000)), (date(2027, 1, 15),))

    assert judge(bounds, duties.law()).missing == ("le montant exact",)


def test_the_amount_of_a_category_outlives_a_later_one_of_every_buyer():
    own = LegalThreshold.objects.get(
        effect=ThresholdEffect.FORMAL, nature=ThresholdNature.SOCIAL_SERVICES, category=ENTITY
    )
    LegalThreshold.objects.create(
        effect=ThresholdEffect.FORMAL, nature=own.nature, amount=Decimal(800_000),
        valid_from=date(2026, 1, 1), source="Nouveau texte",
    )  # fmt: skip

    def formal(category, on):
        return (
            duties.law().threshold(ThresholdEffect.FORMAL, category, ThresholdNature(own.nature), on).amount
        )

    assert formal(ENTITY, date(2026, 9, 1)) == own.amount == Decimal(1_000_000)
    assert formal(LOCAL, date(2026, 9, 1)) == Decimal(800_000)
    LegalThreshold.objects.filter(pk=own.pk).update(valid_to=date(2026, 6, 1))
    assert formal(ENTITY, date(2026, 9, 1)) == Decimal(800_000)


def test_a_duty_that_the_law_ended_is_over():
    LegalThreshold.objects.filter(effect=ThresholdEffect.SOCIAL_DUTY).update(valid_to=date(2029, 1, 1))

    assert asked(LOCAL, SERVICES, "300000", "2028-12-31").has_social_duty is True
    assert asked(LOCAL, SERVICES, "300000", "2029-01-01").has_social_duty is False


def test_without_any_row_nothing_is_claimed():
    duty = judge(need(LOCAL, SERVICES, "300000", "2027-01-15"), Law((), ()))

    assert (duty.is_formal, duty.is_dispensed, duty.has_social_duty) == (None, False, False)


AMOUNTS = st.decimals(0, 10**8, places=2)


def test_a_larger_amount_never_lightens_the_procedure():
    law = duties.law()

    @given(AMOUNTS, AMOUNTS, st.sampled_from(Nature))
    def holds(one, other, nature):
        low, high = sorted((one, other))
        smaller, larger = (judge(need(LOCAL, nature, amount, "2027-01-15"), law) for amount in (low, high))
        assert not (smaller.is_formal is True and larger.is_formal is False)
        assert not (larger.is_dispensed is True and smaller.is_dispensed is False)

    holds()


@pytest.mark.parametrize(
    ("first", "precision", "last"),
    [
        (date(2027, 3, 15), DatePrecision.DAY, date(2027, 3, 15)),
        (date(2027, 2, 1), DatePrecision.MONTH, date(2027, 2, 28)),
        (date(2027, 10, 1), DatePrecision.QUARTER, date(2027, 12, 31)),
        (date(2027, 7, 1), DatePrecision.SEMESTER, date(2027, 12, 31)),
        (date(2027, 1, 1), DatePrecision.YEAR, date(2027, 12, 31)),
    ],
)
def test_a_span_ends_on_its_last_day(first, precision, last):
    assert last_day_of(first, precision) == last
