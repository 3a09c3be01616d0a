"""What ends soon, and its way into the plan where it is launched again."""

from collections.abc import Sequence

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission, require_permission
from accounts.roles import BUYER_ROLES
from clauses.forms.renewals import BuyerChoiceForm, RenewalsForm
from clauses.queries import renewals as numbers
from clauses.queries.renewals import Candidate
from clauses.views.pages import PAGE_SIZE, status_of
from config.lib.french import format_number, join_words
from procurement.models import Buyer, Market
from procurement.services import renewals
from procurement.services.renewals import NothingToRenew
from procurement.views import undo
from procurement.workflow import TransitionRefused


@require_http_methods(["GET", "POST"])
@require_permission(Permission.PLAN_EDIT)
def renewal_list(request: HttpRequest) -> HttpResponse:
    """Grouped by how soon they end; one or many are taken into the plan of the right year."""
    criteria = BuyerChoiceForm(request.GET, buyers=_buyers(request))
    chosen = criteria.chosen
    found = numbers.candidates(request.user, timezone.localdate(), buyer_id=chosen and chosen.pk)
    form = RenewalsForm(_ticked(request), candidates=found)
    if request.method == "POST" and form.is_valid():
        try:
            taken = renewals.take(renewals=form.chosen, by=request.user)
        except (NothingToRenew, TransitionRefused) as refusal:
            form.add_error(None, str(refusal))
        else:
            undo.offer_taking_back(request, taken, _told(taken))
            return redirect(request.get_full_path())
    return render(
        request,
        "clauses/renewal_list.html",
        _context(request, criteria, found, form),
        status=status_of(request),
    )


def _context(
    request: HttpRequest, criteria: BuyerChoiceForm, found: Sequence[Candidate], form: RenewalsForm
) -> dict:
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    chosen = criteria.chosen
    return {
        "criteria": criteria,
        "is_buyer": request.user.membership.role in BUYER_ROLES,
        "horizons": numbers.horizons(timezone.localdate()),
        "groups": numbers.by_horizon(page),
        "page": page,
        "waiting": sum(one.successor is None for one in found),
        "form": form,
        "query": f"buyer={chosen.pk}" if chosen else "",
        "undoable": undo.offered(request),
    }


def _ticked(request: HttpRequest) -> QueryDict | dict | None:
    if request.method != "POST":
        return None
    return {"keys": [request.POST["only"]]} if "only" in request.POST else request.POST


def _buyers(request: HttpRequest):
    return (
        Buyer.objects.visible_to(request.user)
        .select_related("organisation")
        .order_by("organisation__name", "pk")
    )


def _told(taken: Sequence[Market]) -> str:
    years = join_words([str(year) for year in sorted({market.plan.year for market in taken})])
    if not taken:
        return "Ces lignes sont déjà dans leur plan : rien n’a été ajouté."
    if len(taken) == 1:
        return f"« {taken[0]} » est repris dans le plan {years} : vérifiez son montant et ses dates."
    return (
        f"{format_number(len(taken))} lignes sont reprises dans le plan {years} : vérifiez montants et dates."
    )
