"""Asking buyers for the plan of a year: who, with which letter, and when they were last asked."""

from collections.abc import Collection

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission, require_permission
from procurement.forms.reminders import RemindersForm
from procurement.models.plan import YEARS
from procurement.notifications import reminder_letter
from procurement.queries.delays import timetable_of
from procurement.queries.plan_campaign import MissingPlan, missing_plans
from procurement.services import plan_reminders
from procurement.services.plan_reminders import RemindedLately, ReminderRefused


@require_http_methods(["GET", "POST"])
@require_permission(Permission.PLAN_REMIND)
def plan_remind(request: HttpRequest) -> HttpResponse:
    year = _year(request)
    plans = missing_plans(request.user, year)
    if request.method == "GET":
        return _show(request, year, plans, chosen=_asked(request, plans))
    form = RemindersForm(request.POST, plans=plans)
    if not form.is_valid():
        return _show(request, year, plans, refusal=" ".join(form.errors.get("buyer", [])), status=422)
    chosen, again = form.cleaned_data["buyer"], form.cleaned_data["again"]
    try:
        sent = plan_reminders.remind(
            buyers=chosen, year=year, again=again, by=request.user, at=timezone.now()
        )
    except RemindedLately as refusal:
        return _show(request, year, plans, chosen, refusal.buyers, str(refusal), status=422)
    except ReminderRefused as refusal:
        return _show(request, year, plans, chosen, refusal=str(refusal), status=422)
    messages.success(request, _said(len(sent), year))
    return redirect(f"{reverse('procurement:buyer_list')}?year={year}&plan=missing")


def _show(
    request: HttpRequest,
    year: int,
    plans: list[MissingPlan],
    chosen: Collection[int] = (),
    hasty: Collection[int] = (),
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    due_on = timetable_of(request.user).plan_due_on(year)
    subject, body = reminder_letter(
        buyer=plans[0].buyer if plans else "", office=request.user.membership.organisation.name, year=year,
        due_on=due_on, is_past=due_on is not None and due_on < timezone.localdate(),
    )  # fmt: skip
    context = {
        "year": year,
        "due_on": due_on,
        "is_late": due_on is not None and due_on < timezone.localdate(),
        "plans": plans,
        "reachable": any(plan.members for plan in plans),
        "chosen": set(chosen),
        "hasty": hasty,
        "refusal": refusal,
        "subject": subject,
        "body": body,
    }
    return render(request, "procurement/plan_remind.html", context, status=status)


def _asked(request: HttpRequest, plans: list[MissingPlan]) -> set[int]:
    """Those that the address names; otherwise all who can be told and were never asked."""
    named = set(request.GET.getlist("buyer"))
    if named:
        return {plan.buyer_id for plan in plans if str(plan.buyer_id) in named}
    return {plan.buyer_id for plan in plans if plan.members and plan.reminded_at is None}


def _year(request: HttpRequest) -> int:
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return year if year in YEARS else timezone.localdate().year


def _said(count: int, year: int) -> str:
    if count == 1:
        return f"La relance du plan {year} part vers 1 acheteur."
    return f"La relance du plan {year} part vers {count} acheteurs."
