from datetime import UTC, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from structures.enums import MeetingOutcome, MeetingState
from structures.models import Guest, Meeting, MeetingKind


class MeetingKindFactory(DjangoModelFactory):
    class Meta:
        model = MeetingKind
        django_get_or_create = ("code",)

    code = "site_visit"
    label = "Visite de site"


class MeetingFactory(DjangoModelFactory):
    class Meta:
        model = Meeting

    office = factory.SubFactory("tests.accounts.factories.OfficeFactory")
    kind = factory.SubFactory(MeetingKindFactory)
    title = "Visite de l’atelier de jouets"
    starts_at = datetime(2027, 3, 12, 8, 30, tzinfo=UTC)
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + timedelta(hours=2))
    place = "Alfortville"
    planned_at = datetime(2027, 3, 1, 8, tzinfo=UTC)
    planned_by = factory.SubFactory("tests.accounts.factories.UserFactory")
    outcome = ""
    state = factory.LazyAttribute(lambda o: MeetingState.HELD if o.outcome else MeetingState.PLANNED)
    outcome_noted_at = factory.LazyAttribute(lambda o: o.ends_at if o.outcome else None)
    outcome_noted_by = factory.LazyAttribute(lambda o: o.planned_by if o.outcome else None)
    cancelled_at = factory.LazyAttribute(
        lambda o: o.planned_at if o.state == MeetingState.CANCELLED else None
    )

    class Params:
        cancelled = factory.Trait(state=MeetingState.CANCELLED)
        held = factory.Trait(outcome=MeetingOutcome.FOLLOW_UP)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        meeting = model_class(*args, **kwargs)
        meeting.index()
        meeting.save(force_insert=True)
        return meeting


class GuestFactory(DjangoModelFactory):
    class Meta:
        model = Guest

    meeting = factory.SubFactory(MeetingFactory)
    name = factory.LazyAttribute(
        lambda o: (
            "" if getattr(o, "organisation", None) or getattr(o, "structure", None) else "Chambre de métiers"
        )
    )
    sort_name = factory.LazyAttribute(lambda o: o.name.lower())
