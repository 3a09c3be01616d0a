from decimal import Decimal

from django.db import transaction
from django.db.models import Max, ProtectedError

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User
from procurement.models import Lot, Market
from procurement.services.drafts import lock_draft


class LotInUse(Exception):
    def __init__(self, lot: Lot) -> None:
        super().__init__(
            f"Le lot {lot.number} porte une proposition, une clause ou un contrat : il ne se retire plus."
        )


class LastLot(Exception):
    def __init__(self) -> None:
        super().__init__("Un marché garde toujours au moins un lot.")


@transaction.atomic
def add(*, market: Market, title: str, by: User | None, estimated_amount: Decimal | None = None) -> Lot:
    """The next lot of a market of a draft plan."""
    lock_draft(market.plan)
    highest = market.lots.aggregate(highest=Max("number"))["highest"] or 0
    lot = Lot.objects.create(
        market=market, number=highest + 1, title=title, estimated_amount=estimated_amount
    )
    audit.record(AuditKind.LOT_ADDED, target=market, by=by, number=lot.number)
    return lot


@transaction.atomic
def edit(*, lot: Lot, title: str, estimated_amount: Decimal | None, by: User | None) -> Lot:
    lock_draft(lot.market.plan)
    lot = Lot.objects.select_for_update(of=("self",)).get(pk=lot.pk)
    if (lot.title, lot.estimated_amount) == (title, estimated_amount):
        return lot
    lot.title, lot.estimated_amount = title, estimated_amount
    lot.save(update_fields=["title", "estimated_amount"])
    audit.record(AuditKind.LOT_CHANGED, target=lot.market, by=by, number=lot.number)
    return lot


@transaction.atomic
def remove(*, lot: Lot, by: User | None) -> Market:
    """Raises `LastLot`, or `LotInUse` once a proposal, a clause or a contract hangs on it."""
    lock_draft(lot.market.plan)
    market, number = lot.market, lot.number
    if market.lots.count() == 1:
        raise LastLot
    if lot.contract_id:
        raise LotInUse(lot)
    try:
        with transaction.atomic():
            Lot.objects.select_for_update(of=("self",)).get(pk=lot.pk).delete()
    except ProtectedError as error:
        raise LotInUse(lot) from error
    audit.record(AuditKind.LOT_REMOVED, target=market, by=by, number=number)
    return market
