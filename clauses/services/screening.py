"""An office's verdict on the lines of a plan; undoable, one step after the other."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import AuditEvent, Office, User
from clauses.enums import Verdict, VerdictReason
from clauses.models import Screening, is_told
from clauses.services import derogations, suggestions
from procurement.models import Market


class PlanTakenBack(Exception):
    """The buyer has reopened the plan: its lines are not the office's to judge for now."""

    def __init__(self) -> None:
        super().__init__("L’acheteur a repris ce plan pour le corriger : ses lignes attendent son dépôt.")


class NothingToUndo(Exception):
    def __init__(self) -> None:
        super().__init__("Il n’y a aucun avis à annuler sur cette ligne.")


@dataclass(frozen=True)
class Opinion:
    """A verdict with its reason, when it needs one; an empty verdict is none."""

    verdict: str = ""
    reason: str = ""
    comment: str = ""

    def __str__(self) -> str:
        label = Verdict(self.verdict).label
        return f"{label} : {VerdictReason(self.reason).label}" if self.reason else label


@transaction.atomic
def decide(*, market: Market, office: Office, opinion: Opinion, by: User, at: datetime) -> Screening:
    (screening,) = decide_many(markets=[market], office=office, opinion=opinion, by=by, at=at)
    return screening


@transaction.atomic
def decide_many(
    *, markets: Iterable[Market], office: Office, opinion: Opinion, by: User, at: datetime
) -> list[Screening]:
    """The same opinion on each of these lines; nothing is written when one is refused.

    Raises `PlanTakenBack`, or `JustificationMissing` for a line that a published answer would close.
    """
    lines = _submitted({market.pk for market in markets})
    screenings = {row.market_id: row for row in _of(office, lines)}
    former = {line.pk: _opinion(screenings.get(line.pk)) for line in lines}
    new = [Screening(market=line, office=office) for line in lines if line.pk not in screenings]
    for screening in (*screenings.values(), *new):
        _write(screening, opinion, by, at)
    Screening.objects.bulk_create(new)
    Screening.objects.bulk_update(screenings.values(), WRITTEN)
    decided = sorted([*screenings.values(), *new], key=lambda row: row.pk)
    payloads = [(row, {"verdict": str(opinion), "former": asdict(former[row.market_id])}) for row in decided]
    audit.record_many(AuditKind.SCREENING_DECIDED, payloads, by=by)
    suggestions.keep(screenings=decided, office=office, at=at)
    _require_justified(decided, by)
    return decided


@transaction.atomic
def undo(*, screening: Screening, by: User, at: datetime) -> Screening:
    """Back to the opinion before. Raises `NothingToUndo`."""
    undone = undo_many(screenings=[screening], by=by, at=at)
    if not undone:
        raise NothingToUndo
    return undone[0]


@transaction.atomic
def undo_many(*, screenings: Iterable[Screening], by: User, at: datetime) -> list[Screening]:
    """Each line back to its opinion before; those without one stay as they are.

    Raises `JustificationMissing` as `decide_many` does.
    """
    asked = list(screenings)
    # Locked: a colleague may be giving a verdict on the same line, or publishing the answer.
    lines = Market.objects.select_for_update(of=("self",)).filter(pk__in=[row.market_id for row in asked])
    list(lines.order_by("pk").values_list("pk"))
    rows = list(
        Screening.objects.select_for_update(of=("self",))
        .filter(pk__in=[row.pk for row in asked])
        .order_by("pk")
    )
    decisions = _undoable(rows)
    undone = [row for row in rows if row.pk in decisions]
    payloads = [(row, {"verdict": decisions[row.pk].payload["verdict"]}) for row in undone]
    for row in undone:
        _write(row, Opinion(**decisions[row.pk].payload["former"]), by, at)
    Screening.objects.bulk_update(undone, WRITTEN)
    audit.record_many(AuditKind.SCREENING_UNDONE, payloads, by=by)
    _require_justified(undone, by)
    return undone


WRITTEN = ("verdict", "reason", "comment", "decided_at", "decided_by")


def _require_justified(given: list[Screening], by: User) -> None:
    """Before the answer a verdict is a draft; after it, the buyer reads it at once: the line is closed."""
    closed = [row.pk for row in given if row.verdict == Verdict.NOT_CLAUSABLE]
    told = Screening.objects.filter(is_told(), pk__in=closed).values("market")
    markets = Market.objects.filter(pk__in=told).select_related("plan__buyer")
    derogations.require_justified(markets.order_by("pk") if closed else [], by=by)


def _submitted(pks: Collection[int]) -> list[Market]:
    # Locked: two colleagues may judge the same line at once, and it has no row of ours yet.
    rows = Market.objects.select_for_update(of=("self",)).submitted().filter(pk__in=pks)
    lines = list(rows.order_by("pk"))
    if len(lines) < len(pks):
        raise PlanTakenBack
    return lines


def _of(office: Office, lines: list[Market]) -> Iterable[Screening]:
    return Screening.objects.filter(office=office, market__in=lines).order_by("pk")


def _opinion(screening: Screening | None) -> Opinion:
    if screening is None:
        return Opinion()
    return Opinion(screening.verdict, screening.reason, screening.comment)


def _write(screening: Screening, opinion: Opinion, by: User, at: datetime) -> None:
    screening.verdict, screening.reason = opinion.verdict, opinion.reason
    screening.comment = opinion.comment
    screening.decided_at, screening.decided_by = at, by


def _undoable(rows: list[Screening]) -> dict[int, AuditEvent]:
    """The latest verdict of each line that was not undone yet, from its history."""
    events = AuditEvent.objects.filter(
        target_label=Screening._meta.label_lower, target_id__in=[row.pk for row in rows]
    )
    found: dict[int, AuditEvent] = {}
    undone: dict[int, int] = {}
    for event in events.order_by("-pk"):
        waiting = undone.get(event.target_id, 0)
        if event.kind == AuditKind.SCREENING_UNDONE:
            undone[event.target_id] = waiting + 1
        elif waiting:
            undone[event.target_id] = waiting - 1
        else:
            found.setdefault(event.target_id, event)
    return found
