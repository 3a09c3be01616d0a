from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission, require_permission
from config.lib.text import fold
from procurement.forms.last_year import LinesForm
from procurement.models import Market, PurchasePlan
from procurement.services import last_year
from procurement.views import undo
from procurement.workflow import TransitionRefused


@require_http_methods(["GET", "POST"])
@require_permission(Permission.PLAN_EDIT)
def plan_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose among the lines of the latest earlier plan, and take them into this one."""
    visible = PurchasePlan.objects.visible_to(request.user)
    plan = get_object_or_404(visible.select_related("buyer__organisation"), pk=pk)
    earlier = visible.filter(buyer=plan.buyer_id, year__lt=plan.year).order_by("-year")
    lines = _lines(request, earlier)
    form = LinesForm(request.POST if request.method == "POST" else None, lines=lines)
    if request.method == "POST" and form.is_valid():
        try:
            copies = last_year.copy(plan=plan, lines=form.cleaned_data["lines"], by=request.user)
        except (TransitionRefused, last_year.NothingChosen) as refusal:
            form.add_error(None, str(refusal))
        else:
            undo.offer_taking_back(request, copies, _taken(len(copies), plan.year))
            return redirect(plan)
    context = {"plan": plan, "form": form, "lines": _marked(lines, plan)}
    return render(request, "procurement/plan_copy.html", context, status=422 if form.errors else 200)


def _lines(request: HttpRequest, earlier):
    return (
        Market.objects.visible_to(request.user)
        .filter(plan__in=earlier[:1].values("pk"))
        .select_related("plan", "department")
        .order_by("launch_on", "reference", "pk")
    )


def _marked(lines, plan: PurchasePlan) -> list[tuple[Market, bool]]:
    """Each line, and whether its title stands already in the plan."""
    known = last_year.titles(plan)
    return [(line, fold(line.title) in known) for line in lines]


def _taken(count: int, year: int) -> str:
    if not count:
        return f"Ces lignes sont déjà dans le plan {year} : rien n’a été ajouté."
    if count == 1:
        return f"Une ligne est reprise dans le plan {year} : vérifiez ses dates et son montant."
    return f"{count} lignes sont reprises dans le plan {year} : vérifiez leurs dates et leurs montants."
