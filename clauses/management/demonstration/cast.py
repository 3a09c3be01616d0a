"""Who plays: offices, buyers, companies, and the ten accounts of interfaces.md."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from stdnum import luhn

from accounts.enums import OrganisationKind
from accounts.models import Membership, Office, Organisation, User
from accounts.roles import Role
from accounts.services import organisations
from clauses.management.demonstration import territory as t
from procurement.models import Buyer
from procurement.services import buyers
from structures.enums import StructureKind
from structures.models import Structure


@dataclass(frozen=True)
class Cast:
    office: Office
    organisations: dict[str, Organisation]
    users: dict[str, User]
    buyers: dict[str, Buyer]

    @property
    def facilitator(self) -> User:
        return self.users["facilitatrice@demo.example"]

    @property
    def buyer_user(self) -> User:
        return self.users["acheteuse@demo.example"]


def sirets(prefix: str) -> Iterator[str]:
    """Numbers that nobody bears, with a right key."""
    for establishment in range(1, 1000):
        for rank in range(1, 10_000):
            siren = f"{prefix}{rank:04}"
            siren += luhn.calc_check_digit(siren)
            unkeyed = f"{siren}{establishment:04}"
            yield unkeyed + luhn.calc_check_digit(unkeyed)


def gather(now: datetime) -> Cast:
    office = organisations.open_office(name=t.OFFICE, by=None, at=now)
    other_office = organisations.open_office(name=t.OTHER_OFFICE, by=None, at=now)
    Office.objects.filter(pk=office.pk).update(
        email="contact@maison-des-clauses.example", phone="01 00 00 00 00", department_codes="94 93 92"
    )
    known = {
        office.organisation.name: office.organisation,
        other_office.organisation.name: other_office.organisation,
    }
    known |= _bodies()
    served = _buyers(office, other_office, now)
    known |= {buyer.organisation.name: buyer.organisation for buyer in served.values()}
    organisations.start_mandate(
        office=office, partner=known[t.FUNDER], starts_on=_january_before(now), by=None
    )
    return Cast(office, known, _accounts(known, now), served)


def _january_before(now: datetime):
    return now.date().replace(year=now.year - 2, month=1, day=1)


def _bodies() -> dict[str, Organisation]:
    numbers = sirets("8888")
    kinds = {
        t.COMPANY: OrganisationKind.COMPANY,
        t.CLEANING_COMPANY: OrganisationKind.COMPANY,
        t.BUILDER: OrganisationKind.COMPANY,
        t.STRUCTURE: OrganisationKind.STRUCTURE,
        t.FUNDER: OrganisationKind.FUNDER,
        t.PLATFORM: OrganisationKind.PLATFORM,
    }
    return {
        name: Organisation.objects.create(kind=kind, name=name, siret=next(numbers))
        for name, kind in kinds.items()
    }


def _buyers(office: Office, other_office: Office, now: datetime) -> dict[str, Buyer]:
    numbers, since = sirets("2999"), _january_before(now)
    served = {
        town.name: buyers.add(
            name=town.name, siret=next(numbers), category=town.category, by=None, on=since, office=office,
            city=town.city,
        )
        for town in t.TOWNS
    }  # fmt: skip
    other = buyers.add(
        name=t.OTHER_BUYER,
        siret=next(numbers),
        category=t.LOCAL,
        by=None,
        on=since,
        office=other_office,
        city="Massy",
    )
    # A large hospital group works with several offices.
    organisations.start_mandate(
        office=other_office, partner=served[t.HOSPITAL].organisation, starts_on=since, by=None
    )
    return served | {t.OTHER_BUYER: other}


def _accounts(known: dict[str, Organisation], now: datetime) -> dict[str, User]:
    return {account.email: _account(account, known[account.organisation], now) for account in t.ACCOUNTS}


def _account(account: t.Account, organisation: Organisation, now: datetime) -> User:
    # The published password must never open a real installation.
    assert settings.DEMONSTRATION  # noqa: S101
    user = User.objects.create_user(
        account.email,
        t.PASSWORD,
        first_name=account.first_name,
        last_name=account.last_name,
        is_staff=account.role == Role.ADMINISTRATOR,
        is_superuser=account.role == Role.ADMINISTRATOR,
    )
    user.membership = Membership.objects.create(
        user=user, organisation=organisation, role=account.role, job_title=account.job_title, accepted_at=now
    )
    return user


def name_the_workshop(cast: Cast) -> Structure:
    """The fictitious ESAT of the demonstration, beside the real structures of the directory."""
    organisation = cast.organisations[t.STRUCTURE]
    structure = Structure(
        siret=organisation.siret,
        kind=StructureKind.ESAT,
        name=t.STRUCTURE,
        city="Alfortville",
        postcode="94140",
        department_code="94",
        latitude=48.7942,
        longitude=2.4203,
        source="Démonstration",
        organisation=organisation,
    )
    structure.index()
    structure.save(force_insert=True)
    return structure
