"""What a facilitator might propose for a market, and why: a hint with its figures, never a decision.

The idea of counting structures and of comparing the amount with what they earn comes from « potentiel
inclusif » (Le Marché de l’inclusion); the weights are the office's own. Shares and rates run from 0 to 1.
"""

from clauses.rules.suggestion.facts import (
    Facts,
    LastVerdict,
    LotFacts,
    Others,
    Suggestion,
    Supply,
    Weights,
)
from clauses.rules.suggestion.measures import counted_structures, dependency
from clauses.rules.suggestion.outcomes import suggest


__all__ = [
    "Facts", "LastVerdict", "LotFacts", "Others", "Suggestion", "Supply", "Weights",
    "counted_structures", "dependency", "suggest",
]  # fmt: skip
