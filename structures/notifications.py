"""One function per letter."""

from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Membership
from accounts.roles import Role
from config.lib.ics import Method
from structures.enums import MeetingState
from structures.exports import calendar
from structures.models import Approach, Correction, Guest, Structure


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


def meeting_told(guest: Guest, *, at: datetime) -> EmailMessage:
    """The meeting as it stands, with the file that calendars read."""
    meeting = guest.meeting
    is_cancelled = meeting.state == MeetingState.CANCELLED
    method = Method.CANCEL if is_cancelled else Method.REQUEST
    to = guest_addresses(guest)
    subject = f"{'Rencontre annulée' if is_cancelled else 'Invitation'}\N{NO-BREAK SPACE}: {meeting.title}"
    facts = {"meeting": meeting, "office": meeting.office, "is_cancelled": is_cancelled}
    body = render_to_string("structures/emails/meeting.txt", facts)
    letter = EmailMessage(_one_line(subject), body, to=to)
    organiser = meeting.office.email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    content = calendar.asked(meeting, method=method, at=at, organiser=organiser, guests=to)
    letter.attach("rencontre.ics", content.decode(), f"text/calendar; method={method}")
    return letter


def guest_addresses(guest: Guest) -> list[str]:
    """Its own; else the accounts of the organisation, or the address on the card of the structure."""
    if guest.email:
        return [guest.email]
    if guest.structure:
        return _card_addresses(guest.structure)
    members = Membership.objects.in_force().filter(organisation=guest.organisation_id, user__is_active=True)
    # Those who decide of proposals do not head the purchases.
    asked = members.exclude(role=Role.PRESCRIBER).order_by("user__email")
    return list(asked.values_list("user__email", flat=True).distinct())


def _card_addresses(structure: Structure) -> list[str]:
    contacts = structure.contacts.exclude(email="").order_by("-is_first", "pk")
    first = list(contacts.values_list("email", flat=True)[:1])
    return first or [address for address in [structure.email] if address]


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
