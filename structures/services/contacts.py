"""Whom to reach at a structure."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User
from structures.models import Contact, Structure


OWN = ("name", "function", "email", "phone", "is_first")


@transaction.atomic
def add(*, structure: Structure, values: Mapping[str, Any], by: User) -> Contact:
    """`values` are the fields of `OWN`; the first contact of all is the one to reach first."""
    structure = Structure.objects.select_for_update(of=("self",)).get(pk=structure.pk)
    contact = Contact(structure=structure, source=_who(by), **values)
    contact.is_first = contact.is_first or not structure.contacts.exists()
    _step_back(contact)
    contact.save(force_insert=True)
    audit.record(AuditKind.CONTACT_ADDED, target=structure, by=by)
    return contact


@transaction.atomic
def change(*, contact: Contact, values: Mapping[str, Any], by: User) -> Contact:
    contact = Contact.objects.select_for_update(of=("self",)).select_related("structure").get(pk=contact.pk)
    for name, value in values.items():
        setattr(contact, name, value)
    _step_back(contact)
    contact.save(update_fields=OWN)
    audit.record(AuditKind.CONTACT_CHANGED, target=contact.structure, by=by)
    return contact


@transaction.atomic
def remove(*, contact: Contact, by: User) -> Structure:
    contact = Contact.objects.select_for_update(of=("self",)).select_related("structure").get(pk=contact.pk)
    structure = contact.structure
    contact.delete()
    audit.record(AuditKind.CONTACT_REMOVED, target=structure, by=by)
    return structure


def _step_back(first: Contact) -> None:
    """One of them is reached first."""
    if first.is_first:
        Contact.objects.filter(structure=first.structure_id, is_first=True).exclude(pk=first.pk).update(
            is_first=False
        )


def _who(by: User) -> str:
    return by.membership.organisation.name if by.membership else ""
