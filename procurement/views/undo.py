"""The last removal or copy of a person's plans, undone for an hour."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.permissions import Permission, require_permission
from config.lib.french import format_number
from procurement.models import Market, PurchasePlan
from procurement.services import removals
from procurement.services.removals import Removed, RestoreRefused
from procurement.workflow import TransitionRefused


KEY = "plan_gesture"
UNDOABLE_FOR = timedelta(hours=1)
TOO_LATE = "Il n’y a plus rien à annuler ici : une heure a passé, ou un autre geste a suivi."


def offer_restoring(request: HttpRequest, removed: Removed) -> None:
    said = f"Le marché « {removed.title} » est retiré du plan."
    _keep(request, said=said, plans=[removed.plan_id], removed=asdict(removed))


def offer_taking_back(request: HttpRequest, copies: Sequence[Market], said: str) -> None:
    if not copies:
        messages.info(request, said)
        return
    _keep(
        request,
        said=said,
        plans=sorted({copy.plan_id for copy in copies}),
        copies=[copy.pk for copy in copies],
    )


def offered(request: HttpRequest, plan: PurchasePlan | None = None) -> dict | None:
    """What may still be undone, of this plan when one is named."""
    kept = request.session.get(KEY)
    if not kept or timezone.now() - datetime.fromisoformat(kept["at"]) > UNDOABLE_FOR:
        return None
    return kept if plan is None or plan.pk in kept["plans"] else None


@require_POST
@require_permission(Permission.PLAN_EDIT)
def undo(request: HttpRequest) -> HttpResponse:
    kept = offered(request)
    request.session.pop(KEY, None)
    # A hat changed meanwhile sees other plans.
    plans = PurchasePlan.objects.visible_to(request.user).filter(pk__in=kept["plans"] if kept else [])
    if kept is None or plans.count() != len(kept["plans"]):
        messages.error(request, TOO_LATE)
    else:
        _undo(request, kept)
    return redirect(_back(request))


def _undo(request: HttpRequest, kept: dict) -> None:
    try:
        if "removed" in kept:
            market = removals.restore(removed=Removed(**kept["removed"]), by=request.user)
            messages.success(request, f"Le marché « {market} » est de nouveau dans le plan.")
            return
        copies = Market.objects.visible_to(request.user).filter(pk__in=kept["copies"]).select_related("plan")
        gone = removals.take_back(copies=copies.order_by("pk"), by=request.user)
        messages.success(request, _told(len(gone), len(kept["copies"])))
    except (TransitionRefused, RestoreRefused) as refusal:
        messages.error(request, str(refusal))


def _told(gone: int, copied: int) -> str:
    said = (
        "Une ligne copiée est retirée" if gone == 1 else f"{format_number(gone)} lignes copiées sont retirées"
    )
    return f"{said}." if gone == copied else f"{said} ; celles que quelqu’un a reprises depuis restent."


def _keep(request: HttpRequest, **gesture: object) -> None:
    request.session[KEY] = {"at": timezone.now().isoformat(), **gesture}


def _back(request: HttpRequest) -> str:
    asked = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()})
    return asked if asked and is_ours else "procurement:plan_list"
