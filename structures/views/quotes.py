"""The quotes received for a need: compared, chosen, ordered."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Permission, allows, require_permission
from structures.forms.purchases import ChooseForm, QuoteForm
from structures.models import DirectOrder, Need, Quote, Structure
from structures.rules.quotes import compare
from structures.services import orders, quotes
from structures.services.orders import OrderRefused
from structures.services.quotes import QuoteRefused
from structures.views.orders import buyers_of


@require_safe
@require_permission(Permission.ORDER_VIEW)
def quote_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Like is compared with like; the page says what is not."""
    need = _need(request, pk)
    rows = list(_quotes(request).filter(need=need).order_by("received_on", "pk"))
    standing = {row.pk: row for row in rows if row.withdrawn_at is None}
    ordered = DirectOrder.objects.visible_to(request.user).standing().filter(quote__need=need)
    made = {order.quote_id: order for order in ordered}
    groups = [
        {
            "group": group,
            "lines": [
                {"row": row, "quote": standing[row.priced.key], "order": made.get(row.priced.key)}
                for row in group.rows
            ],
        }
        for group in compare(row.priced for row in standing.values())
    ]
    context = {
        "need": need,
        "groups": groups,
        "withdrawn": [row for row in rows if row.withdrawn_at],
        "is_ordered": bool(made),
        "may_write": allows(request.user, Permission.ORDER_WRITE),
        "today": timezone.localdate(),
    }
    return render(request, "structures/orders/quotes.html", context)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.ORDER_WRITE)
def quote_note(request: HttpRequest, pk: int) -> HttpResponse:
    need = _need(request, pk)
    form = QuoteForm(
        request.POST if request.method == "POST" else None,
        structures=_shortlisted(need),
        initial={"received_on": timezone.localdate()},
    )
    if form.is_valid():
        quote = quotes.note(need=need, values=form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, f"Le devis de {quote.structure} est noté.")
        return redirect("structures:quote_list", pk=need.pk)
    return _form(request, form, need)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.ORDER_WRITE)
def quote_change(request: HttpRequest, pk: int) -> HttpResponse:
    quote = get_object_or_404(_quotes(request), pk=pk)
    form = QuoteForm(
        request.POST if request.method == "POST" else None,
        instance=Quote.objects.get(pk=pk),
        structures=_shortlisted(quote.need),
    )
    if form.is_valid():
        try:
            quotes.change(quote=quote, values=form.cleaned_data, by=request.user)
        except QuoteRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Le devis de {quote.structure} est modifié.")
            return redirect("structures:quote_list", pk=quote.need_id)
    return _form(request, form, quote.need, quote)


@require_POST
@require_permission(Permission.ORDER_WRITE)
def quote_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    withdraw = lambda quote: quotes.withdraw(quote=quote, by=request.user, at=timezone.now())  # noqa: E731
    return _move(request, pk, withdraw, "Le devis de {} n’est plus comparé.")


@require_POST
@require_permission(Permission.ORDER_WRITE)
def quote_bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    bring_back = lambda quote: quotes.bring_back(quote=quote, by=request.user)  # noqa: E731
    return _move(request, pk, bring_back, "Le devis de {} est comparé de nouveau.")


@require_http_methods(["GET", "POST"])
@require_permission(Permission.ORDER_WRITE)
def quote_order(request: HttpRequest, pk: int) -> HttpResponse:
    quote = get_object_or_404(_quotes(request), pk=pk)
    buyers = buyers_of(request)
    if quote.need.market:
        buyers = buyers.filter(pk=quote.need.market.plan.buyer_id)
    data = request.POST if request.method == "POST" else None
    form = ChooseForm(data, buyers=buyers, today=timezone.localdate())
    if form.is_valid():
        try:
            order = orders.order_quote(quote=quote, by=request.user, at=timezone.now(), **form.cleaned_data)
        except OrderRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Le devis de {quote.structure} est commandé.")
            return redirect(order)
    context = {"form": form, "quote": quote}
    return render(request, "structures/orders/choose_quote.html", context, status=422 if form.errors else 200)


def _need(request: HttpRequest, pk: int) -> Need:
    rows = Need.objects.visible_to(request.user).select_related("market__plan__buyer__organisation")
    return get_object_or_404(rows, pk=pk)


def _quotes(request: HttpRequest):
    return Quote.objects.visible_to(request.user).select_related("structure", "need__market__plan")


def _shortlisted(need: Need):
    rows = Structure.objects.filter(pk__in=need.approaches.values("structure"))
    return rows.order_by("sort_name", "pk")


def _form(request: HttpRequest, form: QuoteForm, need: Need, quote: Quote | None = None) -> HttpResponse:
    context = {"form": form, "need": need, "quote": quote}
    return render(request, "structures/orders/quote_form.html", context, status=422 if form.errors else 200)


def _move(request: HttpRequest, pk: int, verb: Callable, said: str) -> HttpResponse:
    quote = get_object_or_404(_quotes(request), pk=pk)
    try:
        verb(quote)
    except QuoteRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said.format(quote.structure))
    return redirect("structures:quote_list", pk=quote.need_id)
