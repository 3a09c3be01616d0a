"""The words to paste into a contract, and the library they come from."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Permission, allows, require_permission
from clauses import documents
from clauses.forms.texts import ClauseTextForm
from clauses.models import Clause, ClauseText, Proposal
from clauses.queries import wording as words
from clauses.rules.wording import VARIABLES
from clauses.services import clause_texts
from clauses.services.clause_texts import ContractNotified, NothingRevised, VersionOutdated
from clauses.views.pages import posted


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
@require_permission(Permission.PROPOSAL_VIEW)
def proposal_text(request: HttpRequest, pk: int) -> HttpResponse:
    proposal = _proposal(request, pk)
    context = {
        "proposal": proposal,
        "market": proposal.lot.market,
        "reading": words.of(proposal, timezone.localdate()),
        "may_renew": allows(request.user, Permission.TEXT_REVISE),
    }
    return render(request, "clauses/texts/proposal.html", context)


@require_safe
@require_permission(Permission.PROPOSAL_VIEW)
def proposal_text_docx(request: HttpRequest, pk: int) -> HttpResponse:
    proposal = _proposal(request, pk)
    reading = words.of(proposal, timezone.localdate())
    if not reading.wordings:
        raise Http404
    content = documents.clause_wording(
        title=str(proposal), reading=reading, created_at=reading.frozen_at or timezone.now()
    )
    name = f"clause-{slugify(f'{proposal.lot.market} {proposal.lot}')[:60].strip('-')}.docx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=DOCX, headers=headers)


@require_POST
@require_permission(Permission.TEXT_REVISE)
def proposal_text_renew(request: HttpRequest, pk: int) -> HttpResponse:
    clause = get_object_or_404(Clause.objects.select_related("lot"), proposal=_proposal(request, pk))
    try:
        clause_texts.renew(clause=clause, by=request.user, at=timezone.now())
    except ContractNotified as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Le texte de la clause est celui d’aujourd’hui.")
    return redirect("clauses:proposal_text", pk)


@require_safe
@require_permission(Permission.TEXT_VIEW)
def text_list(request: HttpRequest) -> HttpResponse:
    texts = ClauseText.objects.visible_to(request.user).newest_last()
    context = {
        "shelves": words.library(texts),
        "variables": VARIABLES,
        "may_revise": allows(request.user, Permission.TEXT_REVISE),
    }
    return render(request, "clauses/texts/list.html", context)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.TEXT_REVISE)
def text_revise(request: HttpRequest, pk: int) -> HttpResponse:
    text = get_object_or_404(ClauseText.objects.visible_to(request.user), pk=pk)
    # Apart from the row, which validation would write to.
    started_from = {name: getattr(text, name) for name in ClauseTextForm.Meta.fields}
    form = ClauseTextForm(posted(request), initial=started_from)
    if request.method == "POST" and form.is_valid():
        try:
            revised = clause_texts.revise(
                text=text, office=request.user.membership.organisation.office, by=request.user,
                at=timezone.now(), **form.cleaned_data,
            )  # fmt: skip
        except (NothingRevised, VersionOutdated) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"La version {revised.version} de « {revised.title} » est en vigueur.")
            return redirect("clauses:text_list")
    context = {"text": text, "form": form, "variables": VARIABLES}
    status = 422 if form.errors else 200
    return render(request, "clauses/texts/revise.html", context, status=status)


def _proposal(request: HttpRequest, pk: int) -> Proposal:
    rows = Proposal.objects.visible_to(request.user).select_related(
        "lot__market__plan__buyer__organisation", "office__organisation"
    )
    return get_object_or_404(rows, pk=pk)
