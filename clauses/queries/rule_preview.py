"""What other numbers would change, before they are kept: the same facts, judged by both rules."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from accounts.models import Office
from clauses.enums import OUTCOME_ICONS, OUTCOME_TONES
from clauses.queries import advice
from clauses.rules.suggestion import Suggestion, Weights, suggest
from procurement.models import Market


# Beyond, a page would no longer answer while its reader waits: half a millisecond a line.
MOST_LINES = 2_000


@dataclass(frozen=True)
class Told:
    """A suggestion as a badge."""

    suggestion: Suggestion

    @property
    def label(self) -> str:
        return str(self.suggestion.outcome.label)

    @property
    def tone(self) -> str:
        return OUTCOME_TONES[self.suggestion.outcome]

    @property
    def icon(self) -> str:
        return OUTCOME_ICONS[self.suggestion.outcome]


@dataclass(frozen=True)
class Difference:
    market: Market
    before: Told
    after: Told


@dataclass(frozen=True)
class Preview:
    """`lines` were judged out of `total`."""

    lines: int
    total: int
    differences: list[Difference]


def preview(lines: QuerySet[Market], *, office: Office, before: Weights, after: Weights, on: date) -> Preview:
    """Of the latest plans first. `lines` come with their family, their plan, its buyer, their programmes."""
    markets = list(lines.order_by("-plan__year", "launch_on", "pk")[:MOST_LINES])
    total = lines.count() if len(markets) == MOST_LINES else len(markets)
    gathered = advice.gather(markets, office, on)
    found = [
        Difference(
            market, Told(suggest(gathered[market.pk], before)), Told(suggest(gathered[market.pk], after))
        )
        for market in markets
    ]
    differences = [row for row in found if _answer(row.before.suggestion) != _answer(row.after.suggestion)]
    return Preview(len(markets), total, differences)


def _answer(found: Suggestion) -> tuple:
    """What a facilitator reads first: the figures of the reasons move without the answer moving."""
    return found.outcome, found.kind, found.lots, found.rate, found.hours
