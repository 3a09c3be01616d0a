"""Who is there: the office and its people, its buyers, their departments, companies, the directory."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from accounts.enums import OrganisationKind
from accounts.models import Mandate, Membership, Office, Organisation, User
from accounts.roles import Role
from accounts.services import organisations
from clauses.management.demonstration import territory
from clauses.management.synthetic import catalogue
from clauses.management.synthetic.sizes import Size
from procurement.enums import BuyerCategory
from procurement.models import Buyer, Department
from structures.enums import StructureKind


# The towns of the demonstration, told apart in the offices after the first.
CITIES = tuple(dict.fromkeys(town.city for town in territory.TOWNS))
DIRECTORY_KINDS = tuple(kind for kind in StructureKind if kind != StructureKind.OPCS)
COMPANIES_PER_OFFICE = 15


@dataclass(frozen=True)
class Bodies:
    office: Office
    facilitator: User
    buyers: list[Buyer]
    departments: dict[int, list[Department]]
    companies: list[Organisation]


def settle(size: Size, rank: int, numbers: tuple[Iterator[str], Iterator[str]], now: datetime) -> Bodies:
    """The bodies of one office; `numbers` are those of public bodies, then of companies."""
    of_buyers, of_companies = numbers
    suffix = f" {rank + 1}" if rank else ""
    office = organisations.open_office(name=f"Maison des clauses d’essai{suffix}", by=None, at=now)
    buyers = _buyers(office, size.buyers, suffix, of_buyers, now.date())
    facilitator = _person("facilitatrice", office.organisation, Role.FACILITATOR, rank, now)
    _person("responsable", office.organisation, Role.MANAGER, rank, now)
    _person("acheteuse", buyers[0].organisation, Role.BUYER, rank, now)
    return Bodies(office, facilitator, buyers, _departments(buyers), _companies(suffix, of_companies))


def _buyers(office: Office, count: int, suffix: str, numbers: Iterator[str], on: date) -> list[Buyer]:
    names = [f"{town.name}{suffix}" for town in territory.TOWNS]
    names += [f"Syndicat intercommunal n° {rank}{suffix}" for rank in range(len(names) + 1, count + 1)]
    bodies = Organisation.objects.bulk_create(
        Organisation(kind=OrganisationKind.BUYER, name=name, siret=next(numbers)) for name in names[:count]
    )
    since = on.replace(year=on.year - 2, month=1, day=1)
    Mandate.objects.bulk_create(Mandate(office=office, partner=body, starts_on=since) for body in bodies)
    return Buyer.objects.bulk_create(
        Buyer(organisation=body, category=_category(body), city=CITIES[rank % len(CITIES)])
        for rank, body in enumerate(bodies)
    )


def _category(body: Organisation) -> BuyerCategory:
    return BuyerCategory.STATE if body.name.startswith(territory.STATE_BUYER) else BuyerCategory.LOCAL


def _departments(buyers: list[Buyer]) -> dict[int, list[Department]]:
    rows = Department.objects.bulk_create(
        Department(
            buyer=buyer, name=name, contact_name="Secrétariat",
            contact_email=f"service{rank}.{buyer.pk}@essai.example",
        )
        for buyer in buyers
        for rank, name in enumerate(catalogue.DEPARTMENTS)
    )  # fmt: skip
    return {buyer.pk: [row for row in rows if row.buyer_id == buyer.pk] for buyer in buyers}


def _companies(suffix: str, numbers: Iterator[str]) -> list[Organisation]:
    return Organisation.objects.bulk_create(
        Organisation(
            kind=OrganisationKind.COMPANY,
            name=f"{catalogue.TRADES[rank % len(catalogue.TRADES)]} Services n° {rank + 1}{suffix} (fictive)",
            siret=next(numbers),
        )
        for rank in range(COMPANIES_PER_OFFICE)
    )


def _person(name: str, organisation: Organisation, role: Role, rank: int, now: datetime) -> User:
    """The published password opens the invented territory of a demonstration only; elsewhere, none does."""
    password = territory.PASSWORD if settings.DEMONSTRATION else None
    email = f"{name}{rank + 1 if rank else ''}@essai.example"
    user = User.objects.create_user(email, password, first_name=name.capitalize(), last_name="d’essai")
    Membership.objects.create(user=user, organisation=organisation, role=role, accepted_at=now)
    return user
