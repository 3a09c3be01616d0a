"""What clauses promise against what structures can do: one table of the office, month by month."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django_htmx.http import push_url

from accounts.permissions import Permission, require_permission
from clauses.exports import capacity as exports
from clauses.filters.capacity import CapacityFilter
from clauses.models import Clause
from clauses.views.downloads import attachment


@require_GET
@require_permission(Permission.CAPACITY_VIEW)
def capacity_balance(request: HttpRequest) -> HttpResponse:
    filtered = _filtered(request)
    context = {"filter": filtered, "table": filtered.whole, "rows": filtered.rows}
    is_swap = request.htmx and not request.htmx.history_restore_request
    template = "clauses/capacity.html#results" if is_swap else "clauses/capacity.html"
    response = render(request, template, context)
    return push_url(response, f"?{filtered.query}") if is_swap else response


@require_GET
@require_permission(Permission.CAPACITY_VIEW)
def capacity_export(request: HttpRequest, extension: str) -> HttpResponse:
    rows, now = _filtered(request).rows, timezone.now()
    content = exports.csv(rows) if extension == "csv" else exports.workbook(rows, created_at=now)
    return attachment(content, "capacites", extension, at=now)


def _filtered(request: HttpRequest) -> CapacityFilter:
    clauses = Clause.objects.visible_to(request.user)
    return CapacityFilter(request.GET, clauses, user=request.user, on=timezone.localdate())
