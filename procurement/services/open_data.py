"""The one way into the published contracts: a file of open data, previewed or written."""

import hashlib
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User
from procurement.imports import published, published_plan, published_rows
from procurement.imports.published import Key, Line
from procurement.imports.published_plan import Change, PublishedPlan
from procurement.models import AwardedContract, OpenDataFile


# Many rows a query, and fewer values than SQLite accepts in one.
BATCH = 500


def preview(*, name: str, content: bytes) -> PublishedPlan:
    """What importing the file would do. Raises `UnreadableFile` with the reason."""
    read = published_rows.read(content, name)
    lines = published.judge(read)
    return published_plan.plan(lines, _known(lines))


@transaction.atomic
def bring_in(*, name: str, content: bytes, by: User | None, at: datetime) -> PublishedPlan:
    """Write every contract that can be recognised. A file that brings nothing new leaves no trace."""
    plan = preview(name=name, content=content)
    if plan.created or plan.updated:
        _write(plan, name, content, by, at)
    return plan


def _known(lines: list[Line]) -> dict[Key, list[AwardedContract]]:
    buyers = sorted({line.key[0] for line in lines if line.key})
    known: dict[Key, list[AwardedContract]] = {}
    for start in range(0, len(buyers), BATCH):
        held = AwardedContract.objects.filter(buyer_siret__in=buyers[start : start + BATCH])
        for contract in held.order_by("pk"):
            known.setdefault((contract.buyer_siret, contract.reference), []).append(contract)
    return known


def _write(plan: PublishedPlan, name: str, content: bytes, by: User | None, at: datetime) -> None:
    file = OpenDataFile.objects.create(
        name=name[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        counts=asdict(plan.counts) | {"contracts": plan.contracts},
        imported_at=at,
    )
    # In one statement a batch, so that two imports at once end with one row a contract.
    AwardedContract.objects.bulk_create(
        [_contract(change, file) for change in (*plan.created, *plan.updated)],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=published_plan.KEY,
        update_fields=[*published_plan.FIELDS, "source", "search_text"],
    )
    # One event for the file: twenty thousand public contracts need no history each.
    audit.record(
        AuditKind.OPEN_DATA_IMPORTED,
        target=file,
        by=by,
        file=file.name,
        created=plan.counts.created,
        updated=plan.counts.updated,
        waiting=plan.counts.waiting,
    )


def _contract(change: Change, file: OpenDataFile) -> AwardedContract:
    buyer, reference = change.key
    contract = AwardedContract(
        buyer_siret=buyer, reference=reference, part=change.part, source=file, **change.values
    )
    contract.index()
    return contract
