"""Two people act on the same membership at once, on a database that lets them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection

from accounts.models import Membership
from accounts.roles import Role
from accounts.services import members
from accounts.workflow import TransitionRefused
from tests.accounts.factories import MembershipFactory, OfficeFactory, person


pytestmark = pytest.mark.services

AT = datetime(2027, 3, 3, 9, tzinfo=UTC)


def at_once(*verbs):
    """What each verb answered or refused, all of them started together in sessions of their own."""

    def attempt(verb):
        try:
            return verb()
        except (TransitionRefused, members.RemovalRefused) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(verbs)) as crowd:
        return list(crowd.map(attempt, verbs))


def test_two_managers_who_remove_each_other_leave_one(servers):
    office = OfficeFactory().organisation
    one, two = person(Role.MANAGER, office), person(Role.MANAGER, office)

    answers = at_once(
        lambda: members.remove(membership=two.membership, by=one, at=AT),
        lambda: members.remove(membership=one.membership, by=two, at=AT),
    )

    assert sum(isinstance(answer, members.RemovalRefused) for answer in answers) == 1
    assert Membership.objects.in_force().filter(role=Role.MANAGER).count() == 1


def test_an_invitation_answered_twice_at_once_serves_once(servers):
    pending = MembershipFactory(accepted_at=None, invited_at=AT)

    accept = lambda: members.accept(membership=pending, at=AT)  # noqa: E731
    answers = at_once(accept, accept, accept)

    assert sum(isinstance(answer, TransitionRefused) for answer in answers) == 2
