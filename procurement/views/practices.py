from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.permissions import Permission, allows, require_permission
from config.lib.listing import PAGE_SIZE
from procurement.enums import PracticeState
from procurement.filters.practices import PracticeFilter
from procurement.forms.practices import PracticeForm, from_awarded, from_market
from procurement.models import AwardedContract, Market, PracticeCard
from procurement.services import practices
from procurement.views.lists import render_list
from procurement.workflow import TransitionRefused, open_practice_transitions


@require_safe
@require_permission(Permission.PRACTICE_VIEW)
def practice_list(request: HttpRequest) -> HttpResponse:
    found = PracticeFilter(request.GET, _visible(request))
    page = Paginator(found.qs.order_by("-year", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render_list(request, "procurement/practice_list.html", {"filter": found, "page": page})


@require_safe
@require_permission(Permission.PRACTICE_VIEW)
def practice_detail(request: HttpRequest, pk: int) -> HttpResponse:
    card = get_object_or_404(_visible(request), pk=pk)
    is_ours = allows(request.user, Permission.PRACTICE_WRITE) and _own(request).filter(pk=pk).exists()
    # A person’s name stays in the circle of the office where it was given.
    circle = _circle(request).filter(pk=pk).exists()
    context = {
        "card": card,
        "is_ours": is_ours,
        "in_circle": circle,
        "transitions": {t.name for t in open_practice_transitions(PracticeState(card.state))},
        "events": audit.history(card),
    }
    return render(request, "procurement/practice_detail.html", context)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.PRACTICE_WRITE)
def practice_write(request: HttpRequest) -> HttpResponse:
    market, awarded = _source(request)
    initial = from_market(market) if market else from_awarded(awarded) if awarded else {}
    form = PracticeForm(_sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            card = practices.write(values=form.cleaned_data, by=request.user, market=market, awarded=awarded)
        except practices.NoOffice as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"La fiche « {card} » est gardée en brouillon.")
            return redirect(card)
    return _form_page(request, form)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.PRACTICE_WRITE)
def practice_edit(request: HttpRequest, pk: int) -> HttpResponse:
    card = get_object_or_404(_own(request), pk=pk)
    form = PracticeForm(_sent(request), instance=PracticeCard.objects.get(pk=pk))
    if request.method == "POST" and form.is_valid():
        practices.edit(card=card, values=form.cleaned_data, by=request.user)
        messages.success(request, f"La fiche « {form.cleaned_data['title']} » est enregistrée.")
        return redirect(card)
    return _form_page(request, form, card)


@require_POST
@require_permission(Permission.PRACTICE_WRITE)
def practice_publish(request: HttpRequest, pk: int) -> HttpResponse:
    card = get_object_or_404(_own(request), pk=pk)
    try:
        practices.publish(card=card, by=request.user, at=timezone.now())
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"La fiche « {card} » est publiée.")
    return redirect(card)


@require_POST
@require_permission(Permission.PRACTICE_WRITE)
def practice_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    card = get_object_or_404(_own(request), pk=pk)
    try:
        practices.withdraw(card=card, by=request.user)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"La fiche « {card} » est retirée ; vous pouvez la publier à nouveau.")
    return redirect(card)


def _sent(request: HttpRequest) -> QueryDict | None:
    """An empty form that is sent is refused as any other."""
    return request.POST if request.method == "POST" else None


def _visible(request: HttpRequest) -> QuerySet:
    visible = PracticeCard.objects.visible_to(request.user)
    return visible.select_related("office__organisation", "author", "family")


def _own(request: HttpRequest) -> QuerySet:
    return PracticeCard.objects.written_by(request.user)


def _circle(request: HttpRequest) -> QuerySet:
    return PracticeCard.objects.in_circle_of(request.user)


def _source(request: HttpRequest) -> tuple[Market | None, AwardedContract | None]:
    """The market or the published contract that the address names, if the person may see it."""
    try:
        if pk := request.GET.get("marche"):
            markets = Market.objects.visible_to(request.user).select_related("plan__buyer__organisation")
            return get_object_or_404(markets, pk=pk), None
        if pk := request.GET.get("publie"):
            return None, get_object_or_404(AwardedContract.objects.visible_to(request.user), pk=pk)
    except ValueError as error:
        raise Http404 from error
    return None, None


def _form_page(request: HttpRequest, form: PracticeForm, card: PracticeCard | None = None) -> HttpResponse:
    context = {"form": form, "card": card}
    return render(request, "procurement/practice_form.html", context, status=422 if form.errors else 200)
