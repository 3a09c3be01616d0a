import pytest
from pytest_django.asserts import assertContains, assertNotContains

from procurement.models import Contract
from reporting.queries.search import SHOWN, search
from tests.clauses.factories import ParticipantFactory
from tests.procurement.factories import (
    AwardedContractFactory,
    ContractFactory,
    MarketFactory,
    PracticeCardFactory,
)
from tests.structures.factories import StructureFactory
from tests.structures.meeting_factories import MeetingFactory
from tests.structures.order_factories import DirectOrderFactory


OTHERS = ["Fiches de pratique", "Marchés publiés"]


@pytest.fixture
def territory(stage):
    """One of each kind, all about « l’Écluse »; a market and a contract of strangers too."""
    mine = MarketFactory(plan__buyer=stage.buyer, plan__state="submitted", title="Gardiennage de l’Écluse",
        plan__submitted_at="2027-01-05T09:00Z", plan__submitted_by=ParticipantFactory(
            office=stage.office, first_name="Éloïse", last_name="Lécluse").created_by)  # fmt: skip
    MarketFactory(plan__buyer=stage.other_buyer, title="Peinture de l’écluse d’ailleurs")
    ContractFactory(
        buyer=stage.buyer, office=stage.office, contractor=stage.company, title="Nettoyage de l’écluse"
    )
    ContractFactory(buyer=stage.other_buyer, office=stage.other_office, title="Écluse d’ailleurs")
    StructureFactory(name="Les Jardins de l’Écluse")
    AwardedContractFactory(title="Dragage d’une écluse")
    PracticeCardFactory(office=stage.office, title="L’écluse tenue par une régie")
    PracticeCardFactory(office=stage.other_office, title="Écluse d’une autre régie")
    return mine


def found(user, query):
    return {group.label: [hit.title for hit in group.hits] for group in search(user=user, query=query)}


def test_a_facilitator_finds_everything_of_the_office_whatever_the_accents(territory, facilitator):
    assert found(facilitator, "ECLUSE") == {
        "Marchés": ["Gardiennage de l’Écluse"],
        "Contrats": ["Nettoyage de l’écluse"],
        "Structures": ["Les Jardins de l’Écluse"],
        "Personnes": ["Éloïse Lécluse"],
        "Fiches de pratique": ["L’écluse tenue par une régie"],
        "Marchés publiés": ["Dragage d’une écluse"],
    }


@pytest.mark.parametrize(
    ("who", "labels"),
    [
        ("manager", ["Marchés", "Contrats", "Structures", "Personnes", *OTHERS]),
        ("buyer", ["Marchés", "Contrats", "Structures", *OTHERS]),
        ("contractor", ["Contrats"]),
        ("structure_member", ["Structures"]),
        ("administrator", ["Structures"]),
        ("other_contractor", []),
    ],
)
def test_each_role_finds_only_what_it_may_read(who, labels, territory, request):
    assert list(found(request.getfixturevalue(who), "ecluse")) == labels


def test_a_department_finds_its_own_markets(territory, stage, prescriber):
    assert list(found(prescriber, "ecluse")) == OTHERS

    territory.department = stage.department
    territory.save()

    assert list(found(prescriber, "ecluse")) == ["Marchés", *OTHERS]


def test_another_office_finds_its_own(territory, other_facilitator):
    assert found(other_facilitator, "écluse") == {
        "Marchés": ["Peinture de l’écluse d’ailleurs"],
        "Contrats": ["Écluse d’ailleurs"],
        "Structures": ["Les Jardins de l’Écluse"],
        "Fiches de pratique": ["Écluse d’une autre régie"],
        "Marchés publiés": ["Dragage d’une écluse"],
    }


