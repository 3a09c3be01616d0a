from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.permissions import Permission, allows, require_permission
from reporting.filters import DashboardForm
from reporting.queries import dashboard as query, delays
from reporting.queries.window import Window
from reporting.rules import periods


@require_safe
@require_permission(Permission.DASHBOARD_VIEW)
def dashboard(request: HttpRequest) -> HttpResponse:
    contracts = query.contracts_of(request.user)
    form = DashboardForm(request.GET, contracts=contracts, today=timezone.localdate())
    starts_on, ends_on = periods.year(form.year_chosen)
    floor = query.floor_of(request.user)
    figures = query.figures(
        contracts=form.narrow(contracts),
        window=Window(starts_on, ends_on, cutoff_at=timezone.now()),
        floor=floor,
    )
    if floor and form.is_narrow:
        figures = query.without_people(figures)
    context = {
        "form": form,
        "year": str(form.year_chosen),
        "figures": figures,
        "delays": _delays(request, form),
        "criteria": request.GET.urlencode() or urlencode({"year": form.year_chosen}),
        "rows_url": _page(request, Permission.CLAUSE_VIEW, "clauses:clause_list"),
        "declarations_url": _page(request, Permission.DECLARATION_VIEW, "clauses:declaration_list"),
        "people_url": _page(request, Permission.PARTICIPANT_VIEW, "clauses:participant_list"),
    }
    return render(request, "reporting/dashboard.html", context)


def _delays(request: HttpRequest, form: DashboardForm) -> delays.Delays | None:
    """For the office alone, whose delays they are."""
    if not allows(request.user, Permission.ANSWER_TIME_VIEW):
        return None
    return delays.delays(request.user, form.asked)


def _page(request: HttpRequest, permission: Permission, name: str) -> str:
    """A figure opens its rows, for those who may read them."""
    return reverse(name) if allows(request.user, permission) else ""
