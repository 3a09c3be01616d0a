"""A lot is awarded and its contract notified."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import Organisation, User
from accounts.services import companies
from config.lib.french import join_words
from procurement.models import Contract, Lot, Programme


class LotAlreadyAwarded(Exception):
    def __init__(self, lot: Lot, contract: Contract):
        super().__init__(f"Le lot {lot.number} est déjà attribué par le contrat « {contract.reference} ».")


class ContractContradicted(Exception):
    def __init__(self, contract: Contract, labels: Sequence[str]):
        super().__init__(
            f"Le contrat « {contract.reference} » est déjà enregistré avec d’autres valeurs "
            f"({join_words(labels)}). Reprenez les mêmes valeurs ou changez la référence."
        )


class NotifiedInTheFuture(Exception):
    def __init__(self) -> None:
        super().__init__("La date de notification est dans le futur : attendez qu’elle soit faite.")


@dataclass(frozen=True)
class Award:
    """What the notification of a contract says; `ends_on` is exclusive.

    A contractor without a primary key is a newcomer to register. `contact_email` is who will declare for it.
    """

    reference: str
    title: str
    contractor: Organisation
    notified_on: date
    starts_on: date
    ends_on: date | None = None
    amount: Decimal | None = None
    qpv_share: Decimal | None = None
    programmes: Sequence[Programme] = ()
    contact_email: str = ""


# What two clauses of one contract must say alike; its programmes may grow.
NOT_COMPARED = ("reference", "programmes", "contact_email")
COMPARED = [field.name for field in fields(Award) if field.name not in NOT_COMPARED]


@transaction.atomic
def notify(*, lot: Lot, award: Award, office_id: int, by: User, on: date) -> Contract:
    """Tie a lot to its contract, new or already known under the same reference and the same facts."""
    if award.notified_on > on:
        raise NotifiedInTheFuture
    award = replace(award, contractor=_registered(award.contractor, by))
    # Locked: two facilitators may record the same notification at once.
    lot = (
        Lot.objects.select_for_update(of=("self",)).select_related("market__plan", "contract").get(pk=lot.pk)
    )
    contract = _record(lot.market.plan.buyer_id, office_id, award, by)
    if lot.contract and lot.contract != contract:
        raise LotAlreadyAwarded(lot, lot.contract)
    lot.contract = contract
    lot.save(update_fields=["contract"])
    contract.programmes.add(*award.programmes)
    return contract


def _registered(contractor: Organisation, by: User) -> Organisation:
    if contractor.pk is not None:
        return contractor
    return companies.register(siret=contractor.siret, name=contractor.name, by=by)


def _record(buyer_id: int, office_id: int, award: Award, by: User) -> Contract:
    known = Contract.objects.select_for_update(of=("self",))
    try:
        contract = known.get(buyer=buyer_id, reference=award.reference)
    except Contract.DoesNotExist:
        return _create(buyer_id, office_id, award, by)
    _refuse_contradiction(contract, award, office_id)
    return contract


def _create(buyer_id: int, office_id: int, award: Award, by: User) -> Contract:
    facts = {name: getattr(award, name) for name in ("reference", *COMPARED)}
    contract = Contract(buyer_id=buyer_id, office_id=office_id, **facts)
    contract.index()
    contract.full_clean(exclude=["buyer", "office", "contractor"])
    contract.save(force_insert=True)
    audit.record(AuditKind.CONTRACT_NOTIFIED, target=contract, by=by, contractor=str(award.contractor))
    return contract


def _refuse_contradiction(contract: Contract, award: Award, office_id: int) -> None:
    differing = [name for name in COMPARED if getattr(contract, name) != getattr(award, name)]
    labels = audit.field_labels(contract, differing)
    if contract.office_id != office_id:
        labels.append("office")
    if labels:
        raise ContractContradicted(contract, labels)
