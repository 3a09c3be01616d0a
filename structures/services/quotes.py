"""The prices received for a need: noted, corrected, withdrawn and brought back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User
from config.lib.french import join_words
from structures.models import Need, Quote
from structures.rules import quotes as rules


OWN = ("structure", "quantity", "unit", "unit_price", "received_on", "valid_until_on", "comment")


class QuoteRefused(Exception):
    """What was asked cannot be done now; the text is fit for the user."""


@transaction.atomic
def note(*, need: Need, values: Mapping[str, Any], by: User, at: datetime) -> Quote:
    """`values` are the fields of `OWN`; a closed search still receives its late quotes."""
    quote = Quote(need=need, noted_at=at, noted_by=by, **values)
    quote.total_amount = rules.total(quote.quantity, quote.unit_price)
    quote.save(force_insert=True)
    audit.record(AuditKind.QUOTE_NOTED, target=need, by=by, structure=str(quote.structure))
    return quote


@transaction.atomic
def change(*, quote: Quote, values: Mapping[str, Any], by: User) -> Quote:
    """Raises `QuoteRefused` once it is ordered: the order keeps the words it was made with."""
    quote = _lock(quote)
    changed = [name for name in OWN if values[name] != getattr(quote, name)]
    if not changed:
        return quote
    for name in changed:
        setattr(quote, name, values[name])
    quote.total_amount = rules.total(quote.quantity, quote.unit_price)
    quote.save(update_fields=[*changed, "total_amount"])
    fields = join_words(audit.field_labels(quote, changed))
    audit.record(
        AuditKind.QUOTE_CHANGED, target=quote.need, by=by, structure=str(quote.structure), fields=fields
    )
    return quote


@transaction.atomic
def withdraw(*, quote: Quote, by: User, at: datetime) -> Quote:
    """It is compared no more, and can be brought back. Raises `QuoteRefused` once it is ordered."""
    quote = _lock(quote)
    if quote.withdrawn_at is None:
        quote.withdrawn_at = at
        quote.save(update_fields=["withdrawn_at"])
        audit.record(AuditKind.QUOTE_WITHDRAWN, target=quote.need, by=by, structure=str(quote.structure))
    return quote


@transaction.atomic
def bring_back(*, quote: Quote, by: User) -> Quote:
    quote = _lock(quote)
    if quote.withdrawn_at is not None:
        quote.withdrawn_at = None
        quote.save(update_fields=["withdrawn_at"])
        audit.record(AuditKind.QUOTE_BROUGHT_BACK, target=quote.need, by=by, structure=str(quote.structure))
    return quote


def _lock(quote: Quote) -> Quote:
    rows = Quote.objects.select_for_update(of=("self",)).select_related("need", "structure")
    quote = rows.get(pk=quote.pk)
    if quote.orders.standing().exists():
        raise QuoteRefused("Ce devis est commandé : annulez d’abord l’achat pour le modifier ou le retirer.")
    return quote
