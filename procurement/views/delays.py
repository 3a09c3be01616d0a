"""The delays that an office sets for itself, over the usual ones."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import Office
from accounts.permissions import Permission, require_permission
from procurement.enums import DelayCode
from procurement.forms.delays import DelaysForm
from procurement.queries.delays import timetable
from procurement.services import delays
from procurement.services.delays import DelaysRefused


@require_http_methods(["GET", "POST"])
@require_permission(Permission.DELAY_SET)
def delay_list(request: HttpRequest) -> HttpResponse:
    office, today = _office(request), timezone.localdate()
    known = timetable(office.pk)
    form = DelaysForm(request.POST or None, timetable=known, on=today)
    if form.is_valid():
        try:
            changed = delays.keep(office=office, values=form.values, by=request.user, on=today)
        except DelaysRefused as refusal:
            for code, fault in refusal.faults.items():
                form.add_error(code.value, fault)
        else:
            messages.success(
                request,
                "Les délais sont enregistrés."
                if changed
                else "Rien n’a changé\N{NO-BREAK SPACE}: mêmes délais.",
            )
            return redirect("procurement:delay_list")
    context = {
        "form": form,
        "office": office,
        "has_own": any(row.is_own for code in DelayCode if (row := known.kept(code, today))),
        "events": audit.history(office).filter(kind=AuditKind.DELAYS_KEPT),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "procurement/delay_list.html", context, status=status)


@require_POST
@require_permission(Permission.DELAY_SET)
def delay_reset(request: HttpRequest) -> HttpResponse:
    delays.reset(office=_office(request), by=request.user, on=timezone.localdate())
    messages.success(request, "L’office suit de nouveau les délais usuels.")
    return redirect("procurement:delay_list")


def _office(request: HttpRequest) -> Office:
    return get_object_or_404(Office.objects.visible_to(request.user).select_related("organisation"))
