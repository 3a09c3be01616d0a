from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User
from procurement.enums import PlanFileState
from procurement.imports import Correction, FilePlan, read_plan_file
from procurement.models import PlanFile, PurchasePlan
from procurement.queries import plan_state
from procurement.services import applying
from procurement.services.drafts import PlanNotDraft, lock_draft, lock_moved
from procurement.workflow import PlanFileTransition, next_file_state


_LONGEST_NAME = 200


class CorrectionRefused(Exception):
    """What was typed is no better understood: the reason of each cell, none of which is kept."""

    def __init__(self, reasons: Mapping[Correction, str]) -> None:
        self.reasons = reasons
        super().__init__("Rien n’est corrigé : une des cellules ne se lit toujours pas.")


@dataclass(frozen=True)
class Reading:
    """What a file would change, and the state of the plan in which that is true."""

    found: FilePlan
    as_of: Hashable


def preview(*, plan: PurchasePlan, data: bytes, name: str) -> FilePlan:
    """What this file would change in this plan, saved or not; writes nothing. Raises `UnreadableFile`."""
    found = _first_reading(plan, data, name)
    found.refuse_empty()
    return found


def _first_reading(plan: PurchasePlan, data: bytes, name: str) -> FilePlan:
    known = plan if plan.pk else None
    return read_plan_file(data=data, name=name, buyer=plan.buyer, year=plan.year, plan=known)


def preview_again(plan_file: PlanFile, tell: Callable[[int, int], None] | None = None) -> FilePlan:
    """The same for a file kept: what is left to do against the plan as it is now."""
    with plan_file.file.open() as stored:
        return _read(plan_file, stored.read(), tell)


def read(plan_file: PlanFile, tell: Callable[[int, int], None] | None = None) -> Reading:
    """The same again, and when; `tell` is told how many lines are read, of how many."""
    # Before it is read: a change made meanwhile must show.
    as_of = plan_state.of(plan_file)
    return Reading(preview_again(plan_file, tell), as_of)


def _read(plan_file: PlanFile, data: bytes, tell: Callable[[int, int], None] | None) -> FilePlan:
    plan = plan_file.plan
    return read_plan_file(
        tell=tell,
        data=data,
        name=plan_file.name,
        buyer=plan.buyer,
        year=plan.year,
        plan=plan,
        corrections=[Correction(**correction) for correction in plan_file.corrections],
        sheet_choices=plan_file.sheet_choices,
    )


@transaction.atomic
def receive(*, plan: PurchasePlan, data: bytes, name: str, by: User | None) -> PlanFile:
    """Keep the file as it came, once it is known to hold lines, even if people must say under which header.

    Raises `UnreadableFile`, `PlanNotDraft`.
    """
    plan = lock_draft(plan)
    found = _first_reading(plan, data, name)
    _refuse_blank(found)
    plan_file = _keep(plan, data, found, by)
    audit.record(AuditKind.PLAN_FILE_RECEIVED, target=plan, by=by, file=plan_file.name)
    return plan_file


def _refuse_blank(found: FilePlan) -> None:
    if not any(sheet.rows for sheet in found.sheets):
        found.refuse_empty()


@transaction.atomic
def store(*, plan: PurchasePlan, data: bytes, name: str, by: User | None) -> PlanFile:
    """Keep a file that is to be read later. Raises `PlanNotDraft`."""
    plan_file = _saved(PlanFile(plan=lock_draft(plan), state=PlanFileState.RECEIVED), data, name, by)
    audit.record(AuditKind.PLAN_FILE_RECEIVED, target=plan, by=by, file=plan_file.name)
    return plan_file


@transaction.atomic
def settle(*, plan_file: PlanFile, reading: Reading) -> PlanFile:
    """A file kept is now understood. Raises `TransitionRefused` when somebody gave it up meanwhile,
    `UnreadableFile`."""
    _refuse_blank(reading.found)
    plan_file = lock_moved(plan_file, PlanFileTransition.READ)
    plan_file.counts = asdict(reading.found.counts)
    plan_file.save(update_fields=["state", "counts"])
    return plan_file


