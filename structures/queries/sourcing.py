"""Who could answer a need, and what may be said of the market it comes from."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F

from procurement.models import Lot, Market
from structures.models import Approach, Need, Structure
from structures.queries import needs
from structures.queries.needs import Answer


SHOWN = 20


@dataclass(frozen=True)
class Candidates:
    """The best answers not thought of yet, of how many."""

    answers: list[Answer]
    total: int
    trades: list[str]


def candidates_for(need: Need, words: str, *, besides: Iterable[Approach]) -> Candidates:
    """Best match first, then nearest to the place; cards gone from their source come no more."""
    wanted = needs.understand(words)
    if not wanted.words:
        return Candidates([], 0, [])
    rows = Structure.objects.filter(gone_on=None).exclude(pk__in=[row.structure_id for row in besides])
    order: list = ["match", "sort_name", "pk"]
    if centre := needs.centre_of(need.place):
        rows = rows.near(centre)
        order.insert(1, F("square_km").asc(nulls_last=True))
    found = needs.answering(rows, wanted)
    return Candidates(
        needs.answers(found.order_by(*order)[:SHOWN], wanted),
        found.count(),
        [trade.label for trade in wanted.trades],
    )


def told_of(market: Market | None, lot: Lot | None = None) -> dict:
    """What the form proposes to say: never the amount, never the buyer."""
    if market is None:
        return {}
    title = f"{market.title} – {lot}" if lot else market.title
    launch = f"Lancement prévu : {market.launch_on:%m/%Y}." if market.launch_on else ""
    duration = f"Durée : {market.duration_months} mois." if market.duration_months else ""
    told = "\n".join(part for part in (title, launch, duration) if part)
    return {"title": title[:300], "told": told, "place": market.place[:200]}
