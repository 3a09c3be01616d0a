"""What is remembered of the files of a buyer, and the way to forget it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission, require_permission
from procurement.imports.columns import MEANINGS
from procurement.models import Buyer, ColumnChoice, ValueChoice
from procurement.services import import_memory


NOT_READ = "Ne pas lire"


@require_safe
@require_permission(Permission.PLAN_EDIT)
def buyer_memory(request: HttpRequest, pk: int) -> HttpResponse:
    buyer = _buyer(request, pk)
    columns = ColumnChoice.objects.filter(buyer=buyer).select_related("chosen_by").order_by("written", "pk")
    values = ValueChoice.objects.filter(buyer=buyer).select_related("chosen_by", "family", "department")
    context = {
        "buyer": buyer,
        "columns": [(choice, MEANINGS.get(choice.field, NOT_READ)) for choice in columns],
        "values": values.order_by("field", "written", "pk"),
    }
    return render(request, "procurement/buyer_memory.html", context)


@require_POST
@require_permission(Permission.PLAN_EDIT)
def buyer_forget(request: HttpRequest, pk: int) -> HttpResponse:
    buyer = _buyer(request, pk)
    forgotten = import_memory.forget(
        buyer=buyer, columns=_numbers(request, "column"), values=_numbers(request, "value"), by=request.user
    )
    if forgotten:
        messages.success(request, f"Oublié{'s' if len(forgotten) > 1 else ''} : {', '.join(forgotten)}.")
    else:
        messages.error(request, "Rien n’est oublié : cochez au moins un choix.")
    return redirect("procurement:buyer_memory", buyer.pk)


def _buyer(request: HttpRequest, pk: int) -> Buyer:
    return get_object_or_404(Buyer.objects.visible_to(request.user).select_related("organisation"), pk=pk)


def _numbers(request: HttpRequest, name: str) -> set[int]:
    said = request.POST.getlist(name)
    return {int(number) for number in said if number.isascii() and number.isdecimal() and len(number) < 18}
