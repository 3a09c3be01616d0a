"""The draft of a proposal: its lot, its kind, its numbers, written and computed as often as needed."""

from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission, require_permission
from clauses.enums import Objective, ProposalState, ProvisionFamily, ProvisionKind
from clauses.forms.proposals import ProposalForm
from clauses.models import Proposal
from clauses.queries import references
from clauses.queries.references import References
from clauses.rules import provisions
from clauses.rules.catalogue import PROVISIONS
from clauses.services import proposals
from clauses.services.proposals import ProposalRefused
from clauses.services.screening import PlanTakenBack
from clauses.workflow import TransitionRefused
from procurement.models import Department, Lot, Market


# Ways of counting that take the place of the usual formula.
CHOSEN_OBJECTIVES = (
    Objective.CLEANING, Objective.PER_EURO, Objective.WORKED, Objective.FULL_TIME, Objective.FIXED,
)  # fmt: skip
# How the kinds are laid out to be chosen.
SHELVES = (
    ("Faire travailler des personnes éloignées de l’emploi", (ProvisionFamily.EXECUTION,)),
    ("Réserver la consultation", (ProvisionFamily.RESERVATION,)),
    ("Noter ou acheter de l’insertion", (ProvisionFamily.CRITERION, ProvisionFamily.SERVICE)),
    ("Convenir avec le titulaire", (ProvisionFamily.AGREEMENT,)),
)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.PROPOSAL_WRITE)
def proposal_create(request: HttpRequest) -> HttpResponse:
    """The lot comes from the address, then the kind of provision, then its numbers."""
    if "lot" not in request.GET:
        messages.info(request, "Choisissez d’abord un marché, puis « Préparer une proposition » sur son lot.")
        return redirect("clauses:screening_list")
    lot = get_object_or_404(_lots(request), pk=_number(request.GET["lot"]))
    kind = _kind(request)
    if kind is None:
        return _choose_kind(request, lot)
    return _write(request, lot, kind)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.PROPOSAL_WRITE)
def proposal_change(request: HttpRequest, pk: int) -> HttpResponse:
    proposal = get_object_or_404(_proposals(request), pk=pk)
    if proposal.state != ProposalState.DRAFT:
        messages.error(request, "Seul un brouillon se modifie : reprenez d’abord la proposition.")
        return redirect(proposal)
    if "autre" in request.GET:
        return _choose_kind(request, proposal.lot, proposal)
    return _write(request, proposal.lot, _kind(request) or ProvisionKind(proposal.kind), proposal)


def _proposals(request: HttpRequest) -> QuerySet[Proposal]:
    return Proposal.objects.visible_to(request.user).select_related(
        "lot__market__plan__buyer__organisation", "lot__market__family", "department"
    )


def _lots(request: HttpRequest) -> QuerySet[Lot]:
    markets = Market.objects.visible_to(request.user).submitted()
    return Lot.objects.filter(market__in=markets).select_related(
        "market__plan__buyer__organisation", "market__department", "market__family"
    )


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise Http404 from error


def _kind(request: HttpRequest) -> ProvisionKind | None:
    chosen = request.GET.get("kind")
    return ProvisionKind(chosen) if chosen in ProvisionKind.values else None


def _objective(request: HttpRequest, kind: ProvisionKind, proposal: Proposal | None) -> Objective | None:
    """The way of counting: from the address, or the proposal's own; none is the usual one."""
    if not provisions.counts_by_formula(kind):
        return None
    written = proposal.objective if proposal else ""
    chosen = request.GET.get("objective", written)
    return Objective(chosen) if chosen in CHOSEN_OBJECTIVES else None


def _choose_kind(request: HttpRequest, lot: Lot, proposal: Proposal | None = None) -> HttpResponse:
    others = Proposal.objects.alive().filter(lot=lot).exclude(pk=proposal and proposal.pk)
    taken = [ProvisionKind(kind) for kind in others.values_list("kind", flat=True)]
    kinds = [(kind, provision, provisions.conflicts(kind, taken)) for kind, provision in PROVISIONS.items()]
    context = {
        "lot": lot,
        "market": lot.market,
        "proposal": proposal,
        "families": [
            (title, [row for row in kinds if row[1].family in families]) for title, families in SHELVES
        ],
    }
    return render(request, "clauses/proposal_kind.html", context)


