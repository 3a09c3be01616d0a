"""A report is made exactly once, whatever dies: real workers, real broker, real database, SIGKILL."""

import os
import time
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO

import pytest
import redis
from django.utils import timezone
from pypdf import PdfReader

from accounts import audit
from accounts.enums import AuditKind
from jobs.enums import JobState
from jobs.models import Job
from jobs.services import queue
from reporting.models import ReportEdition
from reporting.services import editions
from tests.clauses.factories import PlacementFactory
from tests.reporting import territory
from tests.services.conftest import kill


pytestmark = pytest.mark.services

# The sweep runs every 15 s, and holds a silent worker for dead after 20.
PATIENCE_SECONDS = 90


@pytest.fixture
def crowded(stage):
    """As many contracts as it takes for the page layout to last: time enough to strike."""
    territory.build(stage.office, stage.buyer)
    for rank in range(120):
        contract = territory.contract(stage.office, stage.buyer, f"2026-{rank:03}", "Marché", "Entreprise")
        clause = territory.owes(contract, 100 + rank)
        territory.validated(contract, date(2026, 1, 1), [PlacementFactory(clause=clause)], "7.00")
    return stage


@pytest.fixture
def ask(crowded, manager, servers):
    def ask(at=None):
        return editions.ask(
            office=crowded.office,
            buyer=crowded.buyer,
            starts_on=date(2026, 1, 1),
            ends_on=date(2027, 1, 1),
            by=manager,
            at=at or timezone.now(),
        )

    return ask


@pytest.fixture
def with_clock(tmp_path):
    """Arguments of a worker that also keeps the clock, as one machine does."""
    return ("--beat", "--schedule", str(tmp_path / "schedule"))


def wait_for(job, condition):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition(job):
        assert time.monotonic() < deadline, f"still {job.state}, attempt {job.attempt}, {job.progress} %"
        time.sleep(0.02)
        job.refresh_from_db()


def is_over(job):
    return job.is_over


def is_being_laid_out(job):
    return job.state == JobState.RUNNING and job.progress >= 30


def assert_made_once(job, file_store, *, attempt):
    edition = ReportEdition.objects.get()
    assert (job.state, job.attempt, job.result) == (JobState.DONE, attempt, {"pk": edition.pk})
    assert edition.number == 1
    files = [path for path in file_store.rglob("*") if path.is_file()]
    assert [str(path.relative_to(file_store)) for path in files] == [edition.file.name]
    document = files[0].read_bytes()
    assert sha256(document).hexdigest() == edition.sha256
    assert len(PdfReader(BytesIO(document)).pages) == edition.pages
    assert audit.history(edition).filter(kind=AuditKind.REPORT_ISSUED).count() == 1


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(ask, start_worker, with_clock, file_store):
    victim = start_worker("-c", "1")
    job = ask()
    wait_for(job, is_being_laid_out)

    kill(victim)

    job.refresh_from_db()
    assert is_being_laid_out(job), "the worker was faster than the test: make the report larger"
    assert not ReportEdition.objects.exists()
    start_worker("-c", "1", *with_clock)
    wait_for(job, is_over)
    assert_made_once(job, file_store, attempt=2)


def test_a_killed_child_of_the_pool_loses_and_doubles_nothing(ask, start_worker, with_clock, file_store):
    # The clock is kept by another, which takes no work: it must survive.
    start_worker("-c", "1", "-Q", "none", *with_clock)
    worker = start_worker("-c", "1")
    job = ask()
    wait_for(job, is_being_laid_out)

    for child in children(worker):
        os.kill(child, 9)

    wait_for(job, is_over)
    assert_made_once(job, file_store, attempt=2)


def children(worker):
    with open(f"/proc/{worker.pid}/task/{worker.pid}/children") as listing:
        return [int(pid) for pid in listing.read().split()]


def test_workers_that_race_for_a_job_make_it_once(ask, start_worker, file_store):
    job = ask()
    for _ in range(5):
        queue.publish(job=job, at=timezone.now())

    start_worker("-c", "2")
    start_worker("--pool", "threads", "-c", "2")

    wait_for(job, is_over)
    wait_for(job, lambda _: not messages_left())
    assert_made_once(job, file_store, attempt=1)


def messages_left():
    return redis.Redis.from_url(os.environ["REDIS_URL"]).llen("celery")


@pytest.mark.parametrize("broker", ["redis", "files"])
def test_a_message_that_the_broker_lost_is_sent_again(ask, broker, start_worker, with_clock, file_store):
    job = ask(at=timezone.now() - timedelta(minutes=5))
    redis.Redis.from_url(os.environ["REDIS_URL"]).flushdb()
    assert Job.objects.get().published_at

    environment = {} if broker == "redis" else {"REDIS_URL": ""}
    start_worker("--pool", "threads", "-c", "2", *with_clock, **environment)

    wait_for(job, is_over)
    assert_made_once(job, file_store, attempt=1)
