"""What people say of a plan file on its own page: its columns, its sheets, its values."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.permissions import Permission, require_permission
from config.lib.french import format_number
from procurement.forms.import_choices import read_columns, read_sheets, read_values, typed_columns
from procurement.services import import_choices, import_values
from procurement.services.import_choices import ChoiceRefused, Reread
from procurement.views.plan_files import file_page, visible_files
from procurement.workflow import TransitionRefused


# A message says so many choices; the page says them all.
SENTENCES = 4


@require_POST
@require_permission(Permission.PLAN_EDIT)
def plan_file_columns(request: HttpRequest, pk: int) -> HttpResponse:
    file = get_object_or_404(visible_files(request), pk=pk)
    answers = read_columns(request.POST.dict())
    try:
        reread = import_choices.choose_columns(
            plan_file=file, answers=answers, by=request.user, at=timezone.now()
        )
    except ChoiceRefused as refusal:
        context = file_page(request, file, "columns", typed=typed_columns(answers), choice_refusal=refusal)
        return render(request, "procurement/plan_file.html", context, status=422)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(file)
    _tell(request, reread, "Aucune colonne n’a changé de sens.")
    return redirect(f"{file.get_absolute_url()}?show=columns")


@require_POST
@require_permission(Permission.PLAN_EDIT)
def plan_file_sheets(request: HttpRequest, pk: int) -> HttpResponse:
    file = get_object_or_404(visible_files(request), pk=pk)
    choices = read_sheets(request.POST.dict())
    try:
        reread = import_choices.choose_sheets(plan_file=file, choices=choices, by=request.user)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(file)
    _tell(request, reread, "Le choix des feuilles n’a pas changé.")
    return redirect(f"{file.get_absolute_url()}?show=columns")


@require_POST
@require_permission(Permission.PLAN_EDIT)
def plan_file_values(request: HttpRequest, pk: int) -> HttpResponse:
    file = get_object_or_404(visible_files(request), pk=pk)
    answers = read_values(request.POST.dict())
    try:
        reread = import_values.choose_values(
            plan_file=file, answers=answers, by=request.user, at=timezone.now()
        )
    except ChoiceRefused as refusal:
        context = file_page(request, file, "values", choice_refusal=refusal)
        return render(request, "procurement/plan_file.html", context, status=422)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(file)
    _tell(request, reread, "Rien n’est confirmé : choisissez ce que désigne au moins une valeur.")
    shown = "values" if reread.found.known.doubts or not answers else "confirmed"
    return redirect(f"{file.get_absolute_url()}?show={shown}")


def _tell(request: HttpRequest, reread: Reread, nothing: str) -> None:
    if not reread.said:
        messages.info(request, nothing)
        return
    messages.success(request, f"Le fichier est relu. {_changes(reread.said)}. {_lines(reread)}")


def _changes(said: list[str]) -> str:
    more = len(said) - SENTENCES
    rest = [f"et {format_number(more)} autre{'s' if more > 1 else ''} choix"] if more > 0 else []
    return ". ".join([*said[:SENTENCES], *rest])


def _lines(reread: Reread) -> str:
    """How many lines are read now, and what is still to be looked at."""
    counts, issues = reread.found.counts, len(reread.found.issues)
    before = "" if counts.rows == reread.rows_before else f" (au lieu de {format_number(reread.rows_before)})"
    return (
        f"Lignes lues : {format_number(counts.rows)}{before} ; "
        f"en attente : {format_number(counts.waiting)} ; "
        f"cellules à revoir : {format_number(issues)}."
    )
