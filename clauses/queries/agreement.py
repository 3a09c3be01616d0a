"""How often the verdict was the one suggested: the same counts for the page and its export."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from clauses.enums import OUTCOME_ICONS, OUTCOME_TONES, Outcome, Verdict
from clauses.models import Suggestion, SuggestionRule
from config.lib.rounding import percentage


NO_FAMILY = "Famille non indiquée"


@dataclass(frozen=True)
class Share:
    """Of `total` verdicts, those that were suggested."""

    label: str
    total: int
    agreeing: int

    @property
    def rate(self) -> Decimal | None:
        return percentage(self.agreeing, self.total)


@dataclass(frozen=True)
class Crossing:
    """What became of one suggestion: how many of each verdict, in the order of `Verdict`."""

    outcome: Outcome
    counts: tuple[int, ...]
    share: Share

    @property
    def tone(self) -> str:
        return OUTCOME_TONES[self.outcome]

    @property
    def icon(self) -> str:
        return OUTCOME_ICONS[self.outcome]


@dataclass(frozen=True)
class Agreement:
    whole: Share
    crossings: list[Crossing]
    families: list[Share]
    rules: list[Share]


def of(suggestions: QuerySet[Suggestion]) -> Agreement:
    rows = suggestions.order_by()
    crossings = _crossings(rows)
    whole = Share(
        "Tous les avis",
        sum(row.share.total for row in crossings),
        sum(row.share.agreeing for row in crossings),
    )
    families = [(label or NO_FAMILY, *counts) for label, *counts in _counted(rows, "market__family__label")]
    return Agreement(whole, crossings, _shares(families), _by_rule(rows))


def _counted(rows: QuerySet[Suggestion], *keys: str) -> Iterable[tuple[Any, ...]]:
    agreeing = Count("pk", filter=Q(verdict=F("suggested_verdict")))
    counted = rows.values(*keys).annotate(total=Count("pk"), agreeing=agreeing)
    return counted.order_by(*keys).values_list(*keys, "total", "agreeing")


def _crossings(rows: QuerySet[Suggestion]) -> list[Crossing]:
    """Every outcome that was suggested, in the order of `Outcome`."""
    totals: Counter[tuple[str, str]] = Counter()
    agreeing: Counter[str] = Counter()
    for outcome, verdict, total, agreed in _counted(rows, "outcome", "verdict"):
        totals[outcome, verdict] += total
        agreeing[outcome] += agreed
    found = []
    for outcome in Outcome:
        counts = tuple(totals[outcome, verdict] for verdict in Verdict)
        if any(counts):
            share = Share(str(outcome.label), sum(counts), agreeing[outcome])
            found.append(Crossing(outcome, counts, share))
    return found


def _by_rule(rows: QuerySet[Suggestion]) -> list[Share]:
    """By version, the latest first; the numbers of the code come last."""
    names = {rule.pk: str(rule) for rule in SuggestionRule.objects.filter(suggestions__in=rows).distinct()}
    counted = [(names.get(rule, "Règle du logiciel"), *rest) for rule, *rest in _counted(rows, "rule")]
    return [Share(*row) for row in reversed(counted)]


def _shares(counted: Iterable[tuple[Any, ...]]) -> list[Share]:
    """Those with most verdicts first."""
    return sorted((Share(*row) for row in counted), key=lambda share: (-share.total, share.label))
