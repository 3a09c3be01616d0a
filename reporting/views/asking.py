"""From a buyer and a period to a report: look at the figures first, then have them printed."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Office
from accounts.permissions import Permission, require_permission
from procurement.models import Buyer
from reporting.forms import ReportForm
from reporting.queries import buyer_report
from reporting.services import editions


@require_safe
@require_permission(Permission.REPORT_BUILD)
def report_preview(request: HttpRequest) -> HttpResponse:
    form = report_form(request, request.GET)
    if not form.is_valid():
        return render(request, "reporting/report_preview.html", {"form": form}, status=422)
    chosen = form.cleaned_data
    figures = buyer_report.figures(
        office=_office(request),
        buyer=chosen["buyer"],
        starts_on=chosen["starts_on"],
        ends_on=chosen["ends_on"],
        cutoff_at=timezone.now(),
    )
    return render(request, "reporting/report_preview.html", {"form": form, "figures": figures})


@require_http_methods(["GET", "HEAD", "POST"])
@require_permission(Permission.REPORT_BUILD)
def report_ask(request: HttpRequest) -> HttpResponse:
    # A page that refused the form, opened again.
    if request.method != "POST":
        return redirect("reporting:edition_list")
    form = report_form(request, request.POST)
    if not form.is_valid():
        return render(request, "reporting/report_preview.html", {"form": form}, status=422)
    chosen = form.cleaned_data
    job = editions.ask(
        office=_office(request),
        buyer=chosen["buyer"],
        starts_on=chosen["starts_on"],
        ends_on=chosen["ends_on"],
        by=request.user,
        at=timezone.now(),
    )
    return redirect(job)


def report_form(request: HttpRequest, data: QueryDict | None = None) -> ReportForm:
    buyers = Buyer.objects.visible_to(request.user).select_related("organisation")
    return ReportForm(data, buyers=buyers.order_by("organisation__name", "pk"), today=timezone.localdate())


def _office(request: HttpRequest) -> Office:
    return Office.objects.select_related("organisation").get(pk=request.user.membership.organisation_id)
