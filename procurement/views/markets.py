from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.permissions import Permission, require_permission
from procurement.forms.markets import MarketForm, TagForm, TakeoverForm
from procurement.models import Department, Market, PurchasePlan
from procurement.queries import anticipation, duties
from procurement.queries.delays import timetable_of
from procurement.services import markets, removals
from procurement.views import undo
from procurement.views.awarded import elsewhere_of
from procurement.workflow import TransitionRefused


def _visible(request: HttpRequest):
    return Market.objects.visible_to(request.user).select_related("plan__buyer__organisation")


@require_safe
@require_permission(Permission.PLAN_VIEW)
def market_detail(request: HttpRequest, pk: int) -> HttpResponse:
    market = get_object_or_404(_visible(request).select_related("department", "family"), pk=pk)
    plans = PurchasePlan.objects.visible_to(request.user).drafts().filter(buyer=market.plan.buyer_id)
    context = {
        "market": market,
        "lots": market.lots.select_related("contract").order_by("number"),
        "programmes": market.programmes.order_by("label"),
        "drafts": plans.order_by("-year"),
        "assessment": duties.of_one(market),
        **_anticipation(request, market),
        "events": audit.history(market),
        "elsewhere": elsewhere_of(request, market),
    }
    return render(request, "procurement/market_detail.html", context)


def _anticipation(request: HttpRequest, market: Market) -> dict:
    """What is due before the launch; purchases alone cannot tell whether the clause is calibrated."""
    timetable, today = timetable_of(request.user), timezone.localdate()
    office_id = anticipation.answering(request.user)
    clock = anticipation.clocks([market], timetable, on=today, office_id=office_id).get(market.pk)
    return {
        "clock": clock,
        "milestones": anticipation.milestones(market, clock, timetable, is_calibrated=None, on=today),
    }


@require_http_methods(["GET", "POST"])
@require_permission(Permission.PLAN_EDIT)
def market_add(request: HttpRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(
        PurchasePlan.objects.visible_to(request.user).select_related("buyer__organisation"), pk=pk
    )
    form = MarketForm(request.POST or None, plan=plan, departments=_departments(request, plan))
    if request.method == "POST" and form.is_valid():
        programmes = form.cleaned_data["programmes"]
        try:
            market = markets.add(plan=plan, values=form.values(), programmes=programmes, by=request.user)
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Le marché « {market} » est ajouté au plan.")
            return _onward(request, market)
    return _form_page(request, form, plan)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.PLAN_EDIT)
def market_edit(request: HttpRequest, pk: int) -> HttpResponse:
    market = get_object_or_404(_visible(request), pk=pk)
    plan = market.plan
    before = Market.objects.get(pk=pk)
    form = MarketForm(
        request.POST or None, instance=before, plan=plan, departments=_departments(request, plan)
    )
    if request.method == "POST" and form.is_valid():
        programmes = form.cleaned_data["programmes"]
        try:
            markets.edit(market=market, values=form.values(), programmes=programmes, by=request.user)
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Le marché « {form.cleaned_data['title']} » est enregistré.")
            return _onward(request, market)
    return _form_page(request, form, plan, market)


def _onward(request: HttpRequest, market: Market) -> HttpResponse:
    """To the next step, to another market, or to the market."""
    if step := request.POST.get("step"):
        return redirect(f"{reverse('procurement:market_edit', args=[market.pk])}#{quote(step)}")
    return redirect("procurement:market_add", market.plan_id) if "again" in request.POST else redirect(market)


def _departments(request: HttpRequest, plan: PurchasePlan):
    return Department.objects.visible_to(request.user).filter(buyer=plan.buyer_id).order_by("name", "pk")


def _form_page(request: HttpRequest, form: MarketForm, plan: PurchasePlan, market: Market | None = None):
    # Another version of what is saved: the page then forgets what it kept of a typing that was not received.
    trace = audit.history(market or plan).values_list("pk", flat=True).first()
    lines = 0 if market else plan.markets.count()
    context = {"form": form, "plan": plan, "market": market, "version": f"{trace}-{lines}"}
    return render(request, "procurement/market_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.PLAN_EDIT)
def market_tag(request: HttpRequest, pk: int) -> HttpResponse:
    market = get_object_or_404(_visible(request), pk=pk)
    form = TagForm(request.POST or None, instance=Market.objects.get(pk=pk))
    if request.method == "POST" and form.is_valid():
        markets.tag(market=market, **form.cleaned_data, by=request.user)
        messages.success(request, f"Les programmes du marché « {market} » sont enregistrés.")
        return redirect(market)
    context = {"form": form, "market": market}
    return render(request, "procurement/market_tag.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.PLAN_EDIT)
def market_takeover(request: HttpRequest, pk: int) -> HttpResponse:
    market = get_object_or_404(_visible(request), pk=pk)
    posted = request.POST if request.method == "POST" else None
    form = TakeoverForm(posted, instance=Market.objects.get(pk=pk))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        markets.say_takeover(
            market=market, takeover=said["staff_takeover"],
            monthly_hours=said["transferred_monthly_hours"], by=request.user,
        )  # fmt: skip
        messages.success(request, f"Le personnel à reprendre de « {market} » est enregistré.")
        return redirect(market)
    context = {"form": form, "market": market}
    return render(request, "procurement/market_takeover.html", context, status=422 if form.errors else 200)


@require_POST
@require_permission(Permission.PLAN_EDIT)
def market_duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    market = get_object_or_404(_visible(request), pk=pk)
    drafts = PurchasePlan.objects.visible_to(request.user).filter(buyer=market.plan.buyer_id)
    try:
        plan = get_object_or_404(drafts, pk=request.POST.get("plan") or market.plan_id)
    except ValueError as error:
        raise Http404 from error
    try:
        copy = markets.duplicate(market=market, plan=plan, by=request.user)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(market)
    messages.success(
        request, f"Le marché est copié dans le plan {plan.year} : vérifiez ses dates et son montant."
    )
    undo.offer_taking_back(request, [copy], f"Le marché « {copy} » vient d’être copié.")
    return redirect("procurement:market_edit", copy.pk)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.PLAN_EDIT)
def market_remove(request: HttpRequest, pk: int) -> HttpResponse:
    market = get_object_or_404(_visible(request), pk=pk)
    if request.method == "GET":
        return render(request, "procurement/market_remove.html", {"market": market})
    try:
        removed = removals.remove(market=market, by=request.user)
    except (TransitionRefused, markets.MarketInUse) as refusal:
        messages.error(request, str(refusal))
        return redirect(market)
    undo.offer_restoring(request, removed)
    return redirect(market.plan)
