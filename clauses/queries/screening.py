from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from accounts.roles import Role
from clauses.enums import Verdict, VerdictReason
from clauses.models import Screening, with_verdicts
from procurement.models import Market, PlanAnswer


def readable(markets: QuerySet[Market], user: User) -> QuerySet[Market]:
    """With their verdicts; a buyer finds there only the lines of plans that an office has answered."""
    is_buyer = user.membership is not None and user.membership.role == Role.BUYER
    return with_verdicts(markets.filter(PlanAnswer.objects.of_plan("plan")) if is_buyer else markets, user)


@dataclass(frozen=True)
class Progress:
    """« 212 vus sur 300 »; `by_verdict` counts the seen ones."""

    total: int
    by_verdict: Mapping[str, int]

    @property
    def seen(self) -> int:
        return sum(self.by_verdict.values())

    @property
    def unseen(self) -> int:
        return self.total - self.seen


def progress(lines: QuerySet[Market]) -> Progress:
    """Of lines that bear `verdict` (`with_verdicts`)."""
    each = {verdict.value: Count("pk", filter=Q(verdict=verdict)) for verdict in Verdict}
    counted = lines.order_by().aggregate(total=Count("pk"), **each)
    return Progress(counted.pop("total"), counted)


@dataclass(frozen=True)
class Precedent:
    """What the office mostly said of the same family for the same buyer, in the latest year it did."""

    year: int
    verdict: Verdict
    reason: str
    count: int

    def __str__(self) -> str:
        reason = f" – {VerdictReason(self.reason).label}" if self.reason else ""
        return f"{self.verdict.label}{reason}"

    @property
    def needs_words(self) -> bool:
        """« Autre » is explained anew each time."""
        return self.reason == VerdictReason.OTHER


def precedents(markets: Collection[Market], office_id: int) -> dict[int, Precedent]:
    """By line, for those whose family the office judged in an earlier plan of their buyer; one query."""
    known = [market for market in markets if market.family_id]
    given: dict[tuple[int, int | None], list[dict[str, Any]]] = {}
    for row in _counted(known, office_id):
        given.setdefault((row["market__plan__buyer"], row["market__family"]), []).append(row)
    found = ((market.pk, next(_before(market, given), None)) for market in known)
    return {pk: precedent for pk, precedent in found if precedent}


def _counted(markets: Collection[Market], office_id: int) -> list[dict[str, Any]]:
    rows = Screening.objects.filter(
        office=office_id,
        market__plan__buyer__in={market.plan.buyer_id for market in markets},
        market__family__in={market.family_id for market in markets},
        market__plan__year__lt=max((market.plan.year for market in markets), default=0),
    )
    keys = ("market__plan__buyer", "market__family", "market__plan__year", "verdict", "reason")
    return list(
        rows.exclude(verdict="")
        .values(*keys)
        .annotate(count=Count("pk"))
        .order_by("-market__plan__year", "-count", "verdict", "reason")
    )


def _before(market: Market, given: dict[tuple[int, int | None], list[dict[str, Any]]]) -> Iterator[Precedent]:
    """Latest year first, then what was said most often."""
    for row in given.get((market.plan.buyer_id, market.family_id), ()):
        if row["market__plan__year"] < market.plan.year:
            yield Precedent(row["market__plan__year"], Verdict(row["verdict"]), row["reason"], row["count"])
