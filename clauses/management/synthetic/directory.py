"""A directory as large as asked, each structure with three trades, spread around the towns of France."""

from collections.abc import Iterator
from datetime import date
from random import Random

from clauses.management.synthetic import catalogue
from config.lib.departments import DEPARTMENTS, REGIONS
from structures.enums import AreaKind, CapacityPeriod, CapacityUnit, ServiceKind, StructureKind
from structures.models import Capacity, Offer, Structure, Trade
from structures.rules.trades import MADE_AVAILABLE


KINDS = tuple(kind for kind in StructureKind if kind != StructureKind.OPCS)
TRADES_EACH = 3
BATCH = 1000
# Name, postcode, latitude, longitude (INSEE and IGN, rounded): the territory first, then the country.
PLACES = (
    ("Créteil", "94000", 48.78, 2.45), ("Alfortville", "94140", 48.80, 2.42),
    ("Sucy-en-Brie", "94370", 48.77, 2.53), ("Montreuil", "93100", 48.86, 2.44),
    ("Paris", "75012", 48.84, 2.40), ("Massy", "91300", 48.73, 2.27),
    ("Lille", "59000", 50.63, 3.06), ("Strasbourg", "67000", 48.58, 7.75),
    ("Lyon", "69003", 45.76, 4.85), ("Marseille", "13001", 43.30, 5.38),
    ("Toulouse", "31000", 43.60, 1.44), ("Bordeaux", "33000", 44.84, -0.58),
    ("Nantes", "44000", 47.22, -1.55), ("Rennes", "35000", 48.11, -1.68),
    ("Dijon", "21000", 47.32, 5.04), ("Clermont-Ferrand", "63000", 45.78, 3.08),
    ("Rouen", "76000", 49.44, 1.10), ("Tours", "37000", 47.39, 0.69),
)  # fmt: skip


def fill_directory(count: int, numbers: Iterator[str], rng: Random, *, on: date) -> None:
    """`count` structures, `TRADES_EACH` trades for each, a capacity for one of them in two cards."""
    cards = Structure.objects.bulk_create(
        [_card(rank, next(numbers), rng) for rank in range(count)], batch_size=BATCH
    )
    trades = list(Trade.objects.order_by("code"))
    offers = Offer.objects.bulk_create(
        [offer for card in cards for offer in _offers(card, trades, rng)], batch_size=BATCH
    )
    Capacity.objects.bulk_create(
        [_capacity(offer, rng, on) for offer in offers[:: 2 * TRADES_EACH]], batch_size=BATCH
    )


def _card(rank: int, siret: str, rng: Random) -> Structure:
    trade, house = catalogue.TRADES[rank % len(catalogue.TRADES)], rng.choice(catalogue.HOUSES)
    city, postcode, latitude, longitude = PLACES[rank % len(PLACES)]
    card = Structure(
        siret=siret,
        kind=KINDS[rank % len(KINDS)],
        name=f"{trade} {house} {rank + 1} (fictif)",
        city=city,
        postcode=postcode,
        department_code=postcode[:2],
        latitude=round(latitude + rng.uniform(-0.3, 0.3), 5),
        longitude=round(longitude + rng.uniform(-0.3, 0.3), 5),
        source="Territoire d’essai",
    )
    card.index()
    return card


def _offers(card: Structure, trades: list[Trade], rng: Random) -> Iterator[Offer]:
    service = ServiceKind.STAFF if card.kind in MADE_AVAILABLE else ServiceKind.SERVICE
    for trade in rng.sample(trades, TRADES_EACH):
        area_kind = rng.choice(list(AreaKind))
        yield Offer(
            structure=card,
            trade=trade,
            service_kind=service,
            area_kind=area_kind,
            radius_km=rng.choice((10, 20, 50)) if area_kind == AreaKind.RADIUS else None,
            area_codes=_codes(area_kind, card, rng),
            source=card.source,
        )


def _codes(area_kind: AreaKind, card: Structure, rng: Random) -> str:
    codes = {
        AreaKind.TOWNS: [f"{card.department_code}{rng.randrange(1, 100):03}"],
        AreaKind.DEPARTMENTS: [card.department_code, rng.choice(list(DEPARTMENTS))],
        AreaKind.REGIONS: [rng.choice(list(REGIONS))],
    }.get(area_kind, [])
    return f" {' '.join(codes)} " if codes else ""


def _capacity(offer: Offer, rng: Random, on: date) -> Capacity:
    return Capacity(
        offer=offer,
        quantity=rng.randrange(50, 1500, 10),
        unit=CapacityUnit.HOURS,
        period=CapacityPeriod.MONTH,
        starts_on=on.replace(month=1, day=1),
        source=offer.source,
        declared_on=on,
    )