def test_every_word_must_be_found_and_a_siret_may_be_spaced(territory, facilitator):
    StructureFactory(name="Baluchon", siret="80746931700018")

    assert found(facilitator, "les jardins ecluse") == {"Structures": ["Les Jardins de l’Écluse"]}
    assert found(facilitator, "807 469 317 00018") == {"Structures": ["Baluchon"]}
    assert found(facilitator, "jardins introuvables") == {}


@pytest.mark.parametrize("query", ["", " ", "e"])
def test_a_query_too_short_finds_nothing(query, territory, facilitator):
    assert search(user=facilitator, query=query) == []


def test_the_page_shows_the_first_hits_and_leads_to_all_of_them(facilitator, as_user):
    StructureFactory.create_batch(SHOWN + 1, city="Écully")

    page = as_user(facilitator).get("/recherche/", {"q": "ecully"})

    assertContains(page, f"<strong>{SHOWN + 1}</strong> fiches")
    assertContains(page, '<a href="/structures/?q=ecully">')
    assert len(page.context["groups"][0].hits) == SHOWN


def test_every_hit_and_every_list_opens(territory, facilitator, as_user):
    visitor = as_user(facilitator)

    groups = visitor.get("/recherche/?q=ecluse").context["groups"]

    addresses = [group.url for group in groups] + [hit.url for group in groups for hit in group.hits]
    assert [visitor.get(address).status_code for address in addresses] == [200] * 12


def test_the_page_says_what_to_do_when_nothing_is_found(facilitator, as_user):
    assertContains(as_user(facilitator).get("/recherche/"), "Que cherchez-vous")
    assertContains(as_user(facilitator).get("/recherche/?q=introuvable"), "Rien ne porte tous ces mots.")


@pytest.mark.parametrize("query", ["\0\0\0", "e " * 2_000, "%", "_", "'; --", "<script>"])
def test_a_strange_query_breaks_nothing(query, facilitator, as_user):
    visitor = as_user(facilitator)

    assert visitor.get("/recherche/", {"q": query}).status_code == 200
    assert visitor.get("/structures/", {"q": query, "place": query}).status_code == 200


def test_the_box_is_on_every_page_of_those_who_may_search(facilitator, funder, as_user):
    assertContains(as_user(facilitator).get("/structures/"), "data-fc-search")
    assertNotContains(as_user(funder).get("/"), "data-fc-search")


def test_a_search_asks_as_many_queries_whatever_it_finds(facilitator, django_assert_num_queries):
    def ask():
        search(user=facilitator, query="ecluse")

    StructureFactory(name="Écluse")
    ParticipantFactory(office=facilitator.membership.organisation.office, last_name="Écluse")
    ContractFactory(office=facilitator.membership.organisation.office, title="Écluse")
    ask()
    with django_assert_num_queries(16) as first:
        ask()
    StructureFactory.create_batch(5, name="Écluse")
    ContractFactory.create_batch(5, office=facilitator.membership.organisation.office, title="Écluse")
    with django_assert_num_queries(len(first)):
        ask()


@pytest.mark.parametrize("query", ["creteil", "CRÉTEIL nettoyage"])
def test_a_company_finds_its_contracts_by_the_name_of_the_buyer(query, territory, stage, contractor):
    buyer = stage.buyer.organisation
    buyer.name = "Ville de Créteil"
    buyer.save()
    contract = Contract.objects.get(buyer=stage.buyer)
    contract.index()
    contract.save()

    assert found(contractor, query) == {"Contrats": ["Nettoyage de l’écluse"]}


def test_a_visit_and_a_small_purchase_are_found(stage, facilitator, buyer):
    MeetingFactory(office=stage.office, title="Visite de l’écluse")
    DirectOrderFactory(buyer=stage.buyer, title="Nettoyage de l’écluse")

    assert found(facilitator, "ecluse") == {
        "Rencontres": ["Visite de l’écluse"],
        "Achats directs": ["Nettoyage de l’écluse"],
    }
    assert found(buyer, "ecluse") == {"Achats directs": ["Nettoyage de l’écluse"]}
