"""The one door of the log."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q

from accounts.enums import PERSONAL_PAYLOAD, AuditKind
from accounts.models import AuditEvent, User


AUTOMATIC = "Clausier"


def record(
    kind: AuditKind, *, target: models.Model, by: User | None, actor_name: str = "", **payload: object
) -> AuditEvent:
    """Write one event in the caller's transaction. `actor_name` is for those who act without an account."""
    return AuditEvent.objects.create(**_row(kind, target, by, actor_name, payload))


def record_many(
    kind: AuditKind, rows: Iterable[tuple[models.Model, dict]], *, by: User | None, actor_name: str = ""
) -> None:
    """The same event on many objects, in one query."""
    AuditEvent.objects.bulk_create(
        AuditEvent(**_row(kind, target, by, actor_name, payload)) for target, payload in rows
    )


def history(target: models.Model) -> models.QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(target_label=target._meta.label_lower, target_id=target.pk).order_by(
        "-at", "-pk"
    )


def field_labels(row: models.Model, names: Iterable[str]) -> list[str]:
    """What the log says of a change: the fields in words, never their values."""
    labels = {field.name: str(field.verbose_name) for field in row._meta.concrete_fields}
    return [labels[name] for name in names]


def history_of_all(targets: models.QuerySet) -> models.QuerySet[AuditEvent]:
    """What happened to any of these rows, latest first."""
    label = targets.model._meta.label_lower
    return AuditEvent.objects.filter(target_label=label, target_id__in=targets.values("pk")).order_by(
        "-at", "-pk"
    )


def forget(*, actor_id: int, names: set[str], targets: models.QuerySet) -> None:
    """Erasure reaches the log: no author, and no personal key where the person is the object or is named.

    A homonym may lose a name too: the safe side.
    """
    AuditEvent.objects.filter(actor_id=actor_id).update(actor_name="")
    naming = Q(target_label=targets.model._meta.label_lower, target_id__in=targets.values("pk"))
    for key in {key for keys in PERSONAL_PAYLOAD.values() for key in keys}:
        naming |= Q(**{f"payload__{key}__in": sorted(names)})
    events = list(
        AuditEvent.objects.filter(naming, kind__in=PERSONAL_PAYLOAD).select_for_update(of=("self",))
    )
    for event in events:
        for key in PERSONAL_PAYLOAD[AuditKind(event.kind)]:
            event.payload.pop(key, None)
    AuditEvent.objects.bulk_update(events, ["payload"], batch_size=500)


def _row(kind: AuditKind, target: models.Model, by: User | None, actor_name: str, payload: dict) -> dict:
    return {
        "kind": kind,
        "actor_id": by.pk if by else None,
        "actor_name": str(by) if by else actor_name or AUTOMATIC,
        "target_label": target._meta.label_lower,
        "target_id": target.pk,
        "payload": payload,
    }
