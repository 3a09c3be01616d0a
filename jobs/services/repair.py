from datetime import datetime

from jobs.enums import JobState
from jobs.models import Job
from jobs.services import queue


WORKER_LOST = "Le travail s’est arrêté à chaque tentative : mémoire insuffisante, ou serveur redémarré."
# Enough to start again after a cut, few enough not to flood the broker at once.
AT_ONCE = 100


def sweep(*, at: datetime) -> None:
    """Nothing stays lost: bury what has no attempt left, announce again what nobody works on."""
    Job.objects.spent(at).update(state=JobState.FAILED, error=WORKER_LOST, finished_at=at)
    for job in Job.objects.to_publish(at).order_by("pk")[:AT_ONCE]:
        queue.publish(job=job, at=at)
