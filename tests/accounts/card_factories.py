from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from accounts.models import CardContact, OfficeCard
from accounts.roles import Role
from tests.accounts.factories import MembershipFactory, OfficeFactory, UserFactory


WRITTEN_AT = datetime(2027, 3, 1, 9, tzinfo=UTC)


class OfficeCardFactory(DjangoModelFactory):
    class Meta:
        model = OfficeCard

    office = factory.SubFactory(OfficeFactory)
    slug = factory.Sequence(lambda n: f"office-{n}")
    presentation = "Une association au service des acheteurs du territoire."
    offered = "Relire un plan d’achats\n- Chercher une structure"
    changed_at = WRITTEN_AT

    class Params:
        published = factory.Trait(published_at=WRITTEN_AT, published_by=factory.SubFactory(UserFactory))


class CardContactFactory(DjangoModelFactory):
    class Meta:
        model = CardContact

    card = factory.SubFactory(OfficeCardFactory)
    membership = factory.SubFactory(
        MembershipFactory,
        role=Role.FACILITATOR,
        organisation=factory.SelfAttribute("..card.office.organisation"),
    )
    function = "Facilitatrice"
    email = factory.Sequence(lambda n: f"facilitation{n}@office.example")
