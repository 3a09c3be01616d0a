"""The subscription of one person: opened, renewed, revoked, and read by their calendar software."""

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts import audit
from accounts.models import CalendarFeed, User
from accounts.permissions import Permission, allows, require_permission
from accounts.services import calendar_feeds
from clauses.exports import calendar_feed as exports
from clauses.queries import agenda
from config.lib import ics
from procurement.models import Market
from structures.enums import MeetingState
from structures.exports.calendar import entry as meeting_entry
from structures.models import Meeting


PRODUCT = f"{settings.PRODUCT_NAME}//Échéances"


@require_GET
@require_permission(Permission.AGENDA_VIEW)
def subscription(request: HttpRequest) -> HttpResponse:
    return _show(request)


@never_cache
@require_POST
@require_permission(Permission.AGENDA_VIEW)
def subscription_open(request: HttpRequest) -> HttpResponse:
    """Answers the page itself: the secret passes through no session and no address."""
    hat = request.user.membership
    opened = calendar_feeds.open_feed(membership=hat, by=request.user, at=timezone.now())
    return _show(request, token=opened.token)


@require_POST
@require_permission(Permission.AGENDA_VIEW)
def subscription_revoke(request: HttpRequest) -> HttpResponse:
    hat = request.user.membership
    if calendar_feeds.revoke(membership=hat, by=request.user, at=timezone.now()):
        messages.success(request, "L’adresse est révoquée : elle ne donne plus rien à lire.")
    return redirect("clauses:calendar_subscription")


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """404 for a secret that is unknown or revoked, and for who lost the role: nothing tells which."""
    found = CalendarFeed.objects.of_token(token)
    opened = get_object_or_404(found.select_related("membership__user", "membership__organisation"))
    reader = opened.membership.user
    reader.membership = opened.membership
    if not allows(reader, Permission.AGENDA_VIEW):
        raise Http404
    return _calendar(request, opened, reader)


def _calendar(request: HttpRequest, opened: CalendarFeed, reader: User) -> HttpResponse:
    dues = agenda.expected(Market.objects.visible_to(reader), reader, on=timezone.localdate())
    address = agenda.addresses(reader)
    entries = [exports.entry(due, address(due)) for due in dues]
    entries += [meeting_entry(meeting) for meeting in _meetings(reader)]
    name = f"Échéances – {opened.membership.organisation}"
    print_of_it = ics.fingerprint(name, entries)
    since = _since(opened, print_of_it)
    etag = f'W/"{print_of_it}"'
    answer = get_conditional_response(request, etag, int(since.timestamp()))
    if answer is None:
        content = ics.subscription(PRODUCT, name, entries, stamp=since)
        answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
        answer["Content-Disposition"] = 'inline; filename="echeances.ics"'
    answer["ETag"], answer["Last-Modified"] = etag, http_date(since.timestamp())
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


def _meetings(reader: User) -> QuerySet[Meeting]:
    """Cancelled, it vanishes; older than the last year, it is for the archives."""
    if not allows(reader, Permission.MEETING_VIEW):
        return Meeting.objects.none()
    rows = Meeting.objects.visible_to(reader).exclude(state=MeetingState.CANCELLED)
    recent = rows.filter(starts_at__year__gte=timezone.localdate().year - 1)
    return recent.select_related("kind", "office__organisation").order_by("starts_at", "pk")


def _since(opened: CalendarFeed, fingerprint: str) -> datetime:
    """Since when the calendar is as it is: what vanishes from it leaves no date of its own behind."""
    key = f"calendar-feed:{opened.pk}"
    known = cache.get(key)
    if known and known[0] == fingerprint:
        return known[1]
    now = timezone.now().replace(microsecond=0)
    cache.set(key, (fingerprint, now), timeout=None)
    return now


def _show(request: HttpRequest, token: str = "") -> HttpResponse:
    hat = request.user.membership
    address = f"{settings.SITE_URL}{reverse('clauses:calendar_feed', args=[token])}" if token else ""
    context = {
        "feed": next(iter(CalendarFeed.objects.visible_to(request.user).alive()), None),
        "address": address,
        "webcal": f"webcal{address[address.index(':') :]}" if address else "",
        "events": audit.history(hat).filter(kind__startswith="calendar_feed"),
    }
    return render(request, "clauses/agenda/subscription.html", context)
