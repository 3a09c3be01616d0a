"""What services defer: each loads one row and sends one letter."""

from celery import shared_task

from procurement import notifications
from procurement.enums import PlanState
from procurement.models import Buyer, PlanReminder, PurchasePlan


# A mail server that is down for a moment is asked again; the row stays the truth meanwhile.
LETTER = {"autoretry_for": (OSError,), "retry_backoff": 30, "max_retries": 6}


@shared_task(name="procurement.announce_plan", **LETTER)
def announce_plan(plan_id: int) -> None:
    """Sends nothing when the buyer took the plan back meanwhile."""
    plans = PurchasePlan.objects.exclude(state=PlanState.DRAFT).select_related("buyer__organisation")
    for plan in plans.filter(pk=plan_id):
        notifications.plan_submitted(plan).send()


@shared_task(name="procurement.remind_of_plan", **LETTER)
def remind_of_plan(reminder_id: int) -> None:
    """Sends nothing when the plan came meanwhile."""
    reminder = PlanReminder.objects.select_related(
        "buyer__organisation", "office__organisation", "sent_by"
    ).get(pk=reminder_id)
    if Buyer.objects.without_plan(reminder.year).filter(pk=reminder.buyer_id).exists():
        notifications.plan_reminder(reminder).send()
