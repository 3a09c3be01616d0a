"""The card of an office: written and published by its manager; each person agrees to their own contact."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import CardContact, Membership, Office, OfficeCard, Organisation, User
from config.lib.french import join_words


OWN = ("presentation", "offered", "address", "website")
COORDINATES = ("function", "email", "phone")


class CardIncomplete(Exception):
    """It cannot be published as it is; the text is fit for the user."""


@transaction.atomic
def write(*, office: Office, values: Mapping[str, Any], by: User, at: datetime) -> OfficeCard:
    """`values` are the fields of `OWN`. What is published changes at once."""
    # Locked: two windows may write the first words at once.
    office = Office.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=office.pk)
    card = OfficeCard.objects.filter(office=office).first()
    if card is None:
        card = OfficeCard(office=office, slug=_free_slug(office))
    changed = [name for name in OWN if values[name] != getattr(card, name)]
    if not changed:
        return card
    for name in changed:
        setattr(card, name, values[name])
    card.changed_at = at
    card.save()
    fields = join_words(audit.field_labels(card, changed))
    audit.record(AuditKind.OFFICE_CARD_WRITTEN, target=office, by=by, fields=fields)
    return card


@transaction.atomic
def publish(*, card: OfficeCard, by: User, at: datetime) -> OfficeCard:
    """Raises `CardIncomplete` when nobody could be reached through it. Twice is once."""
    card = _lock(card)
    if not card.office.email and not card.office.phone:
        raise CardIncomplete(
            "Donnez d’abord une adresse ou un téléphone de l’office dans ses réglages : "
            "la carte dit à qui s’adresser quand personne n’est nommé."
        )
    if not card.is_published:
        card.published_at, card.published_by, card.changed_at = at, by, at
        card.save(update_fields=["published_at", "published_by", "changed_at"])
        audit.record(AuditKind.OFFICE_CARD_PUBLISHED, target=card.office, by=by)
    return card


@transaction.atomic
def withdraw(*, card: OfficeCard, by: User, at: datetime) -> OfficeCard:
    """Private again; everything is kept, and it can be published anew."""
    card = _lock(card)
    if card.is_published:
        card.published_at, card.published_by, card.changed_at = None, None, at
        card.save(update_fields=["published_at", "published_by", "changed_at"])
        audit.record(AuditKind.OFFICE_CARD_WITHDRAWN, target=card.office, by=by)
    return card


@transaction.atomic
def set_contact(
    *,
    card: OfficeCard,
    membership: Membership,
    values: Mapping[str, Any],
    buyers: Iterable[Organisation],
    by: User,
    at: datetime,
) -> CardContact:
    """`values` are `COORDINATES`. Other coordinates than those agreed to ask for a new agreement."""
    card = _lock(card)
    contact = CardContact.objects.filter(card=card, membership=membership).first()
    contact = contact or CardContact(card=card, membership=membership)
    if any(values[name] != getattr(contact, name) for name in COORDINATES):
        contact.agreed_at = None
    for name in COORDINATES:
        setattr(contact, name, values[name])
    contact.save()
    contact.buyers.set(buyers)
    _touch(card, at)
    audit.record(AuditKind.CARD_CONTACT_SET, target=card.office, by=by, person=str(membership.user))
    return contact


@transaction.atomic
def remove_contact(*, contact: CardContact, by: User, at: datetime) -> OfficeCard:
    card, person = _lock(contact.card), str(contact.membership.user)
    contact.delete()
    _touch(card, at)
    audit.record(AuditKind.CARD_CONTACT_REMOVED, target=card.office, by=by, person=person)
    return card


@transaction.atomic
def agree(*, contact: CardContact, by: User, at: datetime) -> CardContact:
    """The person agrees to the coordinates as they stand. Twice is once."""
    return _answer(contact, AuditKind.CARD_CONTACT_AGREED, at, by, at)


@transaction.atomic
def retract(*, contact: CardContact, by: User, at: datetime) -> CardContact:
    """The coordinates leave the public page at once. Twice is once."""
    return _answer(contact, AuditKind.CARD_CONTACT_RETRACTED, None, by, at)


def _answer(
    contact: CardContact, kind: AuditKind, agreed_at: datetime | None, by: User, at: datetime
) -> CardContact:
    card = _lock(contact.card)
    contact = CardContact.objects.select_related("membership__user").get(pk=contact.pk)
    if bool(contact.agreed_at) == bool(agreed_at):
        return contact
    contact.agreed_at = agreed_at
    contact.save(update_fields=["agreed_at"])
    _touch(card, at)
    audit.record(kind, target=card.office, by=by, person=str(contact))
    return contact


def _lock(card: OfficeCard) -> OfficeCard:
    rows = OfficeCard.objects.select_for_update(of=("self",)).select_related("office__organisation")
    return rows.get(pk=card.pk)


def _touch(card: OfficeCard, at: datetime) -> None:
    """What is public has changed: caches ask again."""
    card.changed_at = at
    card.save(update_fields=["changed_at"])


def _free_slug(office: Office) -> str:
    slug = slugify(office.organisation.name)[:60] or "office"
    taken = OfficeCard.objects.filter(slug=slug).exists()
    return f"{slug}-{office.pk}" if taken else slug
