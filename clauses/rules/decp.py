"""What a contract declares of its social considerations (DECP v2.0.3, `considerationsSociales`)."""

from collections.abc import Iterable

from clauses.enums import ProvisionKind
from clauses.rules.catalogue import CLAUSE, CRITERION, NOTHING, PROVISIONS, RESERVED


OFFICIAL_ORDER = (CLAUSE, CRITERION, RESERVED)


def declared(kinds: Iterable[ProvisionKind]) -> list[str]:
    """The values of these provisions, each once; « Pas de considération sociale » is alone or absent."""
    values = {value for kind in kinds for value in PROVISIONS[kind].decp}
    return [value for value in OFFICIAL_ORDER if value in values] or [NOTHING]
