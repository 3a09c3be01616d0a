from celery import shared_task

from accounts import notifications
from accounts.models import Membership


@shared_task(name="accounts.send_invitation", autoretry_for=(OSError,), retry_backoff=30, max_retries=6)
def send_invitation(membership_id: int) -> None:
    """Sends nothing when the invitation was accepted or cancelled meanwhile."""
    pending = Membership.objects.pending().select_related("user", "organisation", "invited_by")
    for membership in pending.filter(pk=membership_id):
        notifications.invitation(membership).send()
