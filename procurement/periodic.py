from celery import shared_task
from django.utils import timezone

from procurement.services import undoing


@shared_task(name="procurement.forget_undos")
def forget_undos() -> None:
    undoing.forget_expired(at=timezone.now())
