from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.timezone import localtime

from accounts import audit
from accounts.enums import AuditKind, OrganisationKind
from accounts.models import Mandate, Office, Organisation, User
from accounts.services import organisations
from config.lib import siret as siret_numbers
from procurement.enums import BuyerCategory
from procurement.models import Buyer


class SiretRefused(Exception):
    """The text is fit for the user."""


class BuyerKnown(Exception):
    """Another office may already serve this buyer: nobody gains its files by typing its SIRET."""

    def __init__(self) -> None:
        super().__init__(
            "Un acheteur porte déjà ce SIRET. Demandez à l’administrateur d’ouvrir votre convention avec lui."
        )


class BuyerServed(Exception):
    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        super().__init__(f"« {organisation} » porte ce SIRET et fait déjà partie de vos acheteurs.")


class OfficeAmbiguous(Exception):
    def __init__(self, name: str) -> None:
        super().__init__(f"Plusieurs offices portent le nom « {name} » : renommez-en un d’abord.")


class Enrolment(NamedTuple):
    """What `enrol` found or made."""

    buyer: Buyer
    office: Office | None
    is_new: bool


def check_siret(text: str) -> str:
    """The 14 digits. Raises `SiretRefused` when no body can bear this number."""
    try:
        siret = siret_numbers.clean(text)
    except ValueError as error:
        raise SiretRefused(str(error)) from error
    if reason := siret_numbers.explain(siret):
        raise SiretRefused(f"Ce SIRET n’existe pas. {reason}")
    return siret


@transaction.atomic
def add(
    *,
    name: str,
    siret: str,
    category: BuyerCategory,
    by: User | None,
    on: date,
    office: Office | None = None,
    city: str = "",
) -> Buyer:
    """Raises `SiretRefused`, `BuyerServed` when the office has it already, or `BuyerKnown`."""
    organisation, is_new = Organisation.objects.get_or_create(
        kind=OrganisationKind.BUYER, siret=check_siret(siret), defaults={"name": name}
    )
    if not is_new:
        raise BuyerServed(organisation) if _is_served(organisation, office, on) else BuyerKnown
    buyer = Buyer.objects.create(organisation=organisation, category=category, city=city)
    audit.record(AuditKind.BUYER_ADDED, target=organisation, by=by)
    if office:
        organisations.start_mandate(office=office, partner=organisation, starts_on=on, by=by)
    return buyer


@transaction.atomic
def enrol(
    *, siret: str, name: str, category: BuyerCategory, office_name: str, by: User | None, at: datetime
) -> Enrolment:
    """Make sure that this buyer exists and that this office serves it; what is there stays as it is.

    For whoever keeps the machine: unlike `add`, it may open an agreement with a buyer that others serve.
    Raises `SiretRefused` or `OfficeAmbiguous`.
    """
    on = localtime(at).date()
    office = _office_named(office_name, by, at) if office_name else None
    try:
        buyer = Buyer.objects.select_related("organisation").get(organisation__siret=check_siret(siret))
    except Buyer.DoesNotExist:
        buyer = add(name=name, siret=siret, category=category, office=office, by=by, on=on)
        return Enrolment(buyer, office, is_new=True)
    if office and not _is_served(buyer.organisation, office, on):
        organisations.start_mandate(office=office, partner=buyer.organisation, starts_on=on, by=by)
    return Enrolment(buyer, office, is_new=False)


def _is_served(organisation: Organisation, office: Office | None, on: date) -> bool:
    return Mandate.objects.running_at(on).filter(office=office, partner=organisation).exists()


def _office_named(name: str, by: User | None, at: datetime) -> Office:
    try:
        return Office.objects.get(organisation__name=name)
    except Office.DoesNotExist:
        return organisations.open_office(name=name, by=by, at=at)
    except Office.MultipleObjectsReturned as error:
        raise OfficeAmbiguous(name) from error
