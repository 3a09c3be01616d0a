"""What a department answers to a proposal, signed in or by the link it received."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User
from clauses.enums import ProposalState, RefusalReason
from clauses.models import DecisionLink, Proposal
from clauses.services import clauses, links
from clauses.tasks import announce_decision
from clauses.workflow import ProposalTransition, next_proposal_state


@dataclass(frozen=True)
class Decider:
    """Who answers: `user` is empty for the recipient of a link, who gives name and function."""

    user: User | None
    name: str
    job_title: str


class WordMissing(Exception):
    """A free word without which the answer cannot be followed up."""


@transaction.atomic
def accept(
    *, proposal: Proposal, decider: Decider, at: datetime, comment: str = "", link: DecisionLink | None = None
) -> Proposal:
    """The proposal becomes a clause. Raises `TransitionRefused`, or a `LinkClosed`."""
    proposal = _answer(proposal, ProposalTransition.ACCEPT, decider, at, comment=comment, link=link)
    hours = clauses.hours_in_words(proposal.hours_due)
    _record(AuditKind.PROPOSAL_ACCEPTED, proposal, decider, hours=hours)
    clauses.open_from(proposal=proposal, by=decider.user, at=at)
    return proposal


@transaction.atomic
def refuse(
    *,
    proposal: Proposal,
    decider: Decider,
    reason: RefusalReason,
    at: datetime,
    comment: str = "",
    link: DecisionLink | None = None,
) -> Proposal:
    """Raises `WordMissing` when « Autre » explains nothing, `TransitionRefused`, or a `LinkClosed`."""
    if reason == RefusalReason.OTHER and not comment.strip():
        raise WordMissing("La raison « Autre » demande une précision, que l’office lira.")
    proposal = _answer(
        proposal, ProposalTransition.REFUSE, decider, at, comment=comment, link=link, reason=reason
    )
    # The free word may name a person: the log keeps the reason alone.
    _record(AuditKind.PROPOSAL_REFUSED, proposal, decider, reason=proposal.get_refusal_reason_display())
    return proposal


@transaction.atomic
def ask_rework(
    *, proposal: Proposal, decider: Decider, at: datetime, comment: str, link: DecisionLink | None = None
) -> Proposal:
    """Raises `WordMissing`, `TransitionRefused`, or a `LinkClosed`."""
    if not comment.strip():
        raise WordMissing("Dites en un mot ce que l’office devrait revoir.")
    proposal = _answer(proposal, ProposalTransition.ASK_REWORK, decider, at, comment=comment, link=link)
    _record(AuditKind.PROPOSAL_REWORK_ASKED, proposal, decider, comment=proposal.decision_comment)
    return proposal


def _answer(
    proposal: Proposal,
    transition: ProposalTransition,
    decider: Decider,
    at: datetime,
    *,
    comment: str,
    link: DecisionLink | None,
    reason: str = "",
) -> Proposal:
    # Locked: two recipients may answer at once.
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("lot__market__plan__buyer")
    proposal = rows.get(pk=proposal.pk)
    if link:
        links.use(link=proposal.links.get(pk=link.pk), at=at)
    proposal.state = next_proposal_state(transition, ProposalState(proposal.state))
    proposal.decided_at, proposal.decided_by = at, decider.user
    proposal.decider_name, proposal.decider_job = decider.name, decider.job_title
    proposal.refusal_reason, proposal.decision_comment = reason, comment.strip()
    proposal.save(update_fields=ANSWER)
    links.revoke_all(proposal=proposal, at=at)
    announce_decision.delay_on_commit(proposal_id=proposal.pk)
    return proposal


ANSWER = [
    "state", "decided_at", "decided_by", "decider_name", "decider_job", "refusal_reason", "decision_comment",
]  # fmt: skip


def _record(kind: AuditKind, proposal: Proposal, decider: Decider, **payload: str) -> None:
    audit.record(kind, target=proposal, by=decider.user, actor_name=decider.name, **payload)
