"""The calendar of an office, or of a buyer: what is due, as a list, as a month and as a spreadsheet."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django_htmx.http import push_url

from accounts.permissions import Permission, require_permission
from accounts.roles import OFFICE_ROLES
from clauses.enums import DUE_ICONS, DueKind
from clauses.exports import agenda as exports
from clauses.filters.agenda import AgendaFilter
from clauses.queries.agenda import addresses
from clauses.rules import calendar
from clauses.rules.agenda import Due
from clauses.rules.calendar import Section
from clauses.views.downloads import attachment
from procurement.models import Market


# Of each section; alone on its page it shows more, and everything is in the export.
SHOWN, SHOWN_ALONE = 20, 300
# Of what has no day in a month.
UNDATED = 12
# Of one day in a cell of the month.
SHOWN_A_DAY = 4
Address = Callable[[Due], str]
WEEKDAYS = ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche")


@require_GET
@require_permission(Permission.AGENDA_VIEW)
def agenda(request: HttpRequest) -> HttpResponse:
    filtered = _filtered(request)
    dues, address = filtered.dues, addresses(request.user)
    found = calendar.sections(dues)
    shown = SHOWN if len(found) > 1 else SHOWN_ALONE
    context = {
        "filter": filtered,
        "count": len(dues),
        "approximate": any(due.is_approximate for due in dues),
        "late": sum(due.is_late for due in dues),
        "sections": [_section(address, filtered, section, shown) for section in found],
        "is_office": request.user.membership.role in OFFICE_ROLES,
        "month_query": filtered.query_of(period=f"{filtered.month:%Y-%m}"),
    }
    is_swap = request.htmx and not request.htmx.history_restore_request
    template = "clauses/agenda/list.html#results" if is_swap else "clauses/agenda/list.html"
    response = render(request, template, context)
    return push_url(response, f"?{filtered.query}") if is_swap else response


@require_GET
@require_permission(Permission.AGENDA_VIEW)
def agenda_month(request: HttpRequest) -> HttpResponse:
    filtered = _filtered(request)
    address = addresses(request.user)
    month = calendar.month_of(filtered.dues_of_month, filtered.month, on=timezone.localdate())
    context = {
        "filter": filtered,
        "month": month,
        "weekdays": WEEKDAYS,
        "weeks": [[_day(address, day) for day in week] for week in month.weeks],
        "undated": [_row(address, due) for due in month.undated[:UNDATED]],
        "more_undated": [_row(address, due) for due in month.undated[UNDATED:]],
        "undated_count": len(month.undated),
        "count": sum(len(day.dues) for week in month.weeks for day in week) + len(month.undated),
        "previous": filtered.query_of(period=f"{month.previous:%Y-%m}"),
        "next": filtered.query_of(period=f"{month.next:%Y-%m}"),
        "month_query": filtered.query_of(period=f"{month.first:%Y-%m}"),
    }
    return render(request, "clauses/agenda/month.html", context)


@require_GET
@require_permission(Permission.AGENDA_VIEW)
def agenda_export(request: HttpRequest, extension: str) -> HttpResponse:
    dues, now = _filtered(request).dues, timezone.now()
    content = exports.csv(dues) if extension == "csv" else exports.workbook(dues, created_at=now)
    return attachment(content, "echeances", extension, at=now)


def _filtered(request: HttpRequest) -> AgendaFilter:
    visible = Market.objects.visible_to(request.user)
    return AgendaFilter(request.GET, visible, user=request.user, on=timezone.localdate())


def _section(address: Address, filtered: AgendaFilter, section: Section, shown: int) -> dict:
    rows = [_row(address, due) for due in section.dues[:shown]]
    alone = {calendar.PAST: {"kind": DueKind.PAST.value}}.get(section.title, {"period": section.month})
    return {
        "section": section,
        "rows": rows,
        "hidden": len(section.dues) - len(rows),
        "query": filtered.query_of(**alone) if any(alone.values()) else "",
    }


def _day(address: Address, day: calendar.Day) -> dict:
    shown = [_row(address, due) for due in day.dues[:SHOWN_A_DAY]]
    return {"day": day, "rows": shown, "hidden": len(day.dues) - len(shown)}


def _row(address: Address, due: Due) -> dict:
    return {"due": due, "url": address(due), "icon": DUE_ICONS[due.kind]}
