"""Which markets the law asks a justification for, whatever their number in a few queries."""

from collections.abc import Iterable, Mapping

from django.db.models import Exists, OuterRef, Q, QuerySet

from clauses.enums import ProposalState, ProvisionKind, Standing, Verdict
from clauses.models import Clause, Derogation, Proposal
from clauses.rules.standing import CONDITIONS, LEANING, standing
from procurement.models import Market
from procurement.queries import duties
from procurement.queries.duties import Assessment
from procurement.queries.owing import owing
from procurement.rules.duty import Law


# A draft asks nothing of anybody yet, and is the business of its office alone.
TOLD = ~Q(state=ProposalState.DRAFT)


def standings(
    markets: Iterable[Market], assessed: Mapping[int, Assessment] | None = None
) -> dict[int, Standing]:
    """Of those under the duty, by what was proposed on them. `markets` come with their plan and its buyer."""
    under_way = Proposal.objects.alive().filter(TOLD).values_list("lot__market", "kind")
    return _standings(markets, under_way, assessed)


def agreed_standings(
    markets: Iterable[Market], assessed: Mapping[int, Assessment] | None = None
) -> dict[int, Standing]:
    """Of those under the duty, by what was agreed on: a proposal that awaits its answer binds nobody."""
    return _standings(markets, Clause.objects.values_list("lot__market", "kind"), assessed)


def unjustified(markets: Iterable[Market]) -> list[Market]:
    """Those that nothing answers for: neither a condition, a reservation, a criterion, nor a derogation."""
    rows = list(markets)
    found = standings(rows)
    return [row for row in rows if found.get(row.pk) == Standing.MISSING]


def to_justify(lines: QuerySet[Market]) -> QuerySet[Market]:
    """Those left without anything by a verdict or by a refusal. `lines` bear `verdict` (`with_verdicts`)."""
    on_the_line = Proposal.objects.filter(lot__market=OuterRef("pk"))
    answering = on_the_line.alive().filter(TOLD, kind__in=[*CONDITIONS, *LEANING])
    refused = on_the_line.filter(state=ProposalState.REFUSED)
    law = duties.law()
    signed = Derogation.objects.in_force().exclude(pk__in=lapsed(lines, law))
    derogated = signed.filter(market=OuterRef("pk"))
    left = Q(verdict=Verdict.NOT_CLAUSABLE) | Exists(refused)
    return owing(lines, law).filter(left, ~Exists(answering), ~Exists(derogated))


def lapsed(lines: QuerySet[Market], law: Law) -> list[int]:
    """The derogations that invoke what their market no longer is: works that have since become long."""
    bounded = [
        found.code
        for found in law.exemptions
        if found.nature or found.less_than_months is not None or found.valid_to
    ]
    signed = Derogation.objects.in_force().filter(
        motive__in=bounded, market__in=lines.order_by().values("pk")
    )
    rows = list(signed.select_related("market__plan__buyer").order_by("pk"))
    found = duties.of([row.market for row in rows], law) if rows else {}
    return [row.pk for row in rows if not _is_open(row.motive, found[row.market_id])]


def _standings(
    markets: Iterable[Market], provisions: QuerySet, assessed: Mapping[int, Assessment] | None
) -> dict[int, Standing]:
    rows = list(markets)
    if not rows:
        return {}
    duty = duties.of(rows) if assessed is None else assessed
    bound = [row.pk for row in rows if duty[row.pk].duty.has_social_duty]
    if not bound:
        return {}
    signed = Derogation.objects.in_force().filter(market__in=bound).values_list("market", "motive")
    derogated = {pk for pk, motive in signed if _is_open(motive, duty[pk])}
    kinds = _kinds(provisions.filter(lot__market__in=bound))
    return {pk: standing(kinds.get(pk, ()), is_derogated=pk in derogated) for pk in bound}


def _is_open(motive: str, assessed: Assessment) -> bool:
    """The facts of a market may change after its derogation was signed."""
    return any(found.code == motive for found in assessed.duty.exemptions)


def _kinds(provisions: QuerySet) -> dict[int, list[ProvisionKind]]:
    found: dict[int, list[ProvisionKind]] = {}
    for market, kind in provisions.order_by("pk"):
        found.setdefault(market, []).append(ProvisionKind(kind))
    return found
