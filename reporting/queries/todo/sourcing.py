"""What structures said, and what is asked of them."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from accounts.models import User
from reporting.queries.todo.items import AT_MOST, Item, day, plural
from structures.models import Approach, Correction, Need


def corrections_to_review(user: User) -> Iterator[Item]:
    rows = Correction.objects.visible_to(user).to_review().select_related("structure")
    for row in rows.order_by("proposed_at", "pk")[:AT_MOST]:
        assert row.proposed_at is not None  # noqa: S101 (a constraint says so)
        yield Item(
            "Fiche à relire", str(row.structure), day(row.proposed_at), "Relire", row.get_absolute_url()
        )


def needs_past_their_day(user: User, on: date) -> Iterator[Item]:
    """Searches whose answers were expected: remind, or say what came of it."""
    rows = Need.objects.visible_to(user).filter(closed_at=None, answer_by_on__lt=on).with_counts()
    for row in rows.filter(asked__gt=0).order_by("answer_by_on", "pk")[:AT_MOST]:
        answers = plural(row.interested + row.declined, "réponse")
        yield Item(
            what=f"Recherche à conclure : {answers} sur {row.asked}",
            about=row.title,
            since=row.answer_by_on,
            verb="Relancer ou clore",
            url=row.get_absolute_url(),
        )


def needs_received(user: User) -> Iterator[Item]:
    """What a structure was asked and has not answered."""
    rows = Approach.objects.visible_to(user).unanswered().filter(need__closed_at=None)
    for row in rows.select_related("need__office__organisation").order_by("sent_at", "pk")[:AT_MOST]:
        assert row.sent_at is not None  # noqa: S101 (a constraint says so)
        yield Item(
            what="Besoin reçu",
            about=f"{row.need.title} – {row.need.office}",
            since=day(row.sent_at),
            until=row.need.answer_by_on,
            verb="Répondre",
            url=reverse("structures:own_need", args=[row.pk]),
        )
