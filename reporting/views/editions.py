"""The reports that were issued: found, read on screen, downloaded in three forms."""

from itertools import chain
from operator import attrgetter

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.permissions import Permission, allows, require_permission
from jobs.enums import JobKind
from jobs.models import Job
from reporting import exports
from reporting.filters import EditionFilter
from reporting.models import ReportEdition
from reporting.queries import frozen
from reporting.views.asking import report_form


PAGE_SIZE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@require_permission(Permission.REPORT_VIEW)
def edition_list(request: HttpRequest) -> HttpResponse:
    found = EditionFilter(request.GET, _visible(request))
    page = Paginator(found.qs.latest_first(), PAGE_SIZE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {"filter": found, "page": page, "query": query.urlencode(), "has_filters": bool(query)}
    if allows(request.user, Permission.REPORT_BUILD):
        asked = Job.objects.visible_to(request.user).filter(kind=JobKind.REPORT)
        jobs = asked.on_the_bench(timezone.now()).order_by("-created_at", "-pk")
        context |= {"form": report_form(request), "jobs": jobs}
    return render(request, "reporting/edition_list.html", context)


@require_safe
@require_permission(Permission.REPORT_VIEW)
def edition_detail(request: HttpRequest, pk: int) -> HttpResponse:
    edition = get_object_or_404(_visible(request), pk=pk)
    events = chain(audit.history(edition), audit.history(edition.job))
    context = {
        "edition": edition,
        "figures": frozen.thaw(edition.figures),
        "fingerprint": frozen.fingerprint(edition.figures),
        "events": sorted(events, key=attrgetter("at"), reverse=True),
        "others": _visible(request).series_of(edition).order_by("-number"),
    }
    return render(request, "reporting/edition_detail.html", context)


@require_safe
@require_permission(Permission.REPORT_VIEW)
def edition_pdf(request: HttpRequest, pk: int) -> FileResponse:
    edition = get_object_or_404(_visible(request), pk=pk)
    try:
        document = edition.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    name = _name(edition, "pdf")
    return FileResponse(document, as_attachment=True, filename=name, content_type="application/pdf")


@require_safe
@require_permission(Permission.REPORT_VIEW)
def edition_json(request: HttpRequest, pk: int) -> HttpResponse:
    """The very text whose fingerprint is printed in the document."""
    edition = get_object_or_404(_visible(request), pk=pk)
    return _download(edition, frozen.canonical(edition.figures), "application/json", "json")


@require_safe
@require_permission(Permission.REPORT_VIEW)
def edition_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    edition = get_object_or_404(_visible(request), pk=pk)
    workbook = exports.workbook(frozen.thaw(edition.figures), created_at=edition.cutoff_at)
    return _download(edition, workbook, XLSX, "xlsx")


@require_safe
@require_permission(Permission.REPORT_VIEW)
def edition_csv(request: HttpRequest, pk: int) -> HttpResponse:
    edition = get_object_or_404(_visible(request), pk=pk)
    content = exports.contracts_csv(frozen.thaw(edition.figures))
    return _download(edition, content, "text/csv; charset=utf-8", "csv")


def _visible(request: HttpRequest):
    return ReportEdition.objects.visible_to(request.user).select_related(
        "buyer__organisation", "office__organisation", "issued_by", "job"
    )


def _download(edition: ReportEdition, content: bytes, content_type: str, extension: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{_name(edition, extension)}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)


def _name(edition: ReportEdition, extension: str) -> str:
    """« rapport-ville-de-creteil-2026-01-2026-12-edition-2.pdf »: sorts well, and travels everywhere."""
    period = f"{edition.starts_on:%Y-%m}-{edition.last_day:%Y-%m}"
    return f"rapport-{slugify(str(edition.buyer))[:80]}-{period}-edition-{edition.number}.{extension}"
