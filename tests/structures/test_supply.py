from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procurement.models import Family, Market
from structures.enums import StructureKind
from structures.queries import supply
from structures.rules.places import departments_written, distance_km, towns_written
from tests.accounts.factories import MandateFactory
from tests.procurement.factories import MarketFactory, PurchasePlanFactory
from tests.structures.factories import StructureFactory


@pytest.fixture
def plan(stage):
    return PurchasePlanFactory(buyer=stage.buyer)


@pytest.fixture
def market(plan):
    return MarketFactory(plan=plan, family=Family.objects.get(code="espaces-verts"), place="Créteil")


def read(*markets):
    rows = Market.objects.filter(pk__in=[row.pk for row in markets])
    return supply.of(rows.select_related("family", "plan__buyer__organisation").order_by("pk"))


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("Créteil (94)", ("94",)),
        ("94000 Créteil", ("94",)),
        ("Val-de-Marne, Seine-Saint-Denis", ("93", "94")),
        ("Haute-Marne", ("52",)),
        ("2A ; 974", ("2A", "974")),
        ("Paris", ("75",)),
        ("Créteil", ()),
        ("lot 100, 12345678", ()),
        ("", ()),
    ],
)
def test_a_place_names_departments(place, expected):
    assert tuple(sorted(departments_written(place))) == expected


def test_a_place_names_towns():
    assert towns_written("94000 Saint-Maur, Créteil et Paris") == ("saint maur", "creteil", "paris")


def test_the_distance_between_two_towns():
    assert distance_km((48.79, 2.455), (48.8566, 2.3522)) == pytest.approx(10.6, abs=0.3)


def test_structures_of_the_trade_and_the_department_are_counted_by_family(market):
    StructureFactory(naf_code="8130Z")
    StructureFactory(name="Les Élagages du Lac", kind=StructureKind.EA)
    StructureFactory(siret="1" * 14, naf_code="8130Z", kind=StructureKind.EI)
    StructureFactory(siret="1" * 14, naf_code="8130Z", kind=StructureKind.ESAT)
    StructureFactory(naf_code="8130Z", kind=StructureKind.SEP)
    StructureFactory(naf_code="8899B", kind=StructureKind.ACI)
    StructureFactory(kind=StructureKind.ETTI, naf_code="7820Z")
    StructureFactory(naf_code="8130Z", department_code="93", city="Bobigny")

    found = read(market)[market.pk]

    assert (found.insertion, found.disability, found.both, found.able) == (2, 2, 1, 3)
    assert (found.prison, found.to_ask, found.made_available) == (1, 1, 1)
    assert found.place == supply.Place(("94",), "market")
    assert found.place.names == ["Val-de-Marne"]
    assert found.is_known


def test_a_town_that_names_a_trade_does_not_make_it(market):
    StructureFactory(naf_code="4321A", city="Paysagny")

    assert read(market)[market.pk].able == 0


def test_without_a_family_nobody_is_counted_as_able(plan):
    StructureFactory(kind=StructureKind.ETTI)
    line = MarketFactory(plan=plan, title="Prestations diverses", place="94")

    found = read(line)[line.pk]

    assert (found.guess, found.able, found.to_ask, found.made_available) == (None, 0, 0, 1)
    assert not found.is_known


def test_the_place_falls_back_on_the_town_of_the_buyer_then_on_the_territory_of_the_office(stage, market):
    StructureFactory(city="Saint-Denis", department_code="93")
    StructureFactory(city="Saint-Denis", department_code="93")
    StructureFactory(city="Saint-Denis", department_code="974")
    stage.office.department_codes = "92 91"
    stage.office.save()
    Market.objects.update(place="Sur site")

    assert read(market)[market.pk].place == supply.Place(("92", "91"), "office")

    stage.buyer.city = "Saint-Denis"
    stage.buyer.save()
    assert read(market)[market.pk].place == supply.Place(("93",), "buyer")


def test_a_place_that_nobody_knows_has_no_supply(market):
    Market.objects.update(place="Ailleurs")

    assert read(market)[market.pk].place == supply.Place()
    assert supply.of_one(market).able == 0


def test_an_ended_mandate_gives_no_territory(stage):
    other = MarketFactory(plan=PurchasePlanFactory())
    stage.office.department_codes = "92"
    stage.office.save()
    MandateFactory(
        office=stage.office, partner=other.plan.buyer.organisation, starts_on=date(2020, 1, 1),
        ends_on=date(2021, 1, 1),
    )  # fmt: skip

    assert read(other)[other.pk].place == supply.Place()


def test_the_nearest_are_called_first_then_those_who_lend_people(market):
    far = StructureFactory(naf_code="8130Z", city="Orly", latitude=48.74, longitude=2.39)
    near = StructureFactory(naf_code="8130Z", latitude=48.79, longitude=2.45)
    unknown = StructureFactory(naf_code="8130Z", city="Orly")
    lending = StructureFactory(kind=StructureKind.ETTI)
    StructureFactory(naf_code="4321A")

    found = supply.candidates(market)

    assert [one.structure for one in found] == [near, far, unknown, lending]
    assert [one.is_made_available for one in found] == [False, False, False, True]
    assert found[0].km == pytest.approx(0)
    assert found[2].km is None
    assert len(supply.candidates(market, limit=2)) == 2


def test_without_any_known_point_there_is_no_distance(market):
    StructureFactory(naf_code="8130Z")

    assert supply.candidates(market)[0].km is None


def test_any_number_of_markets_asks_the_same_questions(plan, market):
    StructureFactory(naf_code="8130Z")
    others = [MarketFactory(plan=plan, title=f"Tonte {rank}", place=f"Orly {rank}") for rank in range(10)]

    def asked(*markets):
        with CaptureQueriesContext(connection) as queries:
            read(*markets)
        return len(queries)

    assert asked(market) == asked(market, *others) == 5
