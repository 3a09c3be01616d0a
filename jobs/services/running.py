import logging
from collections.abc import Callable
from contextlib import suppress

from jobs.models import Job
from jobs.services import heartbeat, lease
from jobs.services.heartbeat import Clock


logger = logging.getLogger(__name__)

INTERRUPTED = "Une erreur inattendue a interrompu le travail. Elle est consignée dans le journal du serveur."


class JobRefused(Exception):
    """What was asked cannot be done, whoever tries; the text is fit for the user."""


def run(*, job_id: int, work: Callable[[Job], None], clock: Clock) -> None:
    """Claim the job and do it; `work` ends with `lease.complete`. The one line of a task."""
    job = lease.claim(job_id=job_id, at=clock())
    if job is None:
        return
    with suppress(lease.LeaseLost):
        try:
            with heartbeat.beating(job, clock):
                work(job)
        except lease.LeaseLost:
            logger.warning("job %s, attempt %s: taken over", job.pk, job.attempt)
        except JobRefused as refusal:
            lease.refuse(job=job, reason=str(refusal), at=clock())
        except Exception:
            logger.exception("job %s, attempt %s", job.pk, job.attempt)
            lease.give_back(job=job, reason=INTERRUPTED, at=clock())
