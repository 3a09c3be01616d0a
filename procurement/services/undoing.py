"""Taking an importation back, as long as nobody has built on it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Model, ProtectedError, QuerySet

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import AuditEvent, User
from procurement.imports.changes import FIELDS
from procurement.models import Department, FileUndo, Lot, Market, PlanFile, PurchasePlan
from procurement.services.drafts import lock_draft, lock_moved
from procurement.services.markets import SEARCHED, searchable
from procurement.workflow import PlanFileTransition


# Keys named in one query.
_AT_ONCE = 5_000


class UndoRefused(Exception):
    """Too late, or something hangs on what the file changed; the text names it."""


@transaction.atomic
def undo(*, plan_file: PlanFile, by: User | None, at: datetime) -> PlanFile:
    """Put the plan back as it was; the file may be applied again.

    Raises `TransitionRefused` unless it is applied to a plan that is a draft, `UndoRefused`.
    """
    plan_file = lock_moved(plan_file, PlanFileTransition.UNDO)
    plan = lock_draft(plan_file.plan)
    memory = _memory(plan_file, at)
    markets = {market.pk: market for market in plan.markets.order_by("pk")}
    # What somebody has taken out since needs no undo.
    added = [markets[key] for key in memory.added if key in markets]
    changed = {_still_there(key, markets): values for key, values in memory.before.items()}
    _refuse_touched([*added, *changed], memory)
    _refuse_in_use(added)
    _remove(added)
    _restore(changed, plan_file, by)
    _remove_departments(memory.departments, plan_file, by)
    plan_file.applied_at = plan_file.applied_by = None
    plan_file.save(update_fields=["state", "applied_at", "applied_by"])
    memory.delete()
    audit.record(
        AuditKind.PLAN_IMPORT_UNDONE,
        target=plan,
        by=by,
        file=plan_file.name,
        removed=len(added),
        restored=len(changed),
    )
    return plan_file


def forget_expired(*, at: datetime) -> None:
    """What may no longer be taken back is no longer needed."""
    FileUndo.objects.filter(until__lte=at).delete()


def _memory(plan_file: PlanFile, at: datetime) -> FileUndo:
    try:
        return FileUndo.objects.open(at).get(plan_file=plan_file)
    except FileUndo.DoesNotExist as error:
        raise UndoRefused("Le délai pour annuler cette importation est passé.") from error


def _still_there(key: str, markets: Mapping[int, Market]) -> Market:
    market = markets.get(int(key))
    if market is None:
        raise UndoRefused(
            "Un marché que l’importation avait modifié a été retiré depuis : elle ne s’annule plus."
        )
    return market


def _refuse_touched(markets: Iterable[Market], memory: FileUndo) -> None:
    """Whatever the log says of these markets, or of what hangs on them, since the file was applied."""
    named = {market.pk: market for market in markets}
    links: list[tuple[type[Model], str]] = [(Market, "pk"), *_hanging()]
    for model, path in links:
        events = list(_events_since(memory, model))
        owners = _owners(model, path, memory.plan_file.plan) if events else {}
        for event in events:
            market = named.get(owners.get(event.target_id, 0))
            if market:
                raise UndoRefused(
                    f"« {market} » n’est plus tel que le fichier l’a laissé : {event.actor} {event.sentence}."
                )


def _refuse_in_use(added: Iterable[Market]) -> None:
    """A market goes with all that hangs on it: nothing may, but its lots."""
    named = {market.pk: market for market in added}
    plan = next((market.plan for market in named.values()), None)
    if plan is None:
        return
    for model, path in _hanging():
        rows = _owners(model, path, plan)
        market = next((named[owner] for owner in rows.values() if owner in named), None)
        if market and model is not Lot:
            raise UndoRefused(f"« {market} » porte déjà : {model._meta.verbose_name}.")
    signed = Lot.objects.filter(market__plan=plan, contract__isnull=False).order_by("pk")
    for owner in signed.values_list("market", flat=True):
        if owner in named:
            raise UndoRefused(f"« {named[owner]} » porte déjà : contrat.")


def _hanging() -> Iterator[tuple[type[Model], str]]:
    """Every kind of row that leads to a market, and how."""
    for relation in Market._meta.related_objects:
        yield relation.related_model, relation.field.name
    for relation in Lot._meta.related_objects:
        yield relation.related_model, f"{relation.field.name}__market"


def _owners(model: type[Model], path: str, plan: PurchasePlan) -> dict[int, int]:
    """The market of each row, by key of the row."""
    of_plan = {f"{path}__plan" if path != "pk" else "plan": plan}
    return dict(model._base_manager.filter(**of_plan).values_list("pk", path))


def _events_since(memory: FileUndo, model: type[Model]) -> QuerySet[AuditEvent]:
    since = AuditEvent.objects.filter(pk__gt=memory.last_event, target_label=model._meta.label_lower)
    return since.order_by("pk")


def _remove(added: list[Market]) -> None:
    keys = [market.pk for market in added]
    for start in range(0, len(keys), _AT_ONCE):
        Market.objects.filter(pk__in=keys[start : start + _AT_ONCE]).delete()


def _restore(changed: Mapping[Market, Mapping[str, object]], plan_file: PlanFile, by: User | None) -> None:
    names: set[str] = set()
    for market, values in changed.items():
        for name, value in values.items():
            setattr(market, FIELDS[name].attname, FIELDS[name].to_python(value))
        market.search_text = searchable(market)
        names |= set(values)
    if not names:
        return
    searched = {"search_text"} if names.intersection(SEARCHED) else set()
    Market.objects.bulk_update(changed, names | searched, batch_size=_AT_ONCE)
    audit.record_many(
        AuditKind.MARKET_RESTORED, [(market, {"file": plan_file.name}) for market in changed], by=by
    )


def _remove_departments(keys: Iterable[int], plan_file: PlanFile, by: User | None) -> None:
    """Those that nothing uses, and that nobody has completed."""
    unused = Department.objects.filter(
        pk__in=keys, markets=None, prescribers=None, contact_name="", contact_email=""
    )
    gone = [department for department in unused if _is_removed(department)]
    audit.record_many(
        AuditKind.DEPARTMENT_REMOVED,
        [(plan_file.plan.buyer.organisation, {"department": department.name}) for department in gone],
        by=by,
    )


def _is_removed(department: Department) -> bool:
    try:
        with transaction.atomic():
            department.delete()
    except ProtectedError:
        return False
    return True
