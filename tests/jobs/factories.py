from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from jobs.enums import JobKind, JobState
from jobs.models import Job
from tests.accounts.factories import OrganisationFactory


ASKED_AT = datetime(2027, 1, 11, 9, tzinfo=UTC)


class JobFactory(DjangoModelFactory):
    class Meta:
        model = Job

    class Params:
        running = factory.Trait(
            state=JobState.RUNNING, attempt=1, published_at=ASKED_AT, heartbeat_at=ASKED_AT
        )
        done = factory.Trait(
            state=JobState.DONE, attempt=1, progress=100, published_at=ASKED_AT, finished_at=ASKED_AT
        )
        failed = factory.Trait(
            state=JobState.FAILED,
            attempt=3,
            published_at=ASKED_AT,
            finished_at=ASKED_AT,
            error="Le disque est plein.",
        )

    kind = JobKind.REPORT
    title = "Rapport – Ville de Rivebelle, année 2026"
    key = factory.Sequence(lambda n: f"report:{n}")
    organisation = factory.SubFactory(OrganisationFactory)
    created_at = ASKED_AT
