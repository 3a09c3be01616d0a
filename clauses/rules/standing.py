"""What answers the duty of article L. 2112-2-1 on a market, and what only leans towards it."""

from collections.abc import Collection

from clauses.enums import ProvisionFamily, ProvisionKind, Standing
from clauses.rules.catalogue import CLAUSE, PROVISIONS


# Conditions of execution: the article names nothing else.
CONDITIONS = frozenset(kind for kind in ProvisionKind if CLAUSE in PROVISIONS[kind].decp)
# Nobody has ruled that these satisfy the article, nor that they do not: they warn, and do not block.
LEANING = frozenset(
    kind
    for kind in ProvisionKind
    if PROVISIONS[kind].family in (ProvisionFamily.RESERVATION, ProvisionFamily.CRITERION)
)


def standing(kinds: Collection[ProvisionKind], *, is_derogated: bool) -> Standing:
    """Of a market under the duty, with the provisions that it carries."""
    if not CONDITIONS.isdisjoint(kinds):
        return Standing.MET
    if is_derogated:
        return Standing.DEROGATED
    return Standing.MISSING if LEANING.isdisjoint(kinds) else Standing.LEANING
