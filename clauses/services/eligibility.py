"""The facilitator's decision that hours of a person may count."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localtime

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User
from clauses.enums import EligibilityState
from clauses.models import Eligibility, Participant, Public
from clauses.rules.eligibility import explain_proof, last_day
from config.lib.french import format_date_long


@dataclass(frozen=True)
class Grounds:
    """What a decision rests on: a proof that was seen, or a reasoned opinion. `valid_to` is exclusive."""

    public: Public
    valid_from: date
    valid_to: date
    proof: str = ""
    proof_issued_on: date | None = None
    proof_seen_on: date | None = None
    opinion: str = ""


@transaction.atomic
def grant(*, participant: Participant, grounds: Grounds, by: User, at: datetime) -> Eligibility:
    """Raises `ValidationError`, field by field, when the grounds do not carry the decision."""
    _refuse_weak_grounds(grounds, on=localtime(at).date())
    eligibility = _decide(participant, EligibilityState.GRANTED, grounds, by, at)
    until = format_date_long(last_day(eligibility.valid_to))
    audit.record(AuditKind.ELIGIBILITY_GRANTED, target=participant, by=by, until=until)
    return eligibility


@transaction.atomic
def refuse(*, participant: Participant, grounds: Grounds, by: User, at: datetime) -> Eligibility:
    """The reason is owed to the person: a refusal always has its opinion."""
    if not grounds.opinion:
        raise ValidationError({"opinion": "Un refus demande un avis motivé."})
    eligibility = _decide(participant, EligibilityState.REFUSED, grounds, by, at)
    audit.record(AuditKind.ELIGIBILITY_REFUSED, target=participant, by=by)
    return eligibility


def _refuse_weak_grounds(grounds: Grounds, on: date) -> None:
    public = grounds.public
    if not public.is_in_force(grounds.valid_from):
        raise ValidationError({"public": f"Le public « {public} » n’est pas en vigueur à cette date."})
    for name in ("proof_issued_on", "proof_seen_on"):
        if (day := getattr(grounds, name)) and day > on:
            raise ValidationError({name: "Cette date est dans le futur."})
    # A reasoned opinion carries the decision alone (CCAG 2021: « avis motivé »).
    if grounds.proof_seen_on is None:
        return
    if refusal := explain_proof(grounds.proof_issued_on, public.proof_max_months, grounds.valid_from):
        raise ValidationError({"proof_issued_on": refusal})


def _decide(
    participant: Participant, state: EligibilityState, grounds: Grounds, by: User, at: datetime
) -> Eligibility:
    eligibility = Eligibility(
        participant=participant, state=state, decided_at=at, decided_by=by, **vars(grounds)
    )
    eligibility.full_clean(exclude=["participant", "public", "decided_by"])
    # Locked: two colleagues may decide of the same person at once.
    Participant.objects.select_for_update(of=("self",)).get(pk=participant.pk)
    _end_former_grants(eligibility)
    eligibility.save(force_insert=True)
    return eligibility


def _end_former_grants(decision: Eligibility) -> None:
    """The last decision prevails: a former grant that overlaps it ends where it starts.

    One that starts no earlier has no day left of its own, and is kept as replaced.
    """
    overlapping = decision.participant.eligibilities.filter(
        state=EligibilityState.GRANTED,
        valid_from__lt=decision.valid_to,
        valid_to__gt=decision.valid_from,
    )
    for former in overlapping.select_for_update(of=("self",)).order_by("valid_from", "pk"):
        ends_on = max(former.valid_from, decision.valid_from)
        if former.valid_from < decision.valid_from:
            former.valid_to = ends_on
        else:
            former.state = EligibilityState.REPLACED
        former.save(update_fields=["state", "valid_to"])
        audit.record(
            AuditKind.ELIGIBILITY_ENDED,
            target=decision.participant,
            by=decision.decided_by,
            ends_on=format_date_long(ends_on),
        )
