from structures.queries.lines import Line, lines
from structures.queries.offers import OfferTold, offers_of
from structures.queries.sourcing import Candidates, candidates_for, told_of
from structures.queries.spread import NAMES, Spread, spread


__all__ = [
    "NAMES",
    "Candidates",
    "Line",
    "OfferTold",
    "Spread",
    "candidates_for",
    "lines",
    "offers_of",
    "spread",
    "told_of",
]
