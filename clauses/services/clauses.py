"""The life of a clause: what a contract will owe, owes, and has owed."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localtime

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import Membership, Office, User
from accounts.roles import Role
from accounts.services import members
from clauses.enums import ClauseState, DeclarationState, MovementKind
from clauses.models import Clause, Declaration, HoursMovement, Proposal
from clauses.services import clause_texts, derogations
from clauses.tasks import announce_commitment
from clauses.workflow import ClauseTransition, next_clause_state
from config.lib.french import format_hours, format_number
from procurement.models import Contract
from procurement.services import contracts
from procurement.services.contracts import Award


class DeclarationsPending(Exception):
    def __init__(self, number: int):
        counted = "une déclaration attend" if number == 1 else f"{number} déclarations attendent"
        super().__init__(
            f"Sur ce contrat, {counted} encore une validation ou une correction : "
            "la clause se clôt quand tous les mois envoyés sont validés."
        )


@transaction.atomic
def open_from(*, proposal: Proposal, by: User | None, at: datetime) -> Clause:
    """The accepted proposal becomes a clause, awaiting its contract; `by` is empty for a decision by link."""
    clause = Clause.objects.create(
        proposal=proposal,
        lot=proposal.lot,
        office=proposal.office,
        buyer=proposal.lot.market.plan.buyer,
        department=proposal.department,
        kind=proposal.kind,
        hours_planned=proposal.hours_due,
        created_at=at,
    )
    hours = hours_in_words(proposal.hours_due)
    audit.record(
        AuditKind.CLAUSE_CREATED, target=clause, by=by, actor_name=proposal.decider_name, hours=hours
    )
    clause_texts.settle(clause=clause, at=at)
    return clause


@transaction.atomic
def commit(*, clause: Clause, award: Award, by: User, at: datetime) -> Clause:
    """The contract is notified: the hours of every clause of its lot are owed, their calculation frozen.

    Raises `TransitionRefused`, `LotAlreadyAwarded`, `ContractContradicted`, `NotifiedInTheFuture`,
    `SiretRefused`, `InvitationRefused`, or `JustificationMissing` when article L. 2112-2-1 asks for more.
    """
    clause = _locked(clause)
    next_clause_state(ClauseTransition.COMMIT, ClauseState(clause.state))
    derogations.require_agreed(clause.lot.market, by=by)
    contract = contracts.notify(
        lot=clause.lot, award=award, office_id=clause.office_id, by=by, on=localtime(at).date()
    )
    for sibling in _awaiting(clause):
        _owe(sibling, contract, by, at)
    _welcome(contract, award.contact_email, by, at)
    clause.refresh_from_db()
    announce_commitment.delay_on_commit(clause_id=clause.pk)
    return clause


@transaction.atomic
def close(*, clause: Clause, by: User, at: datetime) -> Clause:
    """Nothing more is expected. Raises `TransitionRefused`, or `DeclarationsPending` while hours wait."""
    # Locked first, as whoever declares locks it: no month may be sent while the clause closes.
    list(Contract.objects.select_for_update(of=("self",)).filter(clauses=clause.pk))
    clause = _locked(clause)
    clause.state = next_clause_state(ClauseTransition.CLOSE, ClauseState(clause.state))
    # A rejected month reopened is a draft again, and its correction is still expected.
    waiting = Q(state__in=[DeclarationState.SENT, DeclarationState.REJECTED]) | (
        Q(state=DeclarationState.DRAFT) & ~Q(rejection_reason="")
    )
    if pending := Declaration.objects.filter(waiting, contract=clause.contract_id).count():
        raise DeclarationsPending(pending)
    clause.closed_at, clause.closed_by = at, by
    clause.save(update_fields=["state", "closed_at", "closed_by"])
    audit.record(AuditKind.CLAUSE_CLOSED, target=clause, by=by)
    return clause


def hours_in_words(hours: Decimal | None) -> str:
    return "sans objectif d’heures" if hours is None else format_hours(hours)


def _welcome(contract: Contract, email: str, by: User, at: datetime) -> None:
    """Who will declare gets an account of the company, unless they have one."""
    known = Membership.objects.current().filter(
        organisation=contract.contractor, role=Role.CONTRACTOR, user__email=email.strip().lower()
    )
    if email and not known.exists():
        members.invite(
            organisation=contract.contractor, email=email, role=Role.CONTRACTOR, job_title="", by=by, at=at
        )


def _locked(clause: Clause) -> Clause:
    rows = Clause.objects.select_for_update(of=("self",)).select_related(
        "lot__market__plan__buyer", "office__organisation"
    )
    return rows.get(pk=clause.pk)


def _awaiting(clause: Clause) -> list[Clause]:
    """The clauses that this lot's contract turns into a debt: this one, and any other of the same office."""
    rows = Clause.objects.select_for_update(of=("self",)).filter(
        lot=clause.lot_id, office=clause.office_id, state=ClauseState.AWAITING_CONTRACT
    )
    return list(
        rows.select_related(
            "proposal__lot__market__plan__buyer__organisation",
            "proposal__office__organisation",
            "office__organisation",
        ).order_by("pk")
    )


def _owe(clause: Clause, contract: Contract, by: User, at: datetime) -> None:
    clause.state = next_clause_state(ClauseTransition.COMMIT, ClauseState(clause.state))
    clause.contract, clause.committed_at, clause.committed_by = contract, at, by
    clause.save(update_fields=["state", "contract", "committed_at", "committed_by"])
    movement = HoursMovement.objects.create(
        clause=clause,
        kind=MovementKind.INITIAL,
        hours=clause.hours_planned or 0,
        effective_on=contract.notified_on,
        parameters=_frozen(clause, contract),
        recorded_at=at,
        recorded_by=by,
    )
    # An agreement older than the library kept no text.
    clause_texts.settle(clause=clause, at=at)
    audit.record(
        AuditKind.CLAUSE_COMMITTED,
        target=clause,
        by=by,
        hours=format_number(movement.hours),
        contractor=str(contract.contractor),
    )


# Copied, never referred to: neither a changed default nor a corrected proposal may move a debt.
PROPOSAL_FACTS = (
    "kind", "objective", "amount", "labour_share", "rate", "hourly_cost", "transferred_monthly_hours",
    "euros_per_hour", "threshold_amount", "threshold_mode", "hours_worked", "full_time_months",
    "yearly_hours", "months", "reserved_share", "criterion_weight", "hours_due", "parameters",
)  # fmt: skip
OFFICE_FACTS = ("answer_days", "link_days", "small_count_floor")
CONTRACT_FACTS = ("reference", "amount", "notified_on", "starts_on", "ends_on", "qpv_share")


def _frozen(clause: Clause, contract: Contract) -> dict:
    return {
        "proposal": _facts(clause.proposal, PROPOSAL_FACTS) | {"id": clause.proposal_id},
        "office": _facts(clause.office, OFFICE_FACTS) | {"name": str(clause.office)},
        "contract": _facts(contract, CONTRACT_FACTS)
        | {
            "contractor": str(contract.contractor),
            "programmes": list(contract.programmes.order_by("code").values_list("code", flat=True)),
        },
    }


def _facts(row: Proposal | Office | Contract, names: tuple[str, ...]) -> dict:
    return {name: getattr(row, name) for name in names}
