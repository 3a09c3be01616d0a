"""The rule that an office follows: its own latest version, else the general one."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q

from accounts.models import Office
from clauses.models import SuggestionRule
from clauses.rules.suggestion import Weights
from config.lib.text import fold


@dataclass(frozen=True)
class Rule:
    version: int
    weights: Weights
    row: SuggestionRule | None = None


def in_force(office: Office | None) -> Rule:
    """Before any version is kept, that of the code, numbered 0."""
    own = Q(office__isnull=True) if office is None else Q(office__isnull=True) | Q(office=office)
    rows = SuggestionRule.objects.filter(own).order_by(F("office").asc(nulls_last=True), "-version")
    row = rows.first()
    return Rule(0, Weights()) if row is None else Rule(row.version, weights(row), row)


def weights(row: SuggestionRule) -> Weights:
    return Weights(
        minimum_hours=Decimal(row.minimum_hours),
        criterion_hours=Decimal(row.criterion_hours),
        rate=row.rate / 100,
        reserve_all_structures=row.reserve_all_structures,
        reserve_lot_structures=row.reserve_lot_structures,
        to_ask_weight=row.to_ask_weight / 100,
        mean_turnover=row.mean_turnover,
        dependency=row.dependency / 100,
        lot_dependency=row.lot_dependency / 100,
        supplies_labour_share=row.supplies_labour_share / 100,
        benchmark_share=row.benchmark_share / 100,
        follows_last_verdict=row.follows_last_verdict,
        service_words=tuple(word for word in (fold(part) for part in row.service_words.split(",")) if word),
    )
