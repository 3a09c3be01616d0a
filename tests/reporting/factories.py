from datetime import UTC, date, datetime

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory

from reporting.enums import ReportKind
from reporting.models import ReportEdition
from reporting.queries import buyer_report, frozen
from tests.accounts.factories import OfficeFactory
from tests.jobs.factories import JobFactory
from tests.procurement.factories import BuyerFactory


def figures_of(edition) -> dict:
    return frozen.freeze(
        buyer_report.figures(
            office=edition.office,
            buyer=edition.buyer,
            starts_on=edition.starts_on,
            ends_on=edition.ends_on,
            cutoff_at=edition.cutoff_at,
        )
    )


class ReportEditionFactory(DjangoModelFactory):
    class Meta:
        model = ReportEdition

    kind = ReportKind.BUYER
    office = factory.SubFactory(OfficeFactory)
    buyer = factory.SubFactory(BuyerFactory)
    job = factory.SubFactory(
        JobFactory, done=True, organisation=factory.SelfAttribute("..office.organisation")
    )
    starts_on = date(2026, 1, 1)
    ends_on = date(2027, 1, 1)
    number = 1
    cutoff_at = datetime(2027, 1, 11, 9, tzinfo=UTC)
    figures = factory.LazyAttribute(figures_of)
    file = factory.LazyFunction(lambda: ContentFile(b"%PDF-1.7 of a test", name="edition.pdf"))
    sha256 = "0" * 64
    pages = 6
