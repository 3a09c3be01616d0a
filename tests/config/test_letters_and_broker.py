"""A page never fails because of the broker, and a letter that the mail server refused is sent again."""

import pytest
from celery import current_app
from django.urls import reverse
from kombu.exceptions import ChannelError, OperationalError

from accounts.models import Membership
from accounts.tasks import send_invitation
from clauses.tasks import announce_commitment
from jobs.enums import JobKind


@pytest.fixture
def broker(request, monkeypatch):
    """Refuses invitations with the error that a test asks for, and keeps the names of what it was given."""
    asked = []

    def take(producer, name, message, **options):
        asked.append(name)
        if name == send_invitation.name:
            raise request.param("no broker")

    monkeypatch.setattr(current_app.amqp, "send_task_message", take)
    return asked


AWAY = pytest.mark.parametrize("broker", [OperationalError, ChannelError, RuntimeError], indirect=True)


@AWAY
def test_what_follows_a_letter_that_could_not_be_published_still_runs(
    broker, db, caplog, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        send_invitation.delay_on_commit(membership_id=7)
        announce_commitment.delay_on_commit(clause_id=8)

    assert broker == [send_invitation.name, announce_commitment.name]
    assert "no broker" in caplog.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("broker", [OperationalError], indirect=True)
def test_an_invitation_is_kept_and_its_page_answers_without_a_broker(broker, manager, as_user, caplog):
    url = reverse("accounts:invite", args=[manager.membership.organisation_id])

    answer = as_user(manager).post(
        url, {"email": "neuve@office.example", "role": "facilitator", "job_title": ""}
    )

    assert answer.status_code == 302
    assert Membership.objects.pending().filter(user__email="neuve@office.example").exists()
    assert broker == [send_invitation.name]
    assert "accounts.send_invitation" in caplog.text


def test_every_letter_is_asked_again_of_a_mail_server_that_is_down():
    current_app.loader.import_default_modules()
    letters = {
        name: task
        for name, task in current_app.tasks.items()
        if name.startswith(("accounts.", "procurement.", "clauses."))
        # What the clock starts comes back by itself, and jobs are taken up again by their lease.
        and not task.__module__.endswith(".periodic")
        and name not in JobKind
    }

    assert letters
    assert [
        name
        for name, task in letters.items()
        if OSError not in getattr(task, "autoretry_for", ()) or task.max_retries != 6
    ] == []
