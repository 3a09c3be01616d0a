"""Visits, appointments and events: the list, the page of one, and its life."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import push_url

from accounts import audit
from accounts.models import Office
from accounts.permissions import Permission, allows, require_permission
from accounts.roles import OFFICE_ROLES
from procurement.models import Buyer, Market
from structures.enums import MeetingSituation
from structures.exports import calendar, meetings as exports
from structures.filters.meetings import MeetingFilter
from structures.forms.meetings import MeetingForm, OtherGuestForm, OutcomeForm
from structures.models import Meeting, Structure
from structures.services import meetings, outcomes
from structures.services.meetings import MeetingRefused
from structures.workflow import TransitionRefused


PAGE_SIZE = 50
# Of what is found to be added to a meeting.
FOUND = 12
CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def visible(request: HttpRequest) -> QuerySet[Meeting]:
    return Meeting.objects.visible_to(request.user).select_related("kind", "office__organisation")


def is_office(request: HttpRequest) -> bool:
    return request.user.membership.role in OFFICE_ROLES


@require_safe
@require_permission(Permission.MEETING_VIEW)
def meeting_list(request: HttpRequest) -> HttpResponse:
    found, at = _filtered(request), timezone.now()
    page = Paginator(_rows(request, found), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filter": found,
        "page": page,
        "rows": [{"meeting": meeting, "situation": meeting.situation(at)} for meeting in page],
        "is_office": is_office(request),
    }
    is_swap = request.htmx and not request.htmx.history_restore_request
    template = "structures/meetings/list.html#results" if is_swap else "structures/meetings/list.html"
    response = render(request, template, context)
    # The back button must not show the fragment as a page.
    patch_vary_headers(response, ["HX-Request"])
    return push_url(response, f"?{found.query}") if is_swap else response


@require_safe
@require_permission(Permission.MEETING_VIEW)
def meeting_export(request: HttpRequest, extension: str) -> HttpResponse:
    at = timezone.now()
    write = exports.csv if extension == "csv" else exports.workbook
    content = write(_rows(request, _filtered(request)), is_office=is_office(request), at=at)
    name = f"rencontres-{timezone.localdate():%Y-%m-%d}.{extension}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=CONTENT_TYPES[extension], headers=headers)


@require_safe
@require_permission(Permission.MEETING_VIEW)
def meeting_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, get_object_or_404(visible(request), pk=pk))


@require_safe
@require_permission(Permission.MEETING_VIEW)
def meeting_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(visible(request), pk=pk)
    headers = {"Content-Disposition": f'attachment; filename="rencontre-{pk}.ics"'}
    return HttpResponse(
        calendar.published(meeting), content_type="text/calendar; charset=utf-8", headers=headers
    )


@require_http_methods(["GET", "POST"])
@require_permission(Permission.MEETING_WRITE)
def meeting_plan(request: HttpRequest) -> HttpResponse:
    office = get_object_or_404(Office.objects.visible_to(request.user))
    market = _market(request)
    form = MeetingForm(
        request.POST if request.method == "POST" else None, initial={"starts": "09:30", "ends": "11:00"}
    )
    if form.is_valid():
        meeting = meetings.plan(
            office=office,
            values=form.values,
            markets=[market] if market else [],
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, "La rencontre est saisie. Dites maintenant qui y est invité.")
        return redirect(meeting)
    return _form(request, form, {"market": market})


@require_http_methods(["GET", "POST"])
@require_permission(Permission.MEETING_WRITE)
def meeting_change(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(visible(request), pk=pk)
    form = MeetingForm(
        request.POST if request.method == "POST" else None, instance=Meeting.objects.get(pk=pk)
    )
    if form.is_valid():
        try:
            meetings.change(meeting=meeting, values=form.values, by=request.user, at=timezone.now())
        except MeetingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "La rencontre est modifiée.")
            return redirect(meeting)
    return _form(request, form, {"meeting": meeting})


@require_POST
@require_permission(Permission.MEETING_WRITE)
def meeting_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    return _move(request, pk, meetings.cancel, "La rencontre est annulée ; ses invités en sont avertis.")


@require_POST
@require_permission(Permission.MEETING_WRITE)
def meeting_reinstate(request: HttpRequest, pk: int) -> HttpResponse:
    return _move(request, pk, meetings.reinstate, "La rencontre est rétablie ; ses invités en sont avertis.")


@require_http_methods(["GET", "POST"])
@require_permission(Permission.MEETING_WRITE)
def meeting_outcome(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(visible(request), pk=pk)
    guests = meeting.guests.select_related("organisation", "structure").in_reading_order()
    came = [guest.pk for guest in guests if guest.presence != "absent"]
    initial = {"outcome": meeting.outcome, "text": meeting.outcome_note, "came": came}
    form = OutcomeForm(request.POST if request.method == "POST" else None, guests=guests, initial=initial)
    if form.is_valid():
        try:
            outcomes.note(meeting=meeting, by=request.user, at=timezone.now(), **form.values)
        except (MeetingRefused, TransitionRefused) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Ce qui est sorti de la rencontre est noté.")
            return redirect(meeting)
    context = {"form": form, "meeting": meeting}
    return render(request, "structures/meetings/outcome.html", context, status=422 if form.errors else 200)


@require_POST
@require_permission(Permission.MEETING_WRITE)
def meeting_outcome_back(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(visible(request), pk=pk)
    try:
        outcomes.take_back(meeting=meeting, by=request.user)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "La rencontre attend de nouveau ce qui en est sorti.")
    return redirect(meeting)


def show(
    request: HttpRequest, meeting: Meeting, *, other: OtherGuestForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of a meeting, with what may be added to it for those who hold it."""
    guests = list(meeting.guests.select_related("organisation", "structure").in_reading_order())
    situation = meeting.situation(timezone.now())
    may_write = allows(request.user, Permission.MEETING_WRITE)
    is_open = situation != MeetingSituation.CANCELLED
    context = {
        "meeting": meeting,
        "situation": situation,
        "situations": MeetingSituation,
        "guests": guests,
        "waiting": sum(not guest.is_invited for guest in guests),
        "markets": meeting.markets.visible_to(request.user)
        .select_related("plan__buyer__organisation")
        .order_by("title", "pk"),
        "is_office": is_office(request),
        "may_write": may_write,
        "may_add": may_write and is_open,
        "other": other or OtherGuestForm(),
        "events": audit.history(meeting) if may_write else None,
    }
    if context["may_add"]:
        context |= _findings(request, meeting, guests)
    return render(request, "structures/meetings/detail.html", context, status=status)


