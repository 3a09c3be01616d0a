"""Published contracts: their list, a contract, and what they tell beside a market."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from procurement.enums import Nature, SocialRecord
from procurement.models import AwardedContract, Family
from procurement.queries import comparables
from tests.procurement.factories import AwardedContractFactory, MarketFactory, PurchasePlanFactory


LIST = "/marches-publics/"


@pytest.fixture(autouse=True)
def _in_november(time_machine):
    time_machine.move_to(datetime(2026, 11, 25, 9, tzinfo=UTC))


@pytest.fixture
def cleaning():
    return AwardedContractFactory(
        clause=True, contractors=[{"id": "41816609600069", "kind": "SIRET", "name": "Net Plus"}]
    )


@pytest.fixture
def works():
    return AwardedContractFactory(
        title="Réfection de la voirie",
        cpv_code="45233140",
        nature=Nature.WORKS,
        amount=Decimal(3_000_000),
        department_code="13",
        region_code="93",
        notified_on=date(2024, 5, 2),
        buyer_name="",
        silent=True,
    )


@pytest.fixture
def market(stage):
    return MarketFactory(
        plan=PurchasePlanFactory(buyer=stage.buyer),
        title="Nettoyage des locaux",
        cpv_code="90911200",
        estimated_amount=Decimal(200_000),
        place="94000 Créteil",
    )


def titles(page):
    return [row.record.title for row in page.context["table"].paginated_rows]


def beside(market, **options):
    market = type(market).objects.select_related("plan__buyer__organisation", "family").get(pk=market.pk)
    return comparables.beside(
        market=market, contracts=AwardedContract.objects.all(), today=date(2026, 11, 25), **options
    )


def test_the_list_counts_what_says_and_what_does_not(facilitator, cleaning, works, as_user):
    page = as_user(facilitator).get(LIST)

    assert titles(page) == [cleaning.title, works.title]
    assertContains(page, "<strong>2</strong> marchés publiés")
    assertContains(page, "<strong>1</strong> avec considération sociale sur 1")
    assertNotContains(page, "soit")
    assertContains(page, "Non renseigné")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "refection"}, ["works"]),
        ({"cpv": "9091"}, ["cleaning"]),
        ({"cpv": "90911200-8"}, ["cleaning"]),
        ({"cpv": "x"}, ["cleaning", "works"]),
        ({"social": "unknown"}, ["works"]),
        ({"kind": "clause"}, ["cleaning"]),
        ({"kind": "reserved"}, []),
        ({"nature": "works"}, ["works"]),
        ({"department": "13"}, ["works"]),
        ({"region": "11"}, ["cleaning"]),
        ({"amount_min": "1 000 000"}, ["works"]),
        ({"amount_max": "1 000 000"}, ["cleaning"]),
        ({"notified_from": "2025-01-01"}, ["cleaning"]),
        ({"notified_to": "2025-01-01"}, ["works"]),
    ],
)
def test_the_list_is_narrowed(buyer, cleaning, works, as_user, query, found):
    page = as_user(buyer).get(LIST, query)

    assert titles(page) == [{"cleaning": cleaning, "works": works}[key].title for key in found]


def test_the_list_is_sorted_by_amount(facilitator, cleaning, works, as_user):
    page = as_user(facilitator).get(LIST, {"sort": "-amount"})

    assert titles(page) == [works.title, cleaning.title]


def test_the_list_is_exported_as_it_is_narrowed(facilitator, cleaning, works, as_user):
    sheet = as_user(facilitator).get(f"{LIST}export.xlsx", {"cpv": "90"})
    text = as_user(facilitator).get(f"{LIST}export.csv", {"cpv": "90"})

    titles, row = openpyxl.load_workbook(BytesIO(sheet.content)).active.values
    told = dict(zip(titles, row, strict=True))
    assert (told["Objet"], told["Clause sociale"], told["Titulaires"]) == (cleaning.title, "oui", "Net Plus")
    assert told["Considération sociale"] == "Avec considération sociale"
    assert cleaning.title in text.content.decode("utf-8-sig")
    assert works.title not in text.content.decode("utf-8-sig")


def test_an_empty_list_says_what_to_do(facilitator, as_user):
    assertContains(as_user(facilitator).get(LIST), "import_decp")


def test_a_list_with_no_answer_offers_to_take_the_criteria_off(facilitator, cleaning, as_user):
    assertContains(as_user(facilitator).get(LIST, {"cpv": "03"}), "Effacer les critères")


def test_the_list_takes_as_many_queries_for_one_contract_as_for_fifty(facilitator, cleaning, as_user):
    client = as_user(facilitator)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    AwardedContractFactory.create_batch(49, source=cleaning.source)
    with CaptureQueriesContext(connection) as fifty:
        client.get(LIST)

    assert len(one) == len(fifty)


def test_a_contract_shows_its_source_and_its_doubts(prescriber, as_user):
    contract = AwardedContractFactory(
        issues=[{"column": "codeCPV", "value": "INX", "reason": "Un code CPV compte 8 chiffres."}],
        is_concession=True,
        contractors=[{"id": "FR1", "kind": "TVA", "name": ""}],
        offers=4,
    )

    page = as_user(prescriber).get(contract.get_absolute_url())

    assertContains(page, "decp.json")
    assertContains(page, "INX")
    assertContains(page, "Concession")
    assertContains(page, "Nom non publié")


def test_a_market_is_compared_in_its_branch_and_says_why(facilitator, market, cleaning, works, as_user):
    page = as_user(facilitator).get(reverse("procurement:comparables", args=[market.pk]))

    assertContains(page, cleaning.title)
    assertContains(page, "même code CPV 90911200")
    assertContains(page, "mots communs : locaux et nettoyage")
    assertContains(page, "même département (94 – Val-de-Marne)")
    assertContains(page, "Moins de 10 marchés")
    assertNotContains(page, works.title)


def test_the_page_of_a_market_shows_what_others_did(buyer, market, cleaning, as_user):
    page = as_user(buyer).get(market.get_absolute_url())

    assertContains(page, "Ce que font d’autres acheteurs")
    assertContains(page, cleaning.title)


def test_nothing_alike_says_what_to_do(facilitator, market, as_user):
    page = as_user(facilitator).get(reverse("procurement:comparables", args=[market.pk]))

    assertContains(page, "Précisez le code CPV")
    assertContains(page, "Aucun marché publié ne se compare")


def test_too_few_in_a_branch_climb_the_tree(market):
    AwardedContractFactory.create_batch(comparables.ENOUGH - 1)
    AwardedContractFactory(cpv_code="90919000", clause=True)

    found = beside(market)

    assert found.cpv_prefixes == ("9091",)
    assert found.is_wide
    assert found.share.total == comparables.ENOUGH
    assert found.share.percentage == Decimal("3.3")


def test_enough_in_the_nearest_branch_stay_there(market):
    AwardedContractFactory.create_batch(comparables.ENOUGH)
    AwardedContractFactory(cpv_code="90919000", clause=True)

    found = beside(market, shown=3)

    assert found.cpv_prefixes == ("909112",)
    assert not found.is_wide
    assert len(found.similar) == 3


def test_the_family_stands_for_a_code_that_is_missing(market, cleaning):
    market.cpv_code, market.family = "", Family.objects.get(code="nettoyage")
    market.save()

    found = beside(market)

    assert found.branch == "codes CPV de la famille d’achats : 90"
    assert [similar.contract_id for similar in found.similar] == [cleaning.pk]


def test_words_alone_bring_contracts_together(market, cleaning, works):
    market.cpv_code = ""
    market.save()

    found = beside(market)

    assert found.branch == "mots de l’objet"
    assert [similar.contract_id for similar in found.similar] == [cleaning.pk]


def test_the_contracts_of_the_buyer_itself_are_left_out(market, cleaning):
    AwardedContract.objects.update(buyer_siret=market.plan.buyer.organisation.siret or "-")

    assert beside(market).contracts == 0


def test_what_is_barely_alike_is_not_shown(market):
    unknown = {"amount": None, "department_code": "", "region_code": "", "notified_on": None}
    AwardedContractFactory(title="Collecte", cpv_code="90500000", **unknown)

    found = beside(market)

    assert (found.contracts, found.similar) == (1, [])


def test_comparing_takes_four_queries_whatever_the_number(market, cleaning):
    AwardedContractFactory.create_batch(40, source=cleaning.source, social=SocialRecord.NONE)
    market = type(market).objects.select_related("plan__buyer__organisation", "family").get(pk=market.pk)

    with CaptureQueriesContext(connection) as queries:
        found = comparables.beside(
            market=market, contracts=AwardedContract.objects.all(), today=date(2026, 11, 25)
        )
        comparables.shown(found, AwardedContract.objects.all())

    assert len(queries) == 4
