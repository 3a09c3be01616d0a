"""A structure’s own space: its cards, how much it can do, the needs it was sent and what it answered."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission, require_permission
from structures import queries
from structures.enums import DeclineReason
from structures.forms.cards import CapacityForm
from structures.forms.corrections import OwnCardForm
from structures.forms.sourcing import OwnAnswerForm
from structures.models import Approach, Correction, Offer, Structure
from structures.services import corrections, offers, sourcing
from structures.workflow import TransitionRefused


PAGE_SIZE = 30


def _cards(request: HttpRequest):
    return Structure.objects.own_of(request.user)


@require_safe
@require_permission(Permission.CARD_KEEP)
def own_card(request: HttpRequest) -> HttpResponse:
    cards = list(_cards(request).order_by("kind", "pk"))
    on = timezone.localdate()
    context = {
        "cards": [(card, queries.offers_of(card, on=on)) for card in cards],
        "waiting": _waiting(request, cards),
        "today": on,
    }
    return render(request, "structures/own_card.html", context)


def _waiting(request: HttpRequest, cards: Iterable[Structure]) -> list[Correction]:
    rows = Correction.objects.visible_to(request.user).to_review().filter(structure__in=list(cards))
    return list(rows.select_related("structure").order_by("proposed_at", "pk"))


@require_http_methods(["GET", "POST"])
@require_permission(Permission.CARD_KEEP)
def own_card_edit(request: HttpRequest, pk: int) -> HttpResponse:
    card = get_object_or_404(_cards(request), pk=pk)
    waiting = [row for row in _waiting(request, [card]) if row.office_id is None]
    form = OwnCardForm(
        request.POST if request.method == "POST" else None,
        instance=Structure.objects.get(pk=pk),
        initial=waiting[-1].values if waiting else {},
    )
    if form.is_valid():
        by, at = request.user, timezone.now()
        corrections.volunteer(structure=card, office=None, **form.said, name=str(by), by=by, at=at)
        messages.success(request, "Votre correction est envoyée : elle paraîtra une fois relue.")
        return redirect("structures:own_card")
    return _form_page(request, form, card, "Corriger ma fiche")


@require_http_methods(["GET", "POST"])
@require_permission(Permission.CARD_KEEP)
def own_capacity(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Offer.objects.filter(structure__in=_cards(request)).select_related("structure", "trade")
    offer = get_object_or_404(rows, pk=pk)
    today = timezone.localdate()
    form = CapacityForm(request.POST if request.method == "POST" else None, initial={"starts_on": today})
    if form.is_valid():
        offers.declare_capacity(offer=offer, **form.cleaned_data, by=request.user, on=today)
        messages.success(request, f"Votre capacité de « {offer.trade} » est notée.")
        return redirect("structures:own_card")
    return _form_page(request, form, offer.structure, f"Ma capacité : {offer.trade}")


def _form_page(request: HttpRequest, form, structure: Structure, title: str) -> HttpResponse:
    context = {"form": form, "structure": structure, "title": title}
    return render(request, "structures/own_form.html", context, status=422 if form.errors else 200)


def _received(request: HttpRequest):
    rows = Approach.objects.visible_to(request.user)
    return rows.select_related(
        "structure", "need__office__organisation", "need__market__plan__buyer__organisation"
    )


@require_safe
@require_permission(Permission.CARD_KEEP)
def own_need_list(request: HttpRequest) -> HttpResponse:
    rows = _received(request).order_by("need__closed_at", "-sent_at", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "today": timezone.localdate()}
    return render(request, "structures/own_need_list.html", context)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.CARD_KEEP)
def own_need(request: HttpRequest, pk: int) -> HttpResponse:
    approach = get_object_or_404(_received(request), pk=pk)
    if request.method == "POST":
        return _answer(request, approach, OwnAnswerForm(request.POST))
    sourcing.remember_reading(approach=approach, at=timezone.now())
    return _need_page(request, approach, OwnAnswerForm())


def _answer(request: HttpRequest, approach: Approach, form: OwnAnswerForm) -> HttpResponse:
    if not form.is_valid():
        return _need_page(request, approach, form)
    by = request.user
    said = {"name": str(by), "comment": form.cleaned_data["comment"], "by": by, "at": timezone.now()}
    try:
        if form.is_declining:
            sourcing.decline(approach=approach, reason=DeclineReason(form.cleaned_data["reason"]), **said)
        else:
            sourcing.take_interest(approach=approach, **said)
    except (sourcing.SourcingRefused, TransitionRefused) as refusal:
        form.add_error(None, str(refusal))
        return _need_page(request, approach, form)
    messages.success(request, f"Votre réponse est envoyée à {approach.need.office}.")
    return redirect("structures:own_need", pk=approach.pk)


def _need_page(request: HttpRequest, approach: Approach, form: OwnAnswerForm) -> HttpResponse:
    need = approach.need
    context = {
        "approach": approach,
        "need": need,
        "buyer": need.market.plan.buyer if need.names_buyer and need.market else None,
        "form": form,
    }
    return render(request, "structures/own_need.html", context, status=422 if form.errors else 200)
