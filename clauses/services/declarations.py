"""What a contractor says of one month of one contract."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localtime

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User
from clauses.enums import ClauseState, DeclarationState
from clauses.models import Clause, Declaration, HourEntry, Placement
from clauses.rules.months import explain_too_many_hours, next_month, previous_month
from clauses.workflow import DeclarationTransition, next_declaration_state
from config.lib.french import format_month, format_number, of_month
from procurement.models import Contract


Hours = Mapping[int, Decimal]


class MonthRefused(Exception):
    """This month of this contract takes no declaration; the text says why."""


class DeclarationLocked(Exception):
    def __init__(self, declaration: Declaration):
        super().__init__(
            f"La déclaration {of_month(declaration.period)} est à l’état "
            f"« {declaration.get_state_display()} » : elle ne se modifie plus."
        )


class HoursRefused(Exception):
    """`reasons` has one sentence for each placement whose hours cannot be true."""

    def __init__(self, reasons: Mapping[int, str]):
        self.reasons = dict(reasons)
        super().__init__(" ".join(dict.fromkeys(self.reasons.values())))


class NothingDeclared(Exception):
    def __init__(self) -> None:
        super().__init__(
            "Aucune heure n’est saisie. Si personne n’a travaillé sous la clause, "
            "choisissez « Aucune heure ce mois-ci »."
        )


@transaction.atomic
def save(*, contract: Contract, period: date, hours: Hours, by: User, at: datetime) -> Declaration:
    """Keep a draft: `hours` by placement replace what was written. All or nothing."""
    declaration = _write(contract, period, hours, localtime(at).date())
    audit.record(AuditKind.DECLARATION_SAVED, target=declaration, by=by, hours=_total(hours))
    return declaration


@transaction.atomic
def copy_previous(*, contract: Contract, period: date, hours: Hours, by: User, at: datetime) -> Declaration:
    """Fill what is still blank with last month's hours, for people still there, and keep the draft."""
    still_there = Placement.objects.declarable(contract, period, next_month(period))
    last_month = HourEntry.objects.filter(
        declaration__contract=contract,
        declaration__period=previous_month(period),
        placement__in=still_there.values("pk"),
    )
    copied = dict(last_month.values_list("placement", "hours_done"))
    return save(contract=contract, period=period, hours=copied | dict(hours), by=by, at=at)


@transaction.atomic
def send(*, contract: Contract, period: date, hours: Hours, by: User, at: datetime) -> Declaration:
    """Write and lock. Raises what `save` raises, and `NothingDeclared` when there is no hour at all."""
    if not any(hours.values()):
        raise NothingDeclared
    declaration = _write(contract, period, hours, localtime(at).date())
    return _sign(declaration, _total(hours), by, at)


@transaction.atomic
def declare_nothing(*, contract: Contract, period: date, by: User, at: datetime) -> Declaration:
    """Nobody worked under the clause this month: it is said, and sent."""
    declaration = _write(contract, period, {}, localtime(at).date())
    declaration.has_no_hours = True
    return _sign(declaration, _total({}), by, at)


@transaction.atomic
def reopen(*, declaration: Declaration, by: User) -> Declaration:
    """Correct what was rejected; the reason of the rejection stays readable until the next decision."""
    declaration = Declaration.objects.select_for_update(of=("self",)).get(pk=declaration.pk)
    declaration.state = next_declaration_state(
        DeclarationTransition.REOPEN, DeclarationState(declaration.state)
    )
    declaration.sent_at = declaration.sent_by = declaration.decided_at = declaration.decided_by = None
    declaration.save(update_fields=["state", "sent_at", "sent_by", "decided_at", "decided_by"])
    audit.record(AuditKind.DECLARATION_REOPENED, target=declaration, by=by)
    return declaration


def _write(contract: Contract, period: date, hours: Hours, on: date) -> Declaration:
    # Locked: two colleagues may fill the same month, which has no row of its own yet.
    contract = Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    _refuse_month(contract, period, on)
    _refuse_hours(contract, period, hours)
    declaration, _ = Declaration.objects.get_or_create(contract=contract, period=period)
    if declaration.state != DeclarationState.DRAFT:
        raise DeclarationLocked(declaration)
    declaration.entries.all().delete()
    HourEntry.objects.bulk_create(
        HourEntry(declaration=declaration, placement_id=placement, hours_done=done)
        for placement, done in hours.items()
    )
    declaration.has_no_hours = False
    declaration.save(update_fields=["has_no_hours"])
    return declaration


def _refuse_month(contract: Contract, period: date, on: date) -> None:
    if period > on:
        message = f"{format_month(period).capitalize()} n’a pas commencé : ce mois se déclarera ensuite."
        raise MonthRefused(message)
    is_after = contract.ends_on is not None and period >= contract.ends_on
    if next_month(period) <= contract.starts_on or is_after:
        message = f"Le contrat « {contract.reference} » ne s’exécute pas en {format_month(period)}."
        raise MonthRefused(message)
    if not Clause.objects.filter(contract=contract, state=ClauseState.RUNNING).exists():
        message = f"Le contrat « {contract.reference} » n’a plus de clause en cours."
        raise MonthRefused(message)


def _refuse_hours(contract: Contract, period: date, hours: Hours) -> None:
    lines = Placement.objects.declarable(contract, period, next_month(period)).select_related("participant")
    placements = {placement.pk: placement for placement in lines}
    reasons = {
        pk: "Cette personne n’est pas placée sur ce contrat ce mois-ci."
        for pk in hours
        if pk not in placements
    }
    reasons |= {pk: "Les heures ne peuvent pas être négatives." for pk, done in hours.items() if done < 0}
    # A person placed twice still lives in one month.
    by_person: dict[int, list[int]] = defaultdict(list)
    for pk in hours.keys() & placements.keys():
        by_person[placements[pk].participant_id].append(pk)
    for lines_of_one in by_person.values():
        person = str(placements[lines_of_one[0]].participant)
        worked = sum((hours[pk] for pk in lines_of_one), Decimal(0))
        if refusal := explain_too_many_hours(person, period, worked):
            reasons |= dict.fromkeys(lines_of_one, refusal)
    if reasons:
        raise HoursRefused(reasons)


def _sign(declaration: Declaration, total: str, by: User, at: datetime) -> Declaration:
    declaration.state = next_declaration_state(
        DeclarationTransition.SEND, DeclarationState(declaration.state)
    )
    declaration.sent_at, declaration.sent_by = at, by
    declaration.save(update_fields=["state", "sent_at", "sent_by", "has_no_hours"])
    audit.record(
        AuditKind.DECLARATION_SENT,
        target=declaration,
        by=by,
        hours=total,
        period=format_month(declaration.period),
    )
    return declaration


def _total(hours: Hours) -> str:
    return format_number(sum(hours.values(), Decimal(0)))
