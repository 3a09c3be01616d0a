from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind, OrganisationKind
from accounts.models import Organisation, User
from config.lib import siret as siret_rules


class SiretRefused(Exception):
    """The number cannot be a SIRET; the text says what is wrong with it."""


@transaction.atomic
def register(*, siret: str, name: str, by: User | None) -> Organisation:
    """The company of this SIRET: the one already known, under the name it has, or a new one."""
    number = checked_siret(siret)
    company, is_new = Organisation.objects.get_or_create(
        kind=OrganisationKind.COMPANY, siret=number, defaults={"name": name.strip()}
    )
    if is_new:
        audit.record(AuditKind.COMPANY_ADDED, target=company, by=by)
    return company


def checked_siret(siret: str) -> str:
    """The bare number. Raises `SiretRefused`."""
    try:
        number = siret_rules.clean(siret)
    except ValueError as error:
        raise SiretRefused(str(error)) from error
    if refusal := siret_rules.explain(number):
        raise SiretRefused(refusal)
    return number
