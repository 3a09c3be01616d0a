from enum import StrEnum

from config.lib import workflow
from config.lib.workflow import TransitionRefused
from structures.enums import (
    ApproachState,
    CorrectionState,
    DirectOrderState,
    DirectoryFileState,
    MeetingState,
)


__all__ = [
    "APPROACH_TRANSITIONS",
    "CORRECTION_TRANSITIONS",
    "DIRECT_ORDER_TRANSITIONS",
    "MEETING_TRANSITIONS",
    "TRANSITIONS",
    "ApproachTransition",
    "CorrectionTransition",
    "DirectOrderTransition",
    "DirectoryFileTransition",
    "MeetingTransition",
    "TransitionRefused",
    "next_approach_state",
    "next_correction_state",
    "next_meeting_state",
    "next_order_state",
    "next_state",
    "open_transitions",
]


class DirectoryFileTransition(StrEnum):
    APPLY = "Mettre le répertoire à jour"
    DISCARD = "Abandonner ce fichier"


TRANSITIONS = {
    DirectoryFileTransition.APPLY: ({DirectoryFileState.READ}, DirectoryFileState.APPLIED),
    DirectoryFileTransition.DISCARD: ({DirectoryFileState.READ}, DirectoryFileState.DISCARDED),
}


def next_state(transition: DirectoryFileTransition, state: DirectoryFileState) -> DirectoryFileState:
    refusal = f"Ce fichier est à l’état « {state.label} » : « {transition} » n’est plus possible."
    return workflow.next_state(TRANSITIONS, transition, state, refusal)


def open_transitions(state: DirectoryFileState) -> list[DirectoryFileTransition]:
    return workflow.open_transitions(TRANSITIONS, state)


class ApproachTransition(StrEnum):
    SEND = "Envoyer le besoin"
    TAKE_INTEREST = "Se dire intéressée"
    DECLINE = "Décliner"


# A structure may change its mind as long as the need is open.
APPROACH_TRANSITIONS = {
    ApproachTransition.SEND: ({ApproachState.SHORTLISTED}, ApproachState.SENT),
    ApproachTransition.TAKE_INTEREST: (
        {ApproachState.SENT, ApproachState.DECLINED},
        ApproachState.INTERESTED,
    ),
    ApproachTransition.DECLINE: ({ApproachState.SENT, ApproachState.INTERESTED}, ApproachState.DECLINED),
}


def next_approach_state(transition: ApproachTransition, state: ApproachState) -> ApproachState:
    refusal = f"Cette structure est à l’état « {state.label} » : « {transition} » n’est pas possible."
    return workflow.next_state(APPROACH_TRANSITIONS, transition, state, refusal)


class CorrectionTransition(StrEnum):
    PROPOSE = "Proposer une correction"
    REVIEW = "Relire la correction"


# Until somebody has reviewed it, a structure may say it again.
CORRECTION_TRANSITIONS = {
    CorrectionTransition.PROPOSE: (
        {CorrectionState.ASKED, CorrectionState.PROPOSED},
        CorrectionState.PROPOSED,
    ),
    CorrectionTransition.REVIEW: ({CorrectionState.PROPOSED}, CorrectionState.REVIEWED),
}


def next_correction_state(transition: CorrectionTransition, state: CorrectionState) -> CorrectionState:
    refusal = f"Cette correction est à l’état « {state.label} » : « {transition} » n’est pas possible."
    return workflow.next_state(CORRECTION_TRANSITIONS, transition, state, refusal)


class MeetingTransition(StrEnum):
    CANCEL = "Annuler la rencontre"
    REINSTATE = "Rétablir la rencontre"
    NOTE = "Noter ce qui en est sorti"
    TAKE_BACK = "Reprendre ce qui est noté"


MEETING_TRANSITIONS = {
    MeetingTransition.CANCEL: ({MeetingState.PLANNED}, MeetingState.CANCELLED),
    MeetingTransition.REINSTATE: ({MeetingState.CANCELLED}, MeetingState.PLANNED),
    # What is noted may be corrected.
    MeetingTransition.NOTE: ({MeetingState.PLANNED, MeetingState.HELD}, MeetingState.HELD),
    MeetingTransition.TAKE_BACK: ({MeetingState.HELD}, MeetingState.PLANNED),
}


def next_meeting_state(transition: MeetingTransition, state: MeetingState) -> MeetingState:
    refusal = f"Cette rencontre est à l’état « {state.label} » : « {transition} » n’est pas possible."
    return workflow.next_state(MEETING_TRANSITIONS, transition, state, refusal)


class DirectOrderTransition(StrEnum):
    CANCEL = "Annuler l’achat"
    REINSTATE = "Rétablir l’achat"


DIRECT_ORDER_TRANSITIONS = {
    DirectOrderTransition.CANCEL: ({DirectOrderState.ORDERED}, DirectOrderState.CANCELLED),
    DirectOrderTransition.REINSTATE: ({DirectOrderState.CANCELLED}, DirectOrderState.ORDERED),
}


def next_order_state(transition: DirectOrderTransition, state: DirectOrderState) -> DirectOrderState:
    refusal = f"Cet achat est à l’état « {state.label} » : « {transition} » n’est pas possible."
    return workflow.next_state(DIRECT_ORDER_TRANSITIONS, transition, state, refusal)
