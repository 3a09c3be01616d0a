from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect, push_url

from accounts import audit
from accounts.models import AuditEvent, Office
from accounts.permissions import Permission, allows, require_permission
from accounts.roles import OFFICE_ROLES, Role
from clauses.exports import screening as exports
from clauses.filters.screening import ScreeningFilter
from clauses.forms.screening import OpinionForm, SelectionForm
from clauses.models import Proposal, Screening, with_verdicts
from clauses.queries.screening import progress
from clauses.services import screening
from clauses.services.screening import NothingToUndo, PlanTakenBack
from clauses.views.downloads import attachment
from config.lib.listing import PAGE_SIZE
from procurement.models import Market


SELECTION_KEY = "screened_selection"
UNDOABLE_FOR = timedelta(hours=1)


class Line(NamedTuple):
    """A line of the table and the verdict that its reader sees."""

    market: Market
    given: Screening | None
    # Since the buyer's deposit.
    days_waiting: int


@require_GET
@require_permission(Permission.SCREENING_VIEW)
def screening_list(request: HttpRequest) -> HttpResponse:
    return _show_list(request, SelectionForm(markets=Market.objects.none()))


@require_GET
@require_permission(Permission.SCREENING_VIEW)
def screening_export(request: HttpRequest, extension: str) -> HttpResponse:
    lines, now = _filtered(request).qs, timezone.now()
    content = exports.csv(lines) if extension == "csv" else exports.workbook(lines, created_at=now)
    return attachment(content, "reperage", extension, at=now)


@require_GET
@require_permission(Permission.SCREENING_VIEW)
def screening_detail(request: HttpRequest, pk: int) -> HttpResponse:
    line = _line(get_object_or_404(_lines(request), pk=pk))
    return _show_detail(request, line, OpinionForm(instance=line.given))


