import logging

import pytest

from jobs.enums import JobState
from jobs.services import lease, running
from tests.jobs.factories import ASKED_AT, JobFactory


pytestmark = pytest.mark.django_db


def clock():
    return ASKED_AT


def run(job, work):
    running.run(job_id=job.pk, work=work, clock=clock)
    job.refresh_from_db()
    return job


def test_work_is_done_under_a_lease():
    def work(job):
        lease.complete(job=job, write=lambda: {"pk": 7}, at=ASKED_AT)

    job = run(JobFactory(), work)

    assert (job.state, job.attempt, job.result) == (JobState.DONE, 1, {"pk": 7})


def test_a_second_message_finds_nothing_to_do():
    called = []

    run(JobFactory(done=True), called.append)

    assert called == []


def test_what_cannot_be_done_fails_at_once_and_says_why():
    def work(job):
        raise running.JobRefused("L’acheteur n’est plus servi par l’office.")

    job = run(JobFactory(), work)

    assert (job.state, job.attempt) == (JobState.FAILED, 1)
    assert job.error == "L’acheteur n’est plus servi par l’office."


def test_what_goes_wrong_is_logged_and_tried_three_times(caplog):
    def work(job):
        raise ValueError("a bug")

    job = JobFactory()
    states = [run(job, work).state for _ in range(4)]

    assert states == [JobState.QUEUED, JobState.QUEUED, JobState.FAILED, JobState.FAILED]
    assert job.error == running.INTERRUPTED
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * 3


def test_a_worker_that_lost_its_job_leaves_it_to_the_other(caplog):
    def work(job):
        job.attempt -= 1
        lease.advance(job=job, progress=50, step="", at=ASKED_AT)

    job = run(JobFactory(), work)

    assert (job.state, job.attempt, job.progress) == (JobState.RUNNING, 1, 0)
    assert "taken over" in caplog.text


def test_a_worker_that_fails_after_it_lost_its_job_says_nothing():
    def work(job):
        job.attempt -= 1
        raise ValueError

    job = run(JobFactory(), work)

    assert (job.state, job.error) == (JobState.RUNNING, "")
