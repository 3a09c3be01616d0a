"""One function per letter."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from structures.models import Approach, Correction


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


def correction_asked(correction: Correction) -> EmailMessage:
    subject = f"Votre fiche est-elle juste ? {correction.structure}"
    return _about_card(correction, subject, "structures/emails/correction_asked.txt")


def correction_reviewed(correction: Correction) -> EmailMessage:
    subject = f"Votre fiche est relue : {correction.structure}"
    return _about_card(correction, subject, "structures/emails/correction_reviewed.txt")


def correction_proposed(correction: Correction) -> EmailMessage:
    """To whoever asked for it."""
    facts = {
        "correction": correction,
        "address": f"{settings.SITE_URL}{correction.get_absolute_url()}",
    }
    body = render_to_string("structures/emails/correction_proposed.txt", facts)
    subject = f"Une fiche à relire : {correction.structure}"
    return EmailMessage(_one_line(subject), body, to=[correction.asked_by.email])


def _about_card(correction: Correction, subject: str, template: str) -> EmailMessage:
    path = reverse("structures:card_answer", args=[correction.token])
    facts = {
        "correction": correction,
        "structure": correction.structure,
        "office": correction.office,
        "address": f"{settings.SITE_URL}{path}",
    }
    body = render_to_string(template, facts)
    return EmailMessage(_one_line(subject), body, to=[correction.recipient_email])


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
