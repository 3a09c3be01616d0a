from datetime import date, datetime

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind, OrganisationKind
from accounts.models import Mandate, Office, Organisation, User
from config.lib.french import format_date_short


PARTNERS = (OrganisationKind.BUYER, OrganisationKind.FUNDER)


class MandateRefused(Exception):
    """The agreement cannot be opened; the text is fit for the user."""


@transaction.atomic
def open_office(*, name: str, by: User | None, at: datetime, siret: str = "") -> Office:
    """A new office with the settings that every office starts with."""
    organisation = Organisation.objects.create(
        kind=OrganisationKind.OFFICE, name=name, siret=siret, created_at=at
    )
    office = Office.objects.create(organisation=organisation)
    audit.record(AuditKind.OFFICE_OPENED, target=office, by=by)
    return office


@transaction.atomic
def add(*, kind: OrganisationKind, name: str, siret: str, by: User, at: datetime) -> Organisation:
    """A body that needs nothing but a name: a structure's, a funder's, the platform's."""
    organisation = Organisation.objects.create(kind=kind, name=name, siret=siret, created_at=at)
    audit.record(AuditKind.ORGANISATION_ADDED, target=organisation, by=by)
    return organisation


@transaction.atomic
def rename(*, organisation: Organisation, name: str, siret: str, by: User) -> Organisation:
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    wanted = {"name": name, "siret": siret}
    changed = [field for field, value in wanted.items() if getattr(organisation, field) != value]
    if not changed:
        return organisation
    organisation.name, organisation.siret = name, siret
    organisation.save(update_fields=list(wanted))
    labels = ", ".join(audit.field_labels(organisation, changed))
    audit.record(AuditKind.ORGANISATION_CHANGED, target=organisation, by=by, fields=labels)
    return organisation


@transaction.atomic
def start_mandate(*, office: Office, partner: Organisation, starts_on: date, by: User | None) -> Mandate:
    """From that day the office works for this buyer, or reports to this funder.

    Raises `MandateRefused` for any other partner, or when an agreement between the two still runs then.
    """
    # Locked: two colleagues may open the same agreement at once.
    partner = Organisation.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    check_mandate(office=office, partner=partner, starts_on=starts_on)
    mandate = Mandate.objects.create(office=office, partner=partner, starts_on=starts_on)
    audit.record(AuditKind.MANDATE_STARTED, target=partner, by=by, office=str(office))
    return mandate


def check_mandate(*, office: Office, partner: Organisation, starts_on: date) -> None:
    """Raises `MandateRefused`; a form asks before the service does."""
    if partner.kind not in PARTNERS:
        raise MandateRefused(
            f"Une convention lie un office à un acheteur ou à un financeur, pas à « {partner} »."
        )
    if Mandate.objects.running_at(starts_on).filter(office=office, partner=partner).exists():
        raise MandateRefused(f"Une convention court déjà entre « {office} » et « {partner} ».")


@transaction.atomic
def end_mandate(*, mandate: Mandate, ends_on: date | None, by: User) -> Mandate:
    """From that day the office no longer sees the partner; `None` lets the agreement run on.

    Raises `MandateRefused` for a day before its start, or beyond the start of the next one.
    """
    rows = Mandate.objects.select_related("office__organisation", "partner")
    mandate = rows.select_for_update(of=("self",)).get(pk=mandate.pk)
    check_end(mandate=mandate, ends_on=ends_on)
    mandate.ends_on = ends_on
    mandate.save(update_fields=["ends_on"])
    end = format_date_short(ends_on) if ends_on else "aucun"
    audit.record(AuditKind.MANDATE_ENDED, target=mandate.partner, by=by, office=str(mandate.office), end=end)
    return mandate


def check_end(*, mandate: Mandate, ends_on: date | None) -> None:
    """Raises `MandateRefused`; a form asks before the service does."""
    if ends_on and ends_on <= mandate.starts_on:
        raise MandateRefused("La convention se termine après son début.")
    following = Mandate.objects.filter(
        office=mandate.office_id, partner=mandate.partner_id, starts_on__gt=mandate.starts_on
    )
    if (following.filter(starts_on__lt=ends_on) if ends_on else following).exists():
        raise MandateRefused("Une autre convention entre les deux commence avant la fin de celle-ci.")
