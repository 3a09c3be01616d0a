"""The answer to a plan: what the buyer will read, then the one button that tells it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Permission, require_permission
from clauses.forms.answers import AnswerForm
from clauses.queries import answers as queries
from clauses.queries.derogations import unjustified
from clauses.services import answers
from clauses.services.answers import UnseenLines
from clauses.services.derogations import JustificationMissing
from clauses.views.screening_rows import own_office
from config.lib.listing import PAGE_SIZE
from procurement.enums import PlanState
from procurement.models import PurchasePlan
from procurement.workflow import TransitionRefused


@require_GET
@require_permission(Permission.SCREENING_DECIDE)
def answer_list(request: HttpRequest) -> HttpResponse:
    plans = PurchasePlan.objects.visible_to(request.user)
    rows = queries.answers(plans, request.user.membership.organisation_id)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "answers": [queries.answer(row) for row in page]}
    return render(request, "clauses/answers/list.html", context)


@require_GET
@require_permission(Permission.SCREENING_DECIDE)
def answer_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _deposited(request, pk))


@require_POST
@require_permission(Permission.SCREENING_DECIDE)
def answer_publish(request: HttpRequest, pk: int) -> HttpResponse:
    plan = _deposited(request, pk)
    form = AnswerForm(request.POST)
    try:
        answers.publish(
            plan=plan, office=own_office(request), unseen=form.agreed, by=request.user, at=timezone.now()
        )
    except (UnseenLines, JustificationMissing) as refusal:
        return _show(request, plan, refusal=str(refusal), status=422)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"La réponse au plan {plan.year} est publiée : l’acheteur lit les avis.")
    return redirect("clauses:answer_detail", plan.pk)


def _deposited(request: HttpRequest, pk: int) -> PurchasePlan:
    plans = PurchasePlan.objects.visible_to(request.user).exclude(state=PlanState.DRAFT)
    return get_object_or_404(plans.select_related("buyer__organisation"), pk=pk)


def _show(request: HttpRequest, plan: PurchasePlan, refusal: str = "", status: int = 200) -> HttpResponse:
    own = plan.answers.filter(office=own_office(request)).select_related("answered_by")
    context = {
        "plan": plan,
        "told": own.order_by("pk").first(),
        "awaited": queries.awaited_offices(plan),
        "preview": queries.preview(plan, request.user),
        "unjustified": {line.pk for line in unjustified(queries.closed_lines(plan, own_office(request).pk))},
        "refusal": refusal,
    }
    return render(request, "clauses/answers/detail.html", context, status=status)
