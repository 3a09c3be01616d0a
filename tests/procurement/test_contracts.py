from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts import audit
from procurement.models import Contract, Programme
from procurement.services import contracts
from procurement.services.contracts import (
    Award,
    ContractContradicted,
    LotAlreadyAwarded,
    NotifiedInTheFuture,
)
from tests.procurement.factories import LotFactory, MarketFactory, PurchasePlanFactory


TODAY = date(2026, 6, 15)


@pytest.fixture
def lot(stage):
    return LotFactory(market=MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer), lot=None), number=2)


@pytest.fixture
def award(stage):
    return Award(
        reference="M2026-17",
        title="Entretien des espaces verts",
        contractor=stage.company,
        amount=Decimal("950000.00"),
        notified_on=date(2026, 5, 20),
        starts_on=date(2026, 6, 1),
        ends_on=date(2027, 6, 1),
    )


def notify(lot, award, stage, by):
    return contracts.notify(lot=lot, award=award, office_id=stage.office.pk, by=by, on=TODAY)


def test_a_notified_contract_is_recorded_and_tied_to_its_lot(lot, award, stage, facilitator):
    anru, _ = Programme.objects.get_or_create(code="anru", defaults={"label": "ANRU"})

    contract = notify(lot, replace(award, programmes=[anru], qpv_share=Decimal(40)), stage, facilitator)

    lot.refresh_from_db()
    assert lot.contract == contract
    assert (contract.buyer, contract.contractor, contract.amount) == (
        stage.buyer,
        stage.company,
        Decimal("950000.00"),
    )
    assert list(contract.programmes.all()) == [anru]
    assert [event.sentence for event in audit.history(contract)] == [
        "a enregistré la notification du contrat à Jardins Services"
    ]


def test_a_second_lot_joins_the_contract_of_the_same_reference(lot, award, stage, facilitator):
    first = notify(LotFactory(market=lot.market, number=1), award, stage, facilitator)

    second = notify(lot, award, stage, facilitator)

    assert second == first
    assert Contract.objects.count() == 1
    assert first.lots.count() == 2


def test_the_same_reference_with_other_facts_is_refused(lot, award, stage, facilitator):
    notify(LotFactory(market=lot.market, number=1), award, stage, facilitator)

    with pytest.raises(ContractContradicted, match=r"titulaire et début d’exécution") as refusal:
        notify(
            lot,
            replace(award, contractor=stage.other_company, starts_on=date(2026, 7, 1)),
            stage,
            facilitator,
        )

    assert "« M2026-17 »" in str(refusal.value)
    lot.refresh_from_db()
    assert lot.contract is None


def test_the_contract_of_another_office_is_refused(lot, award, stage, facilitator):
    notify(LotFactory(market=lot.market, number=1), award, stage, facilitator)

    with pytest.raises(ContractContradicted, match="office"):
        contracts.notify(lot=lot, award=award, office_id=stage.other_office.pk, by=facilitator, on=TODAY)


def test_a_lot_is_awarded_once(lot, award, stage, facilitator):
    notify(lot, award, stage, facilitator)

    with pytest.raises(LotAlreadyAwarded, match="Le lot 2 est déjà attribué par le contrat « M2026-17 »"):
        notify(lot, replace(award, reference="M2026-18"), stage, facilitator)

    assert Contract.objects.count() == 1


def test_a_notification_does_not_come_from_the_future(lot, award, stage, facilitator):
    with pytest.raises(NotifiedInTheFuture):
        notify(lot, replace(award, notified_on=date(2026, 6, 16)), stage, facilitator)


def test_a_contract_that_ends_before_its_start_is_refused(lot, award, stage, facilitator):
    with pytest.raises(ValidationError, match="Le contrat se termine après son début"):
        notify(lot, replace(award, ends_on=date(2026, 6, 1)), stage, facilitator)

    assert not Contract.objects.exists()
