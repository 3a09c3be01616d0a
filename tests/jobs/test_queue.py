from datetime import timedelta

import pytest
from celery import current_app
from kombu.exceptions import OperationalError

from accounts import audit
from jobs.enums import JobKind, JobState
from jobs.models import Job
from jobs.services import lease, queue
from tests.jobs.factories import ASKED_AT, JobFactory


@pytest.fixture
def ask(stage, manager):
    def ask(key="report:1", **changes):
        options = {
            "kind": JobKind.REPORT,
            "title": "Rapport",
            "arguments": {"buyer": 1},
            "organisation": stage.office.organisation,
            "by": manager,
            "at": ASKED_AT,
        }
        return queue.enqueue(key=key, **options | changes)

    return ask


def test_a_job_is_published_once_it_is_committed(ask, published, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = ask()

        assert published == []
    assert published == [("reporting.build_edition", job.pk)]
    job.refresh_from_db()
    assert (job.state, job.published_at, job.arguments) == (JobState.QUEUED, ASKED_AT, {"buyer": 1})


def test_the_same_key_gives_the_same_job_published_once(ask, published, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first, second = ask(), ask(title="Autre")

    assert second == first
    assert second.title == "Rapport"
    assert len(published) == 1
    assert audit.history(first).get().sentence == "a demandé « Rapport »"


def test_a_broker_that_cannot_be_reached_leaves_the_job_to_the_sweep(
    ask, monkeypatch, django_capture_on_commit_callbacks
):
    def refuse(*args, **options):
        raise OperationalError("no broker")

    monkeypatch.setattr(current_app, "send_task", refuse)

    with django_capture_on_commit_callbacks(execute=True):
        job = ask()

    job.refresh_from_db()
    assert job.published_at is None
    assert job in Job.objects.to_publish(ASKED_AT)


def test_a_failed_job_gets_as_many_attempts_again(manager, published, django_capture_on_commit_callbacks):
    job = JobFactory(failed=True)
    later = ASKED_AT + timedelta(hours=1)

    with django_capture_on_commit_callbacks(execute=True):
        queue.relaunch(job=job, by=manager, at=later)

    job.refresh_from_db()
    assert (job.state, job.attempt, job.attempts_allowed, job.error) == (JobState.QUEUED, 3, 6, "")
    assert published == [("reporting.build_edition", job.pk)]
    assert audit.history(job).get().sentence == "a relancé le travail"
    assert lease.claim(job_id=job.pk, at=later).attempt == 4


@pytest.mark.django_db
@pytest.mark.parametrize("situation", [{}, {"running": True}, {"done": True}])
def test_only_what_failed_is_relaunched(situation, manager):
    job = JobFactory(**situation)

    with pytest.raises(queue.NotRelaunchable, match="rien à relancer"):
        queue.relaunch(job=job, by=manager, at=ASKED_AT)

    assert not audit.history(job).exists()
