from dataclasses import replace
from decimal import Decimal

import pytest

from clauses.enums import RESERVATIONS, Objective, PerEuroMode, ProvisionFamily, ProvisionKind as Kind
from clauses.rules import provisions
from clauses.rules.catalogue import PROVISIONS
from clauses.rules.provisions import Bounds, Terms
from tests.clauses.reading import plain


BOUNDS = Bounds(reserved_share_minimum=Decimal("0.5"), ess_months_maximum=36)
NUMBERS = {
    "amount": Decimal(1_000_000),
    "labour_share": Decimal("0.5"),
    "rate": Decimal("0.05"),
    "hourly_cost": Decimal(30),
    "reserved_share": Decimal("0.5"),
    "criterion_weight": Decimal("0.10"),
    "months": 36,
    "hours_due": Decimal(833),
}


def right_terms(kind):
    """The numbers that this kind asks for, all acceptable."""
    return Terms(**{name: NUMBERS[name] for name in PROVISIONS[kind].terms})


def test_the_table_knows_every_kind():
    assert set(PROVISIONS) == set(Kind)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_says_its_article_what_it_means_and_what_changes(kind):
    provision = PROVISIONS[kind]

    assert provision.article
    assert provision.sentence.endswith(".")
    assert provision.change.endswith(".")
    assert set(provision.required) <= set(provision.terms) <= set(NUMBERS)


@pytest.mark.parametrize("kind", Kind)
def test_right_terms_meet_no_objection(kind):
    assert provisions.objections(kind, right_terms(kind), BOUNDS) == []


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind in Kind for name in PROVISIONS[kind].required]
)
def test_what_must_be_recorded_is_asked_for(kind, name):
    terms = Terms(**{term: NUMBERS[term] for term in PROVISIONS[kind].terms if term != name})

    assert [found.field for found in provisions.objections(kind, terms, BOUNDS)] == [name]


@pytest.mark.parametrize("kind", RESERVATIONS)
def test_a_reservation_has_no_rate(kind):
    terms = Terms(**{name: NUMBERS[name] for name in (*PROVISIONS[kind].terms, "rate")})

    assert _sentences(kind, terms) == [
        "Un marché réservé n’a pas de taux d’insertion : laissez ce champ vide."
    ]


def test_a_number_of_another_kind_is_refused():
    terms = Terms(hours_due=Decimal(100), criterion_weight=Decimal("0.1"))

    assert _sentences(Kind.EXECUTION_CONDITION, terms) == [
        "« Condition d’exécution (clause sociale) » ne demande pas la pondération du critère : "
        "laissez ce champ vide."
    ]


def test_a_rate_of_500_percent_is_refused_with_a_sentence():
    terms = Terms(rate=Decimal(5), hours_due=Decimal(100))

    assert _sentences(Kind.EXECUTION_CONDITION, terms) == [
        "Un taux d’insertion va de 0 à 100 % : 500 % n’est pas possible."
    ]


def test_no_line_of_a_refusal_begins_with_its_punctuation():
    terms = Terms(rate=Decimal(5), hours_due=Decimal(100))

    refusals = provisions.objections(Kind.EXECUTION_CONDITION, terms, BOUNDS)

    assert "100\u00a0%\u00a0: 500\u00a0% " in refusals[0].sentence


@pytest.mark.parametrize("share", ["-0.01", "1.01"])
@pytest.mark.parametrize("name", ["labour_share", "rate", "criterion_weight"])
def test_a_share_runs_from_0_to_100_percent(name, share):
    terms = Terms(**(_whole() | {name: Decimal(share)}))

    assert [found.field for found in provisions.objections(Kind.CLAUSE_AND_CRITERION, terms, BOUNDS)] == [
        name
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hourly_cost", "0"),
        ("hourly_cost", "-1"),
        ("amount", "-1"),
        ("hours_due", "0"),
        ("hours_due", "100000000"),
    ],
)
def test_numbers_out_of_range_are_refused(name, value):
    terms = Terms(**(_whole() | {name: Decimal(value)}))

    assert [found.field for found in provisions.objections(Kind.CLAUSE_AND_CRITERION, terms, BOUNDS)] == [
        name
    ]


@pytest.mark.parametrize("kind", [kind for kind in RESERVATIONS if kind != Kind.RESERVED_ESS])
def test_a_reservation_asks_for_half_of_the_workers(kind):
    assert _sentences(kind, Terms(reserved_share=Decimal("0.49"))) == [
        "Un marché réservé demande au moins 50 % de travailleurs concernés (article R. 2113-7)."
    ]


def test_an_ess_reservation_lasts_three_years_at_most():
    assert _sentences(Kind.RESERVED_ESS, Terms(months=37)) == [
        "Un marché réservé à l’économie sociale et solidaire dure 36 mois au plus (article L. 2113-16)."
    ]


def test_bounds_that_nobody_keeps_any_more_forbid_nothing():
    assert provisions.objections(Kind.RESERVED_ESS, Terms(months=99), Bounds()) == []
    assert provisions.objections(Kind.RESERVED_SIAE, Terms(reserved_share=Decimal("0.1")), Bounds()) == []


def test_a_lot_carries_a_kind_once():
    assert _conflicts(Kind.AWARD_CRITERION, [Kind.AWARD_CRITERION]) == [
        "Ce lot a déjà une proposition « Critère d’attribution »."
    ]


