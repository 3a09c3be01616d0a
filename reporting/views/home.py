from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.permissions import signed_in


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    if request.user.membership is None:
        return redirect("accounts:no_role")
    return render(request, "reporting/home.html")
