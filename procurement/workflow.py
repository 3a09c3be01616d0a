from enum import StrEnum

from config.lib import workflow
from config.lib.workflow import TransitionRefused
from procurement.enums import PlanFileState, PlanState, PracticeState


__all__ = [
    "FILE_TRANSITIONS",
    "PRACTICE_TRANSITIONS",
    "TRANSITIONS",
    "PlanFileTransition",
    "PlanTransition",
    "PracticeTransition",
    "TransitionRefused",
    "next_file_state",
    "next_practice_state",
    "next_state",
    "open_practice_transitions",
    "open_transitions",
]


class PlanTransition(StrEnum):
    SUBMIT = "Déposer le plan"
    REOPEN = "Reprendre le plan"
    ANSWER = "Publier la réponse"


TRANSITIONS = {
    PlanTransition.SUBMIT: ({PlanState.DRAFT}, PlanState.SUBMITTED),
    PlanTransition.REOPEN: ({PlanState.SUBMITTED, PlanState.ANSWERED}, PlanState.DRAFT),
    PlanTransition.ANSWER: ({PlanState.SUBMITTED}, PlanState.ANSWERED),
}


def next_state(transition: PlanTransition, state: PlanState) -> PlanState:
    refusal = f"Le plan est à l’état « {state.label} » : « {transition} » n’est pas possible."
    return workflow.next_state(TRANSITIONS, transition, state, refusal)


def open_transitions(state: PlanState) -> list[PlanTransition]:
    return workflow.open_transitions(TRANSITIONS, state)


class PlanFileTransition(StrEnum):
    READ = "Lire le fichier"
    APPLY = "Appliquer le fichier"
    UNDO = "Annuler l’importation"
    DISCARD = "Abandonner le fichier"


FILE_TRANSITIONS = {
    PlanFileTransition.READ: ({PlanFileState.RECEIVED}, PlanFileState.READ),
    PlanFileTransition.APPLY: ({PlanFileState.READ}, PlanFileState.APPLIED),
    PlanFileTransition.UNDO: ({PlanFileState.APPLIED}, PlanFileState.READ),
    PlanFileTransition.DISCARD: ({PlanFileState.RECEIVED, PlanFileState.READ}, PlanFileState.DISCARDED),
}


def next_file_state(transition: PlanFileTransition, state: PlanFileState) -> PlanFileState:
    refusal = f"Le fichier est à l’état « {state.label} » : « {transition} » n’est pas possible."
    return workflow.next_state(FILE_TRANSITIONS, transition, state, refusal)


class PracticeTransition(StrEnum):
    PUBLISH = "Publier la fiche"
    WITHDRAW = "Retirer la fiche"


PRACTICE_TRANSITIONS = {
    PracticeTransition.PUBLISH: ({PracticeState.DRAFT, PracticeState.WITHDRAWN}, PracticeState.PUBLISHED),
    PracticeTransition.WITHDRAW: ({PracticeState.PUBLISHED}, PracticeState.WITHDRAWN),
}


def next_practice_state(transition: PracticeTransition, state: PracticeState) -> PracticeState:
    refusal = f"La fiche est à l’état « {state.label} » : « {transition} » n’est pas possible."
    return workflow.next_state(PRACTICE_TRANSITIONS, transition, state, refusal)


def open_practice_transitions(state: PracticeState) -> list[PracticeTransition]:
    return workflow.open_transitions(PRACTICE_TRANSITIONS, state)
