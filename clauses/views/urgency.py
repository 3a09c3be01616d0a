"""The mark of urgency of a line: from its row in the triage, or from its page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.permissions import Permission, require_permission
from clauses.forms.urgency import UrgencyForm
from clauses.models import Urgency
from clauses.services import urgency
from clauses.services.screening import PlanTakenBack
from clauses.services.urgency import UrgencyRefused
from clauses.views.screening import answer, line_of, show_detail, show_row
from clauses.views.screening_rows import Line, own_office, refuse


@require_permission(Permission.SCREENING_DECIDE)
def urgency_flag(request: HttpRequest, pk: int) -> HttpResponse:
    """The question in the row (GET), or its answer (POST)."""
    line = line_of(request, pk)
    if request.method != "POST":
        return _ask(request, line, UrgencyForm()) if request.htmx else redirect(f"{line.urls.detail}#urgence")
    form = UrgencyForm(request.POST)
    if not form.is_valid():
        return _ask(request, line, form, status=422)
    try:
        urgency.flag(
            market=line.market, office=own_office(request), reason=form.cleaned_data["reason"],
            by=request.user, at=timezone.now(),
        )  # fmt: skip
    except (PlanTakenBack, UrgencyRefused) as refusal:
        return refuse(request, refusal)
    return answer(request, pk, f"« {line.market} » est signalée urgente.")


@require_POST
@require_permission(Permission.SCREENING_DECIDE)
def urgency_lift(request: HttpRequest, pk: int) -> HttpResponse:
    mark = _mark(request, pk)
    try:
        lifted = urgency.lift(urgency=mark, by=request.user, at=timezone.now())
    except UrgencyRefused as refusal:
        return refuse(request, refusal)
    return answer(request, mark.market_id, f"L’urgence de « {mark.market} » est levée.", lifted=lifted)


@require_POST
@require_permission(Permission.SCREENING_DECIDE)
def urgency_restore(request: HttpRequest, pk: int) -> HttpResponse:
    mark = _mark(request, pk)
    try:
        urgency.restore(urgency=mark, by=request.user)
    except (PlanTakenBack, UrgencyRefused) as refusal:
        return refuse(request, refusal)
    return answer(request, mark.market_id, f"L’urgence de « {mark.market} » est rétablie.")


def _mark(request: HttpRequest, pk: int) -> Urgency:
    return get_object_or_404(Urgency.objects.visible_to(request.user).select_related("market"), pk=pk)


def _ask(request: HttpRequest, line: Line, form: UrgencyForm, status: int = 200) -> HttpResponse:
    if request.htmx:
        return show_row(request, line, status=status, urgency_form=form)
    return show_detail(request, line, status=status, urgency_form=form)
