from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import Permission, require_permission
from reporting.filters import YearForm
from reporting.queries import meetings as query
from reporting.rules import periods
from structures.models import Meeting


@require_safe
@require_permission(Permission.MEETING_WRITE)
def meeting_figures(request: HttpRequest) -> HttpResponse:
    """What came of meetings is for the office alone."""
    form = YearForm(request.GET, today=timezone.localdate())
    starts_on, ends_on = periods.year(form.year_chosen)
    meetings = Meeting.objects.visible_to(request.user)
    context = {
        "form": form,
        "year": str(form.year_chosen),
        "figures": query.figures(meetings, starts_on=starts_on, ends_on=ends_on),
    }
    return render(request, "reporting/meetings.html", context)
