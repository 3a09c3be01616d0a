from datetime import UTC, datetime

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import AuditEvent, User
from accounts.roles import Role
from accounts.services import members, retention
from tests.accounts.factories import person


AT = datetime(2027, 3, 3, 9, tzinfo=UTC)


@pytest.fixture
def leaving(stage, manager):
    """Somebody who was invited, joined, acted, and is named in other events."""
    invited = members.invite(
        organisation=stage.office.organisation,
        email="nadia.petit@confluent.example",
        role=Role.FACILITATOR,
        job_title="Chargée de mission",
        by=manager,
        at=AT,
    )
    joined = members.join(
        membership=invited, first_name="Nadia", last_name="Petit", password="un mot de passe long", at=AT
    )
    user = joined.user
    audit.record(AuditKind.PLAN_SUBMITTED, target=stage.office, by=user)
    audit.record(AuditKind.PROPOSAL_SENT, target=stage.office, by=manager, recipient=user.email)
    return user


def test_nobody_can_find_or_use_a_forgotten_account(leaving, administrator):
    EmailAddress.objects.create(user=leaving, email=leaving.email)

    retention.forget_person(user=leaving, by=administrator, at=AT)

    user = User.objects.get(pk=leaving.pk)
    assert (user.full_name, user.is_active, user.has_usable_password()) == ("", False, False)
    assert "nadia" not in user.email
    assert not EmailAddress.objects.exists()
    (membership,) = user.memberships.all()
    assert (membership.job_title, membership.ended_at) == ("", AT)


def test_the_log_forgets_the_person_and_keeps_the_facts(leaving, administrator):
    before = AuditEvent.objects.count()

    retention.forget_person(user=leaving, by=administrator, at=AT)

    written = "".join(str(list(AuditEvent.objects.values_list("actor_name", "payload"))))
    assert "nadia" not in written.lower()
    assert "petit" not in written.lower()
    assert AuditEvent.objects.count() == before + 1
    submitted = AuditEvent.objects.get(kind=AuditKind.PLAN_SUBMITTED)
    assert str(submitted) == "Une personne effacée a déposé le plan d’achats auprès de l’office"
    invited = AuditEvent.objects.get(kind=AuditKind.MEMBER_INVITED)
    assert invited.sentence == "a invité … comme facilitateur"


def test_forgetting_one_person_leaves_the_others_alone(leaving, administrator, manager, stage):
    other = person(Role.FACILITATOR, stage.office.organisation, first_name="Omar")
    members.remove(membership=other.membership, by=manager, at=AT)

    retention.forget_person(user=leaving, by=administrator, at=AT)

    removed = AuditEvent.objects.get(kind=AuditKind.MEMBER_REMOVED)
    assert "Omar" in removed.sentence
    assert removed.actor == str(manager)


def test_the_support_site_forgets_too(leaving, administrator):
    entry = {"action_flag": CHANGE, "object_repr": str(leaving)}
    LogEntry.objects.create(
        user=administrator,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(leaving.pk),
        **entry,
    )
    LogEntry.objects.create(user=leaving, object_id="1", **entry)

    retention.forget_person(user=leaving, by=administrator, at=AT)

    assert not LogEntry.objects.exists()


def test_forgetting_twice_changes_nothing_more(leaving, administrator):
    retention.forget_person(user=leaving, by=administrator, at=AT)
    retention.forget_person(user=leaving, by=None, at=AT)

    assert audit.history(leaving)[0].actor == audit.AUTOMATIC
