"""What somebody looks for, and the structures that answer it, best first."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from math import sqrt
from operator import and_, or_
from statistics import fmean

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from config.lib.french import join_words
from procurement.rules.families import split_words
from structures.enums import AreaKind
from structures.models import Offer, Structure, Town, Trade
from structures.models.structure import square_km
from structures.queries.areas import naming, reaching
from structures.rules.needs import Vocabulary
from structures.rules.places import Centre, departments_written, towns_written
from structures.rules.searching import search_words


# How a card answers, best first.
NAMED, OFFERS, OFFERS_NEAR, TOLD_BY_NAME, LOOKS = range(5)
# What a structure declares is better known than what its card looks like.
SILENT = ~Q(pk__in=Offer.objects.values("structure"))


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
        return structures.filter(named).annotate(match=Value(NAMED, IntegerField()))
    first, others = need.trades[0], need.trades[1:]
    declared = [(named, NAMED), (_offers([first]), OFFERS), (_offers(others), OFFERS_NEAR)]
    told = _bears_all([trade.told_by for trade in need.trades])
    ways = [(condition, rank) for condition, rank in declared if condition is not None]
    # Past those, a card that answers declares nothing: `SILENT` is asked once.
    by_look = [condition for condition in (told, _looks(need.trades)) if condition is not None]
    silent = [SILENT & reduce(or_, by_look)] if by_look else []
    ranks = [*ways, *([(told, TOLD_BY_NAME)] if told else [])]
    return structures.filter(reduce(or_, [*(condition for condition, _ in ways), *silent])).annotate(
        match=Case(
            *(When(condition, then=Value(rank)) for condition, rank in ranks),
            default=Value(LOOKS),
            output_field=IntegerField(),
        )
    )


def _offers(trades: Sequence[Wanted]) -> Q | None:
    """Asked once for the whole directory: once a card, it would be most of the time of a page."""
    if not trades:
        return None
    return Q(pk__in=Offer.objects.filter(trade__in=[trade.pk for trade in trades]).values("structure"))


def _bears_all(phrases: Iterable[Sequence[str]]) -> Q | None:
    """Every word of one of these."""
    told = [reduce(and_, map(_starts, phrase)) for phrase in phrases if phrase]
    return reduce(or_, told) if told else None


def _starts(word: str) -> Q:
    """A word of the names that starts so."""
    return Q(names_text__contains=f" {word}")


def _looks(trades: Sequence[Wanted]) -> Q | None:
    """A NAF code or a word of the purchase family."""
    codes = [Q(naf_code__startswith=naf) for trade in trades for naf in trade.naf_prefixes]
    words = [_starts(word) for trade in trades for word in trade.words]
    return reduce(or_, [*codes, *words]) if codes or words else None


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
    there = reaching([centre.department_code]) | naming(AreaKind.TOWNS, f" {centre.insee_code} ")
    # Only these need the card beside the offer.
    around = Offer.objects.filter(area_kind=AreaKind.RADIUS).annotate(
        square_km=square_km(centre, "structure__")
    )
    near = around.filter(square_km__lte=F("radius_km") * F("radius_km"))
    return structures.filter(
        Q(pk__in=Offer.objects.filter(there).values("structure")) | Q(pk__in=near.values("structure"))
    )


@dataclass(frozen=True)
class Answer:
    """A structure that answers, `why` as a sentence, empty for a plain list; `km` when a place was given.

    `unfolds`: the first of its kind on the page, where the acronym is told in full.
    """

    structure: Structure
    why: str
    km: float | None
    unfolds: bool = True


def answers(structures: Iterable[Structure], need: Need) -> list[Answer]:
    """Rows of `answering`, told; two queries whatever their number."""
    rows = list(structures)
    offers = _offers_told(rows, need)
    kinds = [row.kind for row in rows]
    return [
        Answer(row, _why(row, need, offers.get(row.pk, [])), _km(row), row.kind not in kinds[:rank])
        for rank, row in enumerate(rows)
    ]


def _offers_told(rows: Sequence[Structure], need: Need) -> dict[int, list[str]]:
    if not need.trades:
        return {}
    offers = Offer.objects.filter(structure__in=rows, trade__in=[trade.pk for trade in need.trades])
    told: dict[int, list[str]] = defaultdict(list)
    for offer in offers.select_related("trade").order_by("trade__label", "pk"):
        told[offer.structure_id].append(f"{offer.trade.label} ({offer.get_service_kind_display().lower()})")
    return told


def _why(row: Structure, need: Need, offers: Sequence[str]) -> str:
    if not need.trades:
        return ""
    match = getattr(row, "match", None)
    if offers:
        return f"Déclare : {join_words(offers)}"
    if match == NAMED:
        return "Son nom porte ces mots"
    if match == TOLD_BY_NAME:
        return "Son nom ou ses activités annoncent ce métier"
    return "Son code NAF ou son nom le laisse penser : à confirmer avec elle"


def _km(row: Structure) -> float | None:
    square = getattr(row, "square_km", None)
    return None if square is None else sqrt(square)
