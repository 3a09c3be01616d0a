from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from structures.enums import DirectOrderState, MeasureUnit
from structures.models import DirectOrder, Quote
from structures.rules.quotes import total
from tests.structures.factories import NeedFactory, StructureFactory


NOTED_AT = datetime(2027, 3, 2, 9, tzinfo=UTC)


class MeasuredFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    structure = factory.SubFactory(StructureFactory)
    quantity = Decimal(1200)
    unit = MeasureUnit.PIECE
    unit_price = Decimal("0.05")
    total_amount = factory.LazyAttribute(lambda o: total(o.quantity, o.unit_price))
    noted_at = NOTED_AT
    noted_by = factory.SubFactory("tests.accounts.factories.UserFactory")


class QuoteFactory(MeasuredFactory):
    class Meta:
        model = Quote

    need = factory.SubFactory(NeedFactory)
    received_on = date(2027, 3, 2)


class DirectOrderFactory(MeasuredFactory):
    class Meta:
        model = DirectOrder

    buyer = factory.SubFactory("tests.procurement.factories.BuyerFactory")
    title = "1 200 enveloppes"
    ordered_on = date(2027, 3, 2)
    cancelled_at = factory.LazyAttribute(
        lambda o: NOTED_AT if o.state == DirectOrderState.CANCELLED else None
    )
    state = DirectOrderState.ORDERED

    class Params:
        cancelled = factory.Trait(state=DirectOrderState.CANCELLED)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        order = model_class(*args, **kwargs)
        order.index()
        order.save(force_insert=True)
        return order
