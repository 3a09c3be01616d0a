from enum import StrEnum

from config.lib import workflow
from config.lib.workflow import TransitionRefused
from structures.enums import DirectoryFileState


__all__ = ["TRANSITIONS", "DirectoryFileTransition", "TransitionRefused", "next_state", "open_transitions"]


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