def _write(
    request: HttpRequest, lot: Lot, kind: ProvisionKind, proposal: Proposal | None = None
) -> HttpResponse:
    today = timezone.localdate()
    known = references.for_market(lot.market, today)
    objective = _objective(request, kind, proposal)
    form = ProposalForm(
        request.POST or None,
        kind=kind,
        objective=objective,
        departments=_departments(request, lot),
        known=known,
        initial=_initial(lot, kind, objective, known, proposal),
    )
    form.start_from(request.GET)
    if request.method != "POST":
        return _show_form(request, form, lot, proposal, known)
    if not form.is_valid():
        return _show_form(request, form, lot, proposal, known, status=422)
    if "compute" in request.POST:
        return _compute(request, form, lot, proposal, known)
    try:
        proposal = _save(request, form, lot, proposal, today)
    except (ProposalRefused, PlanTakenBack, TransitionRefused) as refusal:
        form.object_to(getattr(refusal, "objections", [provisions.Objection("", str(refusal))]))
        return _show_form(request, form, lot, proposal, known, status=422)
    messages.success(request, "Le brouillon est enregistré. Relisez-le, puis envoyez-le au service.")
    return redirect(proposal)


def _save(
    request: HttpRequest, form: ProposalForm, lot: Lot, proposal: Proposal | None, today: date
) -> Proposal:
    if proposal:
        return proposals.change(proposal=proposal, draft=form.draft, by=request.user, on=today)
    office = request.user.membership.organisation.office
    return proposals.draft(lot=lot, office=office, draft=form.draft, by=request.user, on=today)


def _compute(
    request: HttpRequest, form: ProposalForm, lot: Lot, proposal: Proposal | None, known: References
) -> HttpResponse:
    """The same page with the formula and its result; nothing is kept."""
    terms = form.draft.terms
    found = provisions.objections(form.kind, terms, known.bounds)
    form.object_to(objection for objection in found if objection.field != "hours_due" or terms.hours_due)
    status = 422 if form.errors else 200
    return _show_form(request, form, lot, proposal, known, status=status)


def _show_form(
    request: HttpRequest,
    form: ProposalForm,
    lot: Lot,
    proposal: Proposal | None,
    known: References,
    status: int = 200,
) -> HttpResponse:
    terms = form.draft.terms if form.is_bound and form.is_valid() else None
    context = {
        "form": form,
        "lot": lot,
        "market": lot.market,
        "proposal": proposal,
        "kind": form.kind,
        "provision": PROVISIONS[form.kind],
        "estimate": known.estimate(form.kind, terms) if terms else None,
        "hours_by_hand": terms.hours_due if terms else None,
        "can_compute": known.can_estimate(form.kind, form.objective),
        "objectives": _ways(request, form),
    }
    template = "clauses/proposal_form.html#form" if request.htmx else "clauses/proposal_form.html"
    return render(request, template, context, status=status)


def _ways(request: HttpRequest, form: ProposalForm) -> list[tuple[str, str, bool]]:
    """The ways of counting that this kind allows, each with the address of its form."""
    if not provisions.counts_by_formula(form.kind):
        return []
    kept = {name: request.GET[name] for name in ("lot", "kind") if name in request.GET}
    return [
        (
            f"?{urlencode(kept | {'objective': way.value})}",
            way.label,
            way == (form.objective or Objective.CLASSIC),
        )
        for way in (Objective.CLASSIC, *CHOSEN_OBJECTIVES)
    ]


def _departments(request: HttpRequest, lot: Lot) -> QuerySet[Department]:
    rows = Department.objects.visible_to(request.user).filter(buyer=lot.market.plan.buyer_id)
    return rows.order_by("name", "pk")


def _initial(
    lot: Lot, kind: ProvisionKind, objective: Objective | None, known: References, proposal: Proposal | None
) -> dict:
    """What is written already, or what the market and the references say."""
    if proposal and proposal.kind == kind and proposal.objective == (objective or ""):
        names = (*provisions.TITLES, "department", "explanation")
        written = {name: getattr(proposal, name) for name in names}
        # Hours that were computed follow the calculation; those corrected by hand stay.
        return written | {"hours_due": None} if proposals.hours_are_computed(proposal) else written
    market = lot.market
    labour_share = market.labour_share
    cost = known.default_of("hourly_cost", objective)
    return {
        "department": proposal.department if proposal else market.department,
        "explanation": PROVISIONS[kind].pitch,
        "amount": _amount(lot),
        "labour_share": labour_share / 100 if labour_share is not None else _share(known.labour_share),
        "rate": _share(known.rate),
        "hourly_cost": cost and cost.value,
        "euros_per_hour": known.euros_per_hour and known.euros_per_hour.value,
        # The published threshold is that of one very large framework agreement: most markets have none.
        "threshold_amount": Decimal(0),
        "yearly_hours": known.yearly_hours and known.yearly_hours.value,
        "reserved_share": _share(known.reserved_share_minimum),
        "months": market.total_months,
    }


def _amount(lot: Lot) -> Decimal | None:
    """The lot's own amount; the market's when the lot is the whole market."""
    if lot.estimated_amount is not None:
        return lot.estimated_amount
    return lot.market.estimated_amount if lot.market.lots.count() == 1 else None


def _share(reference: references.Reference | None) -> Decimal | None:
    return reference.share if reference else None
