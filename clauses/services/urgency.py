"""A line that cannot wait: marked, lifted, and put back, with who said so and why."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import Office, User
from clauses.models import Urgency
from clauses.services.screening import PlanTakenBack
from procurement.models import Market


class UrgencyRefused(Exception):
    """The mark is not there to be lifted, or is there already."""


class ReasonMissing(UrgencyRefused):
    def __init__(self) -> None:
        super().__init__("Dites pourquoi cette ligne est urgente.")


@transaction.atomic
def flag(*, market: Market, office: Office, reason: str, by: User, at: datetime) -> Urgency:
    """Raises `PlanTakenBack`, `ReasonMissing`, or `UrgencyRefused` when the line is marked already."""
    _lock(market.pk)
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    _require_unmarked(market.pk, office.pk)
    urgency = Urgency.objects.create(
        market=market, office=office, reason=reason, flagged_at=at, flagged_by=by
    )
    audit.record(AuditKind.URGENCY_FLAGGED, target=urgency, by=by, reason=reason)
    return urgency


@transaction.atomic
def lift(*, urgency: Urgency, by: User, at: datetime) -> Urgency:
    """Raises `UrgencyRefused` when it is lifted already."""
    urgency = Urgency.objects.select_for_update(of=("self",)).get(pk=urgency.pk)
    if urgency.lifted_at:
        raise UrgencyRefused("L’urgence de cette ligne est déjà levée.")
    urgency.lifted_at, urgency.lifted_by = at, by
    urgency.save(update_fields=["lifted_at", "lifted_by"])
    audit.record(AuditKind.URGENCY_LIFTED, target=urgency, by=by)
    return urgency


@transaction.atomic
def restore(*, urgency: Urgency, by: User) -> Urgency:
    """As it was, with its first author and date. Raises as `flag` does."""
    _lock(urgency.market_id)
    _require_unmarked(urgency.market_id, urgency.office_id)
    urgency = Urgency.objects.select_for_update(of=("self",)).get(pk=urgency.pk)
    urgency.lifted_at = urgency.lifted_by = None
    urgency.save(update_fields=["lifted_at", "lifted_by"])
    audit.record(AuditKind.URGENCY_RESTORED, target=urgency, by=by)
    return urgency


def _lock(market_id: int) -> None:
    # Locked: two colleagues may mark the same line at once.
    rows = Market.objects.select_for_update(of=("self",)).submitted().filter(pk=market_id)
    if not list(rows.order_by("pk")):
        raise PlanTakenBack


def _require_unmarked(market_id: int, office_id: int) -> None:
    if Urgency.objects.in_force().filter(market=market_id, office=office_id).exists():
        raise UrgencyRefused("Cette ligne est déjà signalée urgente.")
