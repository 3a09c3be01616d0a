from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import push_url

from accounts import audit
from accounts.permissions import Permission, require_permission
from config.lib import charts
from structures import exports, queries
from structures.filters import StructureFilter
from structures.models import Structure
from structures.queries import needs
from structures.services import directory


PAGE_SIZE = 25
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@require_permission(Permission.STRUCTURE_VIEW)
def structure_list(request: HttpRequest) -> HttpResponse:
    found = _filter(request)
    page = Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filter": found,
        "page": page,
        "answers": needs.answers(page, found.need),
        "today": timezone.localdate(),
    }
    if found.is_map:
        spread = queries.spread(found.qs)
        context |= {"spread": spread, "map": charts.dots(spread.sentence, spread.drawn, spread.places)}
    is_swap = request.htmx and not request.htmx.history_restore_request
    template = "structures/list.html#results" if is_swap else "structures/list.html"
    response = render(request, template, context)
    # The back button must not show the fragment as a page.
    patch_vary_headers(response, ["HX-Request"])
    return push_url(response, f"?{found.query}") if is_swap else response


@require_safe
@require_permission(Permission.STRUCTURE_VIEW)
def structure_export_xlsx(request: HttpRequest) -> HttpResponse:
    content = exports.workbook(_lines(request), created_at=timezone.now())
    return _download(content, XLSX, "xlsx")


@require_safe
@require_permission(Permission.STRUCTURE_VIEW)
def structure_export_csv(request: HttpRequest) -> HttpResponse:
    return _download(exports.csv(_lines(request)), "text/csv; charset=utf-8", "csv")


@require_safe
@require_permission(Permission.STRUCTURE_VIEW)
def structure_detail(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Structure.objects.visible_to(request.user)
    structure = get_object_or_404(visible, pk=pk)
    context = {
        "structure": structure,
        "offers": queries.offers_of(structure, on=timezone.localdate()),
        "networks": structure.networks.order_by("label"),
        "labels": structure.labels.order_by("label"),
        "contacts": structure.contacts.visible_to(request.user).order_by("-is_first", "name", "pk"),
        "siblings": visible.filter(siret=structure.siret).exclude(pk=pk).order_by("kind"),
        "events": audit.history(structure),
        "today": timezone.localdate(),
    }
    return render(request, "structures/detail.html", context)


@require_POST
@require_permission(Permission.STRUCTURE_VERIFY)
def structure_verify(request: HttpRequest, pk: int) -> HttpResponse:
    structure = get_object_or_404(Structure.objects.visible_to(request.user), pk=pk)
    directory.verify(structure=structure, by=request.user, on=timezone.localdate())
    messages.success(request, f"La fiche de « {structure} » est vérifiée à ce jour.")
    return redirect(structure)


def _filter(request: HttpRequest) -> StructureFilter:
    visible = Structure.objects.visible_to(request.user)
    return StructureFilter(request.GET, visible, today=timezone.localdate())


def _lines(request: HttpRequest) -> list[queries.Line]:
    return queries.lines(_filter(request).qs, user=request.user, on=timezone.localdate())


def _download(content: bytes, content_type: str, extension: str) -> HttpResponse:
    name = f"structures-{timezone.localdate():%Y-%m-%d}.{extension}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)
