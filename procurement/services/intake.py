"""Who reads and applies a plan file: the request when it is small, a worker when somebody would wait."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.models import User
from jobs.enums import JobKind
from jobs.models import Job
from jobs.services import queue
from procurement.models import PlanFile, PurchasePlan
from procurement.services import plan_files


_LONGEST_TITLE = 300


def send(*, plan: PurchasePlan, data: bytes, name: str, by: User | None, at: datetime) -> PlanFile:
    """Keep a file and read it, at once or soon. Raises `PlanNotDraft`; `UnreadableFile` when at once."""
    if len(data) <= settings.PLAN_FILE_BYTES_AT_ONCE:
        return plan_files.receive(plan=plan, data=data, name=name, by=by)
    return _send_away(plan, data, name, by, at)


def is_long_to_apply(plan_file: PlanFile) -> bool:
    return plan_file.counts.get("rows", 0) > settings.PLAN_FILE_LINES_AT_ONCE


@transaction.atomic
def ask_to_apply(*, plan_file: PlanFile, by: User | None, at: datetime) -> Job:
    """Have a worker apply it; asked again meanwhile, it is the same job. Raises `TransitionRefused`."""
    plan_file = plan_files.lock_to_apply(plan_file)
    return _enqueue(plan_file, JobKind.PLAN_FILE_APPLY, "Importation de", by, at)


@transaction.atomic
def _send_away(plan: PurchasePlan, data: bytes, name: str, by: User | None, at: datetime) -> PlanFile:
    plan_file = plan_files.store(plan=plan, data=data, name=name, by=by)
    _enqueue(plan_file, JobKind.PLAN_FILE_READ, "Lecture de", by, at)
    return plan_file


def _enqueue(plan_file: PlanFile, kind: JobKind, verb: str, by: User | None, at: datetime) -> Job:
    plan = plan_file.plan
    series = f"{kind}:{plan_file.pk}:"
    rank = Job.objects.over().filter(kind=kind, key__startswith=series).count() + 1
    plan_file.job = queue.enqueue(
        kind=kind,
        title=f"{verb} « {plan_file} » – {plan.buyer}, {plan.year}"[:_LONGEST_TITLE],
        arguments={"plan_file": plan_file.pk},
        key=f"{series}{rank}",
        organisation=plan.buyer.organisation,
        by=by,
        at=at,
    )
    plan_file.save(update_fields=["job"])
    return plan_file.job
