from decimal import Decimal

import pytest
from django.urls import reverse

from procurement.models import Programme
from reporting.queries import dashboard
from reporting.queries.window import Window
from reporting.rules.small_counts import WITHHELD
from tests.accounts.factories import MandateFactory
from tests.clauses.factories import ParticipantFactory, PlacementFactory
from tests.procurement.factories import BuyerFactory
from tests.reporting import territory
from tests.reporting.territory import CUTOFF, YEAR


URL = reverse("reporting:dashboard")


@pytest.fixture(autouse=True)
def _on_the_day(time_machine):
    time_machine.move_to(CUTOFF)


@pytest.fixture
def neighbour(small_territory):
    """A second buyer of the office, with one person at work."""
    buyer = BuyerFactory(organisation__name="Ville voisine")
    MandateFactory(office=small_territory.office, partner=buyer.organisation)
    contract = territory.contract(small_territory.office, buyer, "2026-V", "Voirie", "Routes du Val")
    clause = territory.owes(contract, 100)
    person = ParticipantFactory(office=small_territory.office)
    placement = PlacementFactory(clause=clause, participant=person)
    territory.validated(contract, YEAR["starts_on"], [placement], "40.00")
    return buyer


def words(response):
    return " ".join(response.content.decode().split())


def of(user):
    contracts = dashboard.contracts_of(user)
    return dashboard.figures(contracts=contracts, window=Window(**YEAR), floor=dashboard.floor_of(user))


def test_the_office_reads_the_sums_of_its_buyers(manager, neighbour):
    found = of(manager)

    # The contract of the office with a stranger to the cast counts too: 300 h due, 99 h done.
    assert found.totals.due == Decimal("2200.00")
    assert found.totals.validated == Decimal("623.50")
    assert [(row.name, row.contracts, row.people) for row in found.buyers] == [
        ("Ville de Rivebelle", 3, 14),
        ("Ville de Rivebelle", 1, 1),
        ("Ville voisine", 1, 1),
    ]
    assert (found.contracts, found.people) == (5, 16)


def test_a_funder_reads_them_without_the_small_counts(funder, neighbour):
    found = of(funder)

    assert [row.people for row in found.buyers] == [WITHHELD] * 3
    assert found.people == 16
    assert found.totals.due == Decimal("2200.00")


def test_a_part_tells_a_funder_nothing_of_people(funder, neighbour, as_user):
    page = words(as_user(funder).get(URL, {"year": 2026, "buyer": neighbour.pk}))

    assert "Ville voisine" in page
    assert '<td class="number">n. c.</td>' in page
    assert "&lt; 5" not in page


def test_whoever_wears_no_hat_reads_nothing(stage, manager):
    manager.membership = None

    assert of(manager).contracts == 0


def test_the_year_and_the_buyer_are_in_the_address(manager, neighbour, as_user):
    client = as_user(manager)

    page = words(client.get(URL, {"year": 2026, "buyer": neighbour.pk}))

    assert "Tableau de bord 2026" in page
    assert "40,00" in page
    assert "484,50" not in page
    assert "Tableau de bord 2027" in words(client.get(URL))
    assert "Tableau de bord 2027" in words(client.get(URL, {"year": "hier", "buyer": "x"}))


def test_a_programme_narrows_the_sums(manager, small_territory, as_user):
    programme = Programme.objects.create(code="test", label="Programme de test")
    small_territory.green.programmes.add(programme)

    page = words(as_user(manager).get(URL, {"year": 2026, "programme": programme.pk}))

    assert "274,50" in page
    assert "484,50" not in page


def test_figures_open_their_rows_for_the_office_only(facilitator, funder, neighbour, as_user):
    rows = reverse("clauses:clause_list")

    assert f'href="{rows}?buyer=' in words(as_user(facilitator).get(URL, {"year": 2026}))
    assert rows not in words(as_user(funder).get(URL, {"year": 2026}))


def test_an_empty_year_says_so(manager, stage, as_user):
    assert "Aucun contrat ne répond" in words(as_user(manager).get(URL))


def test_the_same_number_of_queries_for_one_buyer_as_for_ten(
    manager, small_territory, as_user, django_assert_num_queries
):
    client = as_user(manager)
    client.get(URL, {"year": 2026})
    with django_assert_num_queries(15) as one:
        client.get(URL, {"year": 2026})
    for rank in range(10):
        contract = territory.contract(small_territory.office, BuyerFactory(), f"2026-Q{rank}", "x", "x")
        territory.validated(
            contract, YEAR["starts_on"], [PlacementFactory(clause=territory.owes(contract, 10))], "5.00"
        )

    with django_assert_num_queries(len(one)):
        client.get(URL, {"year": 2026})
