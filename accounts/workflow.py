from enum import StrEnum

from accounts.enums import MembershipState
from config.lib import workflow
from config.lib.workflow import TransitionRefused


__all__ = ["TRANSITIONS", "MembershipTransition", "TransitionRefused", "next_state", "open_transitions"]


class MembershipTransition(StrEnum):
    ACCEPT = "Accepter l’invitation"
    RESEND = "Renvoyer l’invitation"
    CANCEL = "Annuler l’invitation"
    REMOVE = "Retirer la personne"


S, T = MembershipState, MembershipTransition

TRANSITIONS = {
    T.ACCEPT: ({S.PENDING}, S.ACTIVE),
    T.RESEND: ({S.PENDING}, S.PENDING),
    T.CANCEL: ({S.PENDING}, S.ENDED),
    T.REMOVE: ({S.ACTIVE}, S.ENDED),
}

REFUSALS = {
    S.PENDING: "Cette personne n’a pas encore répondu à son invitation : annulez-la plutôt.",
    S.ACTIVE: "Cette invitation a déjà été acceptée.",
    S.ENDED: "Cette invitation a été annulée, ou la personne a quitté l’organisation.",
}


def next_state(transition: MembershipTransition, state: MembershipState) -> MembershipState:
    return workflow.next_state(TRANSITIONS, transition, state, REFUSALS[state])


def open_transitions(state: MembershipState) -> list[MembershipTransition]:
    return workflow.open_transitions(TRANSITIONS, state)
