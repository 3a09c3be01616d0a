"""What ends soon is taken into the plan in which its successor is launched."""

from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from procurement.enums import DatePrecision
from procurement.models import Buyer, Contract, Market, PurchasePlan
from procurement.rules.renewals import Renewal
from procurement.services import markets, plans
from procurement.services.drafts import lock_draft


class NothingToRenew(Exception):
    def __init__(self) -> None:
        super().__init__("Rien n’est coché : cochez ce qui revient, ou reprenez une ligne à la fois.")


@transaction.atomic
def take(*, renewals: Iterable[Renewal], by: User) -> list[Market]:
    """Each into its plan, which is opened when there is none; what is there already is left out, so that
    sending the page twice changes nothing. Raises `NothingToRenew`, and `TransitionRefused` when a plan was
    handed in meanwhile."""
    chosen = list(renewals)
    if not chosen:
        raise NothingToRenew
    taken = []
    for renewal in chosen:
        plan = lock_draft(_plan(renewal, by))
        if not _is_taken(plan, renewal):
            taken.append(_take(plan, renewal, by))
    return taken


def _plan(renewal: Renewal, by: User) -> PurchasePlan:
    buyer = Buyer.objects.get(pk=renewal.buyer_id)
    plan = plans.of_year(buyer=buyer, year=renewal.year)
    return plan if plan.pk else plans.start(buyer=buyer, year=renewal.year, by=by)


def _is_taken(plan: PurchasePlan, renewal: Renewal) -> bool:
    if renewal.contract_id:
        return plan.markets.filter(renewed_contract=renewal.contract_id).exists()
    return plan.markets.filter(origin=renewal.line_id).exists()


def _take(plan: PurchasePlan, renewal: Renewal, by: User) -> Market:
    values: dict[str, object] = {
        "is_renewal": True,
        "previous_ends_on": renewal.ends_on,
        "launch_on": renewal.launch_on,
        "launch_precision": DatePrecision.MONTH,
        "starts_on": renewal.starts_on,
    }
    contract = None
    if renewal.contract_id:
        contract = Contract.objects.select_related("contractor").get(pk=renewal.contract_id)
        values["incumbent"] = contract.contractor.name
    if renewal.line_id:
        line = Market.objects.select_related("plan").get(pk=renewal.line_id)
        return markets.duplicate(market=line, plan=plan, values=values, renewed=contract, by=by)
    facts = {"title": renewal.title, "estimated_amount": renewal.amount, "duration_months": renewal.months}
    return markets.add(plan=plan, values=values | facts, renewed=contract, by=by)
