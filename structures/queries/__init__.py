from structures.queries.spread import NAMES, Spread, spread


__all__ = ["NAMES", "Spread", "spread"]
