from datetime import date

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind, OrganisationKind
from accounts.models import Office, Organisation, User
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
    """Raises `SiretRefused` or `BuyerKnown`."""
    siret = check_siret(siret)
    if Organisation.objects.filter(kind=OrganisationKind.BUYER, siret=siret).exists():
        raise BuyerKnown
    organisation = Organisation.objects.create(kind=OrganisationKind.BUYER, name=name, siret=siret)
    buyer = Buyer.objects.create(organisation=organisation, category=category, city=city)
    audit.record(AuditKind.BUYER_ADDED, target=organisation, by=by)
    if office:
        organisations.start_mandate(office=office, partner=organisation, starts_on=on, by=by)
    return buyer
