"""What the facilitator answers to declared hours."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User
from clauses.enums import DeclarationState, RejectionReason
from clauses.models import Declaration, HourEntry
from clauses.rules.months import hours_in
from clauses.tasks import announce_rejection, announce_validation
from clauses.workflow import DeclarationTransition, next_declaration_state
from config.lib.french import format_hours, format_month, format_number


class CreditRefused(Exception):
    """`reasons` has one sentence for each entry whose credited hours cannot be kept."""

    def __init__(self, reasons: Mapping[int, str]):
        self.reasons = dict(reasons)
        super().__init__(" ".join(dict.fromkeys(self.reasons.values())))


class ReasonMissing(Exception):
    def __init__(self) -> None:
        super().__init__("La raison « Autre » demande une précision, que l’entreprise lira.")


@transaction.atomic
def validate(
    *, declaration: Declaration, credited: Mapping[int, Decimal] | None = None, by: User, at: datetime
) -> Declaration:
    """Retain hours: those of `credited` by entry, and the hours done for the others.

    Raises `TransitionRefused` or `CreditRefused`.
    """
    declaration = _locked(declaration)
    declaration.state = next_declaration_state(
        DeclarationTransition.VALIDATE, DeclarationState(declaration.state)
    )
    entries = list(declaration.entries.order_by("pk"))
    retained = {entry.pk: (credited or {}).get(entry.pk, entry.hours_done) for entry in entries}
    _credit(declaration, entries, retained)
    declaration.rejection_reason = declaration.rejection_comment = ""
    _decide(declaration, by, at)
    audit.record(
        AuditKind.DECLARATION_VALIDATED,
        target=declaration,
        by=by,
        hours=format_number(sum((entry.hours_done for entry in entries), Decimal(0))),
        credited=format_number(sum(retained.values(), Decimal(0))),
    )
    announce_validation.delay_on_commit(declaration_id=declaration.pk)
    return declaration


@transaction.atomic
def reject(
    *, declaration: Declaration, reason: RejectionReason, comment: str = "", by: User, at: datetime
) -> Declaration:
    """Raises `TransitionRefused`, or `ReasonMissing` when « Autre » explains nothing."""
    declaration = _locked(declaration)
    declaration.state = next_declaration_state(
        DeclarationTransition.REJECT, DeclarationState(declaration.state)
    )
    if reason == RejectionReason.OTHER and not comment.strip():
        raise ReasonMissing
    declaration.rejection_reason, declaration.rejection_comment = reason, comment.strip()
    _decide(declaration, by, at)
    # The free text may name a person: the log keeps the reason alone.
    in_words = declaration.get_rejection_reason_display()
    audit.record(AuditKind.DECLARATION_REJECTED, target=declaration, by=by, reason=in_words)
    announce_rejection.delay_on_commit(declaration_id=declaration.pk)
    return declaration


def _locked(declaration: Declaration) -> Declaration:
    return Declaration.objects.select_for_update(of=("self",)).get(pk=declaration.pk)


def _credit(declaration: Declaration, entries: list[HourEntry], retained: Mapping[int, Decimal]) -> None:
    longest = hours_in(declaration.period)
    refused = [pk for pk, hours in retained.items() if not 0 <= hours <= longest]
    if refused:
        sentence = (
            f"Les heures retenues vont de 0 à {format_hours(longest)} en {format_month(declaration.period)}."
        )
        raise CreditRefused(dict.fromkeys(refused, sentence))
    for entry in entries:
        entry.hours_credited = retained[entry.pk]
    HourEntry.objects.bulk_update(entries, ["hours_credited"])


def _decide(declaration: Declaration, by: User, at: datetime) -> None:
    declaration.decided_at, declaration.decided_by = at, by
    declaration.save(
        update_fields=["state", "decided_at", "decided_by", "rejection_reason", "rejection_comment"]
    )
