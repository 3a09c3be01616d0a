"""A need and the structures asked for it; the page of the link asks nobody who they are."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.models import Office
from accounts.permissions import Permission, allows, require_permission
from procurement.models import Lot, Market
from structures import queries
from structures.enums import ApproachState, DeclineReason
from structures.forms.sourcing import AnswerForm, ApproachesForm, CloseForm, NeedForm, ShortlistForm
from structures.models import Approach, Need, Structure
from structures.services import sourcing
from structures.workflow import TransitionRefused


PAGE_SIZE = 30
# What people usually leave a structure to answer; they change it on the form.
USUAL_DELAY = timedelta(days=14)


def _needs(request: HttpRequest):
    return Need.objects.visible_to(request.user).select_related(
        "office__organisation", "market__plan__buyer__organisation", "lot", "opened_by"
    )


def _approaches(request: HttpRequest, need: Need):
    return need.approaches.visible_to(request.user).select_related("structure")


@require_safe
@require_permission(Permission.SOURCING_VIEW)
def need_list(request: HttpRequest) -> HttpResponse:
    rows = _needs(request).with_counts().order_by("closed_at", "-opened_at", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "structures/need_list.html", {"page": page, "today": timezone.localdate()})


@require_http_methods(["GET", "POST"])
@require_permission(Permission.SOURCING_WRITE)
def need_open(request: HttpRequest) -> HttpResponse:
    market = _market(request)
    lot = _lot(request, market)
    office = get_object_or_404(Office.objects.visible_to(request.user))
    initial = queries.told_of(market, lot) | {"answer_by_on": timezone.localdate() + USUAL_DELAY}
    form = NeedForm(
        request.POST if request.method == "POST" else None, initial=initial, has_buyer=market is not None
    )
    if request.method == "POST" and form.is_valid():
        need = sourcing.open_need(
            office=office, market=market, lot=lot, values=form.values, by=request.user, at=timezone.now()
        )
        return redirect(need)
    context = {"form": form, "market": market, "lot": lot, "need": None}
    return render(request, "structures/need_form.html", context, status=422 if form.errors else 200)


def _market(request: HttpRequest) -> Market | None:
    asked = request.GET.get("market", "")
    visible = Market.objects.visible_to(request.user).select_related("plan__buyer__organisation")
    return get_object_or_404(visible, pk=asked) if asked.isdecimal() else None


def _lot(request: HttpRequest, market: Market | None) -> Lot | None:
    """One of several: the only lot of a market is the market."""
    asked = request.GET.get("lot", "")
    if market is None or not asked.isdecimal():
        return None
    lots = list(market.lots.all())
    found = [lot for lot in lots if str(lot.pk) == asked]
    if not found:
        raise Http404
    return found[0] if len(lots) > 1 else None


@require_safe
@require_permission(Permission.SOURCING_VIEW)
def need_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _need_page(request, get_object_or_404(_needs(request), pk=pk))


@require_http_methods(["GET", "POST"])
@require_permission(Permission.SOURCING_WRITE)
def need_edit(request: HttpRequest, pk: int) -> HttpResponse:
    need = get_object_or_404(_needs(request), pk=pk)
    row = Need.objects.get(pk=pk)
    form = NeedForm(
        request.POST if request.method == "POST" else None, instance=row, has_buyer=need.market is not None
    )
    if request.method == "POST" and form.is_valid():
        try:
            sourcing.change(need=need, values=form.values, by=request.user)
        except sourcing.SourcingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Le besoin est modifié.")
            return redirect(need)
    context = {"form": form, "market": need.market, "lot": need.lot, "need": need}
    return render(request, "structures/need_form.html", context, status=422 if form.errors else 200)


@require_POST
@require_permission(Permission.SOURCING_WRITE)
def need_shortlist(request: HttpRequest, pk: int) -> HttpResponse:
    need = get_object_or_404(_needs(request), pk=pk)
    form = ShortlistForm(request.POST, structures=Structure.objects.visible_to(request.user))
    if not form.is_valid():
        return _refuse(request, need, form)
    try:
        added = sourcing.shortlist(
            need=need, structures=form.cleaned_data["structure"], by=request.user, at=timezone.now()
        )
    except sourcing.SourcingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _counted(len(added), "structure retenue", "structures retenues"))
    return redirect(need)


@require_POST
@require_permission(Permission.SOURCING_WRITE)
def need_send(request: HttpRequest, pk: int) -> HttpResponse:
    return _write_to(request, pk, sourcing.send, "structure sollicitée", "structures sollicitées")


@require_POST
@require_permission(Permission.SOURCING_WRITE)
def need_remind(request: HttpRequest, pk: int) -> HttpResponse:
    return _write_to(request, pk, sourcing.remind, "structure relancée", "structures relancées")


def _write_to(request: HttpRequest, pk: int, verb, one: str, many: str) -> HttpResponse:
    need = get_object_or_404(_needs(request), pk=pk)
    form = ApproachesForm(request.POST, approaches=_approaches(request, need))
    if not form.is_valid():
        return _refuse(request, need, form)
    try:
        rows = verb(need=need, approaches=form.cleaned_data["approach"], by=request.user, at=timezone.now())
    except sourcing.SourcingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _counted(len(rows), one, many))
    return redirect(need)


@require_POST
@require_permission(Permission.SOURCING_WRITE)
def approach_drop(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Approach.objects.visible_to(request.user).select_related("need", "structure")
    approach = get_object_or_404(visible, pk=pk)
    try:
        sourcing.drop(approach=approach, by=request.user)
    except sourcing.SourcingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"« {approach.structure} » n’est plus retenue.")
    return redirect(approach.need)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.SOURCING_WRITE)
def need_close(request: HttpRequest, pk: int) -> HttpResponse:
    need = get_object_or_404(_needs(request), pk=pk)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            sourcing.close(
                need=need, outcome=form.cleaned_data["outcome"], by=request.user, at=timezone.now()
            )
        except sourcing.SourcingRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "La recherche est close.")
        return redirect(need)
    return render(request, "structures/need_close.html", {"form": form, "need": need})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def need_answer(request: HttpRequest, token: str) -> HttpResponse:
    """Reading answers nothing, whoever reads: mail scanners follow links, they press no button."""
    at = timezone.now()
    try:
        approach = sourcing.read(token=token, on=timezone.localdate())
    except sourcing.LinkClosed as closed:
        return _show(request, "structures/need_link_closed.html", {"problem": str(closed)}, 404)
    if request.method == "POST":
        return _answer(request, approach)
    if request.method == "GET":
        sourcing.remember_reading(approach=approach, at=at)
    return _show_answer(request, approach, AnswerForm(), 200)


def _answer(request: HttpRequest, approach: Approach) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show_answer(request, approach, form, 422)
    given = {"name": form.cleaned_data["name"], "comment": form.cleaned_data["comment"]}
    try:
        if form.is_declining:
            reason = DeclineReason(form.cleaned_data["reason"])
            sourcing.decline(approach=approach, reason=reason, by=None, at=timezone.now(), **given)
        else:
            sourcing.take_interest(approach=approach, by=None, at=timezone.now(), **given)
    except (sourcing.SourcingRefused, TransitionRefused) as refusal:
        form.add_error(None, str(refusal))
        return _show_answer(request, approach, form, 422)
    return redirect(request.path)


def _show_answer(request: HttpRequest, approach: Approach, form: AnswerForm, status: int) -> HttpResponse:
    need = approach.need
    buyer = need.market.plan.buyer if need.names_buyer and need.market else None
    context = {"approach": approach, "need": need, "buyer": buyer, "form": form}
    return _show(request, "structures/need_answer.html", context, status)


def _show(request: HttpRequest, template: str, context: dict, status: int) -> HttpResponse:
    # No place to go: the page asks one question, even of somebody who has an account.
    response = render(request, template, context | {"places": []}, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _refuse(request: HttpRequest, need: Need, form: Form) -> HttpResponse:
    for reasons in form.errors.values():
        messages.error(request, " ".join(reasons))
    return _need_page(request, need, status=422)


def _need_page(request: HttpRequest, need: Need, status: int = 200) -> HttpResponse:
    rows = list(_approaches(request, need).order_by("structure__sort_name", "pk"))
    may_write = need.is_open and allows(request.user, Permission.SOURCING_WRITE)
    asked = request.GET.get("q", need.title)
    context = {
        "need": need,
        "groups": [
            (state.label, [row for row in rows if row.state == state])
            for state in (
                ApproachState.INTERESTED, ApproachState.SENT, ApproachState.DECLINED,
                ApproachState.SHORTLISTED,
            )
        ],
        "approaches_count": len(rows),
        "consortia": need.consortia.order_by("pk"),
        "may_write": may_write,
        "may_remind": any(row.is_awaited for row in rows),
        "may_send": any(not row.is_sent for row in rows),
        "asked": asked,
        "candidates": queries.candidates_for(need, asked, besides=rows) if may_write else None,
        "events": audit.history(need),
        "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "structures/need_detail.html", context, status=status)


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {many if count > 1 else one}."
