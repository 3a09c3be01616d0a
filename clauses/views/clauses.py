from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from accounts.enums import AuditKind, OrganisationKind
from accounts.models import AuditEvent, Organisation
from accounts.permissions import Permission, allows, require_permission
from accounts.roles import Role
from accounts.services.companies import SiretRefused
from accounts.services.members import InvitationRefused
from clauses.enums import CLAUSE_TONES, MONTH_TONES, PROGRESS_TONES, ClauseState
from clauses.exports import clauses as workbook
from clauses.filters.clauses import ClauseFilter
from clauses.forms.clauses import ContractForm, first_answers
from clauses.models import Clause, Placement
from clauses.queries import balance, frozen, months, steps
from clauses.queries.derogations import agreed_standings
from clauses.services import clauses
from clauses.services.clauses import DeclarationsPending
from clauses.services.derogations import JustificationMissing
from clauses.views.pages import PAGE_SIZE, download, duty_panel, posted, status_of, without_page
from clauses.workflow import CLAUSE_TRANSITIONS, TransitionRefused
from config.lib.workflow import open_transitions
from procurement.models import Contract
from procurement.services.contracts import ContractContradicted, LotAlreadyAwarded, NotifiedInTheFuture


TITLES = {
    Role.FACILITATOR: "Clauses",
    Role.MANAGER: "Clauses",
    Role.BUYER: "Contrats",
    Role.CONTRACTOR: "Mes contrats",
}
# Whom a list of clauses names: each reader knows their own side.
PARTIES = {
    Role.FACILITATOR: "both",
    Role.MANAGER: "both",
    Role.BUYER: "contractor",
    Role.CONTRACTOR: "buyer",
}
# Where the form shows each refusal.
REFUSALS = {
    LotAlreadyAwarded: "reference",
    ContractContradicted: "reference",
    NotifiedInTheFuture: "notified_on",
    SiretRefused: "siret",
    InvitationRefused: "contact_email",
    TransitionRefused: None,
    JustificationMissing: None,
}


@require_safe
@require_permission(Permission.CLAUSE_VIEW)
def clause_list(request: HttpRequest) -> HttpResponse:
    found = _found(request)
    page = Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    context = {
        "title": TITLES[request.user.membership.role],
        "parties": PARTIES[Role(request.user.membership.role)],
        "filter": found,
        "page": page,
        "rows": [_row(clause, today) for clause in page],
        "total": balance.total(found.qs),
        "query": without_page(request),
    }
    return render(request, "clauses/clauses/list.html", context)


@require_safe
@require_permission(Permission.CLAUSE_VIEW)
def clause_export(request: HttpRequest, extension: str) -> HttpResponse:
    return download(workbook.sheet(_found(request).qs, timezone.localdate()), extension)


@require_safe
@require_permission(Permission.CLAUSE_VIEW)
def clause_detail(request: HttpRequest, pk: int) -> HttpResponse:
    clause = get_object_or_404(_visible(request), pk=pk)
    today = timezone.localdate()
    told = months.expected(Contract.objects.filter(clauses=clause), today)
    placements = Placement.objects.visible_to(request.user).filter(clause=clause)
    context = (
        _row(clause, today)
        | {
            "title": TITLES[request.user.membership.role],
            "today": today,
            "step": steps.next_step(clause, told, today),
            "months": [
                (month, MONTH_TONES[month.state]) for month in sorted(told, key=_period, reverse=True)
            ],
            "placements": placements.with_hours()
            .select_related("participant", "employer_structure")
            .order_by("participant__sort_name", "starts_on", "pk"),
            "people": Placement.objects.filter(clause=clause).values("participant").distinct().count(),
            "movements": [
                (movement, frozen.sections(movement.parameters))
                for movement in clause.movements.select_related("recorded_by").order_by("effective_on", "pk")
            ],
            "programmes": _programmes(clause),
            "transitions": _open_to(request, clause),
            "events": _events(request, clause),
        }
        | duty_panel(request, clause.lot.market, agreed_standings)
    )
    return render(request, "clauses/clauses/detail.html", context)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.CLAUSE_MANAGE)
