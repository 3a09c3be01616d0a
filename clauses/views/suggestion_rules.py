"""The rule of the suggestions, to be read by the office and set by its facilitators."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission, allows, require_permission
from clauses.forms.suggestion_rules import SuggestionRuleForm
from clauses.models import SuggestionRule
from clauses.queries import rule_preview, rule_table, suggestion_rules
from clauses.queries.rule_preview import Preview
from clauses.services import suggestion_rules as services
from clauses.services.suggestion_rules import NothingChanged, RuleOutdated
from clauses.views.pages import posted
from clauses.views.screening_rows import own_office, visible_lines


SHOWN = 100


@require_safe
@require_permission(Permission.SUGGESTION_VIEW)
def rule_list(request: HttpRequest) -> HttpResponse:
    office = own_office(request)
    rule = suggestion_rules.in_force(office)
    numbers = suggestion_rules.numbers(rule)
    context = {
        "rule": rule,
        "numbers": numbers,
        "shelves": rule_table.shelves(numbers),
        "versions": rule_table.history(office),
        "newer_common": rule_table.newer_common(numbers),
        "may_revise": allows(request.user, Permission.SUGGESTION_REVISE),
    }
    return render(request, "clauses/suggestions/rule.html", context)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.SUGGESTION_REVISE)
def rule_revise(request: HttpRequest) -> HttpResponse:
    """The next version: previewed on the office's lines, or kept."""
    copied = _copied(request)
    current = suggestion_rules.in_force(own_office(request))
    form = SuggestionRuleForm(posted(request), initial=_initial(current, copied))
    if not form.is_valid() or "preview" in form.data:
        return _show(request, form, copied)
    try:
        written = services.write(
            office=own_office(request), numbers=form.numbers, note=form.cleaned_data["note"],
            started_from=form.cleaned_data["started_from"], copied_from=copied, by=request.user,
            at=timezone.now(),
        )  # fmt: skip
    except (NothingChanged, RuleOutdated) as refusal:
        form.add_error(None, str(refusal))
        return _show(request, form, copied)
    messages.success(request, f"La version {written.version} de la règle est en vigueur.")
    return redirect("clauses:suggestion_rule")


def _copied(request: HttpRequest) -> SuggestionRule | None:
    """The former version to come back to, or the common rule."""
    wanted = request.GET.get("depuis")
    if not wanted:
        return None
    rows = SuggestionRule.objects.visible_to(request.user)
    return get_object_or_404(rows, pk=int(wanted) if wanted.isdecimal() else 0)


def _initial(current: suggestion_rules.Rule, copied: SuggestionRule | None) -> dict[str, Any]:
    shown = copied or suggestion_rules.numbers(current)
    initial = {name: getattr(shown, name) for name in SuggestionRule.NUMBERS}
    back = f"Retour à « {copied} »" if copied else ""
    return {**initial, "note": back, "started_from": current.row.pk if current.row else None}


def _show(request: HttpRequest, form: SuggestionRuleForm, copied: SuggestionRule | None) -> HttpResponse:
    rule = suggestion_rules.in_force(own_office(request))
    found = _preview(request, form, rule) if form.is_bound and not form.errors else None
    context = {
        "form": form,
        "current": rule,
        "copied": copied,
        "preview": found,
        "shown": found.differences[:SHOWN] if found else [],
    }
    status = 422 if form.errors else 200
    return render(request, "clauses/suggestions/revise.html", context, status=status)


def _preview(request: HttpRequest, form: SuggestionRuleForm, rule: suggestion_rules.Rule) -> Preview:
    return rule_preview.preview(
        visible_lines(request),
        office=own_office(request),
        before=rule.weights,
        after=suggestion_rules.weights(SuggestionRule(**form.numbers)),
        on=timezone.localdate(),
    )
