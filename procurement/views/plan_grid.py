"""Many lines of a draft plan typed in one table; a row at a time when the page has JavaScript."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission, require_permission
from config.lib.french import format_number
from config.lib.listing import PAGE_SIZE
from procurement.enums import Nature, Procedure
from procurement.filters.plan_grid import PlanGridFilter
from procurement.forms import plan_grid as grid
from procurement.forms.plan_grid import GridRow
from procurement.imports.typed import COLUMNS
from procurement.models import Department, Family, Market, PurchasePlan
from procurement.services import typed_lines
from procurement.services.typed_lines import SavedRow
from procurement.workflow import TransitionRefused


CREATED_KEY = "typed_lines"
_MOST_REMEMBERED = 500
TEMPLATE = "procurement/plan_grid.html"


@require_http_methods(["GET", "POST"])
@require_permission(Permission.PLAN_EDIT)
def plan_grid(request: HttpRequest, pk: int) -> HttpResponse:
    visible = PurchasePlan.objects.visible_to(request.user).select_related("buyer__organisation")
    plan = get_object_or_404(visible, pk=pk)
    if request.method == "POST":
        return _save(request, plan)
    if not plan.is_draft:
        return redirect(plan)
    found = _filter(request, plan)
    page = _page(request, found)
    rows = [*map(grid.shown, page), *grid.blank_rows()]
    return render(request, TEMPLATE, _context(plan, found, page, rows))


def _save(request: HttpRequest, plan: PurchasePlan) -> HttpResponse:
    created = request.session.get(CREATED_KEY, {})
    rows = grid.read_rows(request.POST, created)
    try:
        saved = typed_lines.save(plan=plan, rows=rows, by=request.user)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
        return _answer(request, plan, grid.as_typed(rows), status=422)
    _remember(request, created, saved)
    answers = list(map(grid.answered, saved))
    if request.htmx or any(row.is_refused for row in answers):
        is_refused = any(row.is_refused for row in answers)
        return _answer(request, plan, answers, status=422 if is_refused else 200)
    messages.success(request, _told(saved))
    for sentence in _doubts(saved):
        messages.warning(request, sentence)
    return redirect(request.get_full_path())


def _answer(request: HttpRequest, plan: PurchasePlan, rows: list[GridRow], *, status: int) -> HttpResponse:
    """The rows alone for the page that saves them one by one; the page with what was typed otherwise."""
    if request.htmx:
        return render(request, f"{TEMPLATE}#rows", {"rows": rows}, status=status)
    found = _filter(request, plan)
    context = _context(plan, found, _page(request, found), rows)
    context |= {"refused": sum(row.is_refused for row in rows)}
    return render(request, TEMPLATE, context, status=status)


def _remember(request: HttpRequest, created: dict[str, int], saved: Iterable[SavedRow]) -> None:
    """A new row sent twice, because its answer was lost, is one line."""
    new = {
        one.row.key: one.market.pk
        for one in saved
        if one.is_saved and one.row.market_id is None and one.market
    }
    if new:
        kept = list((created | new).items())[-_MOST_REMEMBERED:]
        request.session[CREATED_KEY] = dict(kept)


def _filter(request: HttpRequest, plan: PurchasePlan) -> PlanGridFilter:
    lines = Market.objects.visible_to(request.user).filter(plan=plan).select_related("department", "family")
    departments = Department.objects.filter(buyer=plan.buyer_id).order_by("name", "pk")
    return PlanGridFilter(request.GET, lines.order_by("pk"), departments=departments)


def _page(request: HttpRequest, found: PlanGridFilter) -> Page:
    return Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("page"))


def _context(plan: PurchasePlan, found: PlanGridFilter, page: Page, rows: list[GridRow]) -> dict:
    return {
        "plan": plan,
        "filter": found,
        "page": page,
        "rows": rows,
        "refused": 0,
        "pattern": [grid.pattern_row()],
        "columns": COLUMNS.values(),
        "choices": {
            "departments": [department.name for department in found.filters["department"].queryset],
            "families": Family.objects.order_by("label", "pk").values_list("label", flat=True),
            "natures": _labels(Nature),
            "procedures": _labels(Procedure),
        },
    }


def _labels(choices: type[Nature] | type[Procedure]) -> list[str]:
    return [choice.label for choice in choices if choice != choices.UNKNOWN]


def _told(saved: Iterable[SavedRow]) -> str:
    count = sum(one.is_saved for one in saved)
    if not count:
        return "Rien n’a changé dans le tableau."
    return "Une ligne est enregistrée." if count == 1 else f"{format_number(count)} lignes sont enregistrées."


def _doubts(saved: Iterable[SavedRow]) -> list[str]:
    return [
        f"«\N{NO-BREAK SPACE}{one.market}\N{NO-BREAK SPACE}» : {sentence}"
        for one in saved
        for sentence in one.doubts.values()
    ]
