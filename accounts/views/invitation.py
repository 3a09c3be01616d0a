"""The page behind an invitation's link; a link is all that a new person has."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms.team import JoinForm
from accounts.models import Membership
from accounts.roles import DESCRIPTIONS, Role
from accounts.services import members
from accounts.workflow import TransitionRefused
from config.lib.tokens import TokenAltered, TokenExpired


@login_not_required
@never_cache
@sensitive_post_parameters("password", "again")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    try:
        membership = members.invited(token=token)
    except TokenAltered as problem:
        return _dead_end(request, problem, status=404)
    except (TokenExpired, members.InvitationClosed) as problem:
        return _dead_end(request, problem, status=410)
    if request.user.is_authenticated and request.user != membership.user:
        return _show(request, "accounts/invitation_other.html", membership, status=403)
    if request.user.is_authenticated or membership.user.has_usable_password():
        return _known(request, membership)
    return _newcomer(request, membership)


def _known(request: HttpRequest, membership: Membership) -> HttpResponse:
    """An account exists: its owner signs in, then accepts."""
    if request.method != "POST" or not request.user.is_authenticated:
        return _show(request, "accounts/invitation_known.html", membership)
    try:
        members.accept(membership=membership, at=timezone.now())
    except (TransitionRefused, members.InvitationClosed) as problem:
        return _dead_end(request, problem, status=410)
    return _welcome(request, membership)


def _newcomer(request: HttpRequest, membership: Membership) -> HttpResponse:
    form = JoinForm(request.POST or None, email=membership.user.email)
    if not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return _show(request, "accounts/invitation.html", membership, form=form, status=status)
    names = {name: form.cleaned_data[name] for name in ("first_name", "last_name", "password")}
    try:
        joined = members.join(membership=membership, **names, at=timezone.now())
    except (TransitionRefused, members.InvitationClosed) as problem:
        return _dead_end(request, problem, status=410)
    login(request, joined.user)
    return _welcome(request, joined)


def _welcome(request: HttpRequest, membership: Membership) -> HttpResponse:
    request.session["membership_id"] = membership.pk
    messages.success(
        request,
        f"Bienvenue : votre rôle est « {membership.get_role_display()} » pour {membership.organisation}.",
    )
    return redirect("reporting:home")


def _show(
    request: HttpRequest, template: str, membership: Membership, *, status: int = 200, **more
) -> HttpResponse:
    context = {"membership": membership, "description": DESCRIPTIONS[Role(membership.role)]}
    return render(request, template, context | more, status=status)


def _dead_end(request: HttpRequest, problem: Exception, *, status: int) -> HttpResponse:
    return render(request, "accounts/invitation_closed.html", {"problem": str(problem)}, status=status)
