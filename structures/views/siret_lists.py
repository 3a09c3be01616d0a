"""A list of SIRETs pasted to learn which are what; nothing of it is kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission, require_permission
from structures import exports
from structures.forms.siret_lists import SiretListForm
from structures.models import Structure
from structures.queries import siret_lists
from structures.views.directory import XLSX


@require_http_methods(["GET", "POST"])
@require_permission(Permission.STRUCTURE_VIEW)
def siret_check(request: HttpRequest) -> HttpResponse:
    form = SiretListForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, {"form": form}, status=422 if form.errors else 200)
    checked = siret_lists.check(form.entries, Structure.objects.visible_to(request.user))
    if request.POST.get("export") == "xlsx":
        return _download(exports.siret_workbook(checked, created_at=timezone.now()), XLSX, "xlsx")
    if request.POST.get("export") == "csv":
        return _download(exports.siret_csv(checked), "text/csv; charset=utf-8", "csv")
    context = {"form": form, "checked": checked, "counts": siret_lists.counts(checked)}
    return _page(request, context | {"pasted": form.cleaned_data["sirets"]})


def _page(request: HttpRequest, context: dict, status: int = 200) -> HttpResponse:
    return render(request, "structures/siret_check.html", context, status=status)


def _download(content: bytes, content_type: str, extension: str) -> HttpResponse:
    name = f"siret-verifies-{timezone.localdate():%Y-%m-%d}.{extension}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)
