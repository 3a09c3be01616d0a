"""The rule that an office follows: its own latest version, else the general one."""

from dataclasses import dataclass
from decimal import Decimal

from accounts.models import Office
from clauses.models import SuggestionRule
from clauses.rules.suggestion import Weights
from config.lib.text import fold


@dataclass(frozen=True)
class Rule:
    version: int
    weights: Weights
    row: SuggestionRule | None = None

    def __str__(self) -> str:
        return "Règle du logiciel" if self.row is None else str(self.row)


def in_force(office: Office | None) -> Rule:
    """Before any version is kept, that of the code, numbered 0."""
    row = SuggestionRule.objects.known_to(office).latest_first().first()
    return Rule(0, Weights()) if row is None else Rule(row.version, weights(row), row)


def numbers(rule: Rule) -> SuggestionRule:
    """The row of this version; where only the code speaks, one that is not kept."""
    if rule.row is not None:
        return rule.row
    given = rule.weights
    return SuggestionRule(
        version=0,
        minimum_hours=int(given.minimum_hours),
        criterion_hours=int(given.criterion_hours),
        rate=given.rate * 100,
        reserve_all_structures=given.reserve_all_structures,
        reserve_lot_structures=given.reserve_lot_structures,
        to_ask_weight=given.to_ask_weight * 100,
        mean_turnover=given.mean_turnover,
        dependency=given.dependency * 100,
        lot_dependency=given.lot_dependency * 100,
        supplies_labour_share=given.supplies_labour_share * 100,
        minimum_labour_share=given.minimum_labour_share * 100,
        benchmark_share=given.benchmark_share * 100,
        follows_last_verdict=given.follows_last_verdict,
        service_words=", ".join(given.service_words),
    )


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
        minimum_labour_share=row.minimum_labour_share / 100,
        benchmark_share=row.benchmark_share / 100,
        follows_last_verdict=row.follows_last_verdict,
        service_words=tuple(word for word in (fold(part) for part in row.service_words.split(",")) if word),
    )
