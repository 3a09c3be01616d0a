"""A plan file in three steps on one address: sent, understood, applied."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.permissions import Permission, allows, require_permission
from config.lib.french import format_number
from config.lib.spreadsheet import UnreadableFile
from procurement.enums import PLAN_FILE_TONES, PlanFileState
from procurement.forms.plan_files import PlanFileForm, cell_name, read_corrections
from procurement.imports import Correction, FilePlan, Outcome, confirming
from procurement.imports.columns import MEANINGS
from procurement.imports.mapping import MappedSheet, map_sheets
from procurement.imports.shown import sheets
from procurement.models import FileUndo, PlanFile, PurchasePlan
from procurement.services import intake, plan_files, previews, undoing
from procurement.workflow import TransitionRefused


PAGE_SIZE = 50
UNREAD = (PlanFileState.RECEIVED, PlanFileState.DISCARDED)
ASKED_FOR = (PlanFileState.RECEIVED, PlanFileState.READ)


def visible_files(request: HttpRequest):
    related = ("plan__buyer__organisation", "uploaded_by", "applied_by", "job")
    return PlanFile.objects.visible_to(request.user).select_related(*related)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.PLAN_EDIT)
def plan_file_send(request: HttpRequest, pk: int) -> HttpResponse:
    visible = PurchasePlan.objects.visible_to(request.user).select_related("buyer__organisation")
    plan = get_object_or_404(visible, pk=pk)
    form = PlanFileForm(request.POST, request.FILES) if request.method == "POST" else PlanFileForm()
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            received = intake.send(
                plan=plan, data=upload.read(), name=upload.name, by=request.user, at=timezone.now()
            )
        except (UnreadableFile, TransitionRefused) as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect(received)
    context = {"form": form, "plan": plan}
    return render(request, "procurement/plan_file_send.html", context, status=422 if form.errors else 200)


@require_safe
@require_permission(Permission.PLAN_VIEW)
def plan_file(request: HttpRequest, pk: int) -> HttpResponse:
    file = get_object_or_404(visible_files(request), pk=pk)
    if request.htmx:
        return _progress(request, file)
    return render(request, "procurement/plan_file.html", file_page(request, file))


def _progress(request: HttpRequest, file: PlanFile) -> HttpResponse:
    """What the page asks every second while a worker is on the file; then the page shows itself anew."""
    if not is_under_way(file):
        return HttpResponseClientRefresh()
    return render(request, "procurement/plan_file.html#progress", _of_job(request, file))


def is_under_way(file: PlanFile) -> bool:
    return file.job is not None and not file.job.is_over


def _of_job(request: HttpRequest, file: PlanFile) -> dict:
    """The work of a worker as long as somebody waits for it, or has to know that it failed."""
    has_failed = file.job is not None and file.job.has_failed and file.state in ASKED_FOR
    return {
        "file": file,
        "job": file.job if has_failed or is_under_way(file) else None,
        "is_under_way": is_under_way(file),
        "may_relaunch": allows(request.user, Permission.PLAN_EDIT),
    }


@require_POST
@require_permission(Permission.PLAN_EDIT)
def plan_file_correct(request: HttpRequest, pk: int) -> HttpResponse:
    file = get_object_or_404(visible_files(request), pk=pk)
    corrections = read_corrections(request.POST.dict())
    again = f"{file.get_absolute_url()}?{urlencode({'show': 'issues', 'page': request.GET.get('page', 1)})}"
    if not corrections:
        messages.error(request, "Rien n’est corrigé : écrivez la bonne valeur d’au moins une cellule.")
        return redirect(again)
    try:
        plan_files.correct(plan_file=file, corrections=corrections, by=request.user)
    except plan_files.CorrectionRefused as refusal:
        context = file_page(request, file, "issues", corrections, refusal)
        return render(request, "procurement/plan_file.html", context, status=422)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        count = len(corrections)
        messages.success(
            request, f"{count} cellules sont corrigées." if count > 1 else "La cellule est corrigée."
        )
    return redirect(again)


@require_POST
@require_permission(Permission.PLAN_EDIT)
def plan_file_apply(request: HttpRequest, pk: int) -> HttpResponse:
    file = get_object_or_404(visible_files(request), pk=pk)
    try:
        if intake.is_long_to_apply(file):
            intake.ask_to_apply(plan_file=file, by=request.user, at=timezone.now())
        else:
            found = plan_files.apply(plan_file=file, by=request.user, at=timezone.now())
            messages.success(request, _told(found))
    except (TransitionRefused, UnreadableFile) as refusal:
        messages.error(request, str(refusal))
    return redirect(file)


@require_POST
@require_permission(Permission.PLAN_EDIT)
def plan_file_undo(request: HttpRequest, pk: int) -> HttpResponse:
    file = get_object_or_404(visible_files(request), pk=pk)
    try:
        undoing.undo(plan_file=file, by=request.user, at=timezone.now())
    except (TransitionRefused, undoing.UndoRefused) as refusal:
        messages.error(request, f"Rien n’est annulé. {refusal}")
    else:
        messages.success(
            request, "L’importation est annulée : le plan est comme avant, et le fichier peut être appliqué."
        )
    return redirect(file)


@require_POST
@require_permission(Permission.PLAN_EDIT)
def plan_file_discard(request: HttpRequest, pk: int) -> HttpResponse:
    file = get_object_or_404(visible_files(request), pk=pk)
    try:
        plan_files.discard(plan_file=file, by=request.user)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(file)
    messages.success(request, f"Le fichier « {file} » est abandonné : le plan n’a pas changé.")
    return redirect(file.plan)


@require_safe
@require_permission(Permission.PLAN_VIEW)
def plan_file_download(request: HttpRequest, pk: int) -> FileResponse:
    """The file as it came; always saved, never shown by the browser."""
    file = get_object_or_404(visible_files(request), pk=pk)
    return FileResponse(
        file.file.open(), as_attachment=True, filename=file.name, content_type="application/octet-stream"
    )


def _told(found: FilePlan) -> str:
    counts = found.counts
    parts = [
        _counted(counts.created, "marché ajouté", "marchés ajoutés"),
        _counted(counts.updated, "marché modifié", "marchés modifiés"),
        _counted(counts.waiting, "ligne en attente", "lignes en attente"),
    ]
    return f"Le plan est à jour : {', '.join(filter(None, parts)) or 'rien n’a changé'}."


def _counted(count: int, one: str, many: str) -> str:
    return f"{format_number(count)} {many if count > 1 else one}" if count else ""


def file_page(
    request: HttpRequest,
    file: PlanFile,
    show: str = "",
    corrections: Iterable[Correction] = (),
    refusal: plan_files.CorrectionRefused | None = None,
    *,
    typed: Mapping[str, str] | None = None,
    choice_refusal: Exception | None = None,
) -> dict:
    """What the page of a file shows; `typed` are choices made in vain, by the names of the page."""
    context = {"file": file, "plan": file.plan, "tone": PLAN_FILE_TONES[PlanFileState(file.state)]}
    context |= _of_job(request, file) | {"undo_until": _undo_until(file)}
    if file.state in UNREAD or context["is_under_way"]:
        return context
    context |= {
        "refusal": refusal,
        "choice_refusal": choice_refusal,
        "may_correct": file.state == PlanFileState.READ and allows(request.user, Permission.PLAN_EDIT),
    } | _preview(request, file, show)
    if context["shown"] == "issues":
        reasons = refusal.reasons if refusal else {}
        context["questions"] = _questions(context["page"], corrections, reasons)
    if context["shown"] == "columns":
        context["mapped"] = _mapped(context["found"], typed or {})
        context["meanings"] = MEANINGS
    if context["shown"] == "values":
        context["questions"] = confirming.questions(context["found"], context["page"])
    if context["shown"] == "confirmed":
        context["remembered"] = confirming.remembered(context["found"])
    return context


def _undo_until(file: PlanFile) -> datetime | None:
    """Until when an importation may be taken back; what it changed is not read for that."""
    if file.state != PlanFileState.APPLIED:
        return None
    undos = FileUndo.objects.open(timezone.now()).filter(plan_file=file)
    return undos.aggregate(until=Max("until"))["until"]


def _mapped(found: FilePlan, typed: Mapping[str, str]) -> list[MappedSheet]:
    return [
        sheet._replace(
            columns=[column._replace(field=typed.get(column.name, column.field)) for column in sheet.columns]
        )
        for sheet in map_sheets(found)
    ]


def _questions(page: Iterable, typed: Iterable[Correction], reasons: Mapping[Correction, str]) -> list[dict]:
    """A cell, why it was not understood, and what somebody has just typed in vain."""
    answers = {correction.place: correction for correction in typed}
    questions = []
    for field, issue in page:
        answer = answers.get((issue.sheet, issue.line, field))
        name = cell_name(issue.sheet, issue.line, field)
        value = answer.value if answer else ""
        why = reasons.get(answer, "") if answer else ""
        questions.append({"issue": issue, "name": name, "value": value, "refusal": why})
    return questions


def _preview(request: HttpRequest, file: PlanFile, show: str = "") -> dict:
    """One group of lines at a time; once applied, what is left is what waits."""
    found = previews.of(file)
    is_applied = file.state == PlanFileState.APPLIED
    groups = {
        "all": ("Toutes les lignes", found.lines),
        "waiting": ("En attente", found.having(Outcome.WAITING)),
        "created": ("À ajouter", found.having(Outcome.CREATED)),
        "updated": ("À modifier", found.having(Outcome.UPDATED)),
        "unchanged": ("Inchangées", found.having(Outcome.UNCHANGED)),
        "values": ("Valeurs à confirmer", confirming.pending(found)),
        "issues": ("Cellules à revoir", found.questions),
        "absent": ("Absents du fichier", found.absent),
        "columns": ("Colonnes et feuilles", found.columns),
        "confirmed": ("Valeurs confirmées", list(found.known.used)),
    }
    first = "waiting" if is_applied and found.counts.waiting else "all" if found.lines else "columns"
    asked = show or request.GET.get("show")
    shown = asked if asked in groups else first
    page = Paginator(groups[shown][1], PAGE_SIZE).get_page(request.GET.get("page"))
    is_of_lines = shown not in ("issues", "absent", "columns", "values", "confirmed")
    return {
        "found": found,
        "tabs": [
            {"key": key, "label": label, "count": len(rows), "is_current": key == shown}
            for key, (label, rows) in groups.items()
            if rows or key == shown
        ],
        "shown": shown,
        "page": page,
        "sheets": sheets(found, page) if is_of_lines else [],
        "query": f"show={shown}",
    }
