"""What the files of a buyer taught us, shown on a page of its own and taken back."""

import pytest
from django.urls import reverse

from accounts import audit
from procurement.models import ColumnChoice, Family, ValueChoice
from procurement.services import import_memory
from tests.procurement.factories import BuyerFactory
from tests.procurement.test_column_choices import words


@pytest.fixture
def column(stage, buyer):
    return ColumnChoice.objects.create(
        buyer=stage.buyer, key="enveloppe", written="Enveloppe", field="estimated_amount", chosen_by=buyer
    )


@pytest.fixture
def value(stage):
    family = Family.objects.get(code="mobilier")
    return ValueChoice.objects.create(
        buyer=stage.buyer, field="family", key="bancs", written="Bancs", family=family
    )


def test_the_page_lists_what_is_remembered_and_by_whom(stage, buyer, as_user, column, value):
    ColumnChoice.objects.create(buyer=stage.buyer, key="couleur", written="Couleur")

    page = words(as_user(buyer).get(reverse("procurement:buyer_memory", args=[stage.buyer.pk])))

    assert "Enveloppe Montant estimé (€ HT)" in page
    assert "Couleur Ne pas lire" in page
    assert "Bancs famille d’achats Mobilier neuf et réemployé" in page
    assert str(buyer) in page


def test_nothing_remembered_says_what_would_be(stage, buyer, as_user):
    page = words(as_user(buyer).get(reverse("procurement:buyer_memory", args=[stage.buyer.pk])))

    assert "Rien n’est mémorisé." in page


def test_choices_are_forgotten_and_the_log_says_which(stage, buyer, as_user, column, value):
    url = reverse("procurement:buyer_forget", args=[stage.buyer.pk])

    page = words(as_user(buyer).post(url, {"column": [column.pk], "value": [value.pk, "x"]}, follow=True))

    assert "Oubliés : Enveloppe, Bancs." in page
    assert not ColumnChoice.objects.exists()
    assert not ValueChoice.objects.exists()
    sentence = audit.history(stage.buyer.organisation)[0].sentence
    assert (
        " ".join(sentence.split()) == "a oublié ce qui servait à lire ses fichiers : « Enveloppe », « Bancs »"
    )


def test_nothing_checked_forgets_nothing(stage, buyer, as_user, column):
    response = as_user(buyer).post(reverse("procurement:buyer_forget", args=[stage.buyer.pk]), follow=True)

    assert "Rien n’est oublié : cochez au moins un choix." in words(response)
    assert ColumnChoice.objects.exists()


def test_one_choice_is_told_in_the_singular(stage, buyer, as_user, column):
    url = reverse("procurement:buyer_forget", args=[stage.buyer.pk])

    assert "Oublié : Enveloppe." in words(as_user(buyer).post(url, {"column": column.pk}, follow=True))


def test_what_another_buyer_chose_is_not_forgotten(buyer, column):
    other = BuyerFactory(organisation__name="Ville de Hautmont")

    assert import_memory.forget(buyer=other, columns=[column.pk], values=[], by=buyer) == []
    assert ColumnChoice.objects.exists()


@pytest.mark.parametrize("count", [1, 10])
def test_ten_choices_ask_as_much_of_the_database_as_one(
    stage, buyer, as_user, count, django_assert_num_queries
):
    family = Family.objects.get(code="mobilier")
    for rank in range(count):
        ColumnChoice.objects.create(
            buyer=stage.buyer, key=f"c{rank}", written=f"C{rank}", field="place", chosen_by=buyer
        )
        ValueChoice.objects.create(
            buyer=stage.buyer,
            field="family",
            key=f"v{rank}",
            written=f"V{rank}",
            family=family,
            chosen_by=buyer,
        )
    visitor = as_user(buyer)

    with django_assert_num_queries(6):
        visitor.get(reverse("procurement:buyer_memory", args=[stage.buyer.pk]))