def test_a_clause_and_a_criterion_may_go_together():
    assert _conflicts(Kind.AWARD_CRITERION, [Kind.EXECUTION_CONDITION]) == []


def test_two_reservations_make_one_mixed_proposal():
    (sentence,) = _conflicts(Kind.RESERVED_SIAE, [Kind.RESERVED_DISABILITY])

    assert "une seule proposition « Marché réservé – handicap et insertion »" in sentence


@pytest.mark.parametrize("other", [kind for kind in RESERVATIONS if kind != Kind.RESERVED_PRISON])
def test_the_prison_reservation_is_never_combined(other):
    there, back = (
        _conflicts(Kind.RESERVED_PRISON, [other]),
        _conflicts(other, [Kind.RESERVED_PRISON]),
    )

    assert there == back
    assert "ne se combine avec aucune autre" in there[0]


def test_a_lot_is_reserved_once():
    assert _conflicts(Kind.RESERVED_ESS, [Kind.RESERVED_MIXED]) == [
        "Ce lot est déjà réservé : « Marché réservé – handicap et insertion »."
    ]


@pytest.mark.parametrize("part", provisions.PARTS)
def test_clause_and_criterion_leaves_no_room_for_its_parts(part):
    assert _conflicts(part, [Kind.CLAUSE_AND_CRITERION])
    assert _conflicts(Kind.CLAUSE_AND_CRITERION, [part])


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.EXECUTION_CONDITION, ("Clause sociale",)),
        (Kind.AWARD_CRITERION, ("Critère social",)),
        (Kind.CLAUSE_AND_CRITERION, ("Clause sociale", "Critère social")),
        (Kind.RESERVED_ESS, ("Marché réservé",)),
        (Kind.VOLUNTARY, ("Pas de considération sociale",)),
    ],
)
def test_the_value_of_the_official_declaration(kind, value):
    assert PROVISIONS[kind].decp == value


def test_every_reservation_is_declared_as_such():
    assert {PROVISIONS[kind].family for kind in RESERVATIONS} == {ProvisionFamily.RESERVATION}
    assert {PROVISIONS[kind].decp for kind in RESERVATIONS} == {("Marché réservé",)}


def _whole():
    return {name: NUMBERS[name] for name in PROVISIONS[Kind.CLAUSE_AND_CRITERION].terms}


def _sentences(kind, terms):
    return [plain(found.sentence) for found in provisions.objections(kind, terms, BOUNDS)]


def _conflicts(kind, others):
    return [plain(sentence) for sentence in provisions.conflicts(kind, others)]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("months", 0, "La durée du marché est d’un mois au moins."),
        ("euros_per_hour", 0, "Le montant facturé qui doit une heure est supérieur à zéro."),
        ("threshold_amount", -1, "Le seuil de facturation ne peut pas être négatif."),
        (
            "transferred_monthly_hours",
            -1,
            "Les heures du personnel à reprendre ne peuvent pas être négatives.",
        ),
        ("hours_worked", -1, "Les heures travaillées ne peuvent pas être négatives."),
        ("full_time_months", 0, "Le nombre de mois de temps plein est supérieur à zéro."),
        ("yearly_hours", -2, "La durée annuelle d’un temps plein est supérieure à zéro."),
    ],
)
def test_a_number_that_no_formula_can_use_is_refused(name, value, sentence):
    terms = replace(right_terms(Kind.EXECUTION_CONDITION), **{name: value})

    found = provisions.objections(Kind.EXECUTION_CONDITION, terms, BOUNDS)

    assert (name, sentence) in [(objection.field, objection.sentence) for objection in found]


def test_another_way_of_counting_asks_for_its_own_numbers():
    assert provisions.asked(Kind.CLAUSE_AND_CRITERION, Objective.WORKED) == (
        "objective", "amount", "hours_worked", "rate", "hours_due", "criterion_weight",
    )  # fmt: skip
    assert provisions.asked(Kind.EXECUTION_CONDITION, Objective.FIXED) == ("objective", "amount", "hours_due")


def test_only_hours_that_follow_the_market_may_be_counted_otherwise():
    assert provisions.asked(Kind.TRAINING_CLAUSE, Objective.WORKED) == PROVISIONS[Kind.TRAINING_CLAUSE].terms


def test_the_service_reads_in_words_how_hours_were_counted():
    terms = Terms(
        objective=Objective.PER_EURO, euros_per_hour=Decimal(2000), threshold_amount=Decimal(2_700_000),
        threshold_mode=PerEuroMode.TRIGGER, hours_due=Decimal(1500),
    )  # fmt: skip

    described = provisions.describe(Kind.EXECUTION_CONDITION, terms)

    assert {title: plain(text) for title, text in described.items()} == {
        "Disposition sociale": "Condition d’exécution (clause sociale)",
        "Mode de calcul": "Heures par euro facturé",
        "Montant facturé qui doit une heure": "2 000 €",
        "Seuil de facturation": "2 700 000 €",
        "Au-delà du seuil": "Dès le premier euro, une fois le seuil atteint",
        "Heures d’insertion": "1 500 h",
    }


def test_months_of_full_time_work_are_described():
    terms = Terms(objective=Objective.FULL_TIME, full_time_months=Decimal(6), yearly_hours=Decimal(1607))

    described = provisions.describe(Kind.EXECUTION_CONDITION, terms)

    assert plain(described["Mois de temps plein"]) == "6 mois"
