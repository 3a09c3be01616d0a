"""Quotes for a need, and the small purchases made straight from a structure."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts import audit
from accounts.enums import AuditKind
from structures.enums import DirectOrderState, MeasureUnit
from structures.models import DirectOrder, Quote
from structures.services import orders, quotes
from structures.services.orders import OrderRefused
from structures.services.quotes import QuoteRefused
from structures.workflow import (
    DIRECT_ORDER_TRANSITIONS,
    DirectOrderTransition,
    TransitionRefused,
    next_order_state,
)
from tests.structures.factories import NeedFactory, StructureFactory
from tests.structures.order_factories import DirectOrderFactory, QuoteFactory


pytestmark = pytest.mark.django_db
NOON = datetime(2027, 3, 10, 11, tzinfo=UTC)
TODAY = date(2027, 3, 10)


@pytest.fixture
def need(stage):
    return NeedFactory(office=stage.office)


@pytest.fixture
def quote(need):
    return QuoteFactory(need=need)


@pytest.fixture
def order(stage):
    return DirectOrderFactory(buyer=stage.buyer)


def priced(**fields):
    return {
        "structure": StructureFactory(),
        "quantity": Decimal("1200"),
        "unit": MeasureUnit.PIECE,
        "unit_price": Decimal("0.0445"),
        "received_on": TODAY,
        "valid_until_on": None,
        "comment": "",
    } | fields


def kinds_of(row):
    return list(audit.history(row).values_list("kind", flat=True))


def test_a_quote_is_noted_with_its_total(need, facilitator):
    quote = quotes.note(need=need, values=priced(), by=facilitator, at=NOON)

    assert quote.total_amount == Decimal("53.40")
    assert str(quote) == f"Devis de {quote.structure}"
    assert kinds_of(need) == [AuditKind.QUOTE_NOTED]


def test_a_quote_is_corrected_and_its_total_follows(quote, need, facilitator):
    same = {name: getattr(quote, name) for name in quotes.OWN}

    quotes.change(quote=quote, values=same, by=facilitator)
    changed = quotes.change(quote=quote, values=same | {"quantity": Decimal(2000)}, by=facilitator)

    assert changed.total_amount == Decimal("100.00")
    assert kinds_of(need) == [AuditKind.QUOTE_CHANGED]
    assert audit.history(need).get().payload["fields"] == "quantité"


def test_a_quote_is_withdrawn_and_comes_back(quote, need, facilitator):
    for _ in range(2):
        quotes.withdraw(quote=quote, by=facilitator, at=NOON)
    assert not Quote.objects.standing().exists()
    for _ in range(2):
        quotes.bring_back(quote=quote, by=facilitator)

    assert Quote.objects.standing().get() == quote
    assert kinds_of(need) == [AuditKind.QUOTE_BROUGHT_BACK, AuditKind.QUOTE_WITHDRAWN]


def test_the_quote_that_is_chosen_becomes_an_order(quote, need, stage, facilitator):
    order = orders.order_quote(quote=quote, buyer=stage.buyer, ordered_on=TODAY, by=facilitator, at=NOON)

    assert (order.structure, order.title) == (quote.structure, need.title)
    assert (order.quantity, order.unit, order.total_amount) == (
        quote.quantity,
        quote.unit,
        quote.total_amount,
    )
    assert kinds_of(need) == [AuditKind.QUOTE_ORDERED]
    assert audit.history(order).get().payload["amount"].startswith("60")


def test_a_quote_ordered_is_neither_ordered_twice_nor_changed(quote, stage, facilitator):
    told = {"buyer": stage.buyer, "ordered_on": TODAY, "by": facilitator, "at": NOON}
    order = orders.order_quote(quote=quote, **told)

    with pytest.raises(OrderRefused, match="déjà commandé"):
        orders.order_quote(quote=quote, **told)
    with pytest.raises(QuoteRefused, match="annulez d’abord"):
        quotes.withdraw(quote=quote, by=facilitator, at=NOON)
    orders.cancel(order=order, by=facilitator, at=NOON)
    again = orders.order_quote(quote=quote, **told)
    with pytest.raises(OrderRefused, match="commandé de nouveau"):
        orders.reinstate(order=order, by=facilitator)

    assert list(DirectOrder.objects.standing()) == [again]


def test_a_quote_withdrawn_is_not_ordered(quote, stage, facilitator):
    quotes.withdraw(quote=quote, by=facilitator, at=NOON)

    with pytest.raises(OrderRefused, match="rétablissez-le"):
        orders.order_quote(quote=quote, buyer=stage.buyer, ordered_on=TODAY, by=facilitator, at=NOON)


def test_a_small_purchase_is_noted_changed_cancelled_and_brought_back(stage, buyer):
    values = {
        "buyer": stage.buyer,
        "title": "1 200 enveloppes",
        "quantity": Decimal(1200),
        "unit": MeasureUnit.PIECE,
        "unit_price": Decimal("0.335"),
        "ordered_on": TODAY,
    }
    order = orders.order(structure=StructureFactory(), values=values, by=buyer, at=NOON)

    orders.change(order=order, values=values, by=buyer)
    order = orders.change(order=order, values=values | {"quantity": Decimal(3)}, by=buyer)
    orders.cancel(order=order, by=buyer, at=NOON)
    with pytest.raises(OrderRefused, match="rétablissez-le"):
        orders.change(order=order, values=values, by=buyer)
    order = orders.reinstate(order=order, by=buyer)

    assert (order.total_amount, order.cancelled_at) == (Decimal("1.01"), None)
    assert order.unit_word == "pièces"
    assert MeasureUnit.THOUSAND.counted(Decimal("1.2")) == "millier"
    assert kinds_of(order) == [
        AuditKind.DIRECT_ORDER_REINSTATED,
        AuditKind.DIRECT_ORDER_CANCELLED,
        AuditKind.DIRECT_ORDER_CHANGED,
        AuditKind.DIRECT_ORDER_NOTED,
    ]


def test_the_buyer_and_its_office_read_an_order(
    order, facilitator, manager, buyer, other_buyer, other_facilitator
):
    readers = (facilitator, manager, buyer, other_buyer, other_facilitator)

    assert [DirectOrder.objects.visible_to(user).exists() for user in readers] == [
        True, True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize("transition", DirectOrderTransition)
@pytest.mark.parametrize("state", DirectOrderState)
def test_every_state_and_transition(transition, state):
    sources, target = DIRECT_ORDER_TRANSITIONS[transition]

    if state in sources:
        assert next_order_state(transition, state) == target
    else:
        with pytest.raises(TransitionRefused, match="n’est pas possible"):
            next_order_state(transition, state)


@pytest.mark.parametrize(
    ("constraint", "broken"),
    [
        ("direct_order_is_measured", {"quantity": 0}),
        ("direct_order_cancelled_iff_dated", {"cancelled_at": NOON}),
    ],
)
def test_an_order_is_refused_by_the_database(order, constraint, broken):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        DirectOrder.objects.filter(pk=order.pk).update(**broken)


def test_a_quote_is_refused_by_the_database(quote, stage):
    with pytest.raises(IntegrityError, match="quote_is_measured"), transaction.atomic():
        Quote.objects.filter(pk=quote.pk).update(unit_price=-1)
    with pytest.raises(IntegrityError, match="quote_valid_after_its_day"), transaction.atomic():
        Quote.objects.filter(pk=quote.pk).update(valid_until_on=date(2020, 1, 1))
    DirectOrderFactory(buyer=stage.buyer, quote=quote)
    with pytest.raises(IntegrityError), transaction.atomic():
        DirectOrderFactory(buyer=stage.buyer, quote=quote)
