"""Hours promised against hours declared: by family, by place, by month."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
import time_machine

from clauses.models import Clause
from clauses.queries import capacity as queries
from procurement.models import Family
from structures.enums import AreaKind, CapacityPeriod, CapacityUnit, MemberState
from structures.models import Capacity, Trade
from tests.clauses import scenes
from tests.clauses.factories import ClauseFactory, HoursMovementFactory, ProposalFactory
from tests.clauses.queries_of import queries_of
from tests.clauses.reading import plain
from tests.procurement.factories import ContractFactory, LotFactory, MarketFactory, PurchasePlanFactory
from tests.reporting.territory import validated
from tests.structures.factories import ConsortiumMemberFactory, OfferFactory, StructureFactory


PAGE = "/capacites/"
TODAY = date(2026, 11, 25)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel(datetime(2026, 11, 25, 9, tzinfo=UTC), tick=False):
        yield


@pytest.fixture(autouse=True)
def territory(stage):
    stage.office.department_codes = "92 94"
    stage.office.save()


@pytest.fixture
def cleaning():
    return Family.objects.get(code="nettoyage")


@pytest.fixture
def clause(stage, cleaning):
    """1,200 hours from January to December 2027, in Créteil."""
    return running(stage, cleaning, "1200")


def running(stage, family, hours, place="Créteil (94)", **term):
    plan = PurchasePlanFactory(buyer=stage.buyer, year=2028 + Clause.objects.count())
    lot = LotFactory(market=MarketFactory(plan=plan, lot=None, family=family, place=place))
    contract = ContractFactory(
        buyer=stage.buyer, office=stage.office, contractor=stage.company,
        **{"starts_on": date(2027, 1, 1), "ends_on": date(2028, 1, 1), **term},
    )  # fmt: skip
    lot.contract = contract
    lot.save()
    proposal = ProposalFactory(lot=lot, office=stage.office, department=stage.department, accepted=True)
    clause = ClauseFactory(proposal=proposal, running=True, contract=contract)
    HoursMovementFactory(clause=clause, hours=Decimal(hours))
    return clause


def declare(quantity, trade="nettoyage-locaux", department="94", **given):
    area = {name: given.pop(name) for name in ("area_kind", "area_codes", "radius_km") if name in given}
    offer = OfferFactory(
        trade=Trade.objects.get(code=trade),
        structure=StructureFactory(department_code=department),
        **area,
    )
    return Capacity.objects.create(
        offer=offer, quantity=quantity, **{"starts_on": TODAY, "declared_on": TODAY, **given}
    )


def table(user, length=3, **given):
    rows = Clause.objects.visible_to(user)
    return queries.table(rows, ("92", "94"), on=TODAY, length=length, **given)


def cells(row):
    return [(month.first.month, month.promised, month.declared) for month in row.balance.months]


def test_what_clauses_still_owe_stands_beside_what_structures_declare(clause, facilitator):
    declare(90)
    declare(120, "vitrerie-nettoyage", period=CapacityPeriod.YEAR)

    row = table(facilitator).rows[0]

    assert row.family == "Nettoyage de locaux et de vitres"
    assert cells(row) == [
        (11, 0, Decimal("20.00")),
        (12, 0, Decimal(100)),
        (1, Decimal("101.92"), Decimal(100)),
    ]
    assert [(trade.label, trade.structures) for trade in row.trades] == [
        ("Nettoyage de locaux", 1),
        ("Nettoyage de vitres", 1),
    ]


def test_what_is_promised_to_a_consortium_is_no_longer_there(clause, facilitator):
    told = declare(90)
    other = declare(60, "vitrerie-nettoyage")
    term = {
        "consortium__starts_on": date(2026, 12, 1),
        "consortium__ends_on": date(2027, 2, 1),
        "state": MemberState.AGREED,
        "hours": Decimal(80),
    }
    ConsortiumMemberFactory(structure=told.offer.structure, trade=told.offer.trade, **term)
    # More than it declares leaves nothing, and takes nothing from the others.
    ConsortiumMemberFactory(
        structure=other.offer.structure, trade=other.offer.trade, **(term | {"hours": Decimal(100)})
    )
    # No capacity is known of this one, nor does this other agree.
    ConsortiumMemberFactory(trade=told.offer.trade, **term)
    ConsortiumMemberFactory(
        structure=told.offer.structure, trade=told.offer.trade, **(term | {"state": MemberState.THOUGHT})
    )

    row = table(facilitator).rows[0]

    assert [declared for _, _, declared in cells(row)] == [Decimal("30.00"), Decimal(60), Decimal(60)]
    assert [trade.structures for trade in row.trades] == [1, 1]


def test_hours_credited_are_owed_no_more(stage, cleaning, facilitator):
    placement = scenes.running_placement(stage)
    clause = placement.clause
    clause.lot.market.family = cleaning
    clause.lot.market.save()

    validated(clause.contract, date(2026, 10, 1), [placement], "33.00")

    [owed] = queries.promised(Clause.objects.all(), on=TODAY)

    assert (owed.hours, owed.promise.starts_on, owed.promise.ends_on) == (
        800,
        date(2026, 11, 1),
        date(2027, 2, 1),
    )


def test_what_is_overdue_is_owed_this_month(stage, cleaning, facilitator):
    running(stage, cleaning, "50", starts_on=date(2025, 1, 1), ends_on=date(2026, 6, 1))

    assert cells(table(facilitator).rows[0])[0] == (11, 50, None)


def test_before_the_contract_the_market_says_when(stage, cleaning, facilitator):
    plan = PurchasePlanFactory(buyer=stage.buyer, year=2027)
    market = MarketFactory(
        plan=plan, lot=None, family=cleaning, launch_on=date(2027, 1, 1), duration_months=6, renewals=1,
        renewal_months=6, place="Créteil (94)",
    )  # fmt: skip
    proposal = ProposalFactory(
        lot=LotFactory(market=market), office=stage.office, department=stage.department, accepted=True
    )
    ClauseFactory(proposal=proposal, hours_planned=Decimal(365))

    assert cells(table(facilitator).rows[0])[2] == (1, 31, None)


def test_a_clause_that_nothing_places_stands_apart(stage, facilitator):
    lot = scenes.new_lot(stage)
    lot.market.launch_on = None
    lot.market.save()
    scenes.awaiting_clause(stage, lot)
    running(stage, None, "50")

    found = table(facilitator)

    assert found.rows == ()
    assert [one.hours for one in found.undated] == [833]
    assert [one.hours for one in found.unsorted] == [50]


@pytest.mark.parametrize(
    ("area", "counts"),
    [
        ({"area_kind": AreaKind.COUNTRY, "department": "13"}, True),
        ({"area_kind": AreaKind.RADIUS, "radius_km": 10, "department": "94"}, True),
        ({"area_kind": AreaKind.RADIUS, "radius_km": 10, "department": "13"}, False),
        ({"area_kind": AreaKind.REGIONS, "area_codes": " 11 ", "department": "75"}, True),
        ({"area_kind": AreaKind.REGIONS, "area_codes": " 93 ", "department": "13"}, False),
        ({"area_kind": AreaKind.DEPARTMENTS, "area_codes": " 77 94 ", "department": "77"}, True),
        ({"area_kind": AreaKind.DEPARTMENTS, "area_codes": " 77 ", "department": "94"}, False),
        ({"area_kind": AreaKind.TOWNS, "area_codes": " 94028 ", "department": "75"}, True),
        ({"area_kind": AreaKind.TOWNS, "area_codes": " 75056 ", "department": "94"}, False),
    ],
)
def test_a_capacity_counts_where_the_offer_is_served(facilitator, area, counts):
    declare(90, **area)

    assert bool(table(facilitator, department="94").rows) is counts


def test_a_structure_gone_from_its_source_promises_nothing(facilitator):
    gone = declare(90).offer.structure
    gone.gone_on = TODAY
    gone.save()

    assert table(facilitator).rows == ()


def test_a_place_is_worth_a_full_time_post(facilitator):
    declare(2, unit=CapacityUnit.PLACES, starts_on=date(2026, 11, 1))

    found = table(facilitator)

    assert cells(found.rows[0])[0] == (11, 0, Decimal("267.83"))
    assert found.place.is_to_confirm


def test_without_its_reference_a_place_counts_for_nothing(facilitator):
    from clauses.models import ReferenceValue

    ReferenceValue.objects.filter(code="yearly-hours-full-time").delete()
    declare(2, unit=CapacityUnit.PLACES)

    assert table(facilitator).rows[0].balance.declared is None


def test_the_department_narrows_both_sides(stage, cleaning, clause, facilitator):
    running(stage, cleaning, "500", place="Nanterre (92)")
    declare(40, department="92", area_kind=AreaKind.RADIUS, radius_km=5)

    [row] = table(facilitator, department="92").rows

    assert [one.hours for one in row.owed] == [500]
    assert row.balance.declared is not None
    assert table(facilitator, department="94").rows[0].balance.declared is None


def test_the_worst_shortage_comes_first(stage, clause, facilitator):
    gardens = Family.objects.get(code="espaces-verts")
    running(stage, gardens, "12000")
    declare(90)
    declare(10, "espaces-verts")

    assert [row.family_id for row in table(facilitator).rows] == [gardens.pk, clause.lot.market.family_id]


# On the pages.


def test_the_page_says_what_is_missing_and_when(as_user, facilitator, clause):
    declare(90)

    page = plain(as_user(facilitator).get(PAGE).content.decode())

    assert "1 famille d’achats" in page
    assert "Il manque 12 h en janvier 2027" in page
    assert "Nettoyage de locaux" in page
    assert "Une place vaut un temps plein : 1 607 h par an (à confirmer)." in page


def test_what_nobody_declared_is_said_to_be_unknown(as_user, facilitator, clause):
    page = plain(as_user(facilitator).get(PAGE).content.decode())

    assert "Capacité inconnue" in page
    assert "Aucune structure n’a dit ce qu’elle peut faire" in page


def test_an_empty_table_says_how_it_fills(as_user, facilitator):
    assert "Rien à comparer pour le moment." in as_user(facilitator).get(PAGE).content.decode()


def test_criteria_stay_in_the_address_and_narrow_the_export(as_user, facilitator, clause):
    gardens = Family.objects.get(code="espaces-verts")
    declare(90)
    declare(10, "espaces-verts")
    query = {"show": "manque", "months": "6", "department": "94"}
    visitor = as_user(facilitator)

    swap = visitor.get(PAGE, query, headers={"HX-Request": "true"})
    assert swap.headers["HX-Push-Url"] == "?department=94&months=6&show=manque"
    assert f"famille-{gardens.pk}" not in swap.content.decode()
    nothing = visitor.get(PAGE, {"family": gardens.pk, "show": "manque"})
    assert "Retirez un critère." in nothing.content.decode()

    sheet = openpyxl.load_workbook(BytesIO(visitor.get(f"{PAGE}export.xlsx", query).content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert (len(rows), rows[3][0], rows[3][2:]) == (
        7,
        "Nettoyage de locaux et de vitres",
        (101.92, 90, -11.92, 11.92),
    )
    assert rows[3][1].date() == date(2027, 1, 1)
    text = visitor.get(f"{PAGE}export.csv", query).content.decode("utf-8-sig")
    assert text.splitlines()[0] == "Famille;Mois;Heures promises;Heures déclarées;Reste;Manque"


def test_clauses_of_another_office_are_not_counted(as_user, stage, clause, person_elsewhere):
    assert "Rien à comparer" in as_user(person_elsewhere).get(PAGE).content.decode()


@pytest.fixture
def person_elsewhere(stage):
    from accounts.roles import Role
    from tests.accounts.factories import person

    return person(Role.FACILITATOR, stage.other_office.organisation)


def test_ten_clauses_take_as_many_queries_as_one(as_user, stage, cleaning, clause, facilitator):
    declare(90)
    visitor = as_user(facilitator)
    before = queries_of(visitor, PAGE)
    for number in range(9):
        running(stage, cleaning, 100 + number)
        declare(10 + number)

    assert queries_of(visitor, PAGE) == before


def test_the_options_page_weighs_each_option_against_what_is_left(as_user, stage, clause, facilitator, buyer):
    declare(90)
    market = MarketFactory(
        plan=PurchasePlanFactory(buyer=stage.buyer, year=2027, submitted=True), place="Créteil (94)",
        family=clause.lot.market.family, estimated_amount=Decimal(500_000), launch_on=date(2027, 1, 1),
        duration_months=12,
    )  # fmt: skip
    url = f"/marches/{market.pk}/options/"

    page = plain(as_user(facilitator).get(url).content.decode())
    assert "Capacités déclarées alentour" in page
    assert "il manquerait" in page
    assert "Capacités déclarées alentour" not in as_user(buyer).get(url).content.decode()

    market.launch_on = None
    market.save()
    assert "Capacités déclarées alentour" not in as_user(facilitator).get(url).content.decode()


@pytest.fixture
def announced(stage, clause):
    """A line of the triage, of the family of the clause."""
    plan = PurchasePlanFactory(buyer=stage.buyer, year=2027, submitted=True)
    return MarketFactory(plan=plan, family=clause.lot.market.family, title="Propreté des écoles")


def test_a_shortage_shows_in_the_triage(as_user, announced, facilitator, buyer):
    declare(90)

    told = "Capacités tendues : il manque déjà 12 h en janvier 2027."
    assert told in plain(as_user(facilitator).get("/reperage/").content.decode())
    assert "Capacités tendues" not in as_user(buyer).get("/reperage/").content.decode()


@pytest.mark.parametrize("hours", [None, 5000])
def test_what_is_unknown_or_enough_is_not_a_shortage(as_user, announced, facilitator, hours):
    if hours:
        declare(hours)

    assert "Capacités tendues" not in as_user(facilitator).get("/reperage/").content.decode()


def test_a_line_without_family_asks_nothing(facilitator, stage, django_assert_num_queries):
    market = MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer, year=2027), family=None)

    with django_assert_num_queries(0):
        assert queries.strains([market], Clause.objects.all(), ("94",), on=TODAY, length=12) == {}


def test_clauses_that_owe_nothing_or_at_no_known_time_strain_nothing(stage, cleaning, facilitator):
    lot = scenes.new_lot(stage)
    lot.market.family, lot.market.launch_on = cleaning, None
    lot.market.save()
    scenes.awaiting_clause(stage, lot)
    running(stage, cleaning, "0")
    declare(1)

    assert queries.strains([lot.market], Clause.objects.all(), ("94",), on=TODAY, length=12) == {}