def clause_commit(request: HttpRequest, pk: int) -> HttpResponse:
    clause = get_object_or_404(_visible(request), pk=pk)
    if clause.state != ClauseState.AWAITING_CONTRACT:
        messages.error(request, "Le contrat de cette clause est déjà notifié.")
        return redirect(clause)
    companies = Organisation.objects.filter(kind=OrganisationKind.COMPANY, contracts__office=clause.office_id)
    form = ContractForm(
        posted(request),
        initial=first_answers(clause),
        companies=companies.distinct().order_by("name", "pk"),
    )
    if form.is_valid() and _committed(request, clause, form):
        return redirect(clause)
    siblings = Clause.objects.filter(lot=clause.lot, office=clause.office, state=clause.state)
    context = {"clause": clause, "form": form, "clauses": siblings.order_by("pk")} | duty_panel(
        request, clause.lot.market, agreed_standings
    )
    return render(request, "clauses/clauses/commit.html", context, status=status_of(request))


@require_http_methods(["GET", "POST"])
@require_permission(Permission.CLAUSE_MANAGE)
def clause_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first: a closed clause takes no more hours."""
    clause = get_object_or_404(_visible(request), pk=pk)
    if request.method != "POST":
        return render(request, "clauses/clauses/close.html", _row(clause, timezone.localdate()))
    try:
        clauses.close(clause=clause, by=request.user, at=timezone.now())
    except (TransitionRefused, DeclarationsPending) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"La clause du lot {clause.lot.number} est close.")
    return redirect(clause)


def _visible(request: HttpRequest) -> QuerySet[Clause]:
    return Clause.objects.visible_to(request.user).with_hours().select_related(
        "proposal", "lot__market__plan__buyer", "lot__contract__contractor", "buyer__organisation",
        "office__organisation", "department", "contract__contractor", "contract__buyer__organisation",
        "committed_by",
    )  # fmt: skip


def _found(request: HttpRequest) -> ClauseFilter:
    """What waits for its contract first, then the latest contracts."""
    ordered = _visible(request).order_by(F("contract__notified_on").desc(nulls_first=True), "-pk")
    return ClauseFilter(request.GET, ordered, user=request.user)


def _row(clause: Clause, today: date) -> dict[str, Any]:
    word = balance.progress(clause, today)
    return {
        "clause": clause,
        "hours": balance.of(clause),
        "tone": CLAUSE_TONES[ClauseState(clause.state)],
        "progress": word,
        "progress_tone": PROGRESS_TONES[word] if word else "",
    }


def _period(month: months.Month) -> date:
    return month.period


def _programmes(clause: Clause) -> list[str]:
    tagged = clause.contract or clause.lot.market
    return [str(programme) for programme in tagged.programmes.order_by("label")]


def _events(request: HttpRequest, clause: Clause) -> QuerySet[AuditEvent]:
    """Placements are told to those who may see the people."""
    events = audit.history(clause)
    if allows(request.user, Permission.PARTICIPANT_VIEW):
        return events
    return events.exclude(kind__in=[AuditKind.PLACEMENT_OPENED, AuditKind.PLACEMENT_ENDED])


def _open_to(request: HttpRequest, clause: Clause) -> set[str]:
    if not allows(request.user, Permission.CLAUSE_MANAGE):
        return set()
    return {verb.name for verb in open_transitions(CLAUSE_TRANSITIONS, ClauseState(clause.state))}


def _committed(request: HttpRequest, clause: Clause, form: ContractForm) -> bool:
    try:
        clauses.commit(clause=clause, award=form.award, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return False
    except tuple(REFUSALS) as refusal:
        form.add_error(REFUSALS[type(refusal)], str(refusal))
        return False
    messages.success(
        request, f"Le contrat « {form.award.reference} » est notifié : les heures dues sont fixées."
    )
    return True
