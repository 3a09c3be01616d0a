from celery import shared_task
from django.utils import timezone

from clauses.services import line_suggestions


@shared_task(name="clauses.refresh_suggestions")
def refresh_suggestions() -> None:
    line_suggestions.refresh_all(at=timezone.now())
