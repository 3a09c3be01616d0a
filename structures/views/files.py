"""A directory file in three steps on one address: sent, understood, applied."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.permissions import Permission, require_permission
from config.lib.french import format_number
from config.lib.spreadsheet import UnreadableFile
from structures import imports
from structures.enums import DirectoryFileState
from structures.forms.files import DirectoryFileForm
from structures.models import DirectoryFile
from structures.services import directory
from structures.workflow import TransitionRefused, open_transitions


PAGE_SIZE = 50


@require_http_methods(["GET", "POST"])
@require_permission(Permission.STRUCTURE_IMPORT)
def file_send(request: HttpRequest) -> HttpResponse:
    is_sent = request.method == "POST"
    form = DirectoryFileForm(request.POST, request.FILES) if is_sent else DirectoryFileForm()
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            file = directory.receive(
                name=upload.name, content=upload.read(), by=request.user, at=timezone.now()
            )
        except UnreadableFile as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect(file)
    earlier = DirectoryFile.objects.visible_to(request.user).select_related("uploaded_by")
    context = {"form": form, "files": earlier.order_by("-uploaded_at", "-pk")[:20]}
    return render(request, "structures/send.html", context, status=422 if form.errors else 200)


@require_safe
@require_permission(Permission.STRUCTURE_IMPORT)
def file_detail(request: HttpRequest, pk: int) -> HttpResponse:
    file = get_object_or_404(DirectoryFile.objects.visible_to(request.user), pk=pk)
    state = DirectoryFileState(file.state)
    context = {
        "file": file,
        "transitions": [transition.name for transition in open_transitions(state)],
        "events": audit.history(file),
    }
    if state == DirectoryFileState.READ:
        context |= _preview(request, file)
    return render(request, "structures/file.html", context)


@require_POST
@require_permission(Permission.STRUCTURE_IMPORT)
def file_apply(request: HttpRequest, pk: int) -> HttpResponse:
    file = get_object_or_404(DirectoryFile.objects.visible_to(request.user), pk=pk)
    try:
        plan = directory.apply(file=file, by=request.user, at=timezone.now())
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        created, updated = format_number(plan.counts.created), format_number(plan.counts.updated)
        told = f"Le répertoire est à jour : {created} fiches ajoutées, {updated} modifiées."
        messages.success(request, told)
    return redirect(file)


@require_POST
@require_permission(Permission.STRUCTURE_IMPORT)
def file_discard(request: HttpRequest, pk: int) -> HttpResponse:
    file = get_object_or_404(DirectoryFile.objects.visible_to(request.user), pk=pk)
    try:
        directory.discard(file=file, by=request.user)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(file)
    messages.success(request, f"Le fichier « {file} » est abandonné : le répertoire n’a pas changé.")
    return redirect("structures:send")


def _preview(request: HttpRequest, file: DirectoryFile) -> dict:
    """One group of lines at a time, the first that asks for attention unless another was chosen."""
    reading = imports.read(file.file.read(), file.name)
    plan = directory.preview(reading=reading)
    groups = {
        "waiting": ("En attente", plan.waiting),
        "updated": ("À modifier", plan.updated),
        "created": ("À créer", plan.created),
        "unchanged": ("Inchangées", plan.unchanged),
        "issues": ("Remarques", plan.issues),
        "gone": ("Absentes du fichier", plan.gone),
    }
    chosen = request.GET.get("show")
    shown = chosen if chosen in groups else next((key for key, (_, rows) in groups.items() if rows), "issues")
    tabs = [
        {"key": key, "label": label, "count": len(rows), "is_current": key == shown}
        for key, (label, rows) in groups.items()
    ]
    page = Paginator(groups[shown][1], PAGE_SIZE).get_page(request.GET.get("page"))
    return {
        "plan": plan,
        "columns": reading.columns,
        "tabs": tabs,
        "shown": shown,
        "page": page,
        "query": f"show={shown}",
    }
