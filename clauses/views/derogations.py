"""Why a market carries no social condition: read, signed, withdrawn, printed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Permission, require_permission
from clauses import documents
from clauses.forms.derogations import DerogationForm
from clauses.models import Derogation
from clauses.queries.derogations import lapsed, unjustified
from clauses.services import derogations
from clauses.services.derogations import DerogationRefused
from procurement.models import Market
from procurement.queries import duties


@require_http_methods(["GET", "POST"])
@require_permission(Permission.DEROGATION_WRITE)
def derogation(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Market.objects.visible_to(request.user).select_related("plan__buyer__organisation")
    market = get_object_or_404(rows, pk=pk)
    assessment = duties.of_one(market)
    given = request.POST if request.method == "POST" else None
    form = DerogationForm(given, exemptions=assessment.duty.exemptions)
    if request.method == "POST" and form.is_valid():
        try:
            derogations.sign(
                market=market, motive=form.motive, text=form.cleaned_data["text"], by=request.user,
                at=timezone.now(),
            )  # fmt: skip
        except DerogationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"La dérogation de « {market} » est signée.")
            return redirect("clauses:derogation", pk)
    signed = Derogation.objects.visible_to(request.user).filter(market=market)
    context = {
        "market": market,
        "assessment": assessment,
        "form": form,
        "is_missing": bool(unjustified([market])),
        "lapsed": lapsed(Market.objects.filter(pk=pk), duties.law()),
        "derogations": signed.select_related("signed_by", "withdrawn_by").order_by("-signed_at", "-pk"),
    }
    status = 422 if form.errors else 200
    return render(request, "clauses/derogation.html", context, status=status)


@require_POST
@require_permission(Permission.DEROGATION_WRITE)
def derogation_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    signed = get_object_or_404(Derogation.objects.visible_to(request.user), pk=pk)
    try:
        derogations.withdraw(derogation=signed, by=request.user, at=timezone.now())
    except DerogationRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "La dérogation est retirée ; elle reste dans l’historique du marché.")
    return redirect(signed)


@require_safe
@require_permission(Permission.SCREENING_VIEW)
def derogation_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    signed = get_object_or_404(Derogation.objects.visible_to(request.user).select_related("signed_by"), pk=pk)
    name = f"derogation-{slugify(signed.facts['reference'] or signed.facts['title'])[:60]}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(documents.derogation_sheet(signed), content_type="application/pdf", headers=headers)
