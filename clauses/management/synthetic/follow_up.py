"""What came of the lines that deserve a clause: proposals in each state, contracts, people, hours."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from random import Random

from clauses.enums import (
    ClauseState,
    DeclarationState,
    EligibilityState,
    InQpv,
    MovementKind,
    ProposalState,
    ProvisionKind,
    RefusalReason,
    Sex,
    TrainingLevel,
    Verdict,
    WorkContractType,
)
from clauses.management.demonstration.calendar import month_start, morning
from clauses.management.synthetic import catalogue
from clauses.management.synthetic.bodies import CITIES, Bodies
from clauses.models import (
    Clause,
    Declaration,
    Eligibility,
    HourEntry,
    HoursMovement,
    Participant,
    Placement,
    Proposal,
    Public,
    Screening,
)
from clauses.queries import references
from clauses.rules import hours
from clauses.rules.provisions import Terms
from clauses.services import calculation
from procurement.models import Contract, Lot


RATE, HOURLY_COST, HALF = Decimal("0.0500"), Decimal("30.00"), Decimal("0.5000")
# Below, the debt of a contract would not fill the months of two people.
WORTH_A_CONTRACT = 200
STATES = (
    ProposalState.SENT,
    ProposalState.DRAFT,
    ProposalState.ACCEPTED,
    ProposalState.REFUSED,
    ProposalState.REWORK,
    ProposalState.WITHDRAWN,
)
DECIDED = (ProposalState.ACCEPTED, ProposalState.REFUSED, ProposalState.REWORK)


def propose(bodies: Bodies, screenings: list[Screening], now: datetime) -> list[Proposal]:
    """On this year’s clausable lines every state in turn; on last year’s, what was accepted."""
    clausable = [row.market for row in screenings if row.verdict == Verdict.CLAUSABLE]
    lots = {lot.market_id: lot for lot in Lot.objects.filter(market__in=clausable, number=1)}
    priced = [market for market in clausable if market.estimated_amount and lots[market.pk]]
    former = [market for market in priced if market.plan.year == now.year]
    present = [market for market in priced if market.plan.year > now.year][::3]
    known = references.general(now.date())
    rows = [_proposal(bodies, market, lots, ProposalState.ACCEPTED, known, now) for market in former]
    rows += [
        _proposal(bodies, market, lots, STATES[rank % len(STATES)], known, now)
        for rank, market in enumerate(present)
    ]
    Proposal.objects.bulk_create(rows, batch_size=200)
    clauses = [_clause(row) for row in rows if row.state == ProposalState.ACCEPTED]
    Clause.objects.bulk_create(clauses, batch_size=500)
    return rows


def _proposal(bodies: Bodies, market, lots: dict, state: ProposalState, known, now: datetime) -> Proposal:
    lot = lots[market.pk]
    lot.market = market
    estimate = hours.classic(
        amount=market.estimated_amount, labour_share=HALF, rate=RATE, hourly_cost=HOURLY_COST
    )
    terms = Terms(
        amount=market.estimated_amount, labour_share=HALF, rate=RATE, hourly_cost=HOURLY_COST,
        hours_due=estimate.hours, months=market.total_months,
    )  # fmt: skip
    kind = ProvisionKind.EXECUTION_CONDITION
    return Proposal(
        lot=lot, office=bodies.office, department=market.department, kind=kind, state=state,
        amount=terms.amount, labour_share=HALF, rate=RATE, hourly_cost=HOURLY_COST, months=terms.months,
        hours_due=terms.hours_due, created_by=bodies.facilitator,
        parameters=calculation.frozen(
            kind=kind, terms=terms, estimate=estimate, known=known, market=market, on=now.date()
        ),
        **_signatures(bodies, market, state, now),
    )  # fmt: skip


def _signatures(bodies: Bodies, market, state: ProposalState, now: datetime) -> dict:
    """Who sent it, who decided, as the state wants it."""
    if state in (ProposalState.DRAFT, ProposalState.WITHDRAWN):
        return {}
    sent = min(market.plan.submitted_at + timedelta(days=3), now - timedelta(days=1))
    signed = {
        "sent_at": sent,
        "sent_by": bodies.facilitator,
        "answer_by_on": sent.date() + timedelta(days=28),
    }
    if state in DECIDED:
        signed |= {
            "decided_at": sent + timedelta(hours=20),
            "decider_name": "Dominique Leroy",
            "decider_job": "Chef de service",
        }
    if state == ProposalState.REFUSED:
        signed["refusal_reason"] = RefusalReason.TOO_LATE
    return signed


def _clause(proposal: Proposal) -> Clause:
    return Clause(
        proposal=proposal, lot=proposal.lot, office=proposal.office, kind=proposal.kind,
        buyer=proposal.lot.market.plan.buyer, department=proposal.department,
        hours_planned=proposal.hours_due,
    )  # fmt: skip


def award(bodies: Bodies, wanted: int, rng: Random, now: datetime) -> list[Clause]:
    """Contracts that started in the last year, each with its debt."""
    waiting = Clause.objects.filter(
        office=bodies.office, lot__market__plan__year=now.year, hours_planned__gte=WORTH_A_CONTRACT
    )
    clauses = list(waiting.select_related("lot__market", "buyer__organisation").order_by("pk")[:wanted])
    numbers = count(1)
    contracts = [_contract(clause, bodies, next(numbers), rng, now) for clause in clauses]
    Contract.objects.bulk_create(contracts)
    for clause, contract in zip(clauses, contracts, strict=True):
        clause.contract, clause.state = contract, ClauseState.RUNNING
        clause.committed_at, clause.committed_by = morning(contract.notified_on), bodies.facilitator
        clause.lot.contract = contract
    Clause.objects.bulk_update(clauses, ["contract", "state", "committed_at", "committed_by"])
    Lot.objects.bulk_update([clause.lot for clause in clauses], ["contract"])
    HoursMovement.objects.bulk_create(_debt(clause, bodies) for clause in clauses)
    return clauses


def _contract(clause: Clause, bodies: Bodies, number: int, rng: Random, now: datetime) -> Contract:
    begun = month_start(now.date(), -rng.randint(1, 11))
    market = clause.lot.market
    contract = Contract(
        buyer=clause.buyer, office=bodies.office, contractor=rng.choice(bodies.companies),
        reference=f"M{begun.year}-{number:04}", title=market.title, amount=market.estimated_amount,
        notified_on=begun - timedelta(days=20), starts_on=begun,
        ends_on=month_start(begun, max(market.total_months or 12, 12)),
    )  # fmt: skip
    contract.index()
    return contract


def _debt(clause: Clause, bodies: Bodies) -> HoursMovement:
    return HoursMovement(
        clause=clause, kind=MovementKind.INITIAL, hours=clause.hours_planned,
        effective_on=clause.contract.notified_on, recorded_at=clause.committed_at,
        recorded_by=bodies.facilitator,
    )  # fmt: skip


def hire(bodies: Bodies, clauses: list[Clause], people: int, rng: Random, now: datetime) -> None:
    """Each person works on one contract, from its start; the months are validated but for the last one."""
    if not clauses:
        return
    persons = [_person(bodies, rng) for _ in range(people)]
    Participant.objects.bulk_create(persons)
    publics = list(Public.objects.in_force(now.date()).order_by("pk"))
    placements = [
        _placement(bodies, person, clauses[rank % len(clauses)]) for rank, person in enumerate(persons)
    ]
    Placement.objects.bulk_create(placements)
    Eligibility.objects.bulk_create(_grant(bodies, row, rng.choice(publics)) for row in placements)
    _declare(bodies, placements, rng, now.date())


def _person(bodies: Bodies, rng: Random) -> Participant:
    person = Participant(
        office=bodies.office, first_name=rng.choice(catalogue.FIRST_NAMES),
        last_name=rng.choice(catalogue.LAST_NAMES), sex=rng.choice((Sex.WOMAN, Sex.MAN)),
        born_on=date(rng.randint(1965, 2006), rng.randint(1, 12), rng.randint(1, 28)),
        postcode="94000", city=rng.choice(CITIES), in_qpv=rng.choice(InQpv.values),
        training_level=rng.choice(TrainingLevel.values), created_by=bodies.facilitator,
    )  # fmt: skip
    person.index()
    return person


def _placement(bodies: Bodies, person: Participant, clause: Clause) -> Placement:
    return Placement(
        participant=person, clause=clause, modality="direct_hire", contract_type=WorkContractType.CDD,
        job_title=catalogue.JOBS[person.born_on.day % len(catalogue.JOBS)],
        starts_on=clause.contract.starts_on, created_by=bodies.facilitator,
    )  # fmt: skip


def _grant(bodies: Bodies, placement: Placement, public: Public) -> Eligibility:
    seen = placement.starts_on - timedelta(days=10)
    return Eligibility(
        participant=placement.participant, state=EligibilityState.GRANTED, public=public, proof=public.proof,
        proof_issued_on=seen, proof_seen_on=seen, valid_from=seen, valid_to=month_start(seen, 24),
        decided_at=morning(seen), decided_by=bodies.facilitator,
    )  # fmt: skip


def _declare(bodies: Bodies, placements: list[Placement], rng: Random, on: date) -> None:
    teams: dict[int, list[Placement]] = {}
    for row in placements:
        teams.setdefault(row.clause.contract_id, []).append(row)
    declarations, entries = [], []
    for team in teams.values():
        contract, monthly = team[0].clause.contract, _monthly_hours(team)
        for period in _months(contract.starts_on, on):
            declaration = _declaration(bodies, contract, period, on)
            declarations.append(declaration)
            entries += [
                HourEntry(declaration=declaration, placement=row, hours_done=monthly - rng.randint(0, 3))
                for row in team
            ]
    Declaration.objects.bulk_create(declarations, batch_size=500)
    HourEntry.objects.bulk_create(entries, batch_size=500)


def _monthly_hours(team: list[Placement]) -> Decimal:
    """So that the debt is paid over a year, without anybody working more than a full month."""
    due = team[0].clause.hours_planned
    return Decimal(max(8, min(140, int(due // (12 * len(team))))))


def _months(start: date, on: date) -> list[date]:
    months = (on.year - start.year) * 12 + on.month - start.month
    return [month_start(start, rank) for rank in range(months)]


def _declaration(bodies: Bodies, contract: Contract, period: date, on: date) -> Declaration:
    sent = morning(month_start(period, 1))
    row = Declaration(
        contract=contract, period=period, state=DeclarationState.SENT, sent_at=sent,
        sent_by=bodies.facilitator,
    )  # fmt: skip
    if period < month_start(on, -1):
        row.state = DeclarationState.VALIDATED
        row.decided_at, row.decided_by = sent + timedelta(hours=2), bodies.facilitator
    return row
