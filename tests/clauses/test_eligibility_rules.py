from datetime import date

import pytest

from clauses.rules import eligibility


MARCH, APRIL = date(2027, 3, 1), date(2027, 4, 1)


@pytest.mark.parametrize(
    ("issued_on", "max_months"),
    [(date(1999, 1, 1), None), (None, None), (date(2026, 12, 15), 3), (date(2027, 3, 1), 3)],
)
def test_a_proof_young_enough_is_accepted(issued_on, max_months):
    assert eligibility.explain_proof(issued_on, max_months, date(2027, 3, 15)) is None


def test_an_old_proof_is_refused_with_its_date_and_its_age():
    sentence = eligibility.explain_proof(date(2026, 12, 14), 3, date(2027, 3, 15))

    assert sentence == (
        "Le justificatif du 14 décembre 2026 a plus de 3 mois le 15 mars 2027 : demandez-en un plus récent."
    )


def test_a_proof_that_ages_needs_its_date():
    assert "il date de 6 mois au plus" in eligibility.explain_proof(None, 6, MARCH)


@pytest.mark.parametrize(
    ("granted", "expected"),
    [
        ([], False),
        ([(date(2026, 1, 1), date(2028, 1, 1))], True),
        ([(MARCH, APRIL)], True),
        ([(date(2027, 3, 2), APRIL)], False),
        ([(date(2027, 3, 15), date(2027, 6, 1)), (date(2026, 1, 1), date(2027, 3, 15))], True),
        ([(date(2026, 1, 1), date(2027, 3, 10)), (date(2027, 3, 15), date(2027, 6, 1))], False),
    ],
)
def test_granted_periods_cover_a_month_only_without_a_hole(granted, expected):
    assert eligibility.covers(granted, MARCH, APRIL) is expected


@pytest.mark.parametrize(
    ("granted", "sentence"),
    [
        ([(date(2026, 1, 1), date(2028, 1, 1))], None),
        ([], "Éligibilité non reconnue ce mois-ci."),
        ([(date(2025, 1, 1), MARCH)], "Éligibilité non reconnue ce mois-ci."),
        (
            [(date(2025, 1, 1), date(2027, 3, 15))],
            "Éligibilité reconnue jusqu’au 14 mars 2027 seulement.",
        ),
        (
            [(date(2027, 3, 15), date(2029, 3, 15))],
            "Éligibilité reconnue pour une partie du mois seulement.",
        ),
    ],
)
def test_the_warning_says_until_when_and_never_why(granted, sentence):
    assert eligibility.warn_not_eligible(granted, MARCH, APRIL) == sentence
