from enum import StrEnum

from clauses.enums import ClauseState, DeclarationState, ProposalState
from config.lib import workflow
from config.lib.workflow import TransitionRefused


__all__ = [
    "CLAUSE_TRANSITIONS",
    "DECLARATION_TRANSITIONS",
    "PROPOSAL_TRANSITIONS",
    "ClauseTransition",
    "DeclarationTransition",
    "ProposalTransition",
    "TransitionRefused",
    "next_clause_state",
    "next_declaration_state",
    "next_proposal_state",
]


class ProposalTransition(StrEnum):
    SEND = "Envoyer au service"
    ACCEPT = "Accepter"
    REFUSE = "Refuser"
    ASK_REWORK = "Demander de revoir"
    REVISE = "Reprendre la proposition"
    WITHDRAW = "Retirer la proposition"


PROPOSAL_TRANSITIONS = {
    ProposalTransition.SEND: ({ProposalState.DRAFT}, ProposalState.SENT),
    ProposalTransition.ACCEPT: ({ProposalState.SENT}, ProposalState.ACCEPTED),
    ProposalTransition.REFUSE: ({ProposalState.SENT}, ProposalState.REFUSED),
    ProposalTransition.ASK_REWORK: ({ProposalState.SENT}, ProposalState.REWORK),
    # A changed proposal cancels the old answer (story 6).
    ProposalTransition.REVISE: (
        {ProposalState.SENT, ProposalState.REWORK, ProposalState.REFUSED},
        ProposalState.DRAFT,
    ),
    ProposalTransition.WITHDRAW: (
        {ProposalState.DRAFT, ProposalState.SENT, ProposalState.REWORK},
        ProposalState.WITHDRAWN,
    ),
}


class ClauseTransition(StrEnum):
    COMMIT = "Notifier le contrat"
    CLOSE = "Clore la clause"


CLAUSE_TRANSITIONS = {
    ClauseTransition.COMMIT: ({ClauseState.AWAITING_CONTRACT}, ClauseState.RUNNING),
    ClauseTransition.CLOSE: ({ClauseState.RUNNING}, ClauseState.CLOSED),
}


class DeclarationTransition(StrEnum):
    SEND = "Envoyer la déclaration"
    VALIDATE = "Valider les heures"
    REJECT = "Rejeter la déclaration"
    REOPEN = "Corriger la déclaration"


DECLARATION_TRANSITIONS = {
    DeclarationTransition.SEND: ({DeclarationState.DRAFT}, DeclarationState.SENT),
    DeclarationTransition.VALIDATE: ({DeclarationState.SENT}, DeclarationState.VALIDATED),
    DeclarationTransition.REJECT: ({DeclarationState.SENT}, DeclarationState.REJECTED),
    DeclarationTransition.REOPEN: ({DeclarationState.REJECTED}, DeclarationState.DRAFT),
}


def next_proposal_state(transition: ProposalTransition, state: ProposalState) -> ProposalState:
    refusal = f"La proposition est à l’état « {state.label} » : « {transition} » n’est pas possible."
    return workflow.next_state(PROPOSAL_TRANSITIONS, transition, state, refusal)


def next_clause_state(transition: ClauseTransition, state: ClauseState) -> ClauseState:
    refusal = f"La clause est à l’état « {state.label} » : « {transition} » n’est pas possible."
    return workflow.next_state(CLAUSE_TRANSITIONS, transition, state, refusal)


def next_declaration_state(transition: DeclarationTransition, state: DeclarationState) -> DeclarationState:
    refusal = f"La déclaration est à l’état « {state.label} » : « {transition} » n’est pas possible."
    return workflow.next_state(DECLARATION_TRANSITIONS, transition, state, refusal)
