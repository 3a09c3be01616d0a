from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError

from clauses.models import Public, ReferenceValue


pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


def test_an_empty_database_knows_the_thirteen_publics():
    publics = Public.objects.by_code(TODAY)

    assert len(publics) == 13
    assert publics["rsa"].proof_max_months == 3
    assert publics["qpv"].proof_max_months == 6
    assert publics["avis-motive"].proof_max_months is None


def test_every_default_names_its_source():
    assert not ReferenceValue.objects.filter(source="").exists()
    assert not Public.objects.filter(source="").exists()


def test_what_no_source_proves_is_to_be_confirmed():
    values = ReferenceValue.objects.by_code(TODAY)

    assert values["labour-share-travaux-peinture"].is_to_confirm is False
    assert values["labour-share-espaces-verts"].is_to_confirm is True
    assert values["eligibility-months"].is_to_confirm is True


def test_a_new_value_leaves_the_former_one_to_the_past():
    ReferenceValue.objects.create(
        code="rate", label="Taux", value=Decimal(7), unit="%", valid_from=date(2027, 1, 1), source="Charte"
    )

    assert ReferenceValue.objects.by_code(TODAY)["rate"].value == 5
    assert ReferenceValue.objects.by_code(date(2027, 1, 1))["rate"].value == 7


def test_a_value_that_ended_is_no_longer_in_force():
    ReferenceValue.objects.filter(code="rate").update(valid_to=TODAY)

    assert "rate" not in ReferenceValue.objects.by_code(TODAY)


@pytest.mark.parametrize("model", [ReferenceValue, Public])
def test_a_code_starts_once_on_a_date(model):
    row = model.objects.order_by("pk")[0]
    row.pk = None

    with pytest.raises(IntegrityError):
        row.save()
