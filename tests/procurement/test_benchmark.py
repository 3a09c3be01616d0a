"""What other buyers did: counts and shares over the published contracts."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from procurement.enums import SocialRecord
from procurement.models import AwardedContract
from procurement.queries import benchmark
from procurement.queries.benchmark import FEWEST_FOR_A_PERCENTAGE, Share
from tests.procurement.factories import AwardedContractFactory


pytestmark = pytest.mark.django_db


def test_the_shares_of_many_divisions_take_one_query():
    AwardedContractFactory(clause=True, has_criterion=True)
    AwardedContractFactory(cpv_code="90000000")
    AwardedContractFactory(silent=True)
    AwardedContractFactory(cpv_code="45233140", social=SocialRecord.WITH, is_reserved=True)
    AwardedContractFactory(cpv_code="")

    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = benchmark.shares(["90", "45", "77", "90911200", ""])

    assert len(queries) == 1
    assert found == {
        "90": Share(total=2, with_social=1, clause=1, criterion=1, silent=1),
        "45": Share(total=1, with_social=1, reserved=1),
        "77": Share(),
    }


def test_no_division_asked_for_is_no_answer():
    AwardedContractFactory(cpv_code="")

    assert benchmark.shares([]) == {}


def test_few_contracts_give_no_percentage():
    few = Share(total=FEWEST_FOR_A_PERCENTAGE - 1, with_social=3)
    enough = Share(total=FEWEST_FOR_A_PERCENTAGE, with_social=3, silent=100)

    assert few.percentage is None
    assert enough.percentage == Decimal("30.0")


@pytest.mark.parametrize(
    "wrong",
    [
        {"cpv_code": "9091"},
        {"social": SocialRecord.WITH},
        {"social": SocialRecord.NONE, "has_clause": True},
        {"social": SocialRecord.UNKNOWN, "is_reserved": True},
    ],
)
def test_the_database_refuses_what_contradicts_itself(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        AwardedContractFactory(**wrong)


def test_a_contract_is_published_once():
    AwardedContractFactory(reference="2025-1")

    with pytest.raises(IntegrityError), transaction.atomic():
        AwardedContractFactory(reference="2025-1")


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("facilitator", 1), ("manager", 1), ("buyer", 1), ("prescriber", 1), ("other_buyer", 1),
        ("contractor", 0), ("structure_member", 0), ("funder", 0), ("administrator", 0),
    ],
)  # fmt: skip
def test_open_data_are_for_those_who_prepare_or_decide_of_markets(role, seen, request):
    AwardedContractFactory()

    assert AwardedContract.objects.visible_to(request.getfixturevalue(role)).count() == seen


def test_a_contract_says_its_considerations_in_words():
    assert AwardedContractFactory.build(clause=True, is_reserved=True, source=None).social_label == (
        "Clause sociale, marché réservé"
    )
    assert AwardedContractFactory.build(silent=True, source=None).social_label == "Non renseigné"
    assert AwardedContractFactory.build(source=None, buyer_name="").buyer == "SIRET 21940028800011"
