"""The table of the triage, its export, and a verdict for many lines at once."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import push_url

from accounts.permissions import Permission, allows, require_permission
from clauses.exports import screening as exports
from clauses.filters.screening import ScreeningFilter
from clauses.forms.screening import MOST_AT_ONCE, SelectionForm
from clauses.models import Screening
from clauses.queries.screening import Progress, progress
from clauses.services import screening
from clauses.services.derogations import JustificationMissing
from clauses.services.screening import PlanTakenBack
from clauses.views.downloads import attachment
from clauses.views.screening_rows import filtered, own_office, refuse, to_list, told
from config.lib.french import format_number
from config.lib.listing import PAGE_SIZE
from procurement.models import Market


SELECTION_KEY = "screened_selection"
UNDOABLE_FOR = timedelta(hours=1)
# What the table shows nothing of, and takes long to read.
UNREAD = ("description", "remarks", "extra", "issues", "search_text")


@require_GET
@require_permission(Permission.SCREENING_VIEW)
def screening_list(request: HttpRequest) -> HttpResponse:
    nothing = Market.objects.none()
    return _show(request, SelectionForm(markets=nothing, found=nothing))


@require_GET
@require_permission(Permission.SCREENING_VIEW)
def screening_export(request: HttpRequest, extension: str) -> HttpResponse:
    lines, now = filtered(request).qs, timezone.now()
    content = exports.csv(lines) if extension == "csv" else exports.workbook(lines, created_at=now)
    return attachment(content, "reperage", extension, at=now)


@require_POST
@require_permission(Permission.SCREENING_DECIDE)
def screening_decide_many(request: HttpRequest) -> HttpResponse:
    submitted = Market.objects.visible_to(request.user).submitted()
    form = SelectionForm(request.POST, markets=submitted, found=filtered(request).qs)
    if not form.is_valid():
        return _show(request, form, status=422)
    now = timezone.now()
    try:
        given = screening.decide_many(
            markets=form.cleaned_data["market"], office=own_office(request), opinion=form.opinion,
            by=request.user, at=now,
        )  # fmt: skip
    except (PlanTakenBack, JustificationMissing) as refusal:
        return refuse(request, refusal)
    request.session[SELECTION_KEY] = {"ids": [row.pk for row in given], "at": now.isoformat()}
    messages.success(request, f"{_counted(len(given))} : {form.opinion}.")
    return to_list(request)


@require_POST
@require_permission(Permission.SCREENING_DECIDE)
def screening_undo_many(request: HttpRequest) -> HttpResponse:
    """Undoes the last selection, but for the lines that somebody judged again since."""
    ids, at = _last_selection(request)
    request.session.pop(SELECTION_KEY, None)
    rows = Screening.objects.visible_to(request.user).filter(pk__in=ids, decided_at=at)
    try:
        undone = screening.undo_many(screenings=rows, by=request.user, at=timezone.now())
    except JustificationMissing as refusal:
        return refuse(request, refusal)
    messages.success(request, f"{_counted(len(undone))} : avis annulé.")
    return to_list(request)


def _last_selection(request: HttpRequest) -> tuple[list[int], datetime | None]:
    """The screenings of the last selection and its moment, while it may be undone."""
    kept = request.session.get(SELECTION_KEY)
    if not kept:
        return [], None
    at = datetime.fromisoformat(kept["at"])
    return (kept["ids"], at) if timezone.now() - at < UNDOABLE_FOR else ([], None)


def _show(request: HttpRequest, selection: SelectionForm, status: int = 200) -> HttpResponse:
    criteria = filtered(request)
    counted = progress(criteria.lines)
    page = _page(criteria, counted, request.GET.get("page"))
    context = {
        "filter": criteria,
        "progress": counted,
        "page": page,
        "lines": told(request, list(page)),
        "selection": selection,
        "selected": selection.data.getlist("market") if selection.is_bound else [],
        "offers_whole": page.paginator.num_pages > 1 and page.paginator.count <= MOST_AT_ONCE,
        "most_at_once": MOST_AT_ONCE,
        "undoable": len(_last_selection(request)[0]),
        "may_decide": allows(request.user, Permission.SCREENING_DECIDE),
        "form": None,
    }
    is_swap = request.htmx and not request.htmx.history_restore_request
    template = "clauses/screening_list.html#results" if is_swap else "clauses/screening_list.html"
    response = render(request, template, context, status=status)
    return push_url(response, f"?{criteria.query}") if is_swap else response


def _page(criteria: ScreeningFilter, counted: Progress, number: str | None) -> Page:
    paginator = Paginator(criteria.qs.defer(*UNREAD), PAGE_SIZE)
    # The counters know it already: 5,000 lines need not be counted twice.
    paginator.count = criteria.found(counted)
    return paginator.get_page(number)


def _counted(number: int) -> str:
    return "1 ligne" if number == 1 else f"{format_number(number)} lignes"
