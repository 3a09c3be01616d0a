from celery import shared_task
from django.utils import timezone

from jobs.services import repair


@shared_task(name="jobs.sweep")
def sweep() -> None:
    repair.sweep(at=timezone.now())
