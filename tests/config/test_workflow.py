from enum import StrEnum

import pytest

from config.lib.workflow import TransitionRefused, next_state, open_transitions


class State(StrEnum):
    DRAFT = "draft"
    SENT = "sent"


class Move(StrEnum):
    SEND = "send"
    TAKE_BACK = "take back"


TABLE = {Move.SEND: ({State.DRAFT}, State.SENT), Move.TAKE_BACK: ({State.SENT}, State.DRAFT)}


def test_a_transition_leads_to_its_target():
    assert next_state(TABLE, Move.SEND, State.DRAFT, "…") is State.SENT


def test_a_transition_from_elsewhere_is_refused_in_words():
    with pytest.raises(TransitionRefused, match="déjà envoyé"):
        next_state(TABLE, Move.SEND, State.SENT, "déjà envoyé")


def test_the_buttons_of_a_state_come_from_the_table():
    assert open_transitions(TABLE, State.SENT) == [Move.TAKE_BACK]
