from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.permissions import Permission, require_permission
from accounts.roles import Role
from procurement.enums import PlanState
from procurement.filters.plans import PlanFilter
from procurement.forms.plans import PlanForm
from procurement.models import Buyer, Market, PlanFile, PurchasePlan
from procurement.notifications import told_of
from procurement.queries import missing
from procurement.services import plans
from procurement.views import undo
from procurement.workflow import TransitionRefused, open_transitions


PAGE_SIZE = 50


def _visible(request: HttpRequest):
    return PurchasePlan.objects.visible_to(request.user)


@require_safe
@require_permission(Permission.PLAN_VIEW)
def plan_list(request: HttpRequest) -> HttpResponse:
    visible = _visible(request).with_totals().select_related("buyer__organisation", "submitted_by")
    found = PlanFilter(request.GET, visible, user=request.user)
    year = found.chosen_year or timezone.localdate().year + 1
    page = Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    awaited = Buyer.objects.visible_to(request.user).without_plan(year).order_by("organisation__name", "pk")
    context = {"filter": found, "page": page, "year": year, "awaited": awaited}
    return render(request, "procurement/plan_list.html", context)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.PLAN_EDIT)
def plan_open(request: HttpRequest) -> HttpResponse:
    buyers = Buyer.objects.visible_to(request.user).order_by("organisation__name", "pk")
    initial = {"year": timezone.localdate().year + 1, "buyer": request.GET.get("buyer")}
    form = PlanForm(request.POST or None, buyers=buyers, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(plans.start(**form.cleaned_data, by=request.user))
        except plans.PlanExists as refusal:
            form.add_error("year", str(refusal))
    status = 422 if form.errors else 200
    return render(request, "procurement/plan_open.html", {"form": form}, status=status)


@require_safe
@require_permission(Permission.PLAN_VIEW)
def plan_detail(request: HttpRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(_visible(request).select_related("buyer__organisation", "submitted_by"), pk=pk)
    lines = (
        Market.objects.visible_to(request.user)
        .filter(plan=plan)
        .select_related("department", "family")
        .order_by("launch_on", "reference", "pk")
    )
    context = {
        "plan": plan,
        "page": Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page")),
        "totals": lines.totals(),
        "transitions": {transition.name for transition in open_transitions(PlanState(plan.state))},
        "is_told": plan.answers.exists(),
        "files": _files(request, plan),
        "events": audit.history(plan),
        "today": timezone.localdate(),
        "missing": missing.of_lines(lines) if plan.is_draft else [],
        "undoable": undo.offered(request, plan),
    }
    return render(request, "procurement/plan_detail.html", context)


def _files(request: HttpRequest, plan: PurchasePlan):
    """The latest ones; `None` for a department, which does not see them."""
    if request.user.membership.role == Role.PRESCRIBER:
        return None
    visible = PlanFile.objects.visible_to(request.user).filter(plan=plan)
    return visible.select_related("uploaded_by").order_by("-uploaded_at", "-pk")[:10]


@require_POST
@require_permission(Permission.PLAN_EDIT)
def plan_submit(request: HttpRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(_visible(request), pk=pk)
    try:
        plan = plans.submit(plan=plan, by=request.user, at=timezone.now())
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _handed_in(plan))
    return redirect(plan)


def _handed_in(plan: PurchasePlan) -> str:
    """Promises a letter only when somebody is there to read it."""
    said = f"Le plan d’achats {plan.year} est déposé"
    return f"{said} : l’office est prévenu." if told_of(plan) else f"{said}."


@require_POST
@require_permission(Permission.PLAN_EDIT)
def plan_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(_visible(request), pk=pk)
    try:
        plans.reopen(plan=plan, by=request.user)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Le plan d’achats {plan.year} est de nouveau un brouillon.")
    return redirect(plan)
