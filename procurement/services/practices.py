"""Practice cards: written as a draft, published for the circle of an office, withdrawn, published again."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import Mandate, Office, User
from config.lib.french import join_words
from procurement.enums import PracticeState
from procurement.models import AwardedContract, Market, PracticeCard
from procurement.workflow import PracticeTransition, next_practice_state


class NoOffice(Exception):
    def __init__(self) -> None:
        super().__init__(
            "Aucun office n’accompagne votre organisation aujourd’hui : la fiche n’a pas de foyer."
        )


@transaction.atomic
def write(
    *,
    values: Mapping[str, object],
    by: User,
    market: Market | None = None,
    awarded: AwardedContract | None = None,
) -> PracticeCard:
    """Keep a draft that only its organisation sees. Raises `NoOffice`."""
    if by.membership is None:
        raise NoOffice
    organisation = by.membership.organisation
    card = PracticeCard(
        office=_office_of(organisation.pk),
        author=organisation,
        market=market,
        awarded=awarded,
        **values,
    )
    card.index()
    card.save()
    audit.record(AuditKind.PRACTICE_WRITTEN, target=card, by=by)
    return card


@transaction.atomic
def edit(*, card: PracticeCard, values: Mapping[str, object], by: User) -> PracticeCard:
    """A published card stays published: the log says which parts changed, never the words of people."""
    card = PracticeCard.objects.select_for_update(of=("self",)).get(pk=card.pk)
    changed = [name for name, value in values.items() if getattr(card, name) != value]
    if not changed:
        return card
    for name in changed:
        setattr(card, name, values[name])
    card.index()
    card.save(update_fields=[*changed, "search_text"])
    labels = join_words(audit.field_labels(card, changed))
    audit.record(AuditKind.PRACTICE_CHANGED, target=card, by=by, fields=labels)
    return card


@transaction.atomic
def publish(*, card: PracticeCard, by: User, at: datetime) -> PracticeCard:
    """Raises `TransitionRefused` when it already is."""
    card = _move(card, PracticeTransition.PUBLISH)
    card.published_at = at
    card.save(update_fields=["state", "published_at"])
    audit.record(AuditKind.PRACTICE_PUBLISHED, target=card, by=by)
    return card


@transaction.atomic
def withdraw(*, card: PracticeCard, by: User) -> PracticeCard:
    """Only its authors see it from then on. Raises `TransitionRefused` when it is not published."""
    card = _move(card, PracticeTransition.WITHDRAW)
    card.save(update_fields=["state"])
    audit.record(AuditKind.PRACTICE_WITHDRAWN, target=card, by=by)
    return card


def _move(card: PracticeCard, transition: PracticeTransition) -> PracticeCard:
    card = PracticeCard.objects.select_for_update(of=("self",)).get(pk=card.pk)
    card.state = next_practice_state(transition, PracticeState(card.state))
    return card


def _office_of(organisation_id: int) -> Office:
    """The office itself, or the one that has served the buyer the longest."""
    mandates = Mandate.objects.in_force().filter(partner=organisation_id).order_by("starts_on", "pk")
    longest = mandates.values_list("office", flat=True)[:1]
    try:
        return Office.objects.get(Q(pk=organisation_id) | Q(pk__in=list(longest)))
    except Office.DoesNotExist as error:
        raise NoOffice from error
