"""What changes the directory: a file that is received, applied or discarded, a card that is verified."""

from dataclasses import asdict
from datetime import date, datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.timezone import localtime

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User
from config.lib.french import join_words
from structures import imports
from structures.enums import DirectoryFileState
from structures.imports import Change, DirectoryPlan, Reading
from structures.models import DirectoryFile, Structure
from structures.workflow import DirectoryFileTransition, next_state


# Many rows a query, and fewer values than SQLite accepts in one.
BATCH = 500


def preview(*, reading: Reading) -> DirectoryPlan:
    return imports.plan(reading, Structure.objects.order_by("pk"))


@transaction.atomic
def receive(*, name: str, content: bytes, by: User | None, at: datetime) -> DirectoryFile:
    """Keep a file as it came. Raises `UnreadableFile` when nothing could ever be made of it."""
    imports.read(content, name)
    return _keep(name, content, by, at)


@transaction.atomic
def apply(*, file: DirectoryFile, by: User | None, at: datetime) -> DirectoryPlan:
    """Write every line that can become a card, whatever changed since the preview."""
    file = _move(file, DirectoryFileTransition.APPLY)
    reading = imports.read(file.file.read(), file.name)
    # Locked: two imports at once would each create the same cards.
    plan = imports.plan(reading, Structure.objects.select_for_update(of=("self",)).order_by("pk"))
    _write(plan, file, by, at)
    file.counts = asdict(plan.counts) | {"gone": len(plan.gone)}
    file.applied_at, file.applied_by = at, by
    file.save(update_fields=["state", "counts", "applied_at", "applied_by"])
    audit.record(
        AuditKind.STRUCTURES_IMPORTED,
        target=file,
        by=by,
        file=file.name,
        created=plan.counts.created,
        updated=plan.counts.updated,
        waiting=plan.counts.waiting,
    )
    return plan


@transaction.atomic
def bring_in(*, name: str, content: bytes, by: User | None, at: datetime) -> DirectoryPlan:
    """Receive and apply at once, for those who have seen the preview elsewhere."""
    return apply(file=receive(name=name, content=content, by=by, at=at), by=by, at=at)


@transaction.atomic
def discard(*, file: DirectoryFile, by: User) -> DirectoryFile:
    file = _move(file, DirectoryFileTransition.DISCARD)
    file.save(update_fields=["state"])
    audit.record(AuditKind.STRUCTURES_DISCARDED, target=file, by=by, file=file.name)
    return file


@transaction.atomic
def verify(*, structure: Structure, by: User, on: date) -> Structure:
    """Somebody of the office has checked the card with the structure itself."""
    structure = Structure.objects.select_for_update(of=("self",)).get(pk=structure.pk)
    structure.verified_on, structure.verified_by_name = on, str(by)
    structure.save(update_fields=["verified_on", "verified_by_name"])
    audit.record(AuditKind.STRUCTURE_VERIFIED, target=structure, by=by)
    return structure


def _keep(name: str, content: bytes, by: User | None, at: datetime) -> DirectoryFile:
    hat = by.membership if by else None
    return DirectoryFile.objects.create(
        organisation=hat.organisation if hat else None,
        name=name,
        file=ContentFile(content, name=name),
        uploaded_at=at,
        uploaded_by=by,
    )


def _move(file: DirectoryFile, transition: DirectoryFileTransition) -> DirectoryFile:
    file = DirectoryFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    file.state = next_state(transition, DirectoryFileState(file.state))
    return file


def _write(plan: DirectoryPlan, file: DirectoryFile, by: User | None, at: datetime) -> None:
    """The cards that did not change are written too: they were seen again."""
    changes = [*plan.created, *plan.updated, *plan.unchanged]
    cards = Structure.objects.bulk_create(
        [_card(change, at) for change in changes],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=imports.KEY,
        update_fields=[
            *imports.FIELDS,
            "search_text",
            "names_text",
            "sort_name",
            "sort_city",
            "seen_at",
            "gone_on",
        ],
    )
    missing = [card.pk for card in plan.gone if card.gone_on is None]
    Structure.objects.filter(pk__in=missing).update(gone_on=localtime(at).date())
    by_key = {(card.siret, card.kind): card for card in cards}
    added = [(by_key[change.key], _origin(change, file)) for change in plan.created]
    changed = [
        (
            by_key[change.key],
            _origin(change, file)
            | {"fields": join_words([imports.label(name) for name in change.differing])},
        )
        for change in plan.updated
    ]
    audit.record_many(AuditKind.STRUCTURE_ADDED, added, by=by)
    audit.record_many(AuditKind.STRUCTURE_UPDATED, changed, by=by)


def _card(change: Change, at: datetime) -> Structure:
    siret, kind = change.key
    card = Structure(siret=siret, kind=kind, seen_at=at, **change.values)
    card.index()
    return card


def _origin(change: Change, file: DirectoryFile) -> dict:
    return {"file": file.name, "line": change.line.record.line}
