"""What somebody looks for, and the structures that answer it, best first."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from statistics import fmean

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When

from config.lib.departments import region_of
from procurement.rules.families import split_words
from structures.enums import AreaKind
from structures.models import Offer, Structure, Town, Trade
from structures.models.structure import square_km
from structures.rules.needs import Vocabulary
from structures.rules.places import Centre, departments_written, towns_written
from structures.rules.searching import search_words


# What a structure declares is better known than what its card looks like.
SILENT = ~Exists(Offer.objects.filter(structure=OuterRef("pk")))


@dataclass(frozen=True)
class Wanted:
    """A trade that the words are about, and what tells it on a card that declares none: the words that were
    said, else NAF codes, or the words of its purchase family."""

    pk: int
    code: str
    label: str
    told_by: tuple[str, ...]
    naf_prefixes: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Need:
    """`trades` best first; a word that names a structure names it whatever they are."""

    text: str
    trades: tuple[Wanted, ...] = ()

    @property
    def words(self) -> list[str]:
        return search_words(self.text)


def understand(text: str) -> Need:
    """One query, whatever the text."""
    if not text.strip():
        return Need(text)
    rows = {row.code: row for row in Trade.objects.select_related("family").order_by("code")}
    said = Vocabulary({code: row.phrases for code, row in rows.items()}).understand(text)
    return Need(text, tuple(_wanted(rows[one.code], one.told_by) for one in said))


def _wanted(trade: Trade, told_by: tuple[str, ...]) -> Wanted:
    family = trade.family
    codes = trade.naf_prefixes or (family.naf_prefixes if family else "")
    # Codes of its own mean that the family is wider than the trade: its words would be too.
    words = split_words(family.keywords) if family and not trade.naf_prefixes else ()
    return Wanted(trade.pk, trade.code, trade.label, told_by, tuple(codes.upper().split()), words)


def answering(structures: QuerySet[Structure], need: Need) -> QuerySet[Structure]:
    """Those that bear the words, offer the trade, or look like it; `match` says how, the best being 0."""
    named = Q(*(Q(search_text__contains=word) for word in need.words))
    if not need.trades:
        return structures.filter(named).annotate(match=Value(0, IntegerField()))
    first, others = need.trades[0], need.trades[1:]
    ways = [
        (named, 0),
        (_offers([first]), 1),
        (_offers(others), 2),
        (_bears_all([trade.told_by for trade in need.trades]), 3),
        (_looks(need.trades), 4),
    ]
    kept = [(condition, rank) for condition, rank in ways if condition is not None]
    return structures.filter(reduce(or_, (Q(condition) for condition, _ in kept))).annotate(
        match=Case(
            *(When(condition, then=Value(rank)) for condition, rank in kept),
            output_field=IntegerField(),
        )
    )


def _offers(trades: Sequence[Wanted]) -> Exists | None:
    if not trades:
        return None
    return Exists(Offer.objects.filter(structure=OuterRef("pk"), trade__in=[trade.pk for trade in trades]))


def _bears_all(phrases: Iterable[Sequence[str]]) -> Q | None:
    """Every word of one of these, on a card that declares no offer."""
    told = [reduce(and_, map(_starts, phrase)) for phrase in phrases if phrase]
    return reduce(or_, told) & SILENT if told else None


def _bears(words: Iterable[str]) -> Q | None:
    """A word of the name that starts so, on a card that declares no offer."""
    starts = list(map(_starts, words))
    return reduce(or_, starts) & SILENT if starts else None


def _starts(word: str) -> Q:
    return Q(names_text__contains=f" {word}")


def _looks(trades: Sequence[Wanted]) -> Q | None:
    """A NAF code or a word of the purchase family, on a card that declares no offer."""
    codes = [Q(naf_code__startswith=naf) for trade in trades for naf in trade.naf_prefixes]
    named = _bears(word for trade in trades for word in trade.words)
    told = reduce(or_, codes) & SILENT if codes else None
    return named | told if named and told else named or told


def centre_of(place: str) -> Centre | None:
    """The middle of the commune written, or of those of a postcode; « Saint-Denis (93) » tells two apart."""
    postcode = re.search(r"\b\d{5}\b", place)
    if postcode:
        return _middle(Town.objects.filter(postcode=postcode[0]))
    named = Town.objects.filter(sort_name__in=towns_written(place))
    codes = departments_written(place)
    return _middle(named.filter(department_code__in=codes) if codes else named)


def _middle(towns: QuerySet[Town]) -> Centre | None:
    """Of several communes of one name, the one whose code comes first."""
    rows = list(towns.order_by("insee_code", "postcode"))
    if not rows:
        return None
    same = [row for row in rows if row.insee_code == rows[0].insee_code]
    return Centre(
        fmean(row.latitude for row in same),
        fmean(row.longitude for row in same),
        rows[0].department_code,
        rows[0].insee_code,
    )


def serving(structures: QuerySet[Structure], centre: Centre) -> QuerySet[Structure]:
    """Those that say they go there, for one of their trades at least."""
    there = (
        Q(area_kind=AreaKind.COUNTRY)
        | Q(area_kind=AreaKind.REGIONS, area_codes__contains=f" {region_of(centre.department_code)} ")
        | Q(area_kind=AreaKind.DEPARTMENTS, area_codes__contains=f" {centre.department_code} ")
        | Q(area_kind=AreaKind.TOWNS, area_codes__contains=f" {centre.insee_code} ")
        | Q(area_kind=AreaKind.RADIUS, square_km__lte=F("radius_km") * F("radius_km"))
    )
    measured = Offer.objects.annotate(square_km=square_km(centre, "structure__"))
    return structures.filter(Exists(measured.filter(there, structure=OuterRef("pk"))))
