"""Who is asked to a meeting, and the markets it is about."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.models import Organisation
from accounts.permissions import Permission, require_permission
from config.lib.french import join_words
from procurement.models import Buyer, Market
from structures.forms.meetings import GuestsForm, LinkForm, OtherGuestForm
from structures.models import Guest, Meeting, Structure
from structures.services import guests, meetings
from structures.services.meetings import MeetingRefused
from structures.views.meetings import show, visible


@require_POST
@require_permission(Permission.MEETING_WRITE)
def guest_add(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(visible(request), pk=pk)
    buyers = Organisation.objects.filter(pk__in=Buyer.objects.visible_to(request.user).values("pk"))
    form = GuestsForm(request.POST, buyers=buyers, structures=Structure.objects.visible_to(request.user))
    if not form.is_valid():
        return _refuse(request, meeting, form)
    given = form.cleaned_data
    try:
        added = guests.add(
            meeting=meeting, organisations=given["buyer"], structures=given["structure"], by=request.user
        )
    except MeetingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _told(added))
    return redirect(meeting)


@require_POST
@require_permission(Permission.MEETING_WRITE)
def guest_add_other(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(visible(request), pk=pk)
    form = OtherGuestForm(request.POST)
    if not form.is_valid():
        return show(request, meeting, other=form, status=422)
    try:
        guest = guests.add_other(meeting=meeting, by=request.user, **form.cleaned_data)
    except MeetingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _told([guest]))
    return redirect(meeting)


@require_POST
@require_permission(Permission.MEETING_WRITE)
def guest_remove(request: HttpRequest, pk: int) -> HttpResponse:
    own = Guest.objects.filter(meeting__in=Meeting.objects.visible_to(request.user))
    guest = get_object_or_404(own.select_related("meeting", "organisation", "structure"), pk=pk)
    try:
        guests.remove(guest=guest, by=request.user)
    except MeetingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"« {guest} » n’est plus sur la liste.")
    return redirect(guest.meeting)


@require_POST
@require_permission(Permission.MEETING_WRITE)
def guest_invite(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(visible(request), pk=pk)
    try:
        invited = guests.invite(meeting=meeting, by=request.user, at=timezone.now())
    except MeetingRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(meeting)
    if invited.sent:
        names = join_words([str(guest) for guest in invited.sent])
        messages.success(request, f"L’invitation part à {names}.")
    if invited.unreached:
        names = join_words([str(guest) for guest in invited.unreached])
        messages.warning(request, f"Aucune adresse électronique n’est connue pour {names} : prévenez-les.")
    return redirect(meeting)


@require_POST
@require_permission(Permission.MEETING_WRITE)
def market_link(request: HttpRequest, pk: int) -> HttpResponse:
    return _market(request, pk, meetings.link, "Le marché « {} » est rattaché à la rencontre.")


@require_POST
@require_permission(Permission.MEETING_WRITE)
def market_unlink(request: HttpRequest, pk: int) -> HttpResponse:
    return _market(request, pk, meetings.unlink, "Le marché « {} » n’est plus rattaché à la rencontre.")


def _market(request: HttpRequest, pk: int, verb, said: str) -> HttpResponse:
    meeting = get_object_or_404(visible(request), pk=pk)
    form = LinkForm(request.POST, markets=Market.objects.visible_to(request.user))
    if not form.is_valid():
        return _refuse(request, meeting, form)
    market = form.cleaned_data["market"]
    verb(meeting=meeting, market=market, by=request.user)
    messages.success(request, said.format(market))
    return redirect(meeting)


def _refuse(request: HttpRequest, meeting: Meeting, form: Form) -> HttpResponse:
    for reasons in form.errors.values():
        messages.error(request, " ".join(reasons))
    return show(request, meeting, status=422)


def _told(added: list[Guest]) -> str:
    if not added:
        return "Ces organisations étaient déjà sur la liste."
    names = join_words([str(guest) for guest in added])
    return f"{names} : sur la liste. L’invitation part quand vous l’envoyez."
