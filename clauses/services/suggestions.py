"""What was suggested when a verdict was given, kept with that verdict."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.utils.timezone import localtime

from accounts.models import Office
from clauses.models import Screening, Suggestion
from clauses.queries import advice
from clauses.queries.advice import Advice
from procurement.models import Market


def keep(*, screenings: Sequence[Screening], office: Office, at: datetime) -> list[Suggestion]:
    """One row per line, in a number of queries that does not grow with them."""
    rows = Market.objects.filter(pk__in=[row.market_id for row in screenings]).order_by("pk")
    markets = rows.select_related("family", "plan__buyer__organisation").prefetch_related("programmes")
    given = advice.advise(markets, office, localtime(at).date())
    return Suggestion.objects.bulk_create(
        _row(screening, given[screening.market_id], office, at) for screening in screenings
    )


def _row(screening: Screening, given: Advice, office: Office, at: datetime) -> Suggestion:
    return Suggestion(
        market_id=screening.market_id,
        office=office,
        rule=given.rule.row,
        version=given.version,
        inputs=asdict(given.facts),
        outcome=given.outcome,
        kind=given.suggestion.kind or "",
        lots=list(given.suggestion.lots),
        hours=given.hours,
        rate=given.suggestion.rate,
        reasons=list(given.reasons),
        suggested_verdict=given.suggestion.verdict,
        verdict=screening.verdict,
        reason=screening.reason,
        computed_at=at,
    )
