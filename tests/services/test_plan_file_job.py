"""A large plan file is applied exactly once, whatever dies: real workers, broker and database, SIGKILL."""

import pytest
from django.utils import timezone

from accounts import audit
from accounts.enums import AuditKind
from config.lib.spreadsheet import write_csv
from jobs.enums import JobState
from procurement.enums import PlanFileState
from procurement.models import FileUndo, PlanFile
from procurement.services import intake
from tests.procurement.factories import PurchasePlanFactory
from tests.services.conftest import kill
from tests.services.test_report_job import is_over, wait_for, with_clock


__all__ = ["with_clock"]

pytestmark = pytest.mark.services

# As many lines as it takes for the work to last: time enough to strike.
LINES = 8_000


@pytest.fixture
def plan(stage, servers):
    return PurchasePlanFactory(buyer=stage.buyer)


@pytest.fixture
def sent(plan, buyer, file_store):
    lines = ([f"A{n}", f"Entretien du site numéro {n}", "80 k€", f"Pôle {n % 9}"] for n in range(LINES))
    data = write_csv(["Réf", "Objet", "Montant", "Service"], lines)
    return intake.send(plan=plan, data=data, name="plan.csv", by=buyer, at=timezone.now())


def is_under_way(job):
    return job.state == JobState.RUNNING and job.progress > 1


def is_being_written(job):
    return job.state == JobState.RUNNING and job.progress >= 65


def test_a_worker_killed_while_it_reads_or_writes_loses_and_doubles_nothing(
    plan, sent, buyer, start_worker, with_clock
):
    victim = start_worker("-c", "1")
    reading = sent.job
    wait_for(reading, is_under_way)
    kill(victim)
    assert PlanFile.objects.get().state == PlanFileState.RECEIVED

    second = start_worker("-c", "1", *with_clock)
    wait_for(reading, is_over)
    assert (reading.state, reading.attempt) == (JobState.DONE, 2)

    file = PlanFile.objects.get()
    writing = intake.ask_to_apply(plan_file=file, by=buyer, at=timezone.now())
    wait_for(writing, is_being_written)
    kill(second)
    writing.refresh_from_db()
    assert writing.state == JobState.RUNNING, "the worker was faster than the test: send more lines"
    assert (plan.markets.count(), FileUndo.objects.count()) == (0, 0)

    start_worker("-c", "1", *with_clock)
    wait_for(writing, is_over)
    file.refresh_from_db()
    assert (writing.state, writing.attempt) == (JobState.DONE, 2)
    assert (file.state, file.applied_by) == (PlanFileState.APPLIED, buyer)
    assert plan.markets.count() == LINES
    assert audit.history(plan).filter(kind=AuditKind.PLAN_IMPORTED).count() == 1
