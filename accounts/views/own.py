"""What everybody with an account may open: own profile, the hat worn, own data."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import queries
from accounts.forms.own import NameForm
from accounts.models import CardContact, Membership
from accounts.notifications import invitation_path
from accounts.permissions import signed_in
from accounts.services import people


@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    own = {"first_name": request.user.first_name, "last_name": request.user.last_name}
    form = NameForm(request.POST or None, initial=own)
    if form.is_valid():
        people.rename(user=request.user, **form.cleaned_data)
        messages.success(request, "Votre nom est enregistré.")
        return redirect("accounts:profile")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "invitations": _open_invitations(request), "is_on_card": _is_on_card(request)}
    return render(request, "accounts/profile.html", context, status=status)


@signed_in
def no_role(request: HttpRequest) -> HttpResponse:
    """For an account that no organisation counts among its members, or not yet."""
    if request.user.membership:
        return redirect("reporting:home")
    return render(request, "accounts/no_role.html", {"invitations": _open_invitations(request)})


@signed_in
def own_data(request: HttpRequest) -> HttpResponse:
    """Everything the application holds about the person, in a file they may keep (GDPR article 15)."""
    answer = JsonResponse(
        queries.own_data(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    answer["Content-Disposition"] = 'attachment; filename="mes-donnees.json"'
    return answer


@signed_in
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    own = Membership.objects.in_force().filter(user=request.user)
    hat = get_object_or_404(own, pk=_number(request.POST.get("membership")))
    request.session["membership_id"] = hat.pk
    messages.success(
        request,
        f"Vous travaillez maintenant pour {hat.organisation}, comme {hat.get_role_display().lower()}.",
    )
    return redirect("reporting:home")


def _open_invitations(request: HttpRequest) -> list[dict]:
    """Signed in is enough to answer: the link is the same as in the letter."""
    pending = (
        Membership.objects.pending().filter(user=request.user).select_related("organisation", "invited_by")
    )
    return [
        {"membership": membership, "url": invitation_path(membership)}
        for membership in pending.order_by("invited_at", "pk")
        if membership.invitation_ends_at > timezone.now()
    ]


def _is_on_card(request: HttpRequest) -> bool:
    hat = request.user.membership
    return hat is not None and CardContact.objects.filter(membership=hat.pk).exists()


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0
