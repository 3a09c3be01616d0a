from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.urls import reverse

from clauses.enums import ProvisionKind
from clauses.models import ReferenceValue
from clauses.queries import references
from clauses.queries.reference_shelves import OTHERS, SHELVES, shelves
from clauses.rules.provisions import Terms
from procurement.models import Delay
from tests.clauses.queries_of import queries_of
from tests.clauses.reading import plain


pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 25)
PAGE = "clauses:reference_list"


def test_every_default_value_has_a_shelf():
    found = shelves(TODAY, keep=lambda row: True)

    assert [shelf.title for shelf in found] == list(SHELVES)


def test_a_value_of_a_new_kind_is_shown_last():
    _value("wholly-new")

    assert shelves(TODAY, keep=lambda row: True)[-1].title == OTHERS


def test_the_page_shows_a_number_with_its_source_and_what_is_to_confirm(facilitator, as_user):
    text = plain(as_user(facilitator).get(reverse(PAGE)).text)

    assert "Coût horaire moyen" in text
    assert "30 €/h" in text
    assert "MEF Sud 77" in text
    assert "à confirmer" in text
    assert "à partir de 400 000 €" in text


def test_only_what_holds_today_is_shown_unless_asked(facilitator, as_user):
    _value("rate", value=7, valid_from=date(2040, 1, 1), source="Charte de 2040")

    today, all_dates = (
        as_user(facilitator).get(reverse(PAGE)),
        as_user(facilitator).get(f"{reverse(PAGE)}?show=all"),
    )

    assert "Charte de 2040" not in today.text
    assert "Charte de 2040" in all_dates.text
    assert "Pas en vigueur" in all_dates.text


def test_the_values_to_confirm_can_be_read_apart(facilitator, as_user):
    text = as_user(facilitator).get(f"{reverse(PAGE)}?show=to_confirm").text

    assert "Part de main-d’œuvre, espaces verts" in text
    assert "Part de main-d’œuvre, peinture intérieure" not in text


def test_without_any_value_the_page_says_who_keeps_them(facilitator, as_user):
    ReferenceValue.objects.all().delete()
    Delay.objects.all().delete()

    assert "Aucune valeur ici" in as_user(facilitator).get(f"{reverse(PAGE)}?show=nonsense").text


def test_only_an_administrator_is_led_to_the_form(facilitator, administrator, as_user):
    form = reverse("admin:clauses_referencevalue_changelist")

    assert form not in as_user(facilitator).get(reverse(PAGE)).text
    assert form in as_user(administrator).get(reverse(PAGE)).text


def test_an_administrator_adds_a_bracket_and_everybody_counts_with_it(administrator, facilitator, as_user):
    form = {
        "code": "training-hours-5", "label": "Clause de formation, cinquième tranche", "value": "1500",
        "unit": "h", "from_amount": "1000000", "valid_from": "2026-01-01", "source": "Délibération",
    }  # fmt: skip

    as_user(administrator).post(reverse("admin:clauses_referencevalue_add"), form)

    known = references.general(TODAY)
    estimate = known.estimate(ProvisionKind.TRAINING_CLAUSE, Terms(amount=Decimal(1_000_000)))
    assert estimate.hours == 1500
    assert "Délibération" in as_user(facilitator).get(reverse(PAGE)).text


def test_a_bracket_never_starts_below_zero():
    row = ReferenceValue.objects.get(code="training-hours-1")
    row.from_amount = -1

    with pytest.raises(IntegrityError):
        row.save()


def test_the_page_costs_the_same_for_ten_values_more(facilitator, as_user):
    visitor = as_user(facilitator)
    before = queries_of(visitor, reverse(PAGE))

    for number in range(10):
        _value(f"one-more-{number}")

    assert queries_of(visitor, reverse(PAGE)) == before


def _value(code, **named):
    return ReferenceValue.objects.create(
        code=code,
        **{
            "label": "Nouvelle",
            "value": Decimal(1),
            "unit": "h",
            "valid_from": date(2021, 1, 1),
            "source": "Moi",
        }
        | named,
    )
