"""One function per letter. Each says where to go on."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from accounts.models import Mandate, Membership
from accounts.roles import Role
from procurement.models import PurchasePlan


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
