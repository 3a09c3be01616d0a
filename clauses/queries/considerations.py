"""What the contracts of a buyer declare of their social considerations, one year."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from clauses.enums import ProvisionKind
from clauses.models import Clause
from clauses.rules import decp
from procurement.models import Buyer, Contract


@dataclass(frozen=True)
class Declared:
    reference: str
    title: str
    notified_on: date
    considerations: tuple[str, ...]


def declared(*, buyer: Buyer, year: int) -> list[Declared]:
    """Every contract notified that year, those without a clause included: they say so."""
    contracts = Contract.objects.filter(buyer=buyer, notified_on__year=year)
    kinds: dict[int, list[ProvisionKind]] = defaultdict(list)
    clauses = Clause.objects.filter(contract__in=contracts)
    for contract, kind in clauses.order_by("pk").values_list("contract", "kind"):
        kinds[contract].append(ProvisionKind(kind))
    rows = contracts.order_by("notified_on", "pk").values_list("pk", "reference", "title", "notified_on")
    return [
        Declared(reference, title, day, tuple(decp.declared(kinds[pk]))) for pk, reference, title, day in rows
    ]
