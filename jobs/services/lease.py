"""A worker holds a job by the number of its attempt: whoever lost the job writes nothing any more."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from jobs.enums import JobState
from jobs.models import Job


class LeaseLost(Exception):
    """Another worker has taken the job over, or it is over."""


@transaction.atomic
def claim(*, job_id: int, at: datetime) -> Job | None:
    """Take a job that waits, or that its worker left. `None` when there is nothing to do."""
    free = Job.objects.claimable(at).filter(pk=job_id)
    claimed = free.update(
        state=JobState.RUNNING, attempt=F("attempt") + 1, heartbeat_at=at, progress=0, step="", error=""
    )
    # Read in the same transaction: the row is ours until it commits.
    return Job.objects.get(pk=job_id) if claimed else None


def beat(*, job: Job, at: datetime) -> None:
    _swap(job, heartbeat_at=at)


def advance(*, job: Job, progress: int, step: str, at: datetime) -> None:
    _swap(job, progress=progress, step=step, heartbeat_at=at)


@transaction.atomic
def complete(*, job: Job, write: Callable[[], dict], at: datetime) -> None:
    """« Done », and the rows that `write` makes, in one transaction; its answer is the job's result."""
    _swap(job, state=JobState.DONE, progress=100, step="", heartbeat_at=at, finished_at=at)
    Job.objects.filter(pk=job.pk).update(result=write())


def refuse(*, job: Job, reason: str, at: datetime) -> None:
    """It cannot be done, and trying again would change nothing."""
    _swap(job, state=JobState.FAILED, error=reason, finished_at=at)


def give_back(*, job: Job, reason: str, at: datetime) -> None:
    """It went wrong this time: leave it to the next attempt, if one is left."""
    if job.attempt >= job.attempts_allowed:
        return refuse(job=job, reason=reason, at=at)
    return _swap(job, state=JobState.QUEUED, error=reason, published_at=None)


def _swap(job: Job, **values: object) -> None:
    held = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempt=job.attempt)
    if not held.update(**values):
        raise LeaseLost(f"job {job.pk}, attempt {job.attempt}")
