from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.permissions import signed_in
from accounts.roles import Role
from reporting.queries import todo


# As the rail calls it; the others read « À faire ».
TITLES = {Role.PRESCRIBER: "À décider", Role.CONTRACTOR: "À déclarer"}
SHOWN = 50


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    hat = request.user.membership
    if hat is None:
        return redirect("accounts:no_role")
    today = timezone.localdate()
    found = todo.of(request.user, today)
    context = {
        "title": TITLES.get(Role(hat.role), "À faire"),
        "today": today,
        "tasks": found.tasks[:SHOWN],
        "waits": found.waits[:SHOWN],
        "hidden": len(found.tasks[SHOWN:]),
        "figures": found.figures,
    }
    return render(request, "reporting/home.html", context)
