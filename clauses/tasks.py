"""What services defer: each loads one row and sends one letter."""

from celery import shared_task

from clauses import notifications
from clauses.models import Clause, DecisionLink, Declaration, Proposal
from procurement.models import PlanAnswer


# A mail server that is down for a moment is asked again; the row stays the truth meanwhile.
LETTER = {"autoretry_for": (OSError,), "retry_backoff": 30, "max_retries": 6}
DECLARATIONS = Declaration.objects.select_related(
    "contract__office__organisation", "contract__buyer__organisation"
)


@shared_task(name="clauses.announce_commitment", **LETTER)
def announce_commitment(clause_id: int) -> None:
    rows = Clause.objects.select_related("contract__office__organisation", "contract__buyer__organisation")
    notifications.commitment(rows.get(pk=clause_id)).send()


@shared_task(name="clauses.announce_validation", **LETTER)
def announce_validation(declaration_id: int) -> None:
    notifications.validation(DECLARATIONS.get(pk=declaration_id)).send()


@shared_task(name="clauses.announce_rejection", **LETTER)
def announce_rejection(declaration_id: int) -> None:
    notifications.rejection(DECLARATIONS.get(pk=declaration_id)).send()


@shared_task(name="clauses.announce_decision", **LETTER)
def announce_decision(proposal_id: int) -> None:
    """Sends nothing when the office took the proposal back meanwhile: the letter would tell an old answer."""
    rows = Proposal.objects.decided().select_related(
        "lot__market__plan__buyer__organisation", "office__organisation", "department", "sent_by"
    )
    for proposal in rows.filter(pk=proposal_id):
        notifications.decision(proposal).send()


PROPOSALS = Proposal.objects.select_related(
    "office__organisation", "department", "sent_by", "lot__market__plan__buyer__organisation"
)


@shared_task(name="clauses.ask_by_link", **LETTER)
def ask_by_link(link_id: int) -> None:
    """Sends nothing when the link was revoked meanwhile."""
    links = (
        DecisionLink.objects.unsettled()
        .filter(pk=link_id)
        .select_related("proposal__office__organisation", "proposal__lot__market__plan__buyer__organisation")
    )
    for link in links:
        notifications.decision_by_link(link).send()


@shared_task(name="clauses.ask_members", **LETTER)
def ask_members(proposal_id: int) -> None:
    """Sends nothing when the answer came, or the proposal went, meanwhile."""
    for proposal in PROPOSALS.awaiting_decision().filter(pk=proposal_id):
        notifications.decision_by_account(proposal).send()


@shared_task(name="clauses.announce_withdrawal", **LETTER)
def announce_withdrawal(proposal_id: int) -> None:
    notifications.withdrawal(PROPOSALS.get(pk=proposal_id)).send()


@shared_task(name="clauses.announce_answer", **LETTER)
def announce_answer(plan_id: int, office_id: int) -> None:
    """Sends nothing when the buyer took the plan back meanwhile: the answer is hidden again."""
    told = PlanAnswer.objects.select_related("plan__buyer__organisation", "office__organisation")
    for answer in told.filter(plan=plan_id, office=office_id):
        notifications.answer(answer).send()
