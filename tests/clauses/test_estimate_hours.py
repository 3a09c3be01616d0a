import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from clauses.models import ReferenceValue
from tests.clauses.reading import plain


pytestmark = pytest.mark.django_db

CLASSIC = ("classic", "--amount=1000000", "--labour-share=0.5", "--rate=0.05", "--hourly-cost=30")


def test_the_classic_formula_answers_one_json_object():
    answer = _json(*CLASSIC)

    assert answer["exact"].startswith("833.333")
    assert answer | {"exact": ""} == {"exact": "", "hours": "833", "advice": "clause", "reasons": []}


def test_no_clause_is_advised_under_the_floor_of_the_day():
    ReferenceValue.objects.filter(code="clause-hours-floor").update(value=1000)

    assert _json(*CLASSIC)["advice"] == "no_clause"


def test_without_json_it_is_a_sentence():
    text = plain(_run(*CLASSIC))

    assert text == ("1 000 000 € × 50 % × 5 % ÷ 30 € = 833,33 h, soit 833 h.\nUne clause est possible.\n")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            "per-euro --invoiced=3000000 --euros-per-hour=2000 --threshold=2700000 --mode=franchise",
            {"exact": "150", "hours": "150"},
        ),
        (
            "per-euro --invoiced=3000000 --euros-per-hour=2000 --threshold=2700000 --mode=trigger",
            {"hours": "1500"},
        ),
        (
            "cleaning --amount=300000 --rate=0.10 --transferred-monthly-hours=500 --months=12",
            {"hours": "600", "labour_ratio": "0.5", "advice": "clause"},
        ),
        (
            "cleaning --amount=120000 --rate=0,10 --transferred-monthly-hours=450 --months=12",
            {"hours": "0", "labour_ratio": "-0.125", "advice": "no_clause"},
        ),
        ("training --amount=399000", {"hours": "450"}),
        ("worked --hours=20000 --rate=0.05", {"hours": "1000"}),
        ("fte --months=6 --yearly-hours=1607", {"exact": "803.5", "hours": "804"}),
        ("fixed --hours=1200", {"exact": "1200", "hours": "1200"}),
        (
            "cleaning --amount=3e5 --rate=0.1 --transferred-monthly-hours=500 --months=12 --hourly-cost=30",
            {"hours": "400", "labour_ratio": "0.4"},
        ),
    ],
)
def test_the_other_formulas(arguments, expected):
    answer = _json(*arguments.split())

    assert answer | expected == answer


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("", "Formules connues : classic, per-euro, cleaning, training, worked, fte, fixed."),
        ("magic", "Formules connues : classic, per-euro, cleaning, training, worked, fte, fixed."),
        ("training", "Indiquez --amount."),
        ("training --amount=beaucoup", "--amount beaucoup : un nombre est attendu."),
        ("worked --hours=10 --rate=500%", "--rate 500% : une part s’écrit de 0 à 1 (5 % : 0.05)."),
        ("training --amount=1 --hours=3", "--hours : la formule « training » ne s’en sert pas."),
        ("training --amount=NaN", "--amount NaN : un nombre est attendu."),
        ("training --amount=-1", "--amount -1 : un nombre positif est attendu."),
        ("training --amount=1e15", "--amount 1e15 : ce nombre est trop grand."),
        ("worked --hours=10 --rate=5", "--rate 5 : une part s’écrit de 0 à 1 (5 % : 0.05)."),
        ("worked --hours=10 --rate=-0.05", "--rate -0.05 : un nombre positif est attendu."),
        (
            "classic --amount=1 --labour-share=0.5 --rate=0.05 --hourly-cost=0",
            "--hourly-cost 0 : un nombre positif est attendu.",
        ),
        ("fte --months=0 --yearly-hours=1607", "--months 0 : un nombre positif est attendu."),
        (
            "per-euro --invoiced=1 --euros-per-hour=1 --threshold=0 --mode=autre",
            "--mode autre : franchise ou trigger est attendu.",
        ),
        (
            "cleaning --amount=1 --rate=0.1 --transferred-monthly-hours=0 --months=1.5",
            "--months 1.5 : un nombre entier de mois est attendu.",
        ),
    ],
)
def test_unusable_arguments_are_refused_with_a_sentence(arguments, sentence):
    told = StringIO()

    with pytest.raises(SystemExit) as end:
        call_command("estimate_hours", *arguments.split(), stderr=told)

    assert (told.getvalue(), end.value.code) == (f"{sentence}\n", 2)


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        (
            "cleaning-hourly-cost",
            "cleaning --amount=1 --rate=0.1 --transferred-monthly-hours=0 --months=1",
        ),
        ("training-hours-1", "training --amount=1"),
    ],
)
def test_a_missing_reference_value_is_a_failure_of_its_own(code, arguments):
    ReferenceValue.objects.filter(code=code).delete()

    with pytest.raises(CommandError) as refusal:
        _run(*arguments.split())

    assert refusal.value.returncode == 1


def _run(*arguments):
    out = StringIO()
    call_command("estimate_hours", *arguments, stdout=out)
    return out.getvalue()


def _json(*arguments):
    return json.loads(_run(*arguments, "--json"))
