"""How many structures of the territory may carry a kind of provision."""

from clauses.enums import ProvisionKind
from structures.queries.supply import Supply


def able_for(kind: ProvisionKind, local: Supply) -> int | None:
    """Those who may answer a reservation; for a clause, those who work or lend people too.

    `None` when the trade or the place is not known, and for the social economy, which no directory lists.
    """
    if not local.is_known or kind == ProvisionKind.RESERVED_ESS:
        return None
    answering = {
        ProvisionKind.RESERVED_SIAE: local.insertion,
        ProvisionKind.RESERVED_DISABILITY: local.disability,
        ProvisionKind.RESERVED_MIXED: local.able,
        ProvisionKind.RESERVED_PRISON: local.prison,
        ProvisionKind.INSERTION_SERVICE: local.insertion,
    }
    return answering.get(kind, local.able + local.made_available)
