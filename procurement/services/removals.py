"""A line taken out of a plan, or copied into it, and the way back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.apps import apps
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, router, transaction
from django.db.models import Model
from django.db.models.deletion import Collector, ProtectedError

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User
from procurement.models import Department, Market, PurchasePlan
from procurement.services import markets
from procurement.services.drafts import lock_draft


class _ToTheMicrosecond(DjangoJSONEncoder):
    """A moment cut to the millisecond would not be the one that PostgreSQL kept."""

    def default(self, o: object) -> object:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


class RestoreRefused(Exception):
    def __init__(self, title: str) -> None:
        super().__init__(
            f"Le marché « {title} » n’est pas rétabli : sa référence a été reprise par une autre ligne."
        )


@dataclass(frozen=True)
class Removed:
    """A line that is no more, with everything that went with it, as `restore` takes it back."""

    plan_id: int
    market_id: int
    title: str
    rows: str
    # Model, field and key of the rows that named the line, and stay without it.
    links: Sequence[tuple[str, str, int]] = ()


@transaction.atomic
def remove(*, market: Market, by: User) -> Removed:
    """Raises `TransitionRefused` unless the plan is a draft, `MarketInUse` once something hangs on it."""
    lock_draft(market.plan)
    market = Market.objects.select_for_update(of=("self",)).get(pk=market.pk)
    found = _collected(market)
    removed = Removed(market.plan_id, market.pk, market.title, _rows(market, found), _links(found))
    markets.remove(market=market, by=by)
    return removed


@transaction.atomic
def restore(*, removed: Removed, by: User) -> Market:
    """The line as it was, its history included, but for a department removed since; twice is once.

    Raises `TransitionRefused` unless the plan is a draft, `RestoreRefused` when another line has taken its
    reference.
    """
    plan = lock_draft(PurchasePlan(pk=removed.plan_id))
    known = Market.objects.filter(pk=removed.market_id)
    if known.exists():
        return known.get()
    try:
        with transaction.atomic():
            for row in serializers.deserialize("json", removed.rows):
                if isinstance(row.object, Market):
                    _leave_department_gone(row.object)
                row.save()
            _tie_again(removed)
    except IntegrityError as error:
        raise RestoreRefused(removed.title) from error
    audit.record(AuditKind.MARKET_PUT_BACK, target=plan, by=by, title=removed.title)
    return known.get()


def _leave_department_gone(market: Market) -> None:
    """The database would refuse the line as the transaction ends, too late for a sentence."""
    named = market.department_id
    if named is not None and not Department.objects.filter(pk=named).exists():
        market.department = None


@transaction.atomic
def take_back(*, copies: Iterable[Market], by: User) -> list[str]:
    """Undo a copy: the lines that nobody has worked on since go, the others stay. The titles of those that
    went. Raises `TransitionRefused` unless the plans are drafts."""
    untouched = [copy for copy in copies if not _was_worked_on(copy)]
    gone = []
    for copy in untouched:
        try:
            markets.remove(market=copy, by=by)
        except markets.MarketInUse:
            continue
        gone.append(copy.title)
    return gone


def _was_worked_on(market: Market) -> bool:
    since = {AuditKind.MARKET_DUPLICATED, AuditKind.MARKET_ADDED}
    return audit.history(market).exclude(kind__in=since).exists()


def _collected(market: Market) -> Collector:
    collector = Collector(using=router.db_for_write(Market), origin=market)
    try:
        collector.collect([market])
    except ProtectedError as error:
        raise markets.MarketInUse from error
    return collector


def _links(collector: Collector) -> list[tuple[str, str, int]]:
    """The copies of the line, and the cards written from it: they are only untied."""
    return [
        (field.model._meta.label, field.name, row.pk)
        for (field, _), groups in collector.field_updates.items()
        # Django keeps groups of rows there, which its stubs take for rows.
        for rows in cast("list[Iterable[Model]]", groups)
        for row in rows
    ]


def _tie_again(removed: Removed) -> None:
    for label, name, pk in removed.links:
        # Tied to another line since, it stays so.
        rows = apps.get_model(label)._base_manager.filter(pk=pk, **{name: None})
        rows.update(**{name: removed.market_id})


def _rows(market: Market, collector: Collector) -> str:
    """The line first, then what the database takes away with it."""
    found = [row for rows in (*collector.data.values(), *collector.fast_deletes) for row in rows]
    # Programmes come back with the line that names them.
    others = [row for row in found if row != market and not row._meta.auto_created]
    return serializers.serialize("json", [market, *others], cls=_ToTheMicrosecond)
