"""Small purchases made straight from a structure: noted, corrected, cancelled and brought back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User
from config.lib.french import format_amount, join_words
from procurement.models import Buyer
from structures.enums import DirectOrderState
from structures.models import DirectOrder, Quote, Structure
from structures.rules import quotes as rules
from structures.workflow import DirectOrderTransition, next_order_state


OWN = ("buyer", "title", "quantity", "unit", "unit_price", "ordered_on")


class OrderRefused(Exception):
    """What was asked cannot be done now; the text is fit for the user."""


@transaction.atomic
def order(*, structure: Structure, values: Mapping[str, Any], by: User, at: datetime) -> DirectOrder:
    """`values` are the fields of `OWN`."""
    return _keep(DirectOrder(structure=structure, noted_at=at, noted_by=by, **values), by)


@transaction.atomic
def order_quote(*, quote: Quote, buyer: Buyer, ordered_on: date, by: User, at: datetime) -> DirectOrder:
    """The quote chosen becomes an order, with its own quantity and price. Raises `OrderRefused`."""
    rows = Quote.objects.select_for_update(of=("self",)).select_related("need", "structure")
    quote = rows.get(pk=quote.pk)
    if quote.withdrawn_at is not None:
        raise OrderRefused("Ce devis est retiré : rétablissez-le avant de le commander.")
    if quote.orders.standing().exists():
        raise OrderRefused("Ce devis est déjà commandé.")
    made = DirectOrder(
        buyer=buyer, structure=quote.structure, quote=quote, market_id=quote.need.market_id,
        title=quote.need.title[:200], quantity=quote.quantity, unit=quote.unit, unit_price=quote.unit_price,
        ordered_on=ordered_on, noted_at=at, noted_by=by,
    )  # fmt: skip
    audit.record(AuditKind.QUOTE_ORDERED, target=quote.need, by=by, structure=str(quote.structure))
    return _keep(made, by)


@transaction.atomic
def change(*, order: DirectOrder, values: Mapping[str, Any], by: User) -> DirectOrder:
    """Raises `OrderRefused` once it is cancelled."""
    order = _lock(order)
    if order.state == DirectOrderState.CANCELLED:
        raise OrderRefused("Cet achat est annulé : rétablissez-le avant de le modifier.")
    changed = [name for name in OWN if values[name] != getattr(order, name)]
    if not changed:
        return order
    for name in changed:
        setattr(order, name, values[name])
    order.total_amount = rules.total(order.quantity, order.unit_price)
    order.index()
    order.save(update_fields=[*changed, "total_amount", "search_text"])
    fields = join_words(audit.field_labels(order, changed))
    audit.record(AuditKind.DIRECT_ORDER_CHANGED, target=order, by=by, fields=fields)
    return order


@transaction.atomic
def cancel(*, order: DirectOrder, by: User, at: datetime) -> DirectOrder:
    """It counts in no figure any more. Raises `TransitionRefused`."""
    order = _lock(order)
    order.state = next_order_state(DirectOrderTransition.CANCEL, DirectOrderState(order.state))
    order.cancelled_at = at
    order.save(update_fields=["state", "cancelled_at"])
    audit.record(AuditKind.DIRECT_ORDER_CANCELLED, target=order, by=by)
    return order


@transaction.atomic
def reinstate(*, order: DirectOrder, by: User) -> DirectOrder:
    """Raises `TransitionRefused`, or `OrderRefused` when its quote was ordered anew meanwhile."""
    order = _lock(order)
    order.state = next_order_state(DirectOrderTransition.REINSTATE, DirectOrderState(order.state))
    if order.quote_id and DirectOrder.objects.standing().filter(quote=order.quote_id).exists():
        raise OrderRefused("Le devis de cet achat a été commandé de nouveau : cet achat reste annulé.")
    order.cancelled_at = None
    order.save(update_fields=["state", "cancelled_at"])
    audit.record(AuditKind.DIRECT_ORDER_REINSTATED, target=order, by=by)
    return order


def _keep(order: DirectOrder, by: User) -> DirectOrder:
    order.total_amount = rules.total(order.quantity, order.unit_price)
    order.index()
    order.save(force_insert=True)
    amount = format_amount(order.total_amount)
    audit.record(AuditKind.DIRECT_ORDER_NOTED, target=order, by=by, amount=amount)
    return order


def _lock(order: DirectOrder) -> DirectOrder:
    rows = DirectOrder.objects.select_for_update(of=("self",)).select_related("structure")
    return rows.get(pk=order.pk)
