from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.permissions import Permission, allows, require_permission
from accounts.roles import Role
from clauses.enums import DECLARATION_TONES, MONTH_TONES, DeclarationState, MonthState, RejectionReason
from clauses.exports import declarations as workbook
from clauses.filters.declarations import DeclarationFilter, MonthFilter
from clauses.forms.declarations import CreditForm, HoursForm, RejectionForm
from clauses.models import Declaration
from clauses.queries import grid, months
from clauses.rules.months import previous_month
from clauses.services import declarations, validation
from clauses.services.declarations import DeclarationLocked, HoursRefused, MonthRefused, NothingDeclared
from clauses.services.validation import CreditRefused, ReasonMissing
from clauses.views.pages import PAGE_SIZE, download, posted, status_of, without_page
from clauses.workflow import DECLARATION_TRANSITIONS, TransitionRefused
from config.lib.french import of_month
from config.lib.workflow import open_transitions
from procurement.models import Contract


@require_safe
@require_permission(Permission.DECLARATION_VIEW)
def declaration_list(request: HttpRequest) -> HttpResponse:
    if request.user.membership.role == Role.CONTRACTOR:
        return _company_list(request)
    found = _queue(request)
    page = Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filter": found,
        "page": page,
        "rows": [(row, DECLARATION_TONES[DeclarationState(row.state)]) for row in page],
        "query": without_page(request),
    }
    return render(request, "clauses/declarations/queue.html", context)


@require_safe
@require_permission(Permission.DECLARATION_VIEW)
def declaration_export(request: HttpRequest, extension: str) -> HttpResponse:
    if request.user.membership.role == Role.CONTRACTOR:
        return download(workbook.of_company(_months(request).found), extension)
    return download(workbook.of_office(_queue(request).qs), extension)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.DECLARATION_FILL)
def declaration_fill(request: HttpRequest, pk: int, year: int, month: int) -> HttpResponse:
    contract = get_object_or_404(_contracts(request), pk=pk)
    period = _period(year, month)
    declaration = Declaration.objects.filter(contract=contract, period=period).first()
    if declaration and declaration.state != DeclarationState.DRAFT:
        return redirect(declaration)
    form = HoursForm(posted(request), grid=grid.to_fill(contract, period))
    if request.method == "POST" and (answer := _act(request, contract, period, form)):
        return answer
    context = {
        "contract": contract,
        "period": period,
        "previous": previous_month(period),
        "declaration": declaration,
        "form": form,
        "grid": form.grid,
        "events": audit.history(declaration) if declaration else [],
    }
    return render(request, "clauses/declarations/fill.html", context, status=status_of(request))


@require_safe
@require_permission(Permission.DECLARATION_VIEW)
def declaration_detail(request: HttpRequest, pk: int) -> HttpResponse:
    declaration = _declaration(request, pk)
    if declaration.state == DeclarationState.DRAFT and allows(request.user, Permission.DECLARATION_FILL):
        return redirect(address(declaration.contract, declaration.period))
    return _detail(request, declaration)


@require_POST
@require_permission(Permission.DECLARATION_FILL)
def declaration_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    declaration = _declaration(request, pk)
    try:
        declarations.reopen(declaration=declaration, by=request.user)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(declaration)
    messages.info(request, f"Corrigez les heures {of_month(declaration.period)}, puis renvoyez-les.")
    return redirect(address(declaration.contract, declaration.period))


@require_POST
@require_permission(Permission.DECLARATION_VALIDATE)
def declaration_validate(request: HttpRequest, pk: int) -> HttpResponse:
    declaration = _declaration(request, pk)
    form = CreditForm(request.POST, grid=grid.as_told(declaration.contract, declaration.period))
    if not form.is_valid():
        return _detail(request, declaration, credit_form=form)
    try:
        validation.validate(
            declaration=declaration, credited=form.credited, by=request.user, at=timezone.now()
        )
    except CreditRefused as refusal:
        form.refuse(refusal.reasons)
        return _detail(request, declaration, credit_form=form)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Les heures {_named(declaration)} sont validées.")
    return redirect("clauses:declaration_list")


@require_POST
@require_permission(Permission.DECLARATION_VALIDATE)
def declaration_reject(request: HttpRequest, pk: int) -> HttpResponse:
    declaration = _declaration(request, pk)
    form = RejectionForm(request.POST)
    if not form.is_valid():
        return _detail(request, declaration, rejection_form=form)
    try:
        validation.reject(
            declaration=declaration,
            reason=RejectionReason(form.cleaned_data["reason"]),
            comment=form.cleaned_data["comment"],
            by=request.user,
            at=timezone.now(),
        )
    except ReasonMissing as refusal:
        form.add_error("comment", str(refusal))
        return _detail(request, declaration, rejection_form=form)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, f"La déclaration {_named(declaration)} est rejetée ; l’entreprise est prévenue."
        )
    return redirect("clauses:declaration_list")


def address(contract: Contract, period: date) -> str:
    return reverse("clauses:declaration_fill", args=[contract.pk, period.year, period.month])


