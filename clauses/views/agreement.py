"""Suggestions and verdicts: how often they agree, and where they do not."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django_htmx.http import push_url

from accounts.permissions import Permission, require_permission
from clauses.enums import Verdict
from clauses.exports import agreement as exports
from clauses.filters.agreement import AgreementFilter
from clauses.models import Suggestion
from clauses.queries import agreement as counted
from clauses.views.downloads import attachment
from config.lib.listing import PAGE_SIZE
from procurement.models import Market


@require_GET
@require_permission(Permission.SUGGESTION_VIEW)
def agreement(request: HttpRequest) -> HttpResponse:
    filtered = _filtered(request)
    page = Paginator(filtered.qs.disagreeing(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filter": filtered,
        "agreement": counted.of(filtered.qs),
        "verdicts": [verdict.label for verdict in Verdict],
        "page": page,
    }
    is_swap = request.htmx and not request.htmx.history_restore_request
    template = (
        "clauses/suggestions/agreement.html#results" if is_swap else "clauses/suggestions/agreement.html"
    )
    response = render(request, template, context)
    return push_url(response, f"?{filtered.query}") if is_swap else response


@require_GET
@require_permission(Permission.SUGGESTION_VIEW)
def export(request: HttpRequest, extension: str) -> HttpResponse:
    rows, now = _filtered(request).qs, timezone.now()
    content = (
        exports.csv(rows) if extension == "csv" else exports.workbook(rows, counted.of(rows), created_at=now)
    )
    return attachment(content, "suggestions-et-avis", extension, at=now)


def _filtered(request: HttpRequest) -> AgreementFilter:
    """Of the lines that may be opened: a plan taken back waits for its buyer."""
    lines = Market.objects.visible_to(request.user).submitted()
    rows = Suggestion.objects.visible_to(request.user).standing().filter(market__in=lines)
    rows = rows.select_related("market__plan__buyer__organisation", "market__family", "rule")
    return AgreementFilter(request.GET, rows, user=request.user)
