from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from accounts.enums import OrganisationKind
from accounts.models import Mandate, Membership, Office, Organisation, User
from accounts.roles import Role


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"personne{n}@test.example")
    first_name = "Camille"
    last_name = factory.Sequence(lambda n: f"Martin{n}")


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    kind = OrganisationKind.COMPANY
    name = factory.Sequence(lambda n: f"Organisation {n}")


class OfficeFactory(DjangoModelFactory):
    class Meta:
        model = Office

    organisation = factory.SubFactory(
        OrganisationFactory, kind=OrganisationKind.OFFICE, name="Office du Confluent"
    )


class MandateFactory(DjangoModelFactory):
    class Meta:
        model = Mandate

    office = factory.SubFactory(OfficeFactory)
    partner = factory.SubFactory(OrganisationFactory, kind=OrganisationKind.BUYER)
    starts_on = date(2020, 1, 1)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Role.CONTRACTOR
    accepted_at = datetime(2026, 1, 5, 9, tzinfo=UTC)


def person(role: Role, organisation: Organisation, **fields) -> User:
    """A signed-in person as services and `visible_to` see them: with one hat on."""
    user = UserFactory(**fields)
    user.membership = MembershipFactory(user=user, organisation=organisation, role=role)
    return user
