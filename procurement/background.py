"""What a worker does for somebody who waits: claim the job, call one service, say how far it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from celery import shared_task
from django.utils import timezone

from config.lib.french import format_number
from config.lib.spreadsheet import UnreadableFile
from jobs.enums import JobKind
from jobs.models import Job
from jobs.services import lease, running
from jobs.services.running import JobRefused
from procurement.models import PlanFile
from procurement.services import plan_files
from procurement.workflow import TransitionRefused


@shared_task(name=JobKind.PLAN_FILE_READ.value)
def read_plan_file(job_id: int) -> None:
    running.run(job_id=job_id, work=_read, clock=timezone.now)


@shared_task(name=JobKind.PLAN_FILE_APPLY.value)
def apply_plan_file(job_id: int) -> None:
    running.run(job_id=job_id, work=_apply, clock=timezone.now)


def _read(job: Job) -> None:
    plan_file = _file_of(job)
    with _refusals():
        reading = plan_files.read(plan_file, tell=_teller(job, upto=95))
        settle = partial(plan_files.settle, plan_file=plan_file, reading=reading)
        lease.complete(job=job, write=_answering(plan_file, settle), at=timezone.now())


def _apply(job: Job) -> None:
    """Read before the plan is locked, written in one transaction: what is half written is never seen."""
    plan_file = _file_of(job)
    with _refusals():
        reading = plan_files.read(plan_file, tell=_teller(job, upto=60))
        counts = reading.found.counts
        written = format_number(counts.created + counts.updated)
        _advance(job, 65, f"Écriture de {written} marchés, en une fois")
        at = timezone.now()
        write = partial(plan_files.apply, plan_file=plan_file, reading=reading, by=job.requested_by, at=at)
        lease.complete(job=job, write=_answering(plan_file, write), at=at)


def _file_of(job: Job) -> PlanFile:
    files = PlanFile.objects.select_related("plan__buyer__organisation")
    return files.get(pk=job.arguments["plan_file"])


@contextmanager
def _refusals() -> Iterator[None]:
    """What another attempt would not mend."""
    try:
        yield
    except (UnreadableFile, TransitionRefused) as refusal:
        raise JobRefused(str(refusal)) from refusal


def _answering(plan_file: PlanFile, write: Callable[[], object]) -> Callable[[], dict]:
    def answer() -> dict:
        write()
        return {"pk": plan_file.pk}

    return answer


def _teller(job: Job, upto: int) -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        share = 5 + (upto - 5) * done // total
        _advance(job, share, f"Lignes comprises : {format_number(done)} sur {format_number(total)}")

    _advance(job, 1, "Ouverture du fichier")
    return tell


def _advance(job: Job, progress: int, step: str) -> None:
    lease.advance(job=job, progress=progress, step=step, at=timezone.now())
