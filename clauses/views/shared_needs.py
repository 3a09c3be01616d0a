"""The needs that several buyers share: for the quarterly meeting of those who head the purchases."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import push_url

from accounts.permissions import Permission, allows, require_permission
from clauses.enums import SharedNeedState
from clauses.exports import shared_needs as exports
from clauses.filters.shared_needs import SharedNeedFilter
from clauses.queries import shared_needs as queries
from clauses.queries.shared_needs import Row
from clauses.services import shared_needs
from clauses.services.shared_needs import ReasonMissing
from clauses.views.downloads import attachment
from clauses.views.screening_rows import own_office
from procurement.models import Family, Market


SENTENCES = {
    SharedNeedState.OPEN: "« {family} » est de nouveau à traiter.",
    SharedNeedState.RAISED: "« {family} » est à l’ordre du jour de la réunion trimestrielle.",
    SharedNeedState.DISMISSED: "« {family} » est écarté.",
}


@require_GET
@require_permission(Permission.SHARED_NEED_VIEW)
def shared_need_list(request: HttpRequest) -> HttpResponse:
    return _show(request)


@require_GET
@require_permission(Permission.SHARED_NEED_VIEW)
def shared_need_export(request: HttpRequest, extension: str) -> HttpResponse:
    rows, now = _filtered(request).rows, timezone.now()
    content = exports.csv(rows) if extension == "csv" else exports.workbook(rows, created_at=now)
    return attachment(content, "besoins-partages", extension, at=now)


@require_POST
@require_permission(Permission.SCREENING_DECIDE)
def shared_need_note(request: HttpRequest) -> HttpResponse:
    row, state = _named(request), _state(request)
    family = get_object_or_404(Family, pk=row.need.family_id)
    try:
        shared_needs.note(
            office=own_office(request), family=family, starts_on=row.need.starts_on,
            ends_on=row.need.ends_on, state=state, reason=_reason(request),
            by=request.user, at=timezone.now(),
        )  # fmt: skip
    except ReasonMissing as refusal:
        return _show(request, faulty=row.key, refusal=str(refusal), status=422)
    messages.success(request, SENTENCES[state].format(family=family))
    query = request.GET.urlencode()
    return redirect(f"{reverse('clauses:shared_need_list')}{'?' if query else ''}{query}")


def _show(request: HttpRequest, faulty: str = "", refusal: str = "", status: int = 200) -> HttpResponse:
    filtered = _filtered(request)
    rows = filtered.rows
    context = {
        "filter": filtered,
        "rows": rows,
        # Asked once: it takes as long as the row itself, and a page may hold thousands.
        "line_url": reverse("clauses:screening_detail", args=[0]).removesuffix("0/"),
        "amount": sum(row.need.amount for row in rows),
        "faulty": faulty,
        "refusal": refusal,
        "may_note": allows(request.user, Permission.SCREENING_DECIDE),
        "states": SharedNeedState,
    }
    is_swap = request.htmx and not request.htmx.history_restore_request
    template = "clauses/shared_needs.html#results" if is_swap else "clauses/shared_needs.html"
    response = render(request, template, context, status=status)
    return push_url(response, f"?{filtered.query}") if is_swap else response


def _filtered(request: HttpRequest) -> SharedNeedFilter:
    visible = Market.objects.visible_to(request.user)
    return SharedNeedFilter(request.GET, visible, user=request.user, on=timezone.localdate())


def _named(request: HttpRequest) -> Row:
    """The need that the form is about, if the plans still say it."""
    visible, key = Market.objects.visible_to(request.user), request.POST.get("need")
    found = queries.rows(visible, request.user, on=timezone.localdate())
    row = next((row for row in found if row.key == key), None)
    if row is None:
        raise Http404
    return row


def _reason(request: HttpRequest) -> str:
    # PostgreSQL keeps no null character.
    return request.POST.get("reason", "").replace("\0", "")[:300]


def _state(request: HttpRequest) -> SharedNeedState:
    wanted = request.POST.get("state", "")
    if wanted not in SharedNeedState.values:
        raise Http404
    return SharedNeedState(wanted)
