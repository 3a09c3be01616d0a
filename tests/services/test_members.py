"""Two people act on the same memberships at once, on a database that lets them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import Membership
from accounts.roles import Role
from accounts.services import members
from accounts.workflow import TransitionRefused
from tests.accounts.factories import MembershipFactory, OfficeFactory, person


pytestmark = pytest.mark.services

AT = datetime(2027, 3, 3, 9, tzinfo=UTC)


def meanwhile(verb, *refusals):
    """What the verb answers or refuses in another session, which does not wait for ours."""

    def attempt():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '200ms'")
            return verb()
        except refusals as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as somebody:
        return somebody.submit(attempt).result()


def test_two_managers_cannot_remove_each_other(servers):
    office = OfficeFactory().organisation
    one, two = person(Role.MANAGER, office), person(Role.MANAGER, office)
    answer_back = lambda: members.remove(membership=one.membership, by=two, at=AT)  # noqa: E731

    with transaction.atomic():
        members.remove(membership=two.membership, by=one, at=AT)
        waits = meanwhile(answer_back, OperationalError)
    refused = meanwhile(answer_back, members.RemovalRefused)

    assert isinstance(waits, OperationalError)
    assert isinstance(refused, members.RemovalRefused)
    assert list(Membership.objects.in_force()) == [one.membership]


def test_an_invitation_answered_twice_at_once_serves_once(servers):
    pending = MembershipFactory(accepted_at=None, invited_at=AT)
    accept = lambda: members.accept(membership=pending, at=AT)  # noqa: E731

    with transaction.atomic():
        accept()
        waits = meanwhile(accept, OperationalError)
    refused = meanwhile(accept, TransitionRefused)

    assert isinstance(waits, OperationalError)
    assert isinstance(refused, TransitionRefused)
