"""Who could do what markets buy, near where they are carried out: counted in five queries for all of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean

from django.db.models import Count, QuerySet

from accounts.models import Mandate
from config.lib.departments import DEPARTMENTS
from procurement.models import Market
from procurement.queries import families
from procurement.rules.families import Guess
from structures.enums import FAMILIES, LegalFamily, StructureKind
from structures.models import Structure
from structures.rules.places import departments_written, distance_km, towns_written
from structures.rules.trades import MADE_AVAILABLE, SERVICES, tells_no_trade


@dataclass(frozen=True)
class Place:
    """`origin`: « market », « buyer » or « office »; empty when no département is known."""

    departments: tuple[str, ...] = ()
    origin: str = ""

    @property
    def names(self) -> list[str]:
        return [DEPARTMENTS.get(code, code) for code in self.departments]


@dataclass(frozen=True)
class Supply:
    """Establishments of the directory, one per SIRET: a SIRET under two families counts in `both` as well.

    `to_ask` work there too, but nothing on their card says their trade; `made_available` lend people to any
    trade. `guess` is `None` when the family is not known: nobody is then counted as able.
    """

    place: Place
    guess: Guess | None
    insertion: int = 0
    disability: int = 0
    both: int = 0
    prison: int = 0
    to_ask: int = 0
    made_available: int = 0

    @property
    def able(self) -> int:
        """Those to whom a market or a lot of this trade may be reserved, prison left aside."""
        return self.insertion + self.disability - self.both

    @property
    def is_known(self) -> bool:
        return bool(self.place.departments) and self.guess is not None


@dataclass(frozen=True)
class Candidate:
    """`km` from the place of execution, when both points are known."""

    structure: Structure
    is_made_available: bool
    km: float | None


@dataclass(frozen=True)
class _Card:
    siret: str
    kind: StructureKind
    naf_code: str
    names: str
    department: str


def of(markets: Iterable[Market]) -> dict[int, Supply]:
    """By key of the market; `markets` come with their family, their plan and its buyer."""
    rows = list(markets)
    trades, located = families.shelf(), places(rows)
    cards = _cards({code for place in located.values() for code in place.departments})
    counted: dict[tuple[str, tuple[str, ...]], Supply] = {}
    found = {}
    for market in rows:
        told, place = trades.of(market), located[market.pk]
        key = (told.trade.code if told else "", place.departments)
        if key not in counted:
            counted[key] = _count(told, place, [card for code in place.departments for card in cards[code]])
        base = counted[key]
        found[market.pk] = Supply(**{**vars(base), "place": place, "guess": told})
    return found


def of_one(market: Market) -> Supply:
    return of([market])[market.pk]


def candidates(market: Market, *, limit: int = 20) -> list[Candidate]:
    """Who to call first: those who do this trade, nearest first, then those who lend people."""
    place, told = places([market])[market.pk], families.shelf().of(market)
    rows = Structure.objects.filter(department_code__in=place.departments).order_by("sort_name", "pk")
    able = [] if told is None else [row for row in rows.filter(kind__in=SERVICES) if _does(told, row)]
    lending = [row for row in rows.filter(kind__in=MADE_AVAILABLE) if row not in able]
    centre = _centre(market)
    return [*_ranked(able, centre, is_lending=False), *_ranked(lending, centre, is_lending=True)][:limit]


def places(markets: Collection[Market]) -> dict[int, Place]:
    """The place of execution, else the buyer's town, else the territory of its offices."""
    cities = {market.pk: (market.place, market.plan.buyer.city) for market in markets}
    towns = _departments_of_towns(
        {town for texts in cities.values() for text in texts for town in towns_written(text)}
    )
    territories = _territories({market.plan.buyer_id for market in markets})
    return {
        market.pk: _place(*cities[market.pk], towns, territories.get(market.plan.buyer_id, ()))
        for market in markets
    }


def _place(written: str, city: str, towns: Mapping[str, str], territory: tuple[str, ...]) -> Place:
    for text, origin in ((written, "market"), (city, "buyer")):
        if codes := _located(text, towns):
            return Place(codes, origin)
    return Place(territory, "office") if territory else Place()


