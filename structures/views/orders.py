"""Small purchases made straight from a structure."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import push_url

from accounts import audit
from accounts.permissions import Permission, allows, require_permission
from procurement.models import Buyer
from structures.exports import orders as exports
from structures.filters.orders import DirectOrderFilter
from structures.forms.purchases import OrderForm
from structures.models import DirectOrder, Need, Structure
from structures.services import orders
from structures.services.orders import OrderRefused
from structures.workflow import TransitionRefused


PAGE_SIZE = 50
# Of the structures found for an order.
FOUND = 12
CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def buyers_of(request: HttpRequest) -> QuerySet[Buyer]:
    visible = Buyer.objects.visible_to(request.user).select_related("organisation")
    return visible.order_by("organisation__name", "pk")


@require_safe
@require_permission(Permission.ORDER_VIEW)
def order_list(request: HttpRequest) -> HttpResponse:
    found = _filtered(request)
    page = Paginator(_rows(found), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filter": found,
        "page": page,
        "total": found.qs.standing().aggregate(total=Sum("total_amount"))["total"],
    }
    is_swap = request.htmx and not request.htmx.history_restore_request
    template = "structures/orders/list.html#results" if is_swap else "structures/orders/list.html"
    response = render(request, template, context)
    # The back button must not show the fragment as a page.
    patch_vary_headers(response, ["HX-Request"])
    return push_url(response, f"?{found.query}") if is_swap else response


@require_safe
@require_permission(Permission.ORDER_VIEW)
def order_export(request: HttpRequest, extension: str) -> HttpResponse:
    rows, at = _rows(_filtered(request)), timezone.now()
    content = exports.csv(rows) if extension == "csv" else exports.workbook(rows, at=at)
    name = f"achats-directs-{timezone.localdate():%Y-%m-%d}.{extension}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=CONTENT_TYPES[extension], headers=headers)


@require_safe
@require_permission(Permission.ORDER_VIEW)
def order_detail(request: HttpRequest, pk: int) -> HttpResponse:
    order = _order(request, pk)
    context = {
        "order": order,
        "is_standing": order.cancelled_at is None,
        "may_write": allows(request.user, Permission.ORDER_WRITE),
        "events": audit.history(order),
        "compared": _compared(request, order),
    }
    return render(request, "structures/orders/detail.html", context)


def _compared(request: HttpRequest, order: DirectOrder) -> Need | None:
    """The need whose quotes may be read: one that names no market of the buyer is the office’s alone."""
    if order.quote is None:
        return None
    return Need.objects.visible_to(request.user).filter(pk=order.quote.need_id).first()


@require_http_methods(["GET", "POST"])
@require_permission(Permission.ORDER_WRITE)
def order_note(request: HttpRequest) -> HttpResponse:
    """First from whom, then what: the structure is in the address."""
    structure = _structure(request)
    if structure is None:
        return _choose_structure(request)
    form = OrderForm(
        request.POST if request.method == "POST" else None,
        buyers=buyers_of(request),
        initial={"ordered_on": timezone.localdate()},
    )
    if form.is_valid():
        order = orders.order(
            structure=structure, values=form.cleaned_data, by=request.user, at=timezone.now()
        )
        messages.success(request, f"L’achat « {order} » est noté.")
        return redirect(order)
    context = {"form": form, "structure": structure}
    return render(request, "structures/orders/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.ORDER_WRITE)
def order_change(request: HttpRequest, pk: int) -> HttpResponse:
    order = _order(request, pk)
    form = OrderForm(
        request.POST if request.method == "POST" else None,
        instance=DirectOrder.objects.get(pk=pk),
        buyers=buyers_of(request),
    )
    if form.is_valid():
        try:
            orders.change(order=order, values=form.cleaned_data, by=request.user)
        except OrderRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"L’achat « {form.cleaned_data['title']} » est modifié.")
            return redirect(order)
    context = {"form": form, "order": order, "structure": order.structure}
    return render(request, "structures/orders/form.html", context, status=422 if form.errors else 200)


@require_POST
@require_permission(Permission.ORDER_WRITE)
def order_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    cancel = lambda order: orders.cancel(order=order, by=request.user, at=timezone.now())  # noqa: E731
    return _move(request, pk, cancel, "L’achat est annulé : il ne compte plus.")


@require_POST
@require_permission(Permission.ORDER_WRITE)
def order_reinstate(request: HttpRequest, pk: int) -> HttpResponse:
    reinstate = lambda order: orders.reinstate(order=order, by=request.user)  # noqa: E731
    return _move(request, pk, reinstate, "L’achat est rétabli : il compte de nouveau.")


def _choose_structure(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "")[:100]
    found = Structure.objects.none()
    if words.strip():
        found = Structure.objects.visible_to(request.user).matching(words).order_by("sort_name", "pk")
    context = {"words": words, "found": found[:FOUND]}
    return render(request, "structures/orders/choose.html", context)


def _structure(request: HttpRequest) -> Structure | None:
    asked = request.GET.get("structure", "")
    return (
        get_object_or_404(Structure.objects.visible_to(request.user), pk=asked) if asked.isdecimal() else None
    )


def _order(request: HttpRequest, pk: int) -> DirectOrder:
    rows = DirectOrder.objects.visible_to(request.user).select_related(
        "buyer__organisation", "structure", "quote__need", "market", "noted_by"
    )
    return get_object_or_404(rows, pk=pk)


def _filtered(request: HttpRequest) -> DirectOrderFilter:
    visible = DirectOrder.objects.visible_to(request.user)
    return DirectOrderFilter(request.GET, visible, user=request.user, today=timezone.localdate())


def _rows(found: DirectOrderFilter) -> QuerySet[DirectOrder]:
    return found.qs.select_related("buyer__organisation", "structure").order_by("-ordered_on", "-pk")


def _move(request: HttpRequest, pk: int, verb: Callable, said: str) -> HttpResponse:
    order = _order(request, pk)
    try:
        verb(order)
    except (OrderRefused, TransitionRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(order)
