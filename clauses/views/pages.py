"""What the pages of this app share: a form's data, a list's address, a sheet as a file."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.text import slugify

from accounts.permissions import Permission, allows
from clauses.enums import Standing
from config.lib.spreadsheet import Sheet, write_csv, write_workbook
from procurement.models import Market
from procurement.queries import duties
from procurement.queries.duties import Assessment


PAGE_SIZE = 50
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def duty_panel(
    request: HttpRequest,
    market: Market,
    read: Callable[[list[Market], dict[int, Assessment]], dict[int, Standing]],
) -> dict[str, Any]:
    """What the law asks of this market and how it is answered, for the office and the buyer alone."""
    if not allows(request.user, Permission.SCREENING_VIEW):
        return {"assessment": None, "standing": None}
    assessed = duties.of([market])
    return {
        "market": market,
        "assessment": assessed[market.pk],
        "standing": read([market], assessed).get(market.pk),
    }


def posted(request: HttpRequest) -> QueryDict | None:
    """An empty answer is an answer: its form comes back with errors."""
    return request.POST if request.method == "POST" else None


def status_of(request: HttpRequest) -> int:
    """Of a page that shows a form: a POST that comes back to it was refused."""
    return 422 if request.method == "POST" else 200


def without_page(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


def download(sheet: Sheet, extension: str) -> HttpResponse:
    if extension not in TYPES:
        raise Http404
    if extension == "csv":
        content = write_csv([column.title for column in sheet.columns], sheet.rows)
    else:
        content = write_workbook([sheet], created_at=timezone.now())
    name = f"{slugify(sheet.name)}-{timezone.localdate():%Y-%m-%d}.{extension}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=TYPES[extension], headers=headers)
