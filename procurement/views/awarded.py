from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from accounts.permissions import Permission, allows, require_permission
from config.lib.listing import PAGE_SIZE
from procurement import tables
from procurement.filters.awarded import AwardedFilter
from procurement.models import AwardedContract, Market, PracticeCard
from procurement.queries import benchmark, comparables as neighbours
from procurement.views.lists import render_list


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
SHOWN_BESIDE = 3


@require_safe
@require_permission(Permission.OPEN_DATA_VIEW)
def awarded_list(request: HttpRequest) -> HttpResponse:
    found = _filter(request)
    table = _table(request, found, page_size=PAGE_SIZE)
    context = {"filter": found, "table": table, "page": table.page, "share": benchmark.share(found.qs)}
    return render_list(request, "procurement/awarded_list.html", context)


@require_safe
@require_permission(Permission.OPEN_DATA_VIEW)
def awarded_export_xlsx(request: HttpRequest) -> HttpResponse:
    table = _table(request, _filter(request))
    return _download(tables.workbook(table, name="Marchés publiés", created_at=timezone.now()), XLSX, "xlsx")


@require_safe
@require_permission(Permission.OPEN_DATA_VIEW)
def awarded_export_csv(request: HttpRequest) -> HttpResponse:
    return _download(tables.csv(_table(request, _filter(request))), CSV, "csv")


@require_safe
@require_permission(Permission.OPEN_DATA_VIEW)
def awarded_detail(request: HttpRequest, pk: int) -> HttpResponse:
    visible = AwardedContract.objects.visible_to(request.user).select_related("source")
    return render(request, "procurement/awarded_detail.html", {"contract": get_object_or_404(visible, pk=pk)})


@require_safe
@require_permission(Permission.OPEN_DATA_VIEW)
def comparables(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Market.objects.visible_to(request.user).select_related("plan__buyer__organisation", "family")
    market = get_object_or_404(visible, pk=pk)
    cards = PracticeCard.objects.visible_to(request.user)
    context = {
        "market": market,
        "cards": neighbours.practices_beside(market, cards),
        **_elsewhere(request, market, shown=neighbours.SHOWN),
    }
    return render(request, "procurement/comparables.html", context)


def elsewhere_of(request: HttpRequest, market: Market) -> dict | None:
    """In brief, for the page of a market that comes with its family and its buyer."""
    if not allows(request.user, Permission.OPEN_DATA_VIEW):
        return None
    return _elsewhere(request, market, shown=SHOWN_BESIDE)


def _elsewhere(request: HttpRequest, market: Market, *, shown: int) -> dict:
    visible = AwardedContract.objects.visible_to(request.user)
    found = neighbours.beside(market=market, contracts=visible, today=timezone.localdate(), shown=shown)
    return {
        "comparables": found,
        "similar": neighbours.shown(found, visible),
        "fewest": benchmark.FEWEST_FOR_A_PERCENTAGE,
    }


def _filter(request: HttpRequest) -> AwardedFilter:
    return AwardedFilter(request.GET, AwardedContract.objects.visible_to(request.user))


def _table(request: HttpRequest, found: AwardedFilter, page_size: int | None = None) -> tables.AwardedTable:
    rows = found.qs.select_related("source").order_by("-notified_on", "-pk")
    # A page that is not there is the last one, or the first.
    pages = {"per_page": page_size, "silent": True} if page_size else False
    return RequestConfig(request, paginate=pages).configure(tables.AwardedTable(rows))


def _download(content: bytes, content_type: str, extension: str) -> HttpResponse:
    name = f"marches-publies-{timezone.localdate():%Y-%m-%d}.{extension}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)