@require_permission(Permission.SCREENING_DECIDE)
def screening_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The row again (GET), or its verdict (POST)."""
    line = _line(get_object_or_404(_lines(request), pk=pk))
    if request.method != "POST":
        return _show_row(request, line) if request.htmx else redirect("clauses:screening_detail", pk)
    form = OpinionForm(request.POST)
    if form.asks_for_the_reason:
        question = OpinionForm(initial=request.POST.dict())
        return _ask_again(request, line, question, status=200)
    if not form.is_valid():
        return _ask_again(request, line, form, status=422)
    try:
        screening.decide(
            market=line.market, office=_office(request), opinion=form.opinion, by=request.user,
            at=timezone.now(),
        )  # fmt: skip
    except PlanTakenBack as refusal:
        return _refuse(request, refusal)
    return _answer(request, pk, f"« {line.market} » : {form.opinion}.")


@require_POST
@require_permission(Permission.SCREENING_DECIDE)
def screening_undo(request: HttpRequest, pk: int) -> HttpResponse:
    line = _line(get_object_or_404(_lines(request), pk=pk))
    rows = Screening.objects.visible_to(request.user)
    given = get_object_or_404(rows, market=line.market, office=_office(request))
    try:
        screening.undo(screening=given, by=request.user, at=timezone.now())
    except NothingToUndo as refusal:
        return _refuse(request, refusal)
    return _answer(request, pk, f"L’avis sur « {line.market} » est annulé.")


@require_POST
@require_permission(Permission.SCREENING_DECIDE)
def screening_decide_many(request: HttpRequest) -> HttpResponse:
    form = SelectionForm(request.POST, markets=Market.objects.visible_to(request.user).submitted())
    if not form.is_valid():
        return _show_list(request, form, status=422)
    now = timezone.now()
    try:
        given = screening.decide_many(
            markets=form.cleaned_data["market"], office=_office(request), opinion=form.opinion,
            by=request.user, at=now,
        )  # fmt: skip
    except PlanTakenBack as refusal:
        return _refuse(request, refusal)
    request.session[SELECTION_KEY] = {"ids": [row.pk for row in given], "at": now.isoformat()}
    messages.success(request, f"{_counted(len(given))} : {form.opinion}.")
    return _to_list(request)


@require_POST
@require_permission(Permission.SCREENING_DECIDE)
def screening_undo_many(request: HttpRequest) -> HttpResponse:
    """Undoes the last selection, but for the lines that somebody judged again since."""
    ids, at = _last_selection(request)
    request.session.pop(SELECTION_KEY, None)
    rows = Screening.objects.visible_to(request.user).filter(pk__in=ids, decided_at=at)
    undone = screening.undo_many(screenings=rows, by=request.user, at=timezone.now())
    messages.success(request, f"{_counted(len(undone))} : avis annulé.")
    return _to_list(request)


def _lines(request: HttpRequest) -> QuerySet[Market]:
    """What the office screens; a buyer finds there the answer to its own plans."""
    rows = Market.objects.visible_to(request.user).submitted()
    if request.user.membership.role == Role.BUYER:
        rows = rows.filter(plan__answered_at__isnull=False)
    rows = rows.select_related("plan__buyer__organisation", "department", "family")
    return with_verdicts(rows, request.user)


def _filtered(request: HttpRequest) -> ScreeningFilter:
    return ScreeningFilter(request.GET, _lines(request), user=request.user)


def _office(request: HttpRequest) -> Office:
    return request.user.membership.organisation.office


def _last_selection(request: HttpRequest) -> tuple[list[int], datetime | None]:
    """The screenings of the last selection and its moment, while it may be undone."""
    kept = request.session.get(SELECTION_KEY)
    if not kept:
        return [], None
    at = datetime.fromisoformat(kept["at"])
    return (kept["ids"], at) if timezone.now() - at < UNDOABLE_FOR else ([], None)


def _line(market: Market) -> Line:
    given = next((given for given in market.shown_screenings if given.verdict), None)
    return Line(market, given, (timezone.localdate() - timezone.localdate(market.plan.submitted_at)).days)


def _show_list(request: HttpRequest, selection: SelectionForm, status: int = 200) -> HttpResponse:
    filtered = _filtered(request)
    page = Paginator(filtered.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filter": filtered,
        "progress": progress(filtered.lines),
        "page": page,
        "lines": [_line(market) for market in page],
        "selection": selection,
        "selected": selection.data.getlist("market") if selection.is_bound else [],
        "undoable": len(_last_selection(request)[0]),
        "may_decide": allows(request.user, Permission.SCREENING_DECIDE),
        "form": None,
    }
    is_swap = request.htmx and not request.htmx.history_restore_request
    template = "clauses/screening_list.html#results" if is_swap else "clauses/screening_list.html"
    response = render(request, template, context, status=status)
    return push_url(response, f"?{filtered.query}") if is_swap else response


def _show_detail(request: HttpRequest, line: Line, form: OpinionForm, status: int = 200) -> HttpResponse:
    proposals = Proposal.objects.visible_to(request.user).order_by("pk")
    lots = line.market.lots.order_by("number").prefetch_related(
        Prefetch("proposals", proposals, to_attr="shown_proposals")
    )
    context = {
        "market": line.market,
        "given": line.given,
        "form": form,
        "query": request.GET.urlencode(),
        "lots": lots,
        "events": _events(request, line.market),
        "may_decide": allows(request.user, Permission.SCREENING_DECIDE),
        "may_propose": allows(request.user, Permission.PROPOSAL_WRITE),
    }
    return render(request, "clauses/screening_detail.html", context, status=status)


def _show_row(
    request: HttpRequest, line: Line, form: OpinionForm | None = None, status: int = 200, said: str = ""
) -> HttpResponse:
    filtered = _filtered(request)
    context = {
        "line": line,
        "filter": filtered,
        "progress": progress(filtered.lines),
        "form": form,
        "said": said,
        "selected": [],
        "may_decide": True,
    }
    return render(request, "clauses/screening_list.html#answer", context, status=status)


def _events(request: HttpRequest, market: Market) -> QuerySet[AuditEvent] | list[AuditEvent]:
    """The office alone reads the verdicts that came before the published one."""
    if request.user.membership.role not in OFFICE_ROLES or not market.shown_screenings:
        return []
    return audit.history(market.shown_screenings[0])


def _ask_again(request: HttpRequest, line: Line, form: OpinionForm, *, status: int) -> HttpResponse:
    show = _show_row if request.htmx else _show_detail
    return show(request, line, form, status=status)


def _answer(request: HttpRequest, pk: int, said: str) -> HttpResponse:
    """The row as it is now, or the page it came from."""
    if request.htmx:
        return _show_row(request, _line(_lines(request).get(pk=pk)), said=said)
    messages.success(request, said)
    if "fiche" in request.POST:
        return redirect("clauses:screening_detail", pk)
    return _to_list(request, f"#marche-{pk}")


def _refuse(request: HttpRequest, refusal: Exception) -> HttpResponse:
    messages.error(request, str(refusal))
    return _to_list(request)


def _to_list(request: HttpRequest, anchor: str = "") -> HttpResponse:
    query = request.GET.urlencode()
    address = f"{reverse('clauses:screening_list')}{'?' if query else ''}{query}{anchor}"
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _counted(number: int) -> str:
    return "1 ligne" if number == 1 else f"{number} lignes"
