from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from structures.enums import (
    ANSWERED,
    ApproachState,
    AreaKind,
    CorrectionState,
    DeclineReason,
    ServiceKind,
    StructureKind,
)
from structures.models import (
    Approach,
    Consortium,
    ConsortiumMember,
    Contact,
    Correction,
    DirectoryFile,
    Need,
    Offer,
    Structure,
    Town,
    Trade,
)


class StructureFactory(DjangoModelFactory):
    class Meta:
        model = Structure

    siret = factory.Sequence(lambda n: f"{n:014}")
    kind = StructureKind.EI
    name = factory.Sequence(lambda n: f"Atelier {n:03}")
    city = "Créteil"
    postcode = "94000"
    department_code = "94"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        structure = model_class(*args, **kwargs)
        structure.index()
        structure.save(force_insert=True)
        return structure


class DirectoryFileFactory(DjangoModelFactory):
    class Meta:
        model = DirectoryFile

    name = "repertoire.csv"
    file = factory.django.FileField(filename="repertoire.csv", data=b"siret;type\n41816609600069;EI\n")
    uploaded_at = datetime(2027, 1, 5, 9, tzinfo=UTC)


class OfferFactory(DjangoModelFactory):
    class Meta:
        model = Offer

    structure = factory.SubFactory(StructureFactory)
    trade = factory.LazyFunction(lambda: Trade.objects.get(code="mise-sous-pli"))
    service_kind = ServiceKind.SERVICE
    area_kind = AreaKind.COUNTRY


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = Contact

    structure = factory.SubFactory(StructureFactory)
    name = "Claire Martin"
    email = factory.Sequence(lambda n: f"contact-{n}@structure.example")


class TownFactory(DjangoModelFactory):
    class Meta:
        model = Town

    insee_code = factory.Sequence(lambda n: f"94{n:03}")
    postcode = "94000"
    name = "Créteil"
    department_code = "94"
    latitude = 48.7837
    longitude = 2.4549

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        town = model_class(*args, **kwargs)
        town.index()
        town.save(force_insert=True)
        return town


class NeedFactory(DjangoModelFactory):
    class Meta:
        model = Need

    office = factory.SubFactory("tests.accounts.factories.OfficeFactory")
    title = "Mise sous pli du magazine"
    told = "1 200 enveloppes, quatre fois par an."
    answer_by_on = date(2027, 4, 1)
    opened_at = datetime(2027, 3, 1, 8, tzinfo=UTC)
    opened_by = factory.SubFactory("tests.accounts.factories.UserFactory")


class ApproachFactory(DjangoModelFactory):
    class Meta:
        model = Approach

    need = factory.SubFactory(NeedFactory)
    structure = factory.SubFactory(StructureFactory)
    shortlisted_at = datetime(2027, 3, 1, 8, tzinfo=UTC)

    class Params:
        is_sent = factory.LazyAttribute(lambda o: o.state != ApproachState.SHORTLISTED)
        is_answered = factory.LazyAttribute(lambda o: o.state in ANSWERED)

    state = ApproachState.SHORTLISTED
    sent_at = factory.LazyAttribute(lambda o: o.shortlisted_at if o.is_sent else None)
    recipient_email = factory.LazyAttribute(lambda o: "a@x.example" if o.is_sent else "")
    answered_at = factory.LazyAttribute(lambda o: o.shortlisted_at if o.is_answered else None)
    reason = factory.LazyAttribute(lambda o: DeclineReason.SIZE if o.state == ApproachState.DECLINED else "")


class CorrectionFactory(DjangoModelFactory):
    class Meta:
        model = Correction

    class Params:
        proposed = factory.Trait(
            state=CorrectionState.PROPOSED,
            values={"website": "https://neuf.example", "phone": "0102030405"},
            proposed_at=datetime(2027, 3, 2, 8, tzinfo=UTC),
            proposed_by_name="Ada",
        )

    structure = factory.SubFactory(StructureFactory)
    office = factory.SubFactory("tests.accounts.factories.OfficeFactory")
    recipient_email = "contact@structure.example"
    asked_at = datetime(2027, 3, 1, 8, tzinfo=UTC)
    asked_by = factory.SubFactory("tests.accounts.factories.UserFactory")


class ConsortiumFactory(DjangoModelFactory):
    class Meta:
        model = Consortium

    need = factory.SubFactory(NeedFactory)
    name = "Groupement des quais"
    starts_on = date(2027, 4, 1)
    ends_on = date(2027, 10, 1)
    formed_at = datetime(2027, 3, 1, 8, tzinfo=UTC)


class ConsortiumMemberFactory(DjangoModelFactory):
    class Meta:
        model = ConsortiumMember

    consortium = factory.SubFactory(ConsortiumFactory)
    structure = factory.SubFactory(StructureFactory)
