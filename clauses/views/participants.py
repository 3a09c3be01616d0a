from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from accounts.permissions import Permission, allows, require_permission
from accounts.roles import OFFICE_ROLES
from clauses.enums import (
    DECLARATION_TONES,
    ELIGIBILITY_TONES,
    ClauseState,
    DeclarationState,
    EligibilityState,
)
from clauses.exports import participants as workbook
from clauses.filters.participants import ParticipantFilter
from clauses.forms.participants import EligibilityForm, ParticipantForm
from clauses.models import Clause, HourEntry, Participant, Placement, Public, ReferenceValue
from clauses.rules.months import add_months
from clauses.services import eligibility, participants
from clauses.services.participants import PossibleDuplicate
from clauses.views.pages import PAGE_SIZE, download, posted, status_of, without_page


ELIGIBILITY_MONTHS = "eligibility-months"


@require_safe
@require_permission(Permission.PARTICIPANT_VIEW)
def participant_list(request: HttpRequest) -> HttpResponse:
    found = _found(request)
    page = Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "title": "Personnes" if _is_office(request) else "Mes salariés",
        "filter": found,
        "page": page,
        "query": without_page(request),
        "is_office": _is_office(request),
        "clause": _clause_to_fill(request),
    }
    return render(request, "clauses/participants/list.html", context)


@require_safe
@require_permission(Permission.PARTICIPANT_VIEW)
def participant_export(request: HttpRequest, extension: str) -> HttpResponse:
    readings = workbook.FOR_OFFICE if _is_office(request) else workbook.FOR_COMPANY
    return download(workbook.sheet(_found(request).qs, readings), extension)


@require_safe
@require_permission(Permission.PARTICIPANT_VIEW)
def participant_detail(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(_visible(request), pk=pk)
    placements = Placement.objects.visible_to(request.user).filter(participant=person)
    context = {
        "person": person,
        "today": timezone.localdate(),
        "placements": placements.with_hours()
        .select_related("clause__contract__contractor", "clause__lot__market", "employer_structure")
        .order_by("-starts_on", "-pk"),
        "entries": _told_hours(placements),
    }
    if _is_office(request):
        # The motive and the history that tells of it are for the office alone (RGPD, art. 9 and 10).
        decisions = person.eligibilities.select_related("public", "decided_by").order_by("-decided_at", "-pk")
        context |= {
            "is_office": True,
            "decisions": [(row, ELIGIBILITY_TONES[EligibilityState(row.state)]) for row in decisions],
            "age": person.age_on(timezone.localdate()),
            "events": audit.history(person),
        }
    return render(request, "clauses/participants/detail.html", context)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.PARTICIPANT_EDIT)
def participant_add(request: HttpRequest) -> HttpResponse:
    form = ParticipantForm(posted(request), today=timezone.localdate())
    if form.is_valid():
        add = participants.add_namesake if form.cleaned_data["is_somebody_else"] else participants.add
        try:
            person = add(office=_office(request), identity=form.identity, by=request.user)
        except PossibleDuplicate as doubt:
            form.ask_again(doubt)
        else:
            messages.success(request, f"La fiche de {person} est créée.")
            return redirect(person)
    return render(request, "clauses/participants/form.html", {"form": form}, status=status_of(request))


@require_http_methods(["GET", "POST"])
@require_permission(Permission.PARTICIPANT_EDIT)
def participant_change(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(_visible(request), pk=pk)
    form = ParticipantForm(posted(request), instance=person, today=timezone.localdate())
    if form.is_valid():
        participants.change(participant=person, identity=form.identity, by=request.user)
        messages.success(request, f"La fiche de {person} est enregistrée.")
        return redirect(person)
    context = {"form": form, "person": person}
    return render(request, "clauses/participants/form.html", context, status=status_of(request))


@require_http_methods(["GET", "POST"])
@require_permission(Permission.ELIGIBILITY_DECIDE)
def eligibility_decide(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(_visible(request), pk=pk)
    today = timezone.localdate()
    duration = ReferenceValue.objects.by_code(today).get(ELIGIBILITY_MONTHS)
    form = EligibilityForm(
        posted(request),
        initial=_usual_period(today, duration),
        publics=Public.objects.in_force(today).order_by("label", "pk"),
    )
    if form.is_valid() and _decided(request, person, form):
        return redirect(person)
    context = {"form": form, "person": person, "duration": duration}
    return render(request, "clauses/participants/eligibility.html", context, status=status_of(request))


def _visible(request: HttpRequest) -> QuerySet[Participant]:
    return Participant.objects.visible_to(request.user).with_eligibility(timezone.localdate())


def _found(request: HttpRequest) -> ParticipantFilter:
    return ParticipantFilter(
        request.GET,
        _visible(request).order_by("sort_name", "pk"),
        placements=Placement.objects.visible_to(request.user),
        today=timezone.localdate(),
    )


def _is_office(request: HttpRequest) -> bool:
    return request.user.membership.role in OFFICE_ROLES


def _office(request: HttpRequest):
    return request.user.membership.organisation.office


def _clause_to_fill(request: HttpRequest) -> Clause | None:
    """The list also serves to choose the person to place on a clause."""
    wanted = request.GET.get("placer", "")
    if not (wanted.isdecimal() and len(wanted) < 20 and allows(request.user, Permission.PARTICIPANT_EDIT)):
        return None
    running = Clause.objects.visible_to(request.user).filter(state=ClauseState.RUNNING)
    return running.select_related("contract", "lot").filter(pk=wanted).first()


def _told_hours(placements: QuerySet[Placement]) -> list[tuple[HourEntry, str]]:
    told = HourEntry.objects.filter(
        placement__in=placements.values("pk"),
        declaration__state__in=[DeclarationState.SENT, DeclarationState.VALIDATED],
    )
    rows = told.select_related("declaration__contract").order_by("-declaration__period", "pk")
    return [(row, DECLARATION_TONES[DeclarationState(row.declaration.state)]) for row in rows]


def _usual_period(today: date, duration: ReferenceValue | None) -> dict[str, date]:
    if duration is None:
        return {"valid_from": today}
    return {"valid_from": today, "valid_to": add_months(today, int(duration.value))}


def _decided(request: HttpRequest, person: Participant, form: EligibilityForm) -> bool:
    granted = form.cleaned_data["state"] == EligibilityState.GRANTED
    decide: Callable = eligibility.grant if granted else eligibility.refuse
    try:
        decide(participant=person, grounds=form.grounds, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    verb = "reconnue" if granted else "refusée"
    messages.success(request, f"L’éligibilité de {person} est {verb}.")
    return True
