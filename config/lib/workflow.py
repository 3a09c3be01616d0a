"""A life as a table: `{transition: ({sources}, target)}`."""

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar


T = TypeVar("T", bound=Enum)
S = TypeVar("S", bound=Enum)


class TransitionRefused(Exception):
    """The object is not in a state that allows this; the text is fit for the user."""


def next_state(transitions: Mapping[T, tuple[set[S], S]], transition: T, state: S, refusal: str) -> S:
    sources, target = transitions[transition]
    if state not in sources:
        raise TransitionRefused(refusal)
    return target


def open_transitions(transitions: Mapping[T, tuple[set[S], S]], state: S) -> list[T]:
    """What may happen from this state: the buttons of a page come from here."""
    return [transition for transition, (sources, _) in transitions.items() if state in sources]
