from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from jobs.enums import JobState
from jobs.models import STALE_AFTER, Job
from jobs.services import lease
from jobs.services.lease import LeaseLost
from tests.accounts.factories import OrganisationFactory
from tests.jobs.factories import ASKED_AT, JobFactory


pytestmark = pytest.mark.django_db

A_MOMENT = timedelta(seconds=1)


def seen(job):
    job.refresh_from_db()
    return job.state, job.attempt


def test_a_waiting_job_is_claimed_once():
    job = JobFactory()

    held = lease.claim(job_id=job.pk, at=ASKED_AT)

    assert (held.state, held.attempt, held.heartbeat_at) == (JobState.RUNNING, 1, ASKED_AT)
    assert lease.claim(job_id=job.pk, at=ASKED_AT + A_MOMENT) is None


@pytest.mark.parametrize("situation", ["done", "failed"])
def test_what_is_over_is_not_claimed(situation):
    job = JobFactory(**{situation: True})

    assert lease.claim(job_id=job.pk, at=ASKED_AT + timedelta(days=1)) is None


def test_an_unknown_job_is_not_claimed():
    assert lease.claim(job_id=12, at=ASKED_AT) is None


def test_a_job_is_taken_over_only_when_its_worker_is_silent():
    job = JobFactory(running=True, progress=60, step="Mise en page")

    assert lease.claim(job_id=job.pk, at=ASKED_AT + STALE_AFTER) is None
    held = lease.claim(job_id=job.pk, at=ASKED_AT + STALE_AFTER + A_MOMENT)

    assert (held.attempt, held.progress, held.step) == (2, 0, "")


def test_the_last_attempt_is_the_last():
    job = JobFactory(running=True, attempt=3)

    assert lease.claim(job_id=job.pk, at=ASKED_AT + timedelta(hours=1)) is None


def test_progress_is_a_sign_of_life():
    held = lease.claim(job_id=JobFactory().pk, at=ASKED_AT)

    lease.advance(job=held, progress=30, step="Mise en page", at=ASKED_AT + A_MOMENT)

    held.refresh_from_db()
    assert (held.progress, held.step, held.heartbeat_at) == (30, "Mise en page", ASKED_AT + A_MOMENT)


@pytest.fixture
def zombie():
    """A worker that was held for dead, and whose job another has taken over."""
    job = JobFactory()
    first = lease.claim(job_id=job.pk, at=ASKED_AT)
    lease.claim(job_id=job.pk, at=ASKED_AT + timedelta(minutes=1))
    return first


@pytest.mark.parametrize(
    "write",
    [
        lambda job: lease.beat(job=job, at=ASKED_AT),
        lambda job: lease.advance(job=job, progress=90, step="", at=ASKED_AT),
        lambda job: lease.complete(job=job, write=dict, at=ASKED_AT),
        lambda job: lease.refuse(job=job, reason="Non", at=ASKED_AT),
        lambda job: lease.give_back(job=job, reason="Non", at=ASKED_AT),
    ],
)
def test_whatever_a_zombie_writes_hits_nothing(zombie, write):
    with pytest.raises(LeaseLost):
        write(zombie)

    zombie.refresh_from_db()
    assert (zombie.state, zombie.attempt, zombie.progress, zombie.error) == (JobState.RUNNING, 2, 0, "")


def test_done_comes_with_the_rows_of_the_job():
    held = lease.claim(job_id=JobFactory().pk, at=ASKED_AT)

    lease.complete(job=held, write=lambda: {"pk": OrganisationFactory(name="Faite").pk}, at=ASKED_AT)

    made = OrganisationFactory._meta.model.objects.get(name="Faite")
    held.refresh_from_db()
    assert (held.state, held.progress, held.result) == (JobState.DONE, 100, {"pk": made.pk})


def test_rows_that_cannot_be_written_leave_the_job_undone():
    held = lease.claim(job_id=JobFactory().pk, at=ASKED_AT)

    def write():
        OrganisationFactory(name="Perdue")
        raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        lease.complete(job=held, write=write, at=ASKED_AT)

    assert seen(held) == (JobState.RUNNING, 1)
    assert not OrganisationFactory._meta.model.objects.filter(name="Perdue").exists()


def test_a_zombie_leaves_no_row_behind(zombie):
    with pytest.raises(LeaseLost):
        lease.complete(job=zombie, write=lambda: {"pk": OrganisationFactory(name="Fantôme").pk}, at=ASKED_AT)

    assert not OrganisationFactory._meta.model.objects.filter(name="Fantôme").exists()


def test_an_attempt_that_went_wrong_leaves_its_place():
    held = lease.claim(job_id=JobFactory(published_at=ASKED_AT).pk, at=ASKED_AT)

    lease.give_back(job=held, reason="Panne", at=ASKED_AT)

    held.refresh_from_db()
    assert (held.state, held.error, held.published_at) == (JobState.QUEUED, "Panne", None)


def test_the_third_attempt_that_goes_wrong_is_the_failure():
    held = lease.claim(job_id=JobFactory(attempt=2).pk, at=ASKED_AT)

    lease.give_back(job=held, reason="Panne", at=ASKED_AT)

    held.refresh_from_db()
    assert (held.state, held.error, held.finished_at) == (JobState.FAILED, "Panne", ASKED_AT)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("job_progress_is_a_percentage", {"progress": 101}),
        ("job_finished_iff_done_or_failed", {"state": JobState.DONE}),
        ("job_finished_iff_done_or_failed", {"finished_at": ASKED_AT}),
        ("job_running_iff_claimed", {"state": JobState.RUNNING}),
        ("job_failed_says_why", {"state": JobState.FAILED, "finished_at": ASKED_AT}),
    ],
)
def test_the_database_refuses_a_job_that_cannot_be(constraint, values):
    job = JobFactory()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**values)
