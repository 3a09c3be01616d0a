import logging
from datetime import datetime

from celery import current_app
from django.db import transaction
from django.db.models import F
from kombu.exceptions import ChannelError, OperationalError

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import Organisation, User
from jobs.enums import JobKind, JobState
from jobs.models import Job


logger = logging.getLogger(__name__)


class NotRelaunchable(Exception):
    """Only what has failed is done again; the text is fit for the user."""


@transaction.atomic
def enqueue(
    *,
    kind: JobKind,
    title: str,
    arguments: dict,
    key: str,
    organisation: Organisation,
    by: User | None,
    at: datetime,
) -> Job:
    """Have it done by a worker. The same key asked for again gives the same job."""
    job, is_new = Job.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "title": title,
            "arguments": arguments,
            "organisation": organisation,
            "requested_by": by,
            "created_at": at,
        },
    )
    if is_new:
        audit.record(AuditKind.JOB_REQUESTED, target=job, by=by, title=title)
        transaction.on_commit(lambda: publish(job=job, at=at))
    return job


def publish(*, job: Job, at: datetime) -> None:
    """Tell the workers. A broker that cannot be reached is no failure: the sweep tells them again."""
    try:
        current_app.send_task(JobKind(job.kind).value, args=[job.pk])
    except (OperationalError, ChannelError) as error:
        logger.warning("job %s could not be published: %s", job.pk, error)
    else:
        Job.objects.filter(pk=job.pk).update(published_at=at)


@transaction.atomic
def relaunch(*, job: Job, by: User, at: datetime) -> Job:
    """Give a failed job as many attempts again. Raises `NotRelaunchable` for any other."""
    job = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if not job.has_failed:
        raise NotRelaunchable("Ce travail n’a pas échoué : il n’y a rien à relancer.")
    # The count goes on: an attempt number names one worker for ever.
    Job.objects.filter(pk=job.pk).update(
        state=JobState.QUEUED,
        attempts_allowed=F("attempt") + Job.MAX_ATTEMPTS,
        progress=0,
        step="",
        error="",
        finished_at=None,
        published_at=None,
    )
    audit.record(AuditKind.JOB_RELAUNCHED, target=job, by=by)
    transaction.on_commit(lambda: publish(job=job, at=at))
    return job
