"""One function per letter. Each says where to go on."""

from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import localtime

from accounts.models import Mandate, Membership
from accounts.roles import Role
from procurement.models import PlanReminder, PurchasePlan


def told_of(plan: PurchasePlan) -> list[str]:
    """The facilitators of the office that serves the buyer today; not one who did it for the buyer."""
    facilitators = Membership.objects.in_force().filter(
        organisation__in=Mandate.objects.offices_of(plan.buyer_id),
        role=Role.FACILITATOR,
        user__is_active=True,
    )
    told = facilitators.exclude(user=plan.submitted_by_id).order_by("user__email")
    return list(told.values_list("user__email", flat=True).distinct())


def plan_submitted(plan: PurchasePlan) -> EmailMessage:
    facts = {
        "plan": plan,
        "totals": plan.markets.totals(),
        "address": f"{settings.SITE_URL}{plan.get_absolute_url()}",
        "product_name": settings.PRODUCT_NAME,
    }
    body = render_to_string("procurement/emails/plan_submitted.txt", facts)
    # An imported name may hold a line break, which no header may.
    subject = " ".join(f"Plan d’achats {plan.year} déposé – {plan.buyer}".split())
    return EmailMessage(subject, body, to=told_of(plan))


def plan_reminder(reminder: PlanReminder) -> EmailMessage:
    """To the people of the buyer who keep its plan; the answer goes to who wrote."""
    told = Membership.objects.in_force().filter(
        organisation=reminder.buyer_id, role=Role.BUYER, user__is_active=True
    )
    due_on = reminder.due_on
    subject, body = reminder_letter(
        buyer=str(reminder.buyer), office=str(reminder.office), year=reminder.year, due_on=due_on,
        is_past=due_on is not None and due_on < localtime(reminder.sent_at).date(),
    )  # fmt: skip
    addresses = told.order_by("user__email").values_list("user__email", flat=True).distinct()
    return EmailMessage(subject, body, to=list(addresses), reply_to=[reminder.sent_by.email])


def reminder_letter(
    *, buyer: str, office: str, year: int, due_on: date | None, is_past: bool
) -> tuple[str, str]:
    """Its subject and its words, as they are shown before they leave."""
    facts = {
        "buyer": buyer,
        "office": office,
        "year": year,
        "due_on": due_on,
        "is_past": is_past,
        "address": f"{settings.SITE_URL}{reverse('procurement:plan_list')}",
        "product_name": settings.PRODUCT_NAME,
    }
    subject = " ".join(f"Plan d’achats {year} attendu – {buyer}".split())
    return subject, render_to_string("procurement/emails/plan_reminder.txt", facts)
