"""What buyers bought straight from inclusive structures, as a SPASER counts it."""

from datetime import date
from decimal import Decimal

import pytest

from reporting.queries import direct_orders as query
from structures.enums import LegalFamily, StructureKind
from structures.models import DirectOrder, Label
from tests.structures.factories import StructureFactory
from tests.structures.order_factories import DirectOrderFactory


pytestmark = pytest.mark.django_db
YEAR = {"starts_on": date(2027, 1, 1), "ends_on": date(2028, 1, 1)}


def test_the_year_counts_the_orders_that_stand(stage):
    esat = StructureFactory(kind=StructureKind.ESAT)
    solidary = StructureFactory(kind=StructureKind.EI)
    Label.objects.get_or_create(code="esus", defaults={"label": "ESUS"})[0].structures.add(solidary)
    DirectOrderFactory.create_batch(2, buyer=stage.buyer, structure=esat)
    DirectOrderFactory(
        buyer=stage.other_buyer, structure=solidary, quantity=Decimal(100), unit_price=Decimal(10)
    )
    DirectOrderFactory(buyer=stage.buyer, structure=esat, cancelled=True)
    DirectOrderFactory(buyer=stage.buyer, structure=esat, ordered_on=date(2028, 1, 1))

    figures = query.figures(DirectOrder.objects.all(), **YEAR)

    assert (figures.bought.count, figures.bought.amount, figures.structures) == (3, Decimal(1120), 2)
    assert (figures.solidary.count, figures.solidary.amount) == (1, Decimal(1000))
    by_family = {row.family: row for row in figures.families}
    assert by_family[LegalFamily.DISABILITY].bought.amount == Decimal(120)
    assert by_family[LegalFamily.DISABILITY].structures == 1
    assert by_family[LegalFamily.INSERTION].bought.count == 1
    assert by_family[LegalFamily.PRISON].bought.amount == 0
    assert [row.kind for row in figures.kinds] == [StructureKind.EI, StructureKind.ESAT]
    assert [row.name for row in figures.buyers] == [str(stage.other_buyer), str(stage.buyer)]


def test_a_year_without_orders_adds_up_to_nothing():
    figures = query.figures(DirectOrder.objects.all(), **YEAR)

    assert (figures.bought.amount, figures.kinds, figures.buyers) == (0, (), ())


def test_the_page_narrows_to_a_buyer_and_a_year(as_user, facilitator, stage, time_machine):
    time_machine.move_to(date(2027, 6, 1))
    DirectOrderFactory(buyer=stage.buyer)
    visitor = as_user(facilitator)

    shown = visitor.get(f"/achats-directs/chiffres/?buyer={stage.buyer.pk}").content.decode()
    other = visitor.get("/achats-directs/chiffres/?year=2026&buyer=zzz").content.decode()

    assert f"{stage.buyer}" in shown
    assert "Dont ESUS" in shown
    assert "Aucun achat direct cette année-là." in other
