"""Which markets the law asks a justification for, whatever their number in a few queries."""

from collections.abc import Iterable

from clauses.enums import ProvisionKind
from clauses.models import Derogation, Proposal
from clauses.rules.catalogue import CLAUSE, PROVISIONS
from procurement.models import Market
from procurement.queries import duties


# Conditions of execution; by the letter of the article, a reservation or a criterion alone is none.
CONDITIONS = [kind for kind in ProvisionKind if CLAUSE in PROVISIONS[kind].decp]


def unjustified(markets: Iterable[Market]) -> list[Market]:
    """Those under the duty with neither a condition of execution under way nor a derogation in force.

    `markets` come with their plan and its buyer.
    """
    rows = list(markets)
    assessed = duties.of(rows)
    bound = [row.pk for row in rows if assessed[row.pk].duty.has_social_duty]
    justified = set(Derogation.objects.in_force().filter(market__in=bound).values_list("market", flat=True))
    conditions = Proposal.objects.alive().filter(kind__in=CONDITIONS, lot__market__in=bound)
    covered = set(conditions.values_list("lot__market", flat=True))
    return [row for row in rows if row.pk in set(bound) - justified - covered]
