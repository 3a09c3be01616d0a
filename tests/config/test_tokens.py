import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from config.lib import tokens


SIGNED_AT = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)
TWO_WEEKS = timedelta(days=14)


@pytest.fixture
def token():
    with time_machine.travel(SIGNED_AT, tick=False):
        return tokens.sign("proposal", {"proposal": 12})


@time_machine.travel(SIGNED_AT + timedelta(days=13), tick=False)
def test_a_token_gives_back_its_payload(token):
    assert tokens.read("proposal", token, TWO_WEEKS) == {"proposal": 12}


def test_a_token_fits_in_a_url(token):
    assert re.fullmatch(r"[A-Za-z0-9_:-]+", token)


@time_machine.travel(SIGNED_AT + timedelta(days=15), tick=False)
def test_an_old_token_has_expired(token):
    with pytest.raises(tokens.TokenExpired, match="a expiré"):
        tokens.read("proposal", token, TWO_WEEKS)


@time_machine.travel(SIGNED_AT, tick=False)
def test_a_token_opens_nothing_but_its_own_purpose(token):
    with pytest.raises(tokens.TokenAltered, match="incomplet ou modifié"):
        tokens.read("invitation", token, TWO_WEEKS)


@time_machine.travel(SIGNED_AT, tick=False)
@pytest.mark.parametrize("broken", ["", "rien", "a:b:c", "é"])
def test_a_token_that_was_cut_or_changed_is_refused(token, broken):
    with pytest.raises(tokens.TokenAltered):
        tokens.read("proposal", broken, TWO_WEEKS)


@time_machine.travel(SIGNED_AT, tick=False)
def test_a_token_of_which_one_letter_changed_is_refused(token):
    with pytest.raises(tokens.TokenAltered):
        tokens.read("proposal", token[:-1] + ("A" if token[-1] != "A" else "B"), TWO_WEEKS)
