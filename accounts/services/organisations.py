from datetime import date, datetime

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind, OrganisationKind
from accounts.models import Mandate, Office, Organisation, User


PARTNERS = (OrganisationKind.BUYER, OrganisationKind.FUNDER)


class MandateRefused(Exception):
    """The agreement cannot be opened; the text is fit for the user."""


@transaction.atomic
def open_office(*, name: str, by: User | None, at: datetime) -> Office:
    """A new office with the settings that every office starts with."""
    organisation = Organisation.objects.create(kind=OrganisationKind.OFFICE, name=name, created_at=at)
    office = Office.objects.create(organisation=organisation)
    audit.record(AuditKind.OFFICE_OPENED, target=office, by=by)
    return office


@transaction.atomic
def start_mandate(*, office: Office, partner: Organisation, starts_on: date, by: User | None) -> Mandate:
    """From that day the office works for this buyer, or reports to this funder.

    Raises `MandateRefused` for any other partner, or when an agreement between the two still runs then.
    """
    # Locked: two colleagues may open the same agreement at once.
    partner = Organisation.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    if partner.kind not in PARTNERS:
        raise MandateRefused(
            f"Une convention lie un office à un acheteur ou à un financeur, pas à « {partner} »."
        )
    if Mandate.objects.running_at(starts_on).filter(office=office, partner=partner).exists():
        raise MandateRefused(f"Une convention court déjà entre « {office} » et « {partner} ».")
    mandate = Mandate.objects.create(office=office, partner=partner, starts_on=starts_on)
    audit.record(AuditKind.MANDATE_STARTED, target=partner, by=by, office=str(office))
    return mandate