def lock_to_apply(plan_file: PlanFile) -> PlanFile:
    """The file, locked, and known to be applicable. Raises `TransitionRefused`."""
    moved = lock_moved(plan_file, PlanFileTransition.APPLY)
    lock_draft(moved.plan)
    return moved


@transaction.atomic
def apply(*, plan_file: PlanFile, by: User | None, at: datetime, reading: Reading | None = None) -> FilePlan:
    """Write what the preview showed, read afresh when it may have changed.

    Raises `TransitionRefused`, `UnreadableFile`.
    """
    plan_file = lock_to_apply(plan_file)
    is_still_true = reading is not None and reading.as_of == plan_state.of(plan_file)
    found = reading.found if reading and is_still_true else preview_again(plan_file)
    found.refuse_empty()
    applying.write(plan_file, found, by, at)
    return found


@transaction.atomic
def take_in(*, plan: PurchasePlan, data: bytes, name: str, by: User | None, at: datetime) -> FilePlan:
    """Receive and apply at once. A file that changes nothing is no harm to a plan already submitted."""
    plan = PurchasePlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    found = preview(plan=plan, data=data, name=name)
    if (found.counts.created or found.counts.updated) and not plan.is_draft:
        raise PlanNotDraft(plan)
    kept = _keep(plan, data, found, by)
    applying.write(lock_moved(kept, PlanFileTransition.APPLY), found, by, at)
    return found


@transaction.atomic
def correct(*, plan_file: PlanFile, corrections: Iterable[Correction], by: User | None) -> PlanFile:
    """Keep cells put right beside the file. Raises `CorrectionRefused`, `TransitionRefused` once applied."""
    plan_file = PlanFile.objects.select_for_update(of=("self",)).get(pk=plan_file.pk)
    _refuse_closed(plan_file)
    before = [Correction(**correction) for correction in plan_file.corrections]
    new = list(corrections)
    kept = {correction.place: correction for correction in [*before, *new]}
    plan_file.corrections = [asdict(correction) for correction in kept.values()]
    found = preview_again(plan_file)
    _refuse_unread(found, new)
    plan_file.counts = asdict(found.counts)
    plan_file.save(update_fields=["corrections", "counts"])
    audit.record(
        AuditKind.PLAN_FILE_CORRECTED, target=plan_file.plan, by=by, file=plan_file.name, cells=len(new)
    )
    return plan_file


def _refuse_closed(plan_file: PlanFile) -> None:
    """What may no longer be applied may no longer be put right."""
    next_file_state(PlanFileTransition.APPLY, PlanFileState(plan_file.state))


def _refuse_unread(found: FilePlan, corrections: Sequence[Correction]) -> None:
    lines = {(line.record.sheet, line.record.line): line for line in found.lines}
    reasons = {}
    for correction in corrections:
        line = lines.get((correction.sheet, correction.line))
        reason = line.problems.get(correction.field) if line else "Cette ligne n’est pas dans le fichier."
        if reason:
            reasons[correction] = reason
    if reasons:
        raise CorrectionRefused(reasons)


@transaction.atomic
def discard(*, plan_file: PlanFile, by: User | None) -> PlanFile:
    plan_file = lock_moved(plan_file, PlanFileTransition.DISCARD)
    plan_file.save(update_fields=["state"])
    audit.record(AuditKind.PLAN_FILE_DISCARDED, target=plan_file.plan, by=by, file=plan_file.name)
    return plan_file


def _keep(plan: PurchasePlan, data: bytes, found: FilePlan, by: User | None) -> PlanFile:
    return _saved(PlanFile(plan=plan, counts=asdict(found.counts)), data, found.name, by)


def _saved(plan_file: PlanFile, data: bytes, name: str, by: User | None) -> PlanFile:
    plan_file.name, plan_file.uploaded_by = name[-_LONGEST_NAME:], by
    plan_file.file.save(plan_file.name, ContentFile(data), save=False)
    plan_file.save()
    return plan_file