def _company_list(request: HttpRequest) -> HttpResponse:
    found = _months(request)
    page = Paginator(found.found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filter": found,
        "page": page,
        "rows": [(month, MONTH_TONES[MonthState(month.state)]) for month in page],
        "waiting": sum(month.is_owed_by_company for month in found.months),
        "query": without_page(request),
    }
    return render(request, "clauses/declarations/months.html", context)


def _contracts(request: HttpRequest) -> QuerySet[Contract]:
    rows = Contract.objects.visible_to(request.user).filter(clauses__isnull=False).distinct()
    return rows.select_related("buyer__organisation", "office__organisation", "contractor")


def _months(request: HttpRequest) -> MonthFilter:
    return MonthFilter(request.GET, months.expected(_contracts(request), timezone.localdate()))


def _queue(request: HttpRequest) -> DeclarationFilter:
    """Oldest first: what waits longest is answered first."""
    rows = Declaration.objects.visible_to(request.user).select_related(
        "contract__buyer__organisation", "contract__contractor"
    )
    return DeclarationFilter(request.GET, rows.with_hours().order_by(F("sent_at").asc(nulls_last=True), "pk"))


def _period(year: int, month: int) -> date:
    if not (2000 <= year <= 2100 and 1 <= month <= 12):
        raise Http404
    return date(year, month, 1)


def _declaration(request: HttpRequest, pk: int) -> Declaration:
    rows = Declaration.objects.visible_to(request.user).select_related(
        "contract__buyer__organisation", "contract__office__organisation", "contract__contractor",
        "sent_by", "decided_by",
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)


def _named(declaration: Declaration) -> str:
    return f"{of_month(declaration.period)} ({declaration.contract.reference})"


def _detail(request: HttpRequest, declaration: Declaration, **forms) -> HttpResponse:
    told = grid.as_told(declaration.contract, declaration.period)
    state = DeclarationState(declaration.state)
    validates = state == DeclarationState.SENT and allows(request.user, Permission.DECLARATION_VALIDATE)
    context = {
        "declaration": declaration,
        "contract": declaration.contract,
        "grid": told,
        "tone": DECLARATION_TONES[state],
        "transitions": {verb.name for verb in open_transitions(DECLARATION_TRANSITIONS, state)},
        "events": audit.history(declaration),
        "validates": validates,
        "credit_form": CreditForm(grid=told),
        "rejection_form": RejectionForm(),
    }
    status = 422 if forms else 200
    return render(request, "clauses/declarations/detail.html", context | forms, status=status)


def _act(request: HttpRequest, contract: Contract, period: date, form: HoursForm) -> HttpResponse | None:
    """Do what the pressed button says; `None` when the page must come back with its errors."""
    verb = VERBS.get(request.POST.get("action", ""), _save)
    if not form.is_valid():
        return None
    try:
        return verb(request, contract, period, form)
    except HoursRefused as refusal:
        form.refuse(refusal.reasons)
    except (MonthRefused, NothingDeclared, DeclarationLocked) as refusal:
        form.add_error(None, str(refusal))
    return None


def _save(request: HttpRequest, contract: Contract, period: date, form: HoursForm) -> HttpResponse:
    declarations.save(contract=contract, period=period, hours=form.hours, by=request.user, at=timezone.now())
    messages.success(request, f"Le brouillon {of_month(period)} est enregistré.")
    return redirect(address(contract, period))


def _copy(request: HttpRequest, contract: Contract, period: date, form: HoursForm) -> HttpResponse:
    declarations.copy_previous(
        contract=contract, period=period, hours=form.hours, by=request.user, at=timezone.now()
    )
    messages.success(
        request,
        f"Les heures {of_month(previous_month(period))} remplissent les cases vides ; "
        "le brouillon est enregistré.",
    )
    return redirect(address(contract, period))


def _send(request: HttpRequest, contract: Contract, period: date, form: HoursForm) -> HttpResponse:
    """A warning is seen before what it is about is locked."""
    warned = grid.to_fill(contract, period, form.hours).warned
    if not warned.issubset(request.POST.getlist("seen")):
        declarations.save(
            contract=contract, period=period, hours=form.hours, by=request.user, at=timezone.now()
        )
        messages.warning(
            request, "Rien n’est encore envoyé : relisez les alertes de la grille, puis envoyez à nouveau."
        )
        return redirect(address(contract, period))
    sent = declarations.send(
        contract=contract, period=period, hours=form.hours, by=request.user, at=timezone.now()
    )
    messages.success(request, f"La déclaration {_named(sent)} est envoyée.")
    return redirect("clauses:declaration_list")


def _nothing(request: HttpRequest, contract: Contract, period: date, form: HoursForm) -> HttpResponse | None:
    if any(form.hours.values()):
        form.add_error(
            None, "Des heures sont saisies : effacez-les pour déclarer un mois sans heure, ou envoyez-les."
        )
        return None
    sent = declarations.declare_nothing(contract=contract, period=period, by=request.user, at=timezone.now())
    messages.success(request, f"La déclaration {_named(sent)} est envoyée : aucune heure.")
    return redirect("clauses:declaration_list")


VERBS: dict[str, Callable[..., HttpResponse | None]] = {
    "save": _save,
    "copy": _copy,
    "send": _send,
    "nothing": _nothing,
}
