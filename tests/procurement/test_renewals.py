from datetime import date
from decimal import Decimal

import pytest

from procurement.enums import DatePrecision
from procurement.models import Market, PurchasePlan
from procurement.rules.renewals import Renewal
from procurement.services import markets, renewals
from procurement.workflow import TransitionRefused
from tests.procurement.factories import ContractFactory, MarketFactory, PurchasePlanFactory


@pytest.fixture
def line(stage):
    plan = PurchasePlanFactory(buyer=stage.buyer, year=2025, submitted=True)
    return MarketFactory(plan=plan, title="Nettoyage", launch_on=date(2025, 3, 15), duration_months=24)


def renewal(stage, **facts):
    return Renewal(
        **{
            "buyer_id": stage.buyer.pk,
            "year": 2027,
            "title": "Nettoyage",
            "ends_on": date(2027, 12, 31),
            "launch_on": date(2027, 3, 1),
        }
        | facts
    )


def contract_of(stage, line=None):
    contract = ContractFactory(
        buyer=stage.buyer, office=stage.office, contractor=stage.company, title="Nettoyage",
        amount=Decimal(90_000),
        starts_on=date(2026, 1, 1), ends_on=date(2028, 1, 1),
    )  # fmt: skip
    if line:
        line.lots.update(contract=contract)
    return contract


def test_a_contract_comes_again_with_the_line_that_it_came_from(stage, buyer, line):
    contract = contract_of(stage, line)

    [taken] = renewals.take(renewals=[renewal(stage, contract_id=contract.pk, line_id=line.pk)], by=buyer)

    assert (taken.plan.year, taken.title, taken.origin, taken.renewed_contract) == (
        2027,
        "Nettoyage",
        line,
        contract,
    )
    assert (taken.is_renewal, taken.incumbent, taken.previous_ends_on) == (
        True,
        stage.company.name,
        date(2027, 12, 31),
    )
    assert (taken.launch_on, taken.launch_precision) == (date(2027, 3, 1), DatePrecision.MONTH)
    assert taken.starts_on == date(2028, 1, 1)
    assert taken.lots.get().contract is None


def test_a_contract_without_a_line_is_written_from_what_it_says(stage, buyer):
    contract = contract_of(stage)

    [taken] = renewals.take(
        renewals=[renewal(stage, contract_id=contract.pk, amount=contract.amount, months=24)], by=buyer
    )

    assert (taken.title, taken.estimated_amount, taken.duration_months) == ("Nettoyage", Decimal(90_000), 24)
    assert (taken.renewed_contract, taken.incumbent) == (contract, stage.company.name)


def test_a_line_without_a_contract_comes_again(stage, buyer, line):
    [taken] = renewals.take(renewals=[renewal(stage, line_id=line.pk)], by=buyer)

    assert (taken.origin, taken.renewed_contract, taken.previous_ends_on) == (line, None, date(2027, 12, 31))


def test_the_plan_is_opened_when_there_is_none_and_used_when_there_is(stage, buyer, line):
    renewals.take(renewals=[renewal(stage, line_id=line.pk)], by=buyer)
    contract = contract_of(stage)
    renewals.take(renewals=[renewal(stage, contract_id=contract.pk)], by=buyer)

    assert PurchasePlan.objects.get(year=2027).markets.count() == 2


def test_sent_twice_is_taken_once(stage, buyer, line):
    chosen = [renewal(stage, line_id=line.pk), renewal(stage, contract_id=contract_of(stage).pk)]
    renewals.take(renewals=chosen, by=buyer)

    assert renewals.take(renewals=chosen, by=buyer) == []
    assert Market.objects.filter(plan__year=2027).count() == 2


def test_nothing_ticked_is_refused(buyer):
    with pytest.raises(renewals.NothingToRenew, match="Rien n’est coché"):
        renewals.take(renewals=[], by=buyer)


def test_a_plan_handed_in_meanwhile_takes_nothing_at_all(stage, buyer, line):
    PurchasePlanFactory(buyer=stage.buyer, year=2028, submitted=True)
    chosen = [renewal(stage, line_id=line.pk), renewal(stage, contract_id=contract_of(stage).pk, year=2028)]

    with pytest.raises(TransitionRefused, match="reprenez-le"):
        renewals.take(renewals=chosen, by=buyer)

    assert not Market.objects.filter(plan__year__gt=2025).exists()


def test_the_market_in_progress_of_a_copy_is_the_contract_of_its_origin(stage, buyer, line):
    line.previous_ends_on, line.incumbent = date(2025, 12, 31), "Ancien titulaire"
    line.save()
    contract_of(stage, line)
    plan = PurchasePlanFactory(buyer=stage.buyer, year=2027)

    copy = markets.duplicate(market=line, plan=plan, by=buyer)

    assert (copy.previous_ends_on, copy.incumbent, copy.is_renewal) == (
        date(2027, 12, 31),
        stage.company.name,
        True,
    )


def test_the_market_in_progress_of_a_copy_ends_with_the_term_of_its_origin(stage, buyer, line):
    line.previous_ends_on, line.incumbent, line.starts_on = (
        date(2025, 12, 31),
        "Ancien titulaire",
        date(2026, 1, 1),
    )
    line.save()
    plan = PurchasePlanFactory(buyer=stage.buyer, year=2027)

    copy = markets.duplicate(market=line, plan=plan, by=buyer)

    assert (copy.previous_ends_on, copy.incumbent, copy.is_renewal) == (date(2027, 12, 31), "", True)


def test_a_copy_of_a_line_without_a_term_renews_nothing_known(stage, buyer, line):
    line.duration_months = None
    plan = PurchasePlanFactory(buyer=stage.buyer, year=2027)

    copy = markets.duplicate(market=line, plan=plan, by=buyer)

    assert (copy.previous_ends_on, copy.is_renewal) == (None, False)


def test_a_copy_within_its_plan_renews_what_its_origin_renews(stage, buyer):
    line = MarketFactory(
        plan=PurchasePlanFactory(buyer=stage.buyer), previous_ends_on=date(2027, 6, 30), incumbent="Titulaire"
    )

    copy = markets.duplicate(market=line, plan=line.plan, by=buyer)

    assert (copy.previous_ends_on, copy.incumbent) == (date(2027, 6, 30), "Titulaire")
