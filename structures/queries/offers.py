"""The trades of a card, with where and how much."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from config.lib.departments import DEPARTMENTS, REGIONS
from config.lib.french import join_words
from structures.enums import AreaKind
from structures.models import Capacity, Offer, Structure, Town
from structures.queries import commitments


@dataclass(frozen=True)
class OfferTold:
    offer: Offer
    area: str
    capacity: Capacity | None
    promised: Decimal | None


def offers_of(structure: Structure, *, on: date) -> list[OfferTold]:
    """By trade; the capacity is the one in force that day. Four queries whatever their number."""
    rows = list(structure.offers.select_related("trade").order_by("trade__label", "service_kind", "pk"))
    capacities = {row.offer_id: row for row in Capacity.objects.filter(offer__in=rows).in_force(on)}
    towns = _town_names(rows)
    promised = commitments.promised(on, structures=[structure.pk])
    return [
        OfferTold(
            row,
            _area(row, towns),
            capacities.get(row.pk),
            promised.get((structure.pk, row.trade_id)),
        )
        for row in rows
    ]


def _town_names(offers: list[Offer]) -> dict[str, str]:
    codes = {code for row in offers if row.area_kind == AreaKind.TOWNS for code in row.area_codes.split()}
    return dict(Town.objects.filter(insee_code__in=codes).values_list("insee_code", "name")) if codes else {}


def _area(offer: Offer, towns: dict[str, str]) -> str:
    if offer.area_kind == AreaKind.RADIUS:
        return f"À moins de {offer.radius_km} km"
    if offer.area_kind == AreaKind.COUNTRY:
        return "Dans toute la France"
    names = {
        AreaKind.TOWNS: towns,
        AreaKind.DEPARTMENTS: DEPARTMENTS,
        AreaKind.REGIONS: {code: name for code, (name, _) in REGIONS.items()},
    }[AreaKind(offer.area_kind)]
    return join_words([names.get(code, code) for code in offer.area_codes.split()])
