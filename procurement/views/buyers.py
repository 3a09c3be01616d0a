from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from accounts.models import Mandate, Membership, Office
from accounts.permissions import Permission, require_permission
from accounts.roles import BUYER_ROLES, Role
from config.lib.listing import PAGE_SIZE
from procurement.filters.buyers import BuyerFilter
from procurement.forms.buyers import BuyerForm, DepartmentForm
from procurement.models import Buyer, Department, PurchasePlan
from procurement.queries import buyers as numbers
from procurement.queries.delays import timetable_of
from procurement.services import buyers, departments
from procurement.views.lists import render_list


EVENTS = 20


@require_safe
@require_permission(Permission.PLAN_VIEW)
def buyer_list(request: HttpRequest) -> HttpResponse:
    """An office has a list; who belongs to a buyer has its card."""
    hat = request.user.membership
    if hat.role in BUYER_ROLES:
        return redirect("procurement:buyer_detail", hat.organisation_id)
    visible = Buyer.objects.visible_to(request.user)
    found = BuyerFilter(request.GET, visible, user=request.user, today=timezone.localdate())
    plans = PurchasePlan.objects.visible_to(request.user).filter(year=found.plan_year).with_totals()
    mandates = Mandate.objects.in_force().filter(office=hat.organisation_id)
    rows = (
        found.qs.select_related("organisation")
        .annotate(department_count=Count("departments"))
        .prefetch_related(
            Prefetch("plans", plans, to_attr="plans_of_year"),
            Prefetch("organisation__mandates", mandates, to_attr="mandates_of_office"),
        )
        .order_by("organisation__name", "pk")
    )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    due_on = timetable_of(request.user).plan_due_on(found.plan_year)
    context = {
        "filter": found,
        "plan_due_on": due_on,
        "is_plan_late": due_on is not None and due_on < timezone.localdate(),
        "page": page,
        "rows": [_row(buyer) for buyer in page],
        "campaign": numbers.campaign(found.buyers),
    }
    return render_list(request, "procurement/buyer_list.html", context)


@require_safe
@require_permission(Permission.PLAN_VIEW)
def buyer_detail(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Buyer.objects.visible_to(request.user).select_related("organisation")
    buyer = get_object_or_404(visible, pk=pk)
    plans = PurchasePlan.objects.visible_to(request.user).filter(buyer=buyer).with_totals()
    members = Membership.objects.in_force().select_related("user").order_by("user__last_name", "pk")
    services = Department.objects.visible_to(request.user).filter(buyer=buyer)
    context = {
        "buyer": buyer,
        "plans": plans.order_by("-year"),
        "departments": services.prefetch_related(
            Prefetch("prescribers", members, to_attr="members")
        ).order_by("name", "pk"),
        "accounts": members.filter(organisation=pk, role=Role.BUYER),
        "mandates": buyer.organisation.mandates.select_related("office__organisation").order_by(
            "-starts_on", "-pk"
        ),
        "events": audit.history(buyer.organisation)[:EVENTS],
        "today": timezone.localdate(),
    }
    return render(request, "procurement/buyer_detail.html", context)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.BUYER_ADD)
def buyer_add(request: HttpRequest) -> HttpResponse:
    form = BuyerForm(request.POST or None)
    if form.is_valid():
        office = Office.objects.visible_to(request.user).get()
        try:
            buyer = buyers.add(**form.cleaned_data, office=office, by=request.user, on=timezone.localdate())
        except (buyers.BuyerServed, buyers.BuyerKnown) as refusal:
            form.add_error("siret", str(refusal))
        else:
            messages.success(request, f"« {buyer} » est ajouté à vos acheteurs.")
            return redirect(buyer)
    return _form(request, "procurement/buyer_add.html", {"form": form})


@require_http_methods(["GET", "POST"])
@require_permission(Permission.BUYER_MANAGE)
def department_add(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Buyer.objects.visible_to(request.user).select_related("organisation")
    buyer = get_object_or_404(visible, pk=pk)
    form = DepartmentForm(request.POST or None, prescribers=departments.eligible_prescribers(buyer))
    if form.is_valid():
        try:
            department = departments.add(buyer=buyer, **form.cleaned_data, by=request.user)
        except departments.DepartmentKnown as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"Le service « {department} » est ajouté.")
            return redirect(buyer)
    return _form(request, "procurement/department_form.html", {"form": form, "buyer": buyer})


@require_http_methods(["GET", "POST"])
@require_permission(Permission.BUYER_MANAGE)
def department_edit(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Department.objects.visible_to(request.user).select_related("buyer__organisation")
    department = get_object_or_404(visible, pk=pk)
    buyer, name = department.buyer, department.name
    form = DepartmentForm(
        request.POST or None,
        instance=department,
        prescribers=departments.eligible_prescribers(buyer),
    )
    if form.is_valid():
        try:
            departments.edit(department=department, **form.cleaned_data, by=request.user)
        except departments.DepartmentKnown as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"Le service « {form.cleaned_data['name']} » est modifié.")
            return redirect(buyer)
    context = {"form": form, "buyer": buyer, "department": department, "name": name}
    return _form(request, "procurement/department_form.html", context)


def _row(buyer: Buyer) -> dict:
    """One plan a year and one agreement at a time at most: constraints see to it."""
    return {
        "buyer": buyer,
        "plan": next(iter(buyer.plans_of_year), None),
        "mandate": next(iter(buyer.organisation.mandates_of_office), None),
    }


def _form(request: HttpRequest, template: str, context: dict) -> HttpResponse:
    return render(request, template, context, status=422 if request.method == "POST" else 200)
