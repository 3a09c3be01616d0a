from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import push_url

from accounts import audit
from accounts.permissions import Permission, allows, require_permission
from clauses.enums import ClauseState, ProposalState, ProvisionKind
from clauses.exports import proposals as exports
from clauses.filters.proposals import ProposalFilter
from clauses.forms.decision import AnswerForm
from clauses.models import Clause, DecisionLink, Proposal, with_urgency
from clauses.queries import frozen
from clauses.queries.derogations import standings
from clauses.rules import next_steps, provisions
from clauses.rules.catalogue import PROVISIONS
from clauses.services import links, proposals
from clauses.services.derogations import JustificationMissing
from clauses.services.links import LinkClosed
from clauses.services.proposals import ProposalRefused
from clauses.views.downloads import attachment
from clauses.views.pages import duty_panel
from clauses.workflow import PROPOSAL_TRANSITIONS, TransitionRefused
from config.lib.listing import PAGE_SIZE
from config.lib.workflow import open_transitions


@require_GET
@require_permission(Permission.PROPOSAL_VIEW)
def proposal_list(request: HttpRequest) -> HttpResponse:
    filtered = _filtered(request)
    page = Paginator(filtered.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    context = {
        "filter": filtered,
        "page": page,
        "rows": [(proposal, proposal.is_late(today)) for proposal in page],
        "may_write": allows(request.user, Permission.PROPOSAL_WRITE),
    }
    is_swap = request.htmx and not request.htmx.history_restore_request
    template = "clauses/proposal_list.html#results" if is_swap else "clauses/proposal_list.html"
    response = render(request, template, context)
    return push_url(response, f"?{filtered.query}") if is_swap else response


@require_GET
@require_permission(Permission.PROPOSAL_VIEW)
def export(request: HttpRequest, extension: str) -> HttpResponse:
    rows, now = _filtered(request).qs, timezone.now()
    content = exports.csv(rows) if extension == "csv" else exports.workbook(rows, created_at=now)
    return attachment(content, "propositions", extension, at=now)


@require_GET
@require_permission(Permission.PROPOSAL_VIEW)
def proposal_detail(request: HttpRequest, pk: int) -> HttpResponse:
    proposal = get_object_or_404(_proposals(request), pk=pk)
    may_write = allows(request.user, Permission.PROPOSAL_WRITE)
    may_decide = allows(request.user, Permission.PROPOSAL_DECIDE) and proposal.state == ProposalState.SENT
    may_see_clause = allows(request.user, Permission.CLAUSE_VIEW)
    clause = getattr(proposal, "clause", None)
    step = _next_step(proposal, clause)
    context = {
        "proposal": proposal,
        "market": proposal.lot.market,
        "provision": PROVISIONS[ProvisionKind(proposal.kind)],
        "effort": frozen.effort(proposal.parameters),
        "kept_on": frozen.kept_on(proposal.parameters),
        "kept_references": frozen.references(proposal.parameters),
        "terms": provisions.describe(ProvisionKind(proposal.kind), proposals.terms_of(proposal)),
        "next_step": step,
        # A service is told nothing of what the office does once the hours run.
        "shows_next_step": may_see_clause or not clause or clause.state == ClauseState.AWAITING_CONTRACT,
        "acts_next": step.since is not None and step.owner == _own_name(request, proposal),
        "is_late": proposal.is_late(timezone.localdate()),
        "actions": _actions(proposal) if may_write else set(),
        "may_write": may_write,
        "links": proposal.links.order_by("-created_at", "-pk") if may_write else [],
        "now": timezone.now(),
        "answer_form": AnswerForm(proposal=proposal) if may_decide else None,
        "clause": clause,
        "may_see_clause": may_see_clause,
        "events": audit.history(proposal),
    } | duty_panel(request, proposal.lot.market, standings)
    return render(request, "clauses/proposal_detail.html", context)


@require_POST
@require_permission(Permission.PROPOSAL_WRITE)
def proposal_send(request: HttpRequest, pk: int) -> HttpResponse:
    return _move(request, pk, proposals.send, "La proposition est envoyée à {department}.")


@require_POST
@require_permission(Permission.PROPOSAL_WRITE)
def proposal_resend(request: HttpRequest, pk: int) -> HttpResponse:
    return _move(request, pk, proposals.resend, "Un nouveau message part pour {department}.")


@require_POST
@require_permission(Permission.PROPOSAL_WRITE)
def proposal_revise(request: HttpRequest, pk: int) -> HttpResponse:
    sentence = "La proposition est de nouveau un brouillon : modifiez-la, puis renvoyez-la."
    return _move(request, pk, proposals.revise, sentence)


@require_POST
@require_permission(Permission.PROPOSAL_WRITE)
def proposal_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    return _move(request, pk, proposals.withdraw, "La proposition est retirée.")


@require_POST
@require_permission(Permission.PROPOSAL_WRITE)
def link_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    rows = DecisionLink.objects.visible_to(request.user).select_related("proposal")
    link = get_object_or_404(rows, pk=pk)
    try:
        links.revoke(link=link, by=request.user, at=timezone.now())
    except LinkClosed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Le lien envoyé à {link.recipient_email} est annulé.")
    return redirect(link.proposal)


def _proposals(request: HttpRequest) -> QuerySet[Proposal]:
    rows = Proposal.objects.visible_to(request.user).select_related(
        "lot__market__plan__buyer__organisation", "lot__market__family", "department",
        "office__organisation", "created_by", "sent_by",
    )  # fmt: skip
    return with_urgency(rows)


def _filtered(request: HttpRequest) -> ProposalFilter:
    return ProposalFilter(request.GET, _proposals(request), user=request.user, today=timezone.localdate())


def _next_step(proposal: Proposal, clause: Clause | None) -> next_steps.NextStep:
    return next_steps.of_proposal(
        ProposalState(proposal.state),
        office=str(proposal.office),
        department=str(proposal.department or "Service à choisir"),
        created_at=proposal.created_at,
        sent_at=proposal.sent_at,
        decided_at=proposal.decided_at,
        clause=ClauseState(clause.state) if clause else None,
    )


def _own_name(request: HttpRequest, proposal: Proposal) -> str:
    """The name under which a step waits for this person; blank for who only reads."""
    if allows(request.user, Permission.PROPOSAL_WRITE):
        return str(proposal.office)
    return str(proposal.department) if allows(request.user, Permission.PROPOSAL_DECIDE) else ""


def _actions(proposal: Proposal) -> set[str]:
    """Names of the transitions that are open: the buttons of the page."""
    opened = open_transitions(PROPOSAL_TRANSITIONS, ProposalState(proposal.state))
    return {transition.name for transition in opened}


def _move(request: HttpRequest, pk: int, verb, sentence: str) -> HttpResponse:
    proposal = get_object_or_404(_proposals(request), pk=pk)
    try:
        verb(proposal=proposal, by=request.user, at=timezone.now())
    except (TransitionRefused, ProposalRefused, JustificationMissing) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, sentence.format(department=proposal.department))
    return redirect(proposal)
