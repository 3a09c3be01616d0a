from structures.queries.offers import OfferTold, offers_of
from structures.queries.spread import NAMES, Spread, spread


__all__ = ["NAMES", "OfferTold", "Spread", "offers_of", "spread"]
