"""How long verdicts and decisions take, by buyer and by department."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import Permission, require_permission
from clauses.views.downloads import attachment
from procurement.models import Buyer
from reporting import exports
from reporting.filters import DelayForm
from reporting.queries import delays as query


@require_safe
@require_permission(Permission.ANSWER_TIME_VIEW)
def delay_report(request: HttpRequest) -> HttpResponse:
    form = _form(request)
    context = {
        "form": form,
        "year": str(form.year_chosen),
        "delays": query.delays(request.user, form.asked),
        "query": request.GET.urlencode(),
    }
    return render(request, "reporting/delays.html", context)


@require_safe
@require_permission(Permission.ANSWER_TIME_VIEW)
def delay_export(request: HttpRequest, extension: str) -> HttpResponse:
    found, now = query.delays(request.user, _form(request).asked), timezone.now()
    content = (
        exports.delays_csv(found) if extension == "csv" else exports.delays_workbook(found, created_at=now)
    )
    return attachment(content, "delais", extension, at=now)


def _form(request: HttpRequest) -> DelayForm:
    buyers = Buyer.objects.visible_to(request.user)
    return DelayForm(request.GET, buyers=buyers, today=timezone.localdate())
