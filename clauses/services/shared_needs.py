"""What an office decides to do with a need that several of its buyers share."""

from datetime import date, datetime

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import Office, User
from clauses.enums import SharedNeedState
from clauses.models import SharedNeedNote
from procurement.models import Family


class ReasonMissing(Exception):
    def __init__(self) -> None:
        super().__init__("Dites en quelques mots pourquoi ce besoin est écarté.")


@transaction.atomic
def note(
    *,
    office: Office,
    family: Family,
    starts_on: date,
    ends_on: date,
    state: SharedNeedState,
    reason: str,
    by: User,
    at: datetime,
) -> SharedNeedNote:
    """The former notes stay. Raises `ReasonMissing` when a need is dismissed without a word."""
    reason = reason.strip()
    if state == SharedNeedState.DISMISSED and not reason:
        raise ReasonMissing
    noted = SharedNeedNote.objects.create(
        office=office, family=family, starts_on=starts_on, ends_on=ends_on, state=state, reason=reason,
        noted_at=at, noted_by=by,
    )  # fmt: skip
    audit.record(
        AuditKind.SHARED_NEED_NOTED, target=office, by=by, family=str(family), state=state.label.lower()
    )
    return noted
