"""One function per letter."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from structures.models import Approach


def need_asked(approach: Approach) -> EmailMessage:
    return _to_structure(approach, f"Un besoin près de chez vous : {approach.need.title}")


def need_reminded(approach: Approach) -> EmailMessage:
    return _to_structure(approach, f"Rappel, votre réponse : {approach.need.title}")


def need_answered(approach: Approach) -> EmailMessage:
    """To whoever opened the need."""
    subject = f"{approach.structure} – {approach.get_state_display().lower()} : {approach.need.title}"
    facts = {"approach": approach, "address": f"{settings.SITE_URL}{approach.need.get_absolute_url()}"}
    body = render_to_string("structures/emails/need_answered.txt", facts)
    return EmailMessage(_one_line(subject), body, to=[approach.need.opened_by.email])


def _to_structure(approach: Approach, subject: str) -> EmailMessage:
    path = reverse("structures:need_answer", args=[approach.token])
    facts = {
        "approach": approach,
        "need": approach.need,
        "office": approach.need.office,
        "buyer": approach.need.market.plan.buyer if approach.need.market else None,
        "address": f"{settings.SITE_URL}{path}",
    }
    body = render_to_string("structures/emails/need_asked.txt", facts)
    return EmailMessage(_one_line(subject), body, to=[approach.recipient_email])


def _one_line(subject: str) -> str:
    return " ".join(subject.split())
