"""What everybody with an account may open: own profile, the hat worn, help."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.models import Membership
from accounts.permissions import signed_in


@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/profile.html")


@signed_in
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    own = Membership.objects.in_force().filter(user=request.user)
    hat = get_object_or_404(own, pk=request.POST.get("membership") or 0)
    request.session["membership_id"] = hat.pk
    return redirect("reporting:home")
