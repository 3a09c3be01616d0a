"""What services defer: each loads one row and sends one letter."""

from celery import shared_task
from django.utils import timezone

from structures import notifications
from structures.enums import ANSWERED, CorrectionState
from structures.models import Approach, Correction, Guest


# A mail server that is down for a moment is asked again; the row stays the truth meanwhile.
LETTER = {"autoretry_for": (OSError,), "retry_backoff": 30, "max_retries": 6}
APPROACHES = Approach.objects.select_related(
    "structure", "need__office__organisation", "need__market__plan__buyer__organisation", "need__opened_by"
)
CORRECTIONS = Correction.objects.select_related("structure", "office__organisation", "asked_by")


@shared_task(name="structures.ask_structure", **LETTER)
def ask_structure(approach_id: int) -> None:
    notifications.need_asked(APPROACHES.get(pk=approach_id)).send()


@shared_task(name="structures.remind_structure", **LETTER)
def remind_structure(approach_id: int) -> None:
    """Sends nothing when the answer came meanwhile."""
    for approach in APPROACHES.unanswered().filter(pk=approach_id, need__closed_at__isnull=True):
        notifications.need_reminded(approach).send()


@shared_task(name="structures.announce_answer", **LETTER)
def announce_answer(approach_id: int) -> None:
    for approach in APPROACHES.filter(pk=approach_id, state__in=ANSWERED):
        notifications.need_answered(approach).send()


@shared_task(name="structures.ask_correction", **LETTER)
def ask_correction(correction_id: int) -> None:
    """Sends nothing when the link was replaced meanwhile."""
    for correction in CORRECTIONS.filter(pk=correction_id, state=CorrectionState.ASKED):
        notifications.correction_asked(correction).send()


@shared_task(name="structures.announce_correction", **LETTER)
def announce_correction(correction_id: int) -> None:
    for correction in CORRECTIONS.filter(pk=correction_id, state=CorrectionState.PROPOSED):
        notifications.correction_proposed(correction).send()


@shared_task(name="structures.tell_review", **LETTER)
def tell_review(correction_id: int) -> None:
    for correction in CORRECTIONS.filter(pk=correction_id, state=CorrectionState.REVIEWED):
        notifications.correction_reviewed(correction).send()


@shared_task(name="structures.tell_guest", **LETTER)
def tell_guest(guest_id: int) -> None:
    """The meeting as it stands now: asked, moved or cancelled."""
    guests = Guest.objects.select_related("organisation", "structure", "meeting__office__organisation")
    guest = guests.select_related("meeting__kind").get(pk=guest_id)
    letter = notifications.meeting_told(guest, at=timezone.now())
    if letter.to:
        letter.send()
