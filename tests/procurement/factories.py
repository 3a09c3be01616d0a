from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from accounts.enums import OrganisationKind
from accounts.models import Mandate
from config.lib.spreadsheet import write_csv
from config.lib.text import fold
from procurement.enums import BuyerCategory, Nature, PlanState, PracticeKind, PracticeState, SocialRecord
from procurement.models import (
    AwardedContract,
    Buyer,
    Contract,
    Department,
    Lot,
    Market,
    OpenDataFile,
    PlanAnswer,
    PlanFile,
    PracticeCard,
    PurchasePlan,
)
from tests.accounts.factories import OfficeFactory, OrganisationFactory, UserFactory


class BuyerFactory(DjangoModelFactory):
    class Meta:
        model = Buyer

    organisation = factory.SubFactory(
        OrganisationFactory, kind=OrganisationKind.BUYER, name="Ville de Rivebelle"
    )
    category = BuyerCategory.LOCAL


class DepartmentFactory(DjangoModelFactory):
    class Meta:
        model = Department

    buyer = factory.SubFactory(BuyerFactory)
    name = factory.Sequence(lambda n: f"Espaces verts {n}")
    contact_name = "Dominique Leroy"
    contact_email = "espaces.verts@rivebelle.example"


class PurchasePlanFactory(DjangoModelFactory):
    class Meta:
        model = PurchasePlan
        skip_postgeneration_save = True

    class Params:
        submitted = factory.Trait(
            state=PlanState.SUBMITTED,
            submitted_at=datetime(2026, 11, 2, 9, tzinfo=UTC),
            submitted_by=factory.SubFactory(UserFactory),
        )
        answered = factory.Trait(
            state=PlanState.ANSWERED,
            submitted_at=datetime(2026, 11, 2, 9, tzinfo=UTC),
            submitted_by=factory.SubFactory(UserFactory),
            answered_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
            answered_by=factory.SubFactory(UserFactory),
        )

    buyer = factory.SubFactory(BuyerFactory)
    year = 2027

    @factory.post_generation
    def answers(self, create, extracted, **options):
        """Of every office that serves its buyer, once the plan is answered."""
        if create and self.state == PlanState.ANSWERED:
            for office in Mandate.objects.offices_of(self.buyer_id).values_list("office", flat=True):
                PlanAnswer.objects.create(
                    plan=self, office_id=office, answered_at=self.answered_at, answered_by=self.answered_by
                )


class MarketFactory(DjangoModelFactory):
    class Meta:
        model = Market
        skip_postgeneration_save = True

    plan = factory.SubFactory(PurchasePlanFactory)
    reference = factory.Sequence(lambda n: f"2027-{n:03}")
    title = "Entretien des espaces verts"
    nature = Nature.SERVICES
    estimated_amount = Decimal("1000000.00")
    launch_on = date(2027, 3, 15)
    duration_months = 12
    search_text = factory.LazyAttribute(lambda row: fold(f"{row.title} {row.reference}"))
    lot = factory.RelatedFactory("tests.procurement.factories.LotFactory", factory_related_name="market")


class LotFactory(DjangoModelFactory):
    class Meta:
        model = Lot

    market = factory.SubFactory(MarketFactory, lot=None)
    number = 1


class ContractFactory(DjangoModelFactory):
    class Meta:
        model = Contract

    buyer = factory.SubFactory(BuyerFactory)
    office = factory.SubFactory(OfficeFactory)
    contractor = factory.SubFactory(
        OrganisationFactory, kind=OrganisationKind.COMPANY, name="Jardins Services"
    )
    reference = factory.Sequence(lambda n: f"M2026-{n:03}")
    title = "Entretien des espaces verts"
    search_text = factory.LazyAttribute(
        lambda row: fold(f"{row.title} {row.reference} {row.contractor.name} {row.buyer}")
    )
    notified_on = date(2026, 1, 10)
    starts_on = date(2026, 2, 1)
    ends_on = date(2027, 2, 1)


class PlanFileFactory(DjangoModelFactory):
    """A file that was received; `file__data` are its bytes."""

    class Meta:
        model = PlanFile

    plan = factory.SubFactory(PurchasePlanFactory)
    name = "plan.csv"
    file = factory.django.FileField(data=write_csv(["Objet"], [["Parcs et jardins"]]), filename="plan.csv")


class OpenDataFileFactory(DjangoModelFactory):
    class Meta:
        model = OpenDataFile

    name = "decp.json"
    sha256 = "0" * 64
    imported_at = datetime(2026, 11, 1, 9, tzinfo=UTC)


class AwardedContractFactory(DjangoModelFactory):
    """A published contract that says it carries no social consideration."""

    class Meta:
        model = AwardedContract

    class Params:
        clause = factory.Trait(social=SocialRecord.WITH, has_clause=True)
        silent = factory.Trait(social=SocialRecord.UNKNOWN)

    buyer_siret = "21940028800011"
    buyer_name = "Ville d’Ailleurs"
    reference = factory.Sequence(lambda n: f"2025-{n:04}")
    title = "Nettoyage des locaux scolaires"
    nature = Nature.SERVICES
    cpv_code = "90911200"
    amount = Decimal("250000.00")
    duration_months = 48
    notified_on = date(2026, 3, 1)
    department_code = "94"
    region_code = "11"
    social = SocialRecord.NONE
    source = factory.SubFactory(OpenDataFileFactory)
    search_text = factory.LazyAttribute(lambda row: fold(f"{row.title} {row.reference} {row.buyer_name}"))


class PracticeCardFactory(DjangoModelFactory):
    """A card that an office published for its own circle."""

    class Meta:
        model = PracticeCard

    class Params:
        draft = factory.Trait(state=PracticeState.DRAFT, published_at=None)

    office = factory.SubFactory(OfficeFactory)
    author = factory.SelfAttribute("office.organisation")
    title = "Jouets recyclés des ludothèques"
    buyer_name = "Ville d’Ailleurs"
    year = 2025
    kind = PracticeKind.RESERVED
    price_unit = "au kilo"
    lessons = "Le poids a remplacé le nombre."
    state = PracticeState.PUBLISHED
    published_at = datetime(2026, 11, 1, 9, tzinfo=UTC)
    search_text = factory.LazyAttribute(lambda row: fold(f"{row.title} {row.buyer_name} {row.lessons}"))
