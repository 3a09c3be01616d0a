"""Structures of the territory that nobody runs: the public extract has none in Val-de-Marne.

What real structures can do is theirs to say; only these invented ones say it here. Zero hours or zero days:
nothing was declared, nobody checked.
"""

import csv
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from django.utils.timezone import localtime

from clauses.management.demonstration.calendar import days_ago, told_as_of
from clauses.management.demonstration.cast import Cast, sirets
from structures.enums import AreaKind, CapacityPeriod, CapacityUnit, ServiceKind, StructureKind
from structures.models import Structure, Town, Trade
from structures.services import contacts, directory, offers


class Workshop(NamedTuple):
    """A line of `workshops.csv`: `trades` are codes, `monthly_hours` the capacity of the first one."""

    name: str
    kind: StructureKind
    town: str
    trades: list[str]
    monthly_hours: int
    verified_days_ago: int


WORKSHOPS = Path(__file__).with_suffix(".csv")
_STAFF = (StructureKind.ETTI, StructureKind.AI, StructureKind.GEIQ)


def open_workshops(cast: Cast, now: datetime) -> None:
    trades = {trade.code: trade for trade in Trade.objects.all()}
    towns = {town.name: town for town in Town.objects.order_by("pk")}
    for siret, workshop in zip(sirets("8887"), _workshops(), strict=False):
        structure = _card(workshop, siret, towns[workshop.town])
        moment = days_ago(now, workshop.verified_days_ago)
        day = localtime(moment).date()
        with told_as_of(moment):
            _tell(cast, structure, workshop, trades, day)
            if workshop.verified_days_ago:
                directory.verify(structure=structure, by=cast.facilitator, on=day)


def _workshops() -> list[Workshop]:
    with WORKSHOPS.open(encoding="utf-8", newline="") as file:
        return [
            Workshop(
                row["name"], StructureKind(row["kind"]), row["town"], row["trades"].split(),
                int(row["monthly_hours"]), int(row["verified_days_ago"]),
            )
            for row in csv.DictReader(file, delimiter=";")
        ]  # fmt: skip


def _card(workshop: Workshop, siret: str, town: Town) -> Structure:
    structure = Structure(
        siret=siret,
        kind=workshop.kind,
        name=workshop.name,
        city=town.name,
        postcode=town.postcode,
        department_code=town.department_code,
        latitude=town.latitude,
        longitude=town.longitude,
        source="Démonstration",
    )
    structure.index()
    structure.save(force_insert=True)
    return structure


def _tell(cast: Cast, structure: Structure, workshop: Workshop, trades: dict[str, Trade], day: date) -> None:
    service = ServiceKind.STAFF if workshop.kind in _STAFF else ServiceKind.SERVICE
    for rank, code in enumerate(workshop.trades):
        values = {
            "trade": trades[code],
            "service_kind": service,
            "area_kind": AreaKind.RADIUS if rank else AreaKind.DEPARTMENTS,
            "radius_km": 15 if rank else None,
            "area_codes": "" if rank else " 94 ",
            "details": "",
        }
        offer = offers.declare(structure=structure, values=values, by=cast.facilitator, on=day)
        if workshop.monthly_hours and not rank:
            offers.declare_capacity(
                offer=offer,
                quantity=Decimal(workshop.monthly_hours),
                unit=CapacityUnit.HOURS,
                period=CapacityPeriod.MONTH,
                starts_on=day.replace(month=1, day=1),
                by=cast.facilitator,
                on=day,
            )
    address = {"name": "", "function": "Direction", "email": f"contact@structure-{structure.pk}.example"}
    contacts.add(
        structure=structure,
        values=address | {"phone": "01 99 00 00 00", "is_first": True},
        by=cast.facilitator,
    )
