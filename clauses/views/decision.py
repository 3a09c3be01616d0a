"""A department's answer: on the proposal's page when signed in, on a page of its own by link."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission, require_permission
from clauses.enums import ProvisionKind
from clauses.forms.decision import Answer, AnswerForm, LinkAnswerForm
from clauses.models import DecisionLink, Proposal
from clauses.queries import urgency
from clauses.rules.hours import per_month
from clauses.rules.provisions import PROVISIONS
from clauses.services import decision, links
from clauses.services.decision import Decider, WordMissing
from clauses.workflow import TransitionRefused
from config.lib import french


VERBS = {
    Answer.ACCEPT: decision.accept,
    Answer.REFUSE: decision.refuse,
    Answer.REWORK: decision.ask_rework,
}
THANKS = {
    Answer.ACCEPT: "La proposition est acceptée : l’office prépare la clause.",
    Answer.REFUSE: "Le refus est enregistré : l’office et l’acheteur en sont informés.",
    Answer.REWORK: "La demande est envoyée : l’office reprend la proposition.",
}


@require_POST
@require_permission(Permission.PROPOSAL_DECIDE)
def proposal_accept(request: HttpRequest, pk: int) -> HttpResponse:
    return _answer_signed_in(request, pk, Answer.ACCEPT)


@require_POST
@require_permission(Permission.PROPOSAL_DECIDE)
def proposal_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    return _answer_signed_in(request, pk, Answer.REFUSE)


@require_POST
@require_permission(Permission.PROPOSAL_DECIDE)
def proposal_rework(request: HttpRequest, pk: int) -> HttpResponse:
    return _answer_signed_in(request, pk, Answer.REWORK)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Reading decides nothing, whoever reads: mail scanners follow links, they press no button."""
    at = timezone.now()
    try:
        link = links.read(token=token, at=at)
        if request.method == "POST":
            return _answer_by_link(request, link, at)
    except links.LinkClosed as closed:
        return _show_closed(request, closed)
    if request.method == "GET":
        links.open(link=link, at=at)
    form = LinkAnswerForm(proposal=link.proposal, recipient_name=link.recipient_name)
    return _show_link(request, link, form)


def _answer_signed_in(request: HttpRequest, pk: int, answer: Answer) -> HttpResponse:
    rows = Proposal.objects.visible_to(request.user).select_related(
        "lot__market", "office__organisation", "department"
    )
    proposal = get_object_or_404(rows, pk=pk)
    form = AnswerForm(request.POST, proposal=proposal, answer=answer)
    decider = Decider(request.user, str(request.user)[:120], request.user.membership.job_title)
    try:
        if form.is_valid() and _is_kept(form, decider, timezone.now()):
            messages.success(request, THANKS[answer])
            return redirect(proposal)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(proposal)
    context = _reading(proposal) | {"answer_form": form}
    return render(request, "clauses/decision_again.html", context, status=422)


def _answer_by_link(request: HttpRequest, link: DecisionLink, at: datetime) -> HttpResponse:
    form = LinkAnswerForm(request.POST, proposal=link.proposal)
    if form.is_valid():
        decider = Decider(None, form.cleaned_data["decider_name"], form.cleaned_data["decider_job"])
        if _is_kept(form, decider, at, link):
            return redirect(request.path)
    return _show_link(request, link, form, status=422)


def _is_kept(form: AnswerForm, decider: Decider, at: datetime, link: DecisionLink | None = None) -> bool:
    """Whether the answer was taken; otherwise the form says what it lacks."""
    given = {"comment": form.cleaned_data["comment"]}
    if form.is_refusing:
        given["reason"] = form.cleaned_data["refusal_reason"]
    try:
        VERBS[form.answer](proposal=form.proposal, decider=decider, at=at, link=link, **given)
    except WordMissing as missing:
        form.add_error("comment", str(missing))
    return form.is_valid()


def _show_link(
    request: HttpRequest, link: DecisionLink, form: LinkAnswerForm, *, status: int = 200
) -> HttpResponse:
    context = _reading(link.proposal) | {"answer_form": form, "link": link}
    return _show(request, "clauses/decision.html", context, status)


def _show_closed(request: HttpRequest, closed: links.LinkClosed) -> HttpResponse:
    """Who answered by this link finds the answer again; nobody else learns anything."""
    link = closed.link
    if link and link.gave_the_answer and request.method != "POST":
        return _show(request, "clauses/decision_given.html", {"proposal": link.proposal}, 200)
    context = {"problem": str(closed), "office": link.proposal.office if link else None}
    status = 404 if isinstance(closed, links.LinkAltered) else 410
    return _show(request, "clauses/decision_closed.html", context, status)


def _show(request: HttpRequest, template: str, context: dict, status: int) -> HttpResponse:
    # No place to go: the page asks one question, even of somebody who has an account.
    response = render(request, template, context | {"places": []}, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _reading(proposal: Proposal) -> dict:
    return {
        "proposal": proposal,
        "market": proposal.lot.market,
        "has_lots": proposal.lot.market.lots.count() > 1,
        "provision": PROVISIONS[ProvisionKind(proposal.kind)],
        "figures": _figures(proposal),
        "urgent_reason": urgency.reason_for(proposal),
    }


def _figures(proposal: Proposal) -> list[dict[str, str]]:
    """What a decision needs, nothing more; the calculation stays on the proposal's own page."""
    market = proposal.lot.market
    months = proposal.months or market.total_months
    found = []
    if proposal.hours_due is not None:
        found.append(_figure("Heures d’insertion", french.format_hours(proposal.hours_due)))
    if proposal.hours_due is not None and months:
        effort = french.format_hours(per_month(proposal.hours_due, months))
        found.append(_figure("Chaque mois, environ", effort, f"sur {months} mois"))
    shares = {
        "Taux d’insertion": (proposal.rate, "de la main-d’œuvre"),
        "Part de travailleurs concernés": (proposal.reserved_share, "au moins, chez le titulaire"),
        "Poids dans la note": (proposal.criterion_weight, "du critère d’insertion"),
    }
    found += [
        _figure(label, french.format_percentage(share * 100), note)
        for label, (share, note) in shares.items()
        if share is not None
    ]
    if market.launch_on:
        found.append(_figure("Lancement prévu", french.format_month(market.launch_on)))
    return found


def _figure(label: str, value: str, note: str = "") -> dict[str, str]:
    return {"label": label, "value": value, "note": note}