def _findings(request: HttpRequest, meeting: Meeting, guests: list) -> dict:
    """Buyers not asked yet; structures and markets that answer the words of the address."""
    asked = {guest.organisation_id for guest in guests}
    structure, market = request.GET.get("structure", ""), request.GET.get("market", "")
    buyers = (
        Buyer.objects.visible_to(request.user).select_related("organisation").exclude(pk__in=asked - {None})
    )
    found = {"structure_words": structure[:100], "market_words": market[:100]}
    found["buyers"] = buyers.order_by("organisation__name", "pk")
    if structure.strip():
        known = [guest.structure_id for guest in guests if guest.structure_id]
        rows = Structure.objects.visible_to(request.user).matching(structure[:100]).exclude(pk__in=known)
        found["found_structures"] = rows.order_by("sort_name", "pk")[:FOUND]
    if market.strip():
        rows = Market.objects.visible_to(request.user).matching(market[:100]).exclude(meetings=meeting.pk)
        rows = rows.select_related("plan__buyer__organisation")
        found["found_markets"] = rows.order_by("-plan__year", "title", "pk")[:FOUND]
    return found


def _filtered(request: HttpRequest) -> MeetingFilter:
    return MeetingFilter(
        request.GET, visible(request), user=request.user, at=timezone.now(), today=timezone.localdate()
    )


def _rows(request: HttpRequest, found: MeetingFilter) -> QuerySet[Meeting]:
    markets = Market.objects.visible_to(request.user).order_by("title", "pk")
    rows = found.qs.with_guests().in_reading_order(found.at)
    return rows.prefetch_related(Prefetch("markets", queryset=markets))


def _market(request: HttpRequest) -> Market | None:
    asked = request.GET.get("market", "")
    rows = Market.objects.visible_to(request.user).select_related("plan__buyer__organisation")
    return get_object_or_404(rows, pk=asked) if asked.isdecimal() else None


def _form(request: HttpRequest, form: MeetingForm, context: dict) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "structures/meetings/form.html", {"form": form} | context, status=status)


def _move(request: HttpRequest, pk: int, verb: Callable, said: str) -> HttpResponse:
    meeting = get_object_or_404(visible(request), pk=pk)
    try:
        verb(meeting=meeting, by=request.user, at=timezone.now())
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(meeting)
