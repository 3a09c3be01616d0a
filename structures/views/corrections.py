"""A card corrected by its structure, and reviewed; the pages of the links ask nobody who they are."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from accounts.models import Office
from accounts.permissions import Permission, require_permission
from structures.enums import CorrectionState
from structures.forms.corrections import AskForm, CardForm, ReviewForm
from structures.models import Correction, Structure
from structures.services import corrections, sourcing
from structures.workflow import TransitionRefused


PAGE_SIZE = 30


@dataclass(frozen=True)
class Change:
    """One field: as the card says it, as the structure would have it."""

    name: str
    label: str
    shown: object
    proposed: object
    is_kept: bool


def _rows(request: HttpRequest):
    return Correction.objects.visible_to(request.user).select_related(
        "structure", "office__organisation", "reviewed_by"
    )


@require_safe
@require_permission(Permission.STRUCTURE_EDIT)
def correction_list(request: HttpRequest) -> HttpResponse:
    waiting = _rows(request).to_review().order_by("proposed_at", "pk")
    others = (
        _rows(request).exclude(state=CorrectionState.PROPOSED).order_by("-reviewed_at", "-asked_at", "-pk")
    )
    page = Paginator(others, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "structures/correction_list.html", {"waiting": waiting, "page": page})


@require_http_methods(["GET", "POST"])
@require_permission(Permission.STRUCTURE_EDIT)
def correction_ask(request: HttpRequest, pk: int) -> HttpResponse:
    structure = get_object_or_404(Structure.objects.visible_to(request.user), pk=pk)
    office = get_object_or_404(Office.objects.visible_to(request.user))
    is_sent = request.method == "POST"
    form = AskForm(request.POST if is_sent else None, initial={"email": sourcing.address_of(structure)})
    if form.is_valid():
        email = form.cleaned_data["email"]
        corrections.ask(structure=structure, office=office, email=email, by=request.user, at=timezone.now())
        messages.success(request, f"Un lien pour relire la fiche est envoyé à {email}.")
        return redirect(structure)
    context = {"form": form, "structure": structure}
    return render(request, "structures/correction_ask.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.STRUCTURE_EDIT)
def correction_review(request: HttpRequest, pk: int) -> HttpResponse:
    correction = get_object_or_404(_rows(request), pk=pk)
    changes = corrections.differences(correction)
    form = ReviewForm(request.POST if request.method == "POST" else None, changed=changes)
    if form.is_valid():
        try:
            corrections.review(
                correction=correction,
                accepted=form.cleaned_data["accepted"],
                refusal=form.cleaned_data["refusal"],
                by=request.user,
                at=timezone.now(),
                on=timezone.localdate(),
            )
        except (corrections.CorrectionRefused, TransitionRefused) as refusal:
            form.add_error("refusal", str(refusal))
        else:
            messages.success(request, f"La correction de « {correction.structure} » est relue.")
            return redirect(correction.structure)
    context = {
        "correction": correction,
        "changes": _changes(correction, form),
        "form": form,
        "may_review": correction.state == CorrectionState.PROPOSED,
        "events": audit.history(correction.structure)[:20],
    }
    return render(request, "structures/correction.html", context, status=422 if form.errors else 200)


def _changes(correction: Correction, form: ReviewForm) -> list[Change]:
    ticked = form.data.getlist("accepted") if form.is_bound else None
    proposed = corrections.differences(correction)
    return [
        Change(
            name,
            str(label),
            getattr(correction.structure, name),
            proposed[name],
            ticked is None or name in ticked,
        )
        for name, label in form.fields["accepted"].choices
    ]


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def card_answer(request: HttpRequest, token: str) -> HttpResponse:
    """Reading proposes nothing, whoever reads."""
    try:
        correction = corrections.read(token=token)
    except corrections.CardLinkClosed as closed:
        return _closed(request, str(closed))
    form = _card_form(request, correction.structure, correction.values)
    if not correction.is_reviewed and form.is_valid():
        try:
            corrections.propose(correction=correction, **form.said, at=timezone.now())
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(request.path)
    return _sheet(request, correction.structure, form, correction)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def approach_card(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a need opens the card of the structure that was asked."""
    try:
        approach = sourcing.read(token=token, on=timezone.localdate())
    except sourcing.LinkClosed as closed:
        return _closed(request, str(closed))
    waiting = Correction.objects.to_review().filter(structure=approach.structure, office=approach.need.office)
    correction = waiting.order_by("-proposed_at", "-pk").first()
    form = _card_form(request, approach.structure, correction.values if correction else {})
    if form.is_valid():
        corrections.volunteer(
            structure=approach.structure,
            office=approach.need.office,
            **form.said,
            by=None,
            at=timezone.now(),
        )
        return redirect(request.path)
    return _sheet(request, approach.structure, form, correction)


def _card_form(request: HttpRequest, structure: Structure, proposed: dict) -> CardForm:
    """What was proposed and still waits is what one goes on from."""
    card = Structure.objects.get(pk=structure.pk)
    posted = request.POST if request.method == "POST" else None
    return CardForm(posted, instance=card, initial=proposed)


def _sheet(
    request: HttpRequest, structure: Structure, form: CardForm, correction: Correction | None
) -> HttpResponse:
    context = {"structure": structure, "form": form, "correction": correction, "places": []}
    return _private(
        render(request, "structures/card_answer.html", context, status=422 if form.errors else 200)
    )


def _closed(request: HttpRequest, problem: str) -> HttpResponse:
    context = {"problem": problem, "places": []}
    return _private(render(request, "structures/need_link_closed.html", context, status=404))


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
