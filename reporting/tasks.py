from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from hashlib import sha256

from celery import shared_task
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.utils import timezone

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import Office
from config.lib import pdf
from jobs.enums import JobKind
from jobs.models import Job
from jobs.services import lease, running
from procurement.models import Buyer
from reporting import documents
from reporting.enums import ReportKind
from reporting.models import ReportEdition
from reporting.queries import buyer_report, frozen


@dataclass(frozen=True)
class Request:
    office: Office
    buyer: Buyer
    starts_on: date
    ends_on: date
    cutoff_at: datetime


@shared_task(name=JobKind.REPORT.value)
def build_edition(job_id: int) -> None:
    running.run(job_id=job_id, work=_build, clock=timezone.now)


def _build(job: Job) -> None:
    request = _read(job.arguments)
    _advance(job, 10, "Calcul des chiffres")
    figures = buyer_report.figures(**vars(request))
    _advance(job, 30, "Mise en page du document")
    number = ReportEdition.objects.filter(
        kind=ReportKind.BUYER,
        office=request.office,
        buyer=request.buyer,
        starts_on=request.starts_on,
        ends_on=request.ends_on,
    ).next_number()
    payload = frozen.freeze(figures)
    document = documents.buyer_report(figures, payload, number)
    _advance(job, 90, "Enregistrement")
    _store(job, request, number, payload, document)


def _read(arguments: dict) -> Request:
    return Request(
        office=Office.objects.select_related("organisation").get(pk=arguments["office"]),
        buyer=Buyer.objects.select_related("organisation").get(pk=arguments["buyer"]),
        starts_on=date.fromisoformat(arguments["starts_on"]),
        ends_on=date.fromisoformat(arguments["ends_on"]),
        cutoff_at=datetime.fromisoformat(arguments["cutoff_at"]),
    )


def _advance(job: Job, progress: int, step: str) -> None:
    lease.advance(job=job, progress=progress, step=step, at=timezone.now())


def _store(job: Job, request: Request, number: int, payload: dict, document: bytes) -> None:
    """The file first, under a name that only this attempt knows; it counts once a row names it."""
    storage = ReportEdition._meta.get_field("file").storage
    _remove_leftovers(storage, job, request)
    name = storage.save(_file_name(job.pk, job.attempt, request), ContentFile(document))
    issue = partial(_issue, job, request, number, payload, document, name)
    try:
        lease.complete(job=job, write=issue, at=timezone.now())
    except BaseException:
        storage.delete(name)
        raise


def _remove_leftovers(storage: Storage, job: Job, request: Request) -> None:
    """What a killed worker wrote before it could say so."""
    for attempt in range(1, job.attempt):
        name = _file_name(job.pk, attempt, request)
        if storage.exists(name):
            storage.delete(name)


def _file_name(job_id: int, attempt: int, request: Request) -> str:
    return f"reports/{request.cutoff_at:%Y}/{job_id}-{attempt}.pdf"


def _issue(job: Job, request: Request, number: int, payload: dict, document: bytes, name: str) -> dict:
    edition = ReportEdition.objects.create(
        job=job,
        kind=ReportKind.BUYER,
        **vars(request),
        number=number,
        figures=payload,
        file=name,
        sha256=sha256(document).hexdigest(),
        pages=pdf.page_count(document),
        issued_at=timezone.now(),
        issued_by=job.requested_by,
    )
    audit.record(AuditKind.REPORT_ISSUED, target=edition, by=job.requested_by, number=number)
    return {"pk": edition.pk}
