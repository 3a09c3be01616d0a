"""Who acts next on a proposal, to do what, and since when: a page never leaves that open."""

from dataclasses import dataclass
from datetime import datetime

from clauses.enums import ClauseState, ProposalState


@dataclass(frozen=True)
class NextStep:
    """`owner` is empty when nothing more is expected."""

    sentence: str
    owner: str = ""
    since: datetime | None = None


def of_proposal(
    state: ProposalState,
    *,
    office: str,
    department: str,
    created_at: datetime,
    sent_at: datetime | None,
    decided_at: datetime | None,
    clause: ClauseState | None = None,
) -> NextStep:
    """`clause` is how the clause born of an accepted proposal stands."""
    if state == ProposalState.ACCEPTED and clause == ClauseState.RUNNING:
        return NextStep("Suivre les heures", office)
    if state == ProposalState.ACCEPTED and clause == ClauseState.CLOSED:
        return NextStep("Plus rien : la clause est close")
    steps = {
        ProposalState.DRAFT: NextStep("Envoyer la proposition au service", office, created_at),
        ProposalState.SENT: NextStep("Répondre à la proposition", department, sent_at),
        ProposalState.REWORK: NextStep("Revoir la proposition", office, decided_at),
        ProposalState.REFUSED: NextStep("Reprendre la proposition, ou en rester là", office, decided_at),
        ProposalState.ACCEPTED: NextStep("Notifier le contrat pour fixer les heures", office, decided_at),
        ProposalState.WITHDRAWN: NextStep("Plus rien : la proposition est retirée"),
    }
    return steps[state]
