"""The cards of a list with all that is said of them, as many queries for ten thousand as for one."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import sqrt

from django.db.models import QuerySet

from accounts.models import User
from config.lib.french import format_number
from structures.enums import CapacityPeriod, CapacityUnit
from structures.models import Capacity, Contact, Label, Network, Offer, Structure


@dataclass(frozen=True)
class Person:
    name: str = ""
    function: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Line:
    """A card as a spreadsheet shows it; `contact` only when this reader may see it."""

    structure: Structure
    trades: str
    capacity: str
    networks: str
    labels: str
    contact: Person
    km: float | None


def lines(structures: QuerySet[Structure], *, user: User, on: date) -> list[Line]:
    """In the order of `structures`; the capacity is the one in force that day."""
    keys = structures.order_by().values("pk")
    trades, capacities = _trades(keys), _capacities(keys, on)
    networks, labels = _joined(Network, keys), _joined(Label, keys)
    people = _people(keys, user)
    return [
        Line(
            row,
            trades.get(row.pk, ""),
            capacities.get(row.pk, ""),
            networks.get(row.pk, ""),
            labels.get(row.pk, ""),
            people.get(row.pk, Person()),
            _km(row),
        )
        for row in structures
    ]


def _trades(keys: QuerySet) -> dict[int, str]:
    rows = Offer.objects.filter(structure__in=keys).order_by("trade__label", "pk")
    return _by_structure(rows.values_list("structure", "trade__label"))


def _capacities(keys: QuerySet, on: date) -> dict[int, str]:
    rows = (
        Capacity.objects.in_force(on).filter(offer__structure__in=keys).order_by("offer__trade__label", "pk")
    )
    columns = ("offer__structure", "offer__trade__label", "quantity", "unit", "period")
    return _by_structure(
        (
            structure,
            f"{trade} : {format_number(quantity)} {CapacityUnit(unit).label} {CapacityPeriod(period).label}",
        )
        for structure, trade, quantity, unit, period in rows.values_list(*columns)
    )


def _joined(group: type[Network] | type[Label], keys: QuerySet) -> dict[int, str]:
    rows = group.objects.filter(structures__in=keys).order_by("label", "pk")
    return _by_structure(rows.values_list("structures", "label"))


def _people(keys: QuerySet, user: User) -> dict[int, Person]:
    """The one to reach first, of those this reader may see."""
    rows = Contact.objects.visible_to(user).filter(structure__in=keys).order_by("is_first", "-pk")
    columns = ("structure", "name", "function", "email", "phone")
    return {structure: Person(*said) for structure, *said in rows.values_list(*columns)}


def _by_structure(pairs: Iterable[tuple[int, str]]) -> dict[int, str]:
    told: dict[int, list[str]] = defaultdict(list)
    for structure, words in pairs:
        if words not in told[structure]:
            told[structure].append(words)
    return {structure: " ; ".join(words) for structure, words in told.items()}


def _km(row: Structure) -> float | None:
    square = getattr(row, "square_km", None)
    return None if square is None else round(sqrt(square), 1)
