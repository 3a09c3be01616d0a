"""Work contracts and missions of people under a clause."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User
from clauses.enums import ClauseState, DeclarationState
from clauses.models import Clause, HourEntry, Participant, Placement
from clauses.rules.eligibility import last_day
from config.lib.french import format_date_long, format_month
from procurement.models import Contract
from structures.models import Structure


class ClauseNotRunning(Exception):
    def __init__(self, clause: Clause):
        super().__init__(
            f"La clause est à l’état « {clause.get_state_display()} » : "
            "un placement demande un contrat notifié et une clause en cours."
        )


class NotEligible(Exception):
    def __init__(self, participant: Participant, day: date):
        super().__init__(
            f"{participant} : l’éligibilité n’est pas reconnue au {format_date_long(day)}. "
            "Décidez-en avant d’ouvrir le placement."
        )


class OutsideContract(Exception):
    def __init__(self, contract: Contract):
        end = f" au {format_date_long(last_day(contract.ends_on))}" if contract.ends_on else ""
        super().__init__(
            f"Le placement sort des dates du contrat, exécuté du {format_date_long(contract.starts_on)}{end}."
        )


class AlreadyPlaced(Exception):
    def __init__(self, placement: Placement):
        super().__init__(
            f"{placement.participant} a déjà un placement sur cette clause, "
            f"ouvert le {format_date_long(placement.starts_on)} : mettez-y fin d’abord."
        )


class HoursAfterEnd(Exception):
    def __init__(self, month: date):
        super().__init__(
            f"Des heures sont déjà déclarées pour {format_month(month)}, après cette date : "
            "choisissez une fin plus tardive ou faites corriger la déclaration."
        )


@dataclass(frozen=True)
class Engagement:
    """How a person works: `ends_on` is exclusive; a direct hire has no employer structure."""

    modality: str
    contract_type: str
    starts_on: date
    ends_on: date | None = None
    employer_structure: Structure | None = None
    job_title: str = ""


@transaction.atomic
def open_for(*, participant: Participant, clause: Clause, engagement: Engagement, by: User) -> Placement:
    """Raises `ClauseNotRunning`, `OutsideContract`, `NotEligible`, `AlreadyPlaced` or `ValidationError`."""
    # Locked: the clause may not be closed, nor the person placed twice, meanwhile.
    clause = Clause.objects.select_for_update(of=("self",)).select_related("contract").get(pk=clause.pk)
    if clause.contract is None or clause.state != ClauseState.RUNNING:
        raise ClauseNotRunning(clause)
    placement = Placement(participant=participant, clause=clause, created_by=by, **vars(engagement))
    placement.full_clean(exclude=["participant", "clause", "created_by"])
    _refuse_outside(clause.contract, placement)
    _refuse_without_eligibility(placement)
    _refuse_overlap(placement)
    placement.save(force_insert=True)
    _tell(AuditKind.PLACEMENT_OPENED, placement, by, starts_on=format_date_long(placement.starts_on))
    return placement


@transaction.atomic
def end(*, placement: Placement, ends_on: date, by: User) -> Placement:
    """From `ends_on`, no more work. Raises `OutsideContract`, `HoursAfterEnd`, `ValidationError`."""
    rows = Placement.objects.select_for_update(of=("self",)).select_related("participant", "clause")
    placement = rows.get(pk=placement.pk)
    placement.ends_on = ends_on
    placement.validate_constraints()
    _refuse_outside(Contract.objects.get(clauses=placement.clause), placement)
    _refuse_declared_after(placement)
    placement.save(update_fields=["ends_on"])
    _tell(AuditKind.PLACEMENT_ENDED, placement, by, ends_on=format_date_long(last_day(ends_on)))
    return placement


def _refuse_outside(contract: Contract, placement: Placement) -> None:
    limit = contract.ends_on
    starts_late = limit is not None and placement.starts_on >= limit
    ends_late = limit is not None and placement.ends_on is not None and placement.ends_on > limit
    if placement.starts_on < contract.starts_on or starts_late or ends_late:
        raise OutsideContract(contract)


def _refuse_without_eligibility(placement: Placement) -> None:
    if not placement.participant.eligibilities.granted_on(placement.starts_on).exists():
        raise NotEligible(placement.participant, placement.starts_on)


def _refuse_overlap(placement: Placement) -> None:
    same = Placement.objects.filter(participant=placement.participant, clause=placement.clause)
    other = same.running_in(placement.starts_on, placement.ends_on or date.max).order_by("pk").first()
    if other:
        raise AlreadyPlaced(other)


def _refuse_declared_after(placement: Placement) -> None:
    told = HourEntry.objects.filter(
        placement=placement,
        hours_done__gt=0,
        declaration__period__gte=placement.ends_on,
        declaration__state__in=[DeclarationState.SENT, DeclarationState.VALIDATED],
    ).order_by("-declaration__period")
    if last := told.values_list("declaration__period", flat=True).first():
        raise HoursAfterEnd(last)


def _tell(kind: AuditKind, placement: Placement, by: User, **payload: str) -> None:
    """In the history of the person and in that of the clause, which does not name the person."""
    for target in (placement.participant, placement.clause):
        audit.record(kind, target=target, by=by, **payload)
