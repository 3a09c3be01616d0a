from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission, require_permission
from procurement.forms.markets import LotForm
from procurement.models import Lot, Market
from procurement.services import lots
from procurement.workflow import TransitionRefused


def _visible(request: HttpRequest):
    return Lot.objects.visible_to(request.user).select_related("market__plan__buyer__organisation")


@require_http_methods(["GET", "POST"])
@require_permission(Permission.PLAN_EDIT)
def lot_add(request: HttpRequest, pk: int) -> HttpResponse:
    markets = Market.objects.visible_to(request.user).select_related("plan__buyer__organisation")
    market = get_object_or_404(markets, pk=pk)
    form = LotForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            lot = lots.add(market=market, **form.cleaned_data, by=request.user)
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Le lot {lot.number} est ajouté.")
            return redirect(market)
    return _form_page(request, form, market)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.PLAN_EDIT)
def lot_edit(request: HttpRequest, pk: int) -> HttpResponse:
    lot = get_object_or_404(_visible(request), pk=pk)
    form = LotForm(request.POST or None, instance=Lot.objects.get(pk=pk))
    if request.method == "POST" and form.is_valid():
        try:
            lots.edit(lot=lot, **form.cleaned_data, by=request.user)
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Le lot {lot.number} est enregistré.")
            return redirect(lot.market)
    return _form_page(request, form, lot.market, lot)


def _form_page(request: HttpRequest, form: LotForm, market: Market, lot: Lot | None = None) -> HttpResponse:
    context = {"form": form, "market": market, "lot": lot}
    return render(request, "procurement/lot_form.html", context, status=422 if form.errors else 200)


@require_POST
@require_permission(Permission.PLAN_EDIT)
def lot_remove(request: HttpRequest, pk: int) -> HttpResponse:
    lot = get_object_or_404(_visible(request), pk=pk)
    try:
        lots.remove(lot=lot, by=request.user)
    except (TransitionRefused, lots.LastLot, lots.LotInUse) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Le lot {lot.number} est retiré.")
    return redirect(lot.market)
