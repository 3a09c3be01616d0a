"""The people of an organisation, for those who may invite and remove them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.filters import OrganisationFilter, TeamFilter
from accounts.forms.team import InvitationForm
from accounts.models import Membership, Organisation, User
from accounts.permissions import Permission, require_permission
from accounts.roles import Role
from accounts.services import members
from accounts.workflow import TransitionRefused, open_transitions


PAGE = 50
EVENTS = 20


@require_permission(Permission.TEAM_MANAGE)
def team(request: HttpRequest) -> HttpResponse:
    visible = Membership.objects.visible_to(request.user)
    found = TeamFilter(request.GET, visible.select_related("user", "organisation"))
    page = Paginator(found.qs.in_reading_order(), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "accounts/team.html",
        {
            "filter": found,
            "page": page,
            "rows": [_row(membership, request.user) for membership in page],
            "query": _without_page(request),
            "events": audit.history_of_all(visible)[:EVENTS],
            "everywhere": request.user.membership.role == Role.ADMINISTRATOR,
        },
    )


@require_permission(Permission.TEAM_MANAGE)
def organisation_list(request: HttpRequest) -> HttpResponse:
    """Where the administrator chooses the organisation that somebody joins."""
    in_force = Q(memberships__accepted_at__isnull=False, memberships__ended_at__isnull=True)
    visible = Organisation.objects.visible_to(request.user)
    found = OrganisationFilter(request.GET, visible.annotate(members=Count("memberships", filter=in_force)))
    page = Paginator(found.qs.order_by("name", "pk"), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "accounts/organisations.html",
        {"filter": found, "page": page, "query": _without_page(request)},
    )


@require_permission(Permission.TEAM_MANAGE)
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    form = InvitationForm(request.POST or None, organisation=organisation)
    if form.is_valid():
        try:
            membership = members.invite(
                organisation=organisation, **form.cleaned_data, by=request.user, at=timezone.now()
            )
        except members.InvitationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"L’invitation est envoyée à {membership.user.email}.")
            return redirect("accounts:team")
    status = 422 if request.method == "POST" else 200
    return render(
        request, "accounts/invite.html", {"form": form, "organisation": organisation}, status=status
    )


@require_POST
@require_permission(Permission.TEAM_MANAGE)
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    membership = get_object_or_404(Membership.objects.visible_to(request.user), pk=pk)
    try:
        members.resend(membership=membership, by=request.user, at=timezone.now())
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"L’invitation est envoyée de nouveau à {membership.user.email}.")
    return redirect("accounts:team")


@require_permission(Permission.TEAM_MANAGE)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first: a departure has no undo but a new invitation."""
    visible = Membership.objects.visible_to(request.user).current().select_related("user", "organisation")
    membership = get_object_or_404(visible, pk=pk)
    if request.method != "POST":
        return render(request, "accounts/remove.html", {"membership": membership})
    try:
        told = _end(membership, request.user)
    except (TransitionRefused, members.RemovalRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, told)
    return redirect("accounts:team")


def _end(membership: Membership, by: User) -> str:
    if membership.is_pending:
        members.cancel(membership=membership, by=by, at=timezone.now())
        return f"L’invitation de {membership.user.email} est annulée : son lien ne s’ouvre plus."
    members.remove(membership=membership, by=by, at=timezone.now())
    return f"{membership.user} ne fait plus partie de « {membership.organisation} »."


def _row(membership: Membership, user: User) -> dict:
    verbs = {transition.name for transition in open_transitions(membership.state)}
    return {
        "membership": membership,
        "may_resend": "RESEND" in verbs,
        "may_cancel": "CANCEL" in verbs,
        "may_remove": "REMOVE" in verbs and membership.user_id != user.pk,
        "is_late": membership.is_pending and membership.invitation_ends_at < timezone.now(),
    }


def _without_page(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()
