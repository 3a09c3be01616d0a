from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import Permission, require_permission
from procurement.models import Buyer
from reporting.filters import BuyerYearForm
from reporting.queries import direct_orders as query
from reporting.rules import periods
from structures.models import DirectOrder


@require_safe
@require_permission(Permission.ORDER_VIEW)
def direct_order_figures(request: HttpRequest) -> HttpResponse:
    buyers = Buyer.objects.visible_to(request.user).select_related("organisation")
    form = BuyerYearForm(request.GET, buyers=buyers, today=timezone.localdate())
    starts_on, ends_on = periods.year(form.year_chosen)
    orders = DirectOrder.objects.visible_to(request.user)
    if form.buyer_chosen:
        orders = orders.filter(buyer=form.buyer_chosen)
    context = {
        "form": form,
        "year": str(form.year_chosen),
        "buyer": form.buyer_chosen,
        "figures": query.figures(orders, starts_on=starts_on, ends_on=ends_on),
    }
    return render(request, "reporting/direct_orders.html", context)
