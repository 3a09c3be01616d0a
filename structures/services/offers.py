"""The trades that a structure offers, and how much of them it can do."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User
from config.lib.french import format_number
from structures.enums import CapacityPeriod, CapacityUnit
from structures.models import Capacity, Offer, Structure


OWN = ("trade", "service_kind", "area_kind", "radius_km", "area_codes", "details")


class OfferKnown(Exception):
    def __init__(self, offer: Offer) -> None:
        super().__init__(f"Cette structure propose déjà « {offer} » : modifiez cette ligne.")


@transaction.atomic
def declare(*, structure: Structure, values: Mapping[str, Any], by: User | None, on: date) -> Offer:
    """`values` are the fields of `OWN`. Raises `OfferKnown`."""
    offer = Offer(structure=structure, source=_who(by), verified_on=on, **values)
    _refuse_twin(offer)
    offer.save(force_insert=True)
    audit.record(AuditKind.OFFER_DECLARED, target=structure, by=by, trade=offer.trade.label)
    return offer


@transaction.atomic
def change(*, offer: Offer, values: Mapping[str, Any], by: User, on: date) -> Offer:
    """Whoever saves it has checked it. Raises `OfferKnown`."""
    offer = Offer.objects.select_for_update(of=("self",)).select_related("structure").get(pk=offer.pk)
    for name, value in values.items():
        setattr(offer, name, value)
    _refuse_twin(offer)
    offer.source, offer.verified_on = _who(by), on
    offer.save(update_fields=[*OWN, "source", "verified_on"])
    audit.record(AuditKind.OFFER_CHANGED, target=offer.structure, by=by, trade=offer.trade.label)
    return offer


@transaction.atomic
def withdraw(*, offer: Offer, by: User) -> Structure:
    offer = (
        Offer.objects.select_for_update(of=("self",)).select_related("structure", "trade").get(pk=offer.pk)
    )
    structure = offer.structure
    offer.delete()
    audit.record(AuditKind.OFFER_WITHDRAWN, target=structure, by=by, trade=offer.trade.label)
    return structure


@transaction.atomic
def declare_capacity(
    *,
    offer: Offer,
    quantity: Decimal,
    unit: CapacityUnit,
    period: CapacityPeriod,
    starts_on: date,
    by: User,
    on: date,
) -> Capacity:
    """From that day on; what was declared before it ends there, what was to start later is replaced."""
    offer = (
        Offer.objects.select_for_update(of=("self",)).select_related("structure", "trade").get(pk=offer.pk)
    )
    offer.capacities.filter(starts_on__gte=starts_on).delete()
    still = Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on)
    offer.capacities.filter(still, starts_on__lt=starts_on).update(ends_on=starts_on)
    capacity = Capacity.objects.create(
        offer=offer,
        quantity=quantity,
        unit=unit,
        period=period,
        starts_on=starts_on,
        source=_who(by),
        declared_on=on,
        declared_by_name=str(by),
    )
    told = f"{format_number(quantity)} {capacity.get_unit_display()} {capacity.get_period_display()}"
    audit.record(
        AuditKind.CAPACITY_DECLARED, target=offer.structure, by=by, trade=offer.trade.label, quantity=told
    )
    return capacity


def _refuse_twin(offer: Offer) -> None:
    twins = Offer.objects.filter(
        structure=offer.structure_id, trade=offer.trade_id, service_kind=offer.service_kind
    )
    for twin in twins.exclude(pk=offer.pk).select_related("trade"):
        raise OfferKnown(twin)


def _who(by: User | None) -> str:
    hat = by.membership if by else None
    return hat.organisation.name if hat else ""
