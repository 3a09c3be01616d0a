from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from accounts.permissions import Permission, require_permission
from accounts.roles import BUYER_ROLES, Role
from config.lib.listing import PAGE_SIZE
from procurement import tables
from procurement.filters.markets import MarketFilter
from procurement.models import Market
from procurement.queries import markets as numbers
from procurement.views.lists import render_list


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


@require_safe
@require_permission(Permission.PLAN_VIEW)
def market_list(request: HttpRequest) -> HttpResponse:
    found = _filter(request)
    table = _table(request, found, page_size=PAGE_SIZE)
    context = {
        "filter": found,
        "table": table,
        "page": table.page,
        "totals": numbers.totals(found.qs),
        "is_prescriber": request.user.membership.role == Role.PRESCRIBER,
    }
    return render_list(request, "procurement/market_list.html", context)


@require_safe
@require_permission(Permission.PLAN_VIEW)
def market_export_xlsx(request: HttpRequest) -> HttpResponse:
    table = _table(request, _filter(request))
    return _download(tables.workbook(table, name="Marchés", created_at=timezone.now()), XLSX, "xlsx")


@require_safe
@require_permission(Permission.PLAN_VIEW)
def market_export_csv(request: HttpRequest) -> HttpResponse:
    return _download(tables.csv(_table(request, _filter(request))), CSV, "csv")


def _filter(request: HttpRequest) -> MarketFilter:
    return MarketFilter(request.GET, Market.objects.visible_to(request.user), user=request.user)


def _table(request: HttpRequest, found: MarketFilter, page_size: int | None = None) -> tables.MarketTable:
    rows = found.qs.select_related("plan__buyer__organisation", "department", "family")
    rows = rows.prefetch_related("programmes").order_by(*tables.SOONEST_FIRST)
    table = tables.MarketTable(rows, of_one_buyer=request.user.membership.role in BUYER_ROLES)
    # A page that is not there is the last one, or the first.
    pages = {"per_page": page_size, "silent": True} if page_size else False
    return RequestConfig(request, paginate=pages).configure(table)


def _download(content: bytes, content_type: str, extension: str) -> HttpResponse:
    name = f"marches-{timezone.localdate():%Y-%m-%d}.{extension}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)
