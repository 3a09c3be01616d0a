"""From the difference that a preview showed to the rows of the plan."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from django.conf import settings

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User
from config.lib.french import join_words
from procurement.imports import Change, FilePlan, Line, Outcome
from procurement.imports.changes import FIELDS
from procurement.models import Department, FileUndo, Lot, Market, PlanFile, PurchasePlan
from procurement.services.markets import SEARCHED, searchable


def write(plan_file: PlanFile, found: FilePlan, by: User | None, at: datetime) -> None:
    """Everything at once, in the caller’s transaction; what it changes is kept for the time of an undo."""
    undo = FileUndo(plan_file=plan_file, until=at + settings.PLAN_IMPORT_UNDO)
    undo.departments = _add_departments(plan_file.plan, found, by)
    undo.added = _add_markets(plan_file, found.having(Outcome.CREATED), by)
    undo.before = _change_markets(found.having(Outcome.UPDATED), by)
    plan_file.applied_at, plan_file.applied_by = at, by
    plan_file.counts = asdict(found.counts)
    plan_file.save(update_fields=["state", "applied_at", "applied_by", "counts"])
    last = audit.record(
        AuditKind.PLAN_IMPORTED,
        target=plan_file.plan,
        by=by,
        file=plan_file.name,
        created=found.counts.created,
        updated=found.counts.updated,
        waiting=found.counts.waiting,
    )
    undo.last_event = last.pk
    undo.save()


def _add_departments(plan: PurchasePlan, found: FilePlan, by: User | None) -> list[int]:
    Department.objects.bulk_create(found.new_departments)
    buyer = plan.buyer.organisation
    audit.record_many(
        AuditKind.DEPARTMENT_ADDED,
        [(buyer, {"department": department.name}) for department in found.new_departments],
        by=by,
    )
    return [department.pk for department in found.new_departments]


def _add_markets(plan_file: PlanFile, lines: Sequence[Line], by: User | None) -> list[int]:
    markets = [_new_market(plan_file.plan, line.values) for line in lines]
    Market.objects.bulk_create(markets)
    Lot.objects.bulk_create(
        Lot(market=market, number=number)
        for market, line in zip(markets, lines, strict=True)
        for number in range(1, line.lots + 1)
    )
    audit.record_many(
        AuditKind.MARKET_IMPORTED,
        [
            (market, {"file": plan_file.name, "line": line.record.line})
            for market, line in zip(markets, lines, strict=True)
        ],
        by=by,
    )
    return [market.pk for market in markets]


def _new_market(plan: PurchasePlan, values: Mapping[str, object]) -> Market:
    market = Market(plan=plan, **values)
    market.search_text = searchable(market)
    return market


def _change_markets(lines: Sequence[Line], by: User | None) -> dict[str, dict[str, object]]:
    """What each changed market said before, by its key."""
    changed = [(line, line.market) for line in lines if line.market]
    if not changed:
        return {}
    before = {str(market.pk): _values(market, line.changes) for line, market in changed}
    for line, market in changed:
        for change in line.changes:
            setattr(market, change.name, line.values[change.name])
        market.search_text = searchable(market)
    touched = {change.name for line in lines for change in line.changes}
    searched = {"search_text"} if touched.intersection(SEARCHED) else set()
    Market.objects.bulk_update([market for _, market in changed], touched | searched)
    audit.record_many(
        AuditKind.MARKET_CHANGED, [(market, _told(line.changes)) for line, market in changed], by=by
    )
    return before


def _values(market: Market, changes: Sequence[Change]) -> dict[str, object]:
    return {change.name: FIELDS[change.name].value_from_object(market) for change in changes}


def _told(changes: Sequence[Change]) -> dict[str, object]:
    # Names of people stay out of the log.
    kept = [change for change in changes if change.name not in Market.Privacy.personal]
    return {
        "fields": join_words([change.label for change in changes]),
        "changes": {change.name: [change.before, change.after] for change in kept},
    }
