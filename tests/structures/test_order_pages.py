"""The list of small purchases, the page of one, and the quotes set side by side."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from structures.enums import MeasureUnit, StructureKind
from structures.models import DirectOrder, Quote
from tests.clauses.queries_of import queries_of
from tests.procurement.factories import MarketFactory, PurchasePlanFactory
from tests.structures.factories import ApproachFactory, NeedFactory, StructureFactory
from tests.structures.order_factories import DirectOrderFactory, QuoteFactory


pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_the_day(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def visitor(as_user, facilitator):
    return as_user(facilitator)


@pytest.fixture
def need(stage):
    return NeedFactory(office=stage.office)


@pytest.fixture
def order(stage):
    return DirectOrderFactory(buyer=stage.buyer, structure=StructureFactory(kind=StructureKind.ESAT))


@pytest.fixture
def typed(stage):
    return {
        "buyer": stage.buyer.pk,
        "title": "1 200 enveloppes à mettre sous pli",
        "quantity": "1 200",
        "unit": "piece",
        "unit_price": "0,045",
        "ordered_on": "2027-03-09",
    }


def text(answer):
    return (
        answer.content.decode().replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=enveloppes", 1),
        ("q=zzz", 0),
        ("family=disability", 1),
        ("family=insertion", 0),
        ("year=2027", 1),
        ("state=cancelled", 0),
    ],
)
def test_the_list_narrows_and_its_exports_too(visitor, order, query, found):
    content = visitor.get(f"/achats-directs/export.csv?{query}").content.decode("utf-8-sig")
    book = load_workbook(BytesIO(visitor.get(f"/achats-directs/export.xlsx?{query}").content))

    assert len(content.splitlines()) == book.active.max_row == found + 1
    assert ("Ville de" in text(visitor.get(f"/achats-directs/?{query}"))) >= bool(found)


def test_the_list_adds_up_what_stands(visitor, order, stage):
    DirectOrderFactory(buyer=stage.buyer, cancelled=True)
    DirectOrderFactory(buyer=stage.other_buyer)

    page = text(visitor.get("/achats-directs/"))

    assert "2</strong> achats" in page
    assert "60 €</strong> HT" in page


def test_the_empty_list_says_what_to_do(visitor, as_user, manager):
    assert "Notez ce qui s’achète sans clause" in text(visitor.get("/achats-directs/"))
    assert "Aucun achat ne répond" in text(visitor.get("/achats-directs/?q=zzz"))
    assert "viendront ici" in text(as_user(manager).get("/achats-directs/"))


def test_a_swap_is_the_list_alone(visitor, order):
    answer = visitor.get("/achats-directs/?q=enveloppes", headers={"HX-Request": "true"})

    assert "<h1" not in text(answer)
    assert answer["HX-Push-Url"] == "?q=enveloppes"


def test_a_purchase_is_noted_in_two_steps(visitor, typed):
    structure = StructureFactory(name="Atelier du Lac")

    asked = text(visitor.get("/achats-directs/noter/"))
    found = text(visitor.get("/achats-directs/noter/?q=lac"))
    nothing = text(visitor.get("/achats-directs/noter/?q=zzz"))
    form = text(visitor.get(f"/achats-directs/noter/?structure={structure.pk}"))
    noted = text(visitor.post(f"/achats-directs/noter/?structure={structure.pk}", typed, follow=True))

    assert "à quelle structure" in asked
    assert f"?structure={structure.pk}" in found
    assert "Aucune structure ne répond" in nothing
    assert 'value="2027-03-10"' in form
    assert "1 200 pièces × 0,045 € à la pièce" in noted
    assert "54 € HT" in noted
    assert DirectOrder.objects.get().total_amount == Decimal("54.00")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"quantity": "beaucoup"}, "Écrivez un nombre"),
        ({"quantity": "0"}, "La quantité est plus grande que zéro."),
        ({"quantity": "2 000 000"}, "vérifiez la quantité"),
        ({"unit_price": "-1"}, "Le prix ne peut pas être négatif."),
        ({"unit": ""}, "obligatoire"),
        ({"buyer": "0"}, "choix valide"),
    ],
)
def test_what_was_typed_wrong_is_said_and_nothing_is_kept(visitor, typed, wrong, said):
    answer = visitor.post(f"/achats-directs/noter/?structure={StructureFactory().pk}", typed | wrong)

    assert answer.status_code == 422
    assert said in text(answer)
    assert not DirectOrder.objects.exists()


def test_quotes_of_a_need_that_names_no_market_are_the_office_s_alone(visitor, as_user, buyer, stage):
    quote = QuoteFactory(need=NeedFactory(office=stage.office))
    order = DirectOrderFactory(buyer=stage.buyer, structure=quote.structure, quote=quote)

    assert "Comparaison des devis" in text(visitor.get(order.get_absolute_url()))
    assert "Comparaison des devis" not in text(as_user(buyer).get(order.get_absolute_url()))


def test_a_purchase_is_changed_cancelled_and_brought_back(visitor, order, typed):
    address = f"/achats-directs/{order.pk}/"
    form = text(visitor.get(f"{address}modifier/"))
    changed = text(visitor.post(f"{address}modifier/", typed, follow=True))
    cancelled = text(visitor.post(f"{address}annuler/", follow=True))
    refused = visitor.post(f"{address}modifier/", typed | {"title": "Autre"})
    twice = text(visitor.post(f"{address}annuler/", follow=True))
    back = text(visitor.post(f"{address}retablir/", follow=True))

    assert 'value="1 200"' in form
    assert "est modifié" in changed
    assert "ne compte plus" in cancelled
    assert (refused.status_code, "rétablissez-le" in text(refused)) == (422, True)
    assert "n’est pas possible" in twice
    assert "compte de nouveau" in back


def test_quotes_are_compared_like_with_like(visitor, need):
    piece = QuoteFactory(need=need, unit_price=Decimal("0.09"))
    QuoteFactory(need=need, unit=MeasureUnit.THOUSAND, quantity=Decimal("1.2"), unit_price=Decimal(80))
    QuoteFactory(need=need, unit=MeasureUnit.KILO, quantity=Decimal(40), valid_until_on=date(2027, 3, 9))
    gone = QuoteFactory(need=need, withdrawn_at=NOW)

    page = text(visitor.get(f"/structures/besoins/{need.pk}/devis/"))

    assert "ne se comparent pas tous" in page
    assert "Prix à la pièce" in page
    assert "Prix au kilo" in page
    assert "Prix au mille" not in page
    assert "Même unité et même quantité" in page
    assert "Seul devis dans cette unité" in page
    assert page.index("0,08") < page.index("0,09")
    assert page.count("le plus bas") == 1
    assert "Échu" in page
    assert f"/structures/devis/{gone.pk}/retablir/" in page
    assert f"/structures/devis/{piece.pk}/commander/" in page


def test_other_quantities_are_said(visitor, need):
    QuoteFactory(need=need)
    QuoteFactory(need=need, quantity=Decimal(5000))

    page = text(visitor.get(f"/structures/besoins/{need.pk}/devis/"))

    assert "pas la même quantité" in page
    assert "ne se comparent pas tous" not in page


def test_a_quote_is_noted_for_a_structure_of_the_shortlist(visitor, need):
    nobody = text(visitor.get(f"/structures/besoins/{need.pk}/devis/noter/"))
    structure = ApproachFactory(need=need).structure
    typed = {
        "structure": structure.pk,
        "quantity": "1200",
        "unit": "piece",
        "unit_price": "0.0445",
        "received_on": "2027-03-09",
    }

    empty = text(visitor.get(f"/structures/besoins/{need.pk}/devis/"))
    stranger = visitor.post(
        f"/structures/besoins/{need.pk}/devis/noter/", typed | {"structure": StructureFactory().pk}
    )
    noted = text(visitor.post(f"/structures/besoins/{need.pk}/devis/noter/", typed, follow=True))

    assert "Aucune structure n’est retenue" in nobody
    assert "Aucun devis n’est encore noté" in empty
    assert stranger.status_code == 422
    assert "est noté" in noted
    assert Quote.objects.get().total_amount == Decimal("53.40")


def test_a_quote_is_changed_withdrawn_and_brought_back(visitor, need):
    quote = QuoteFactory(need=need, structure=ApproachFactory(need=need).structure)
    typed = {
        "structure": quote.structure_id,
        "quantity": "2000",
        "unit": "piece",
        "unit_price": "0.05",
        "received_on": "2027-03-09",
    }
    address = f"/structures/devis/{quote.pk}/"

    changed = text(visitor.post(f"{address}modifier/", typed, follow=True))
    withdrawn = text(visitor.post(f"{address}retirer/", follow=True))
    back = text(visitor.post(f"{address}retablir/", follow=True))

    assert "est modifié" in changed
    assert "n’est plus comparé" in withdrawn
    assert "est comparé de nouveau" in back


def test_a_quote_is_chosen_for_the_buyer_of_the_market(visitor, stage):
    market = MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer))
    quote = QuoteFactory(need=NeedFactory(office=stage.office, market=market))
    address = f"/structures/devis/{quote.pk}/commander/"
    chosen = {"buyer": stage.buyer.pk, "ordered_on": "2027-03-10"}

    form = text(visitor.get(address))
    made = text(visitor.post(address, chosen, follow=True))
    twice = visitor.post(address, chosen)
    refused = [
        visitor.post(f"/structures/devis/{quote.pk}/modifier/", _same(quote)),
        visitor.post(f"/structures/devis/{quote.pk}/retirer/", follow=True),
    ]
    compared = text(visitor.get(f"/structures/besoins/{quote.need_id}/devis/"))

    assert str(stage.buyer) in form
    assert "est commandé" in made
    assert market.title in made
    assert (twice.status_code, "déjà commandé" in text(twice)) == (422, True)
    assert all("annulez d’abord l’achat" in text(answer) for answer in refused)
    assert "Commandé" in compared


def _same(quote):
    ApproachFactory(need=quote.need, structure=quote.structure)
    return {
        "structure": quote.structure_id,
        "quantity": "7",
        "unit": quote.unit,
        "unit_price": "1",
        "received_on": "2027-03-09",
    }


def test_one_order_or_ten_ask_as_much(visitor, order, need, stage):
    QuoteFactory(need=need)
    addresses = ("/achats-directs/", f"/structures/besoins/{need.pk}/devis/")
    one = [queries_of(visitor, address) for address in addresses]
    DirectOrderFactory.create_batch(9, buyer=stage.buyer)
    QuoteFactory.create_batch(9, need=need)

    assert [queries_of(visitor, address) for address in addresses] == one