def _located(text: str, towns: Mapping[str, str]) -> tuple[str, ...]:
    named = [towns[town] for town in towns_written(text) if town in towns]
    return departments_written(text) or tuple(dict.fromkeys(named))


def _departments_of_towns(names: set[str]) -> dict[str, str]:
    """The directory knows the towns; of two of the same name, that of most structures."""
    rows = Structure.objects.filter(sort_city__in=names).exclude(department_code="")
    counted = rows.values_list("sort_city", "department_code").annotate(number=Count("pk"))
    ordered = counted.order_by("number", "department_code")
    return {town: code for town, code, _ in ordered}


def _territories(buyers: set[int]) -> dict[int, tuple[str, ...]]:
    rows = Mandate.objects.in_force().filter(partner__in=buyers).order_by("starts_on", "pk")
    found: dict[int, tuple[str, ...]] = {}
    for buyer, codes in rows.values_list("partner", "office__department_codes"):
        found[buyer] = tuple(dict.fromkeys([*found.get(buyer, ()), *codes.split()]))
    return found


def _cards(departments: set[str]) -> dict[str, list[_Card]]:
    rows: QuerySet = Structure.objects.filter(department_code__in=departments).order_by("pk")
    found: dict[str, list[_Card]] = defaultdict(list)
    for siret, kind, naf, text, code in rows.values_list(
        "siret", "kind", "naf_code", "search_text", "department_code"
    ):
        # What follows the SIRET is the town: « Jardin » is one, in Isère.
        found[code].append(_Card(siret, StructureKind(kind), naf, text.partition(siret)[0], code))
    return found


def _count(told: Guess | None, place: Place, cards: Collection[_Card]) -> Supply:
    by_family: dict[LegalFamily, set[str]] = defaultdict(set)
    to_ask, lending = set(), set()
    for card in cards:
        if card.kind in MADE_AVAILABLE:
            lending.add(card.siret)
        if told and card.kind in SERVICES:
            if told.trade.is_done_by(naf=card.naf_code, names=card.names):
                by_family[FAMILIES[card.kind]].add(card.siret)
            elif tells_no_trade(card.naf_code):
                to_ask.add(card.siret)
    insertion, disability = by_family[LegalFamily.INSERTION], by_family[LegalFamily.DISABILITY]
    return Supply(
        place=place,
        guess=told,
        insertion=len(insertion),
        disability=len(disability),
        both=len(insertion & disability),
        prison=len(by_family[LegalFamily.PRISON]),
        to_ask=len(to_ask - insertion - disability),
        made_available=len(lending),
    )


def _does(told: Guess, row: Structure) -> bool:
    return told.trade.is_done_by(naf=row.naf_code, names=row.search_text.partition(row.siret)[0])


def _centre(market: Market) -> tuple[float, float] | None:
    """The middle of the structures of the first town that the directory knows."""
    towns = [*towns_written(market.place), *towns_written(market.plan.buyer.city)]
    points = Structure.objects.filter(sort_city__in=towns, latitude__isnull=False, longitude__isnull=False)
    known: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for town, latitude, longitude in points.order_by("pk").values_list("sort_city", "latitude", "longitude"):
        known[town].append((float(latitude or 0), float(longitude or 0)))
    nearest = next((known[town] for town in towns if town in known), None)
    if nearest is None:
        return None
    return fmean(point[0] for point in nearest), fmean(point[1] for point in nearest)


def _ranked(
    rows: Iterable[Structure], centre: tuple[float, float] | None, *, is_lending: bool
) -> list[Candidate]:
    found = [Candidate(row, is_lending, _km(row, centre)) for row in rows]
    return sorted(
        found, key=lambda one: (one.km is None, one.km or 0, one.structure.sort_name, one.structure.pk)
    )


def _km(row: Structure, centre: tuple[float, float] | None) -> float | None:
    if centre is None or row.latitude is None or row.longitude is None:
        return None
    return distance_km(centre, (row.latitude, row.longitude))
