"""The one door of the log."""

from collections.abc import Iterable

from django.db import models

from accounts.enums import AuditKind
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


def _row(kind: AuditKind, target: models.Model, by: User | None, actor_name: str, payload: dict) -> dict:
    return {
        "kind": kind,
        "actor_id": by.pk if by else None,
        "actor_name": str(by) if by else actor_name or AUTOMATIC,
        "target_label": target._meta.label_lower,
        "target_id": target.pk,
        "payload": payload,
    }
