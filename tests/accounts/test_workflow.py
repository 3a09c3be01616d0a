import pytest

from accounts.enums import MembershipState
from accounts.workflow import (
    TRANSITIONS,
    MembershipTransition,
    TransitionRefused,
    next_state,
    open_transitions,
)


S, T = MembershipState, MembershipTransition

LIFE = {
    (T.ACCEPT, S.PENDING): S.ACTIVE,
    (T.RESEND, S.PENDING): S.PENDING,
    (T.CANCEL, S.PENDING): S.ENDED,
    (T.REMOVE, S.ACTIVE): S.ENDED,
}


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("transition", list(T))
def test_every_transition_from_every_state(transition, state):
    if (transition, state) in LIFE:
        assert next_state(transition, state) == LIFE[transition, state]
    else:
        with pytest.raises(TransitionRefused):
            next_state(transition, state)


def test_the_buttons_come_from_the_table():
    assert open_transitions(S.PENDING) == [T.ACCEPT, T.RESEND, T.CANCEL]
    assert open_transitions(S.ACTIVE) == [T.REMOVE]
    assert open_transitions(S.ENDED) == []
    assert set(TRANSITIONS) == set(T)
