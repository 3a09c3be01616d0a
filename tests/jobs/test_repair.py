from datetime import timedelta

import pytest

from jobs import periodic
from jobs.enums import JobState
from jobs.models import LOST_AFTER, STALE_AFTER
from jobs.services import repair
from tests.jobs.factories import ASKED_AT, JobFactory


pytestmark = pytest.mark.django_db

A_MOMENT = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("situation", "after", "is_announced"),
    [
        ({}, timedelta(0), True),
        ({"published_at": ASKED_AT}, LOST_AFTER, False),
        ({"published_at": ASKED_AT}, LOST_AFTER + A_MOMENT, True),
        ({"running": True}, STALE_AFTER, False),
        ({"running": True}, STALE_AFTER + A_MOMENT, True),
        ({"running": True, "published_at": None}, STALE_AFTER + A_MOMENT, True),
        ({"running": True, "published_at": ASKED_AT + STALE_AFTER}, STALE_AFTER + A_MOMENT, False),
        ({"done": True}, timedelta(days=1), False),
        ({"failed": True}, timedelta(days=1), False),
    ],
)
def test_what_nobody_works_on_is_announced_again(situation, after, is_announced, published):
    job = JobFactory(**situation)
    at = ASKED_AT + after

    repair.sweep(at=at)

    job.refresh_from_db()
    assert published == ([("reporting.build_edition", job.pk)] if is_announced else [])
    assert (job.published_at == at) == is_announced


def test_a_job_announced_again_is_not_announced_twice(published):
    JobFactory()

    repair.sweep(at=ASKED_AT)
    repair.sweep(at=ASKED_AT + timedelta(seconds=15))

    assert len(published) == 1


def test_a_job_whose_three_workers_died_is_buried(published):
    job = JobFactory(running=True, attempt=3)

    repair.sweep(at=ASKED_AT + timedelta(minutes=1))

    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, repair.WORKER_LOST)
    assert published == []


def test_the_clock_sweeps(published):
    JobFactory()

    periodic.sweep()

    assert len(published) == 1
