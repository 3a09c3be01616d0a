from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission, require_permission
from clauses.enums import ClauseState
from clauses.forms.participants import PlacementEndForm, PlacementForm
from clauses.models import Clause, Participant, Placement
from clauses.services import placements
from clauses.services.placements import (
    AlreadyPlaced,
    ClauseNotRunning,
    HoursAfterEnd,
    NotEligible,
    OutsideContract,
)
from clauses.views.pages import posted, status_of
from structures.models import Structure


# Where the form shows each refusal.
REFUSALS = {
    ClauseNotRunning: "clause",
    OutsideContract: "starts_on",
    NotEligible: "starts_on",
    AlreadyPlaced: "clause",
}


@require_http_methods(["GET", "POST"])
@require_permission(Permission.PARTICIPANT_EDIT)
def placement_open(request: HttpRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    people = Participant.objects.visible_to(request.user).with_eligibility(today)
    person = get_object_or_404(people, pk=pk)
    form = PlacementForm(
        posted(request),
        initial={"clause": request.GET.get("clause"), "starts_on": today},
        clauses=_running(request),
        structures=Structure.objects.visible_to(request.user),
    )
    if form.is_valid() and _opened(request, person, form):
        return redirect(person)
    context = {"form": form, "person": person}
    return render(request, "clauses/participants/placement.html", context, status=status_of(request))


@require_http_methods(["GET", "POST"])
@require_permission(Permission.PARTICIPANT_EDIT)
def placement_end(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Placement.objects.visible_to(request.user).select_related("participant", "clause__contract")
    placement = get_object_or_404(rows, pk=pk)
    form = PlacementEndForm(posted(request), initial={"ends_on": placement.ends_on})
    if form.is_valid() and _ended(request, placement, form):
        return redirect(placement.participant)
    context = {"form": form, "placement": placement, "person": placement.participant}
    return render(request, "clauses/participants/placement_end.html", context, status=status_of(request))


def _running(request: HttpRequest) -> QuerySet[Clause]:
    running = Clause.objects.visible_to(request.user).filter(state=ClauseState.RUNNING)
    return running.select_related("contract__contractor", "lot").order_by("contract__reference", "pk")


def _opened(request: HttpRequest, person: Participant, form: PlacementForm) -> bool:
    try:
        placements.open_for(
            participant=person,
            clause=form.cleaned_data["clause"],
            engagement=form.engagement,
            by=request.user,
        )
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    except tuple(REFUSALS) as refusal:
        form.add_error(REFUSALS[type(refusal)], str(refusal))
        return False
    messages.success(request, f"Le placement de {person} est ouvert.")
    return True


def _ended(request: HttpRequest, placement: Placement, form: PlacementEndForm) -> bool:
    try:
        placements.end(placement=placement, ends_on=form.cleaned_data["ends_on"], by=request.user)
    except ValidationError as refusal:
        form.add_error("ends_on", refusal.messages)
        return False
    except (OutsideContract, HoursAfterEnd) as refusal:
        form.add_error("ends_on", str(refusal))
        return False
    messages.success(request, f"Le placement de {placement.participant} a sa date de fin.")
    return True
