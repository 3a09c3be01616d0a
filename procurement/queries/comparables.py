"""Beside one market: the published contracts that are most like it, and what those around them carried."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from config.lib.departments import region_of
from procurement.enums import PracticeState
from procurement.models import AwardedContract, Market
from procurement.queries import benchmark
from procurement.queries.benchmark import Share
from procurement.rules import cpv, similarity
from procurement.rules.places import department_of_place
from procurement.rules.similarity import Candidate, Likeness, Profile


# As many contracts make a branch worth staying on; fewer, and the search climbs to a wider one.
ENOUGH = 30
# Only the latest of a wide branch are compared one by one.
COMPARED = 1_500
# Below this only the words « nettoyage » or the size are common: not a market of the same kind.
FEWEST_POINTS = 15
SHOWN = 12
SHOWN_CARDS = 6
# A title of twenty words would search twenty times.
SEARCHED_WORDS = 5
_COMPARED_FIELDS = ("pk", "title", "cpv_code", "amount", "department_code", "region_code", "notified_on")


@dataclass(frozen=True)
class Similar:
    """One contract like the market: which, how much, why."""

    contract_id: int
    points: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Comparables:
    """`branch` is how the set was made, in words; `is_wide` when the nearest branch held too few."""

    branch: str
    cpv_prefixes: tuple[str, ...]
    is_wide: bool
    share: Share
    similar: list[Similar]

    @property
    def contracts(self) -> int:
        return self.share.total + self.share.silent


def profile_of(market: Market) -> Profile:
    """Of a market that comes with its family and its plan’s buyer."""
    department = department_of_place(market.place, buyer_siret=market.plan.buyer.organisation.siret)
    prefixes = market.family.cpv_prefixes.split() if market.family else []
    return Profile(
        words=similarity.words(market.title),
        cpv_code=market.cpv_code,
        prefixes=tuple(sorted(prefixes)),
        amount=market.estimated_amount,
        department=department,
        region=region_of(department),
    )


def beside(*, market: Market, contracts: QuerySet[Any], today: date, shown: int = SHOWN) -> Comparables:
    """Four queries whatever the market; `contracts` are those the reader may see."""
    profile = profile_of(market)
    others = contracts.exclude(buyer_siret=market.plan.buyer.organisation.siret or "-")
    rungs = similarity.rungs(profile)
    rung = _rung(others, rungs)
    around = others.filter(_under(rung)) if rung else others.filter(_saying(profile.words))
    return Comparables(
        branch=_branch(profile, rung),
        cpv_prefixes=rung,
        is_wide=bool(rung) and rung != rungs[0],
        share=benchmark.share(around),
        similar=_similar(profile, around, today, shown),
    )


def _rung(contracts: QuerySet[Any], rungs: list[tuple[str, ...]]) -> tuple[str, ...]:
    """The nearest branch that holds enough contracts, else the widest; nothing without a code."""
    if len(rungs) < 2:
        return rungs[0] if rungs else ()
    counts = {f"rung_{rank}": Count("pk", filter=_under(rung)) for rank, rung in enumerate(rungs)}
    found = contracts.filter(_under(rungs[-1])).aggregate(**counts)
    return next((rung for rank, rung in enumerate(rungs) if found[f"rung_{rank}"] >= ENOUGH), rungs[-1])


def _under(prefixes: tuple[str, ...]) -> Q:
    under = Q(pk__in=[])
    for prefix in prefixes:
        under |= Q(cpv_code__range=cpv.bounds(prefix))
    return under


def _saying(words: frozenset[str]) -> Q:
    """Contracts that hold one of the longest words: they tell most."""
    saying = Q(pk__in=[])
    for word in sorted(words, key=lambda word: (-len(word), word))[:SEARCHED_WORDS]:
        saying |= Q(search_text__contains=word)
    return saying


def _branch(profile: Profile, rung: tuple[str, ...]) -> str:
    if not rung:
        return "mots de l’objet"
    codes = ", ".join(rung)
    return f"branche CPV {codes}" if profile.cpv_code else f"codes CPV de la famille d’achats : {codes}"


def _similar(profile: Profile, around: QuerySet[Any], today: date, shown: int) -> list[Similar]:
    latest = around.order_by("-notified_on", "-pk").values_list(*_COMPARED_FIELDS)[:COMPARED]
    found: list[tuple[Likeness, int]] = []
    for pk, title, code, amount, department, region, day in latest:
        candidate = Candidate(similarity.words(title), code, amount, department, region, day)
        likeness = similarity.compare(profile, candidate, today)
        if likeness.points >= FEWEST_POINTS:
            found.append((likeness, pk))
    return [Similar(pk, likeness.points, likeness.reasons) for likeness, pk in similarity.best(found, shown)]


def practices_beside(market: Market, cards: QuerySet[Any]) -> QuerySet[Any]:
    """Published cards of the same family, CPV group or words, the latest first."""
    alike = _saying(similarity.words(market.title))
    if market.family_id:
        alike |= Q(family=market.family_id)
    if market.cpv_code:
        alike |= Q(cpv_code__range=cpv.bounds(market.cpv_code[: similarity.TOLD_DIGITS]))
    published = cards.filter(alike, state=PracticeState.PUBLISHED)
    return published.order_by("-year", "-pk")[:SHOWN_CARDS]


@dataclass(frozen=True)
class Beside:
    """A similar contract as a page shows it."""

    contract: AwardedContract
    reasons: tuple[str, ...]


def shown(comparables: Comparables, contracts: QuerySet[AwardedContract]) -> list[Beside]:
    by_pk = contracts.in_bulk([similar.contract_id for similar in comparables.similar])
    return [
        Beside(by_pk[similar.contract_id], similar.reasons)
        for similar in comparables.similar
        if similar.contract_id in by_pk
    ]
