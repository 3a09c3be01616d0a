from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError

from accounts import audit
from procurement.enums import Nature, PlanState
from procurement.models import Lot, Market, Programme
from procurement.services import lots, markets, plans
from procurement.services.drafts import PlanNotDraft
from tests.clauses.factories import ProposalFactory
from tests.procurement.factories import ContractFactory, LotFactory, MarketFactory, PurchasePlanFactory


AT = datetime(2027, 1, 12, 9, tzinfo=UTC)
VALUES = {"title": "Entretien des parcs", "nature": Nature.SERVICES, "place": "Écully"}


@pytest.fixture
def plan(stage):
    return PurchasePlanFactory(buyer=stage.buyer)


@pytest.fixture
def market(plan):
    return MarketFactory(plan=plan, title="Entretien des espaces verts")


@pytest.fixture
def submitted(market, buyer):
    plans.submit(plan=market.plan, by=buyer, at=AT)
    return market


def sentences(target):
    return [event.sentence for event in audit.history(target)]


def test_a_market_starts_with_its_lot_1(plan, buyer):
    market = markets.add(plan=plan, values=VALUES, programmes=programmes("plie"), by=buyer)

    assert [lot.number for lot in market.lots.all()] == [1]
    assert list(market.programmes.all()) == programmes("plie")
    assert market.search_text == "entretien des parcs ecully"
    assert sentences(market) == ["a ajouté le marché"]


def test_only_what_people_may_write_is_written(plan, buyer):
    with pytest.raises(ValueError, match="issues"):
        markets.add(plan=plan, values=VALUES | {"issues": []}, by=buyer)


def test_an_edit_writes_and_tells_what_differs(market, buyer):
    markets.edit(market=market, values={"title": "Parcs", "place": "", "nature": market.nature}, by=buyer)

    market.refresh_from_db()
    assert (market.title, market.search_text) == ("Parcs", f"parcs {market.reference}")
    (event,) = audit.history(market)
    assert event.sentence == "a modifié objet du marché"
    assert event.payload["changes"] == {"title": ["Entretien des espaces verts", "Parcs"]}


def test_an_edit_that_changes_nothing_leaves_no_trace(market, buyer):
    markets.edit(market=market, values={"title": market.title}, by=buyer)

    assert sentences(market) == []


def test_the_log_keeps_no_name_of_a_person(market, buyer, stage):
    markets.edit(
        market=market, values={"contact_name": "Dominique Leroy", "department": stage.department}, by=buyer
    )

    (event,) = audit.history(market)
    assert event.payload["changes"] == {"department": [None, stage.department.name]}
    assert event.sentence == "a modifié référent et service prescripteur"


def test_a_cell_that_a_person_fills_is_no_longer_misunderstood(plan, buyer):
    issues = [{"field": "estimated_amount", "value": "beaucoup"}, {"field": "launch_on", "value": "bientôt"}]
    market = MarketFactory(plan=plan, estimated_amount=None, issues=issues)

    markets.edit(market=market, values={"estimated_amount": Decimal(80_000)}, by=buyer)

    market.refresh_from_db()
    assert [issue["field"] for issue in market.issues] == ["launch_on"]


def test_programmes_may_be_set_with_an_edit(market, buyer):
    markets.edit(market=market, values={}, programmes=programmes("plie", "anru-npnru"), by=buyer)
    markets.edit(market=market, values={}, programmes=programmes("plie", "anru-npnru"), by=buyer)
    markets.edit(market=market, values={}, programmes=[], by=buyer)

    assert sentences(market) == [
        "a rattaché les programmes : aucun",
        "a rattaché les programmes : ANRU – NPNRU (2014-2024 et suites) et "
        "PLIE – plan local pour l’insertion et l’emploi",
    ]


def test_programmes_and_qpv_share_are_said_even_after_the_submission(submitted, facilitator):
    markets.tag(
        market=submitted, programmes=programmes("anru-npnru"), qpv_share=Decimal("35.00"), by=facilitator
    )

    submitted.refresh_from_db()
    assert submitted.qpv_share == Decimal("35.00")
    assert sentences(submitted) == [
        "a rattaché les programmes : ANRU – NPNRU (2014-2024 et suites)",
        "a modifié part en QPV (%)",
    ]


def test_the_same_tags_twice_leave_one_trace(market, facilitator):
    for _ in range(2):
        markets.tag(market=market, programmes=programmes("plie"), qpv_share=None, by=facilitator)

    assert len(sentences(market)) == 1


def test_last_year_s_line_comes_into_this_year_s_plan(market, buyer):
    LotFactory(market=market, number=2, title="Cimetières", estimated_amount=Decimal(10_000))
    market.programmes.set(programmes("plie"))
    Lot.objects.filter(market=market, number=1).update(contract=ContractFactory())
    next_year = PurchasePlanFactory(buyer=market.plan.buyer, year=2028)

    copy = markets.duplicate(market=market, plan=next_year, by=buyer)

    assert (copy.plan, copy.title, copy.reference) == (next_year, market.title, "")
    assert copy.launch_on == date(2028, 3, 15)
    assert [(lot.number, lot.title, lot.contract) for lot in copy.lots.order_by("number")] == [
        (1, "", None),
        (2, "Cimetières", None),
    ]
    assert list(copy.programmes.all()) == programmes("plie")
    assert copy.search_text == "entretien des espaces verts"
    assert sentences(copy) == ["a créé ce marché en copiant « Entretien des espaces verts »"]


@pytest.mark.parametrize(
    ("launch", "copied"),
    [(None, None), (date(2024, 2, 29), date(2025, 2, 28)), (date(2024, 3, 1), date(2025, 3, 1))],
)
def test_dates_move_by_whole_years(stage, buyer, launch, copied):
    market = MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer, year=2024), launch_on=launch)
    plan = PurchasePlanFactory(buyer=stage.buyer, year=2025)

    assert markets.duplicate(market=market, plan=plan, by=buyer).launch_on == copied


def test_a_line_is_removed_from_a_draft(market, buyer):
    plan = markets.remove(market=market, by=buyer)

    assert not Market.objects.filter(pk=market.pk).exists()
    assert sentences(plan) == ["a retiré le marché « Entretien des espaces verts »"]


def test_a_line_that_carries_a_proposal_stays(market, buyer):
    ProposalFactory(lot=market.lots.get())

    with pytest.raises(markets.MarketInUse, match="porte déjà une proposition"):
        markets.remove(market=market, by=buyer)

    assert Market.objects.filter(pk=market.pk).exists()


def test_a_line_that_was_awarded_stays(market, buyer):
    market.lots.update(contract=ContractFactory())

    with pytest.raises(markets.MarketInUse):
        markets.remove(market=market, by=buyer)


def test_lots_are_numbered_one_after_the_other(market, buyer):
    lot = lots.add(market=market, title="Cimetières", estimated_amount=Decimal(10_000), by=buyer)

    assert (lot.number, lot.estimated_amount) == (2, Decimal(10_000))
    assert sentences(market) == ["a ajouté le lot 2"]


def test_a_lot_is_edited_once(market, buyer):
    for _ in range(2):
        lot = lots.edit(lot=market.lots.get(), title="Parcs", estimated_amount=None, by=buyer)

    assert lot.title == "Parcs"
    assert sentences(market) == ["a modifié le lot 1"]


def test_a_lot_is_removed(market, buyer):
    lots.remove(lot=LotFactory(market=market, number=2), by=buyer)

    assert market.lots.count() == 1
    assert sentences(market) == ["a retiré le lot 2"]


def test_a_market_keeps_one_lot(market, buyer):
    with pytest.raises(lots.LastLot):
        lots.remove(lot=market.lots.get(), by=buyer)


def test_a_lot_that_carries_a_proposal_stays(market, buyer):
    lot = LotFactory(market=market, number=2)
    ProposalFactory(lot=lot)

    with pytest.raises(lots.LotInUse, match="Le lot 2 porte une proposition"):
        lots.remove(lot=lot, by=buyer)


def test_a_lot_that_was_awarded_stays(market, buyer):
    lot = LotFactory(market=market, number=2, contract=ContractFactory())

    with pytest.raises(lots.LotInUse):
        lots.remove(lot=lot, by=buyer)


@pytest.mark.parametrize(
    "verb",
    [
        lambda market, by: markets.add(plan=market.plan, values=VALUES, by=by),
        lambda market, by: markets.edit(market=market, values={"title": "Parcs"}, by=by),
        lambda market, by: markets.duplicate(market=market, plan=market.plan, by=by),
        lambda market, by: markets.remove(market=market, by=by),
        lambda market, by: lots.add(market=market, title="Parcs", by=by),
        lambda market, by: lots.edit(lot=market.lots.get(), title="Parcs", estimated_amount=None, by=by),
        lambda market, by: lots.remove(lot=market.lots.get(), by=by),
    ],
)
def test_only_the_lines_of_a_draft_change(submitted, buyer, verb):
    with pytest.raises(PlanNotDraft, match="Le plan 2027 est à l’état « Déposé » : reprenez-le"):
        verb(submitted, buyer)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("market_amount_is_not_negative", {"estimated_amount": Decimal(-1)}),
        ("market_qpv_share_is_a_percentage", {"qpv_share": Decimal(101)}),
        ("market_labour_share_is_a_percentage", {"labour_share": Decimal(-1)}),
    ],
)
def test_the_database_refuses_an_impossible_market(db, constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        MarketFactory(**fields)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("lot_number_starts_at_one", {"number": 0}),
        ("lot_amount_is_not_negative", {"number": 2, "estimated_amount": Decimal(-1)}),
        ("market_id, procurement_lot.number|lot_number_once_per_market", {"number": 1}),
    ],
)
def test_the_database_refuses_an_impossible_lot(market, constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        LotFactory(market=market, **fields)


def test_a_reference_is_used_once_in_a_plan(market):
    with pytest.raises(IntegrityError):
        MarketFactory(plan=market.plan, reference=market.reference)


def test_several_lines_may_lack_a_reference(plan):
    MarketFactory.create_batch(2, plan=plan, reference="")

    assert plan.markets.count() == 2


def test_a_prescriber_sees_the_submitted_lines_of_its_department(stage, buyer, prescriber):
    own = MarketFactory(plan__buyer=stage.buyer, department=stage.department)
    other = MarketFactory(plan=own.plan)

    assert set(Market.objects.visible_to(prescriber)) == set()
    plans.submit(plan=own.plan, by=buyer, at=AT)

    assert set(Market.objects.visible_to(prescriber)) == {own}
    assert set(Market.objects.visible_to(buyer)) == {own, other}
    assert set(Lot.objects.visible_to(prescriber)) == set(own.lots.all())


def test_lines_of_drafts_are_not_submitted(submitted, plan, stage):
    MarketFactory(plan__buyer=stage.buyer, plan__year=2028, plan__state=PlanState.DRAFT)

    assert list(Market.objects.submitted()) == [submitted]


def programmes(*codes):
    return list(Programme.objects.filter(code__in=codes).order_by("label"))
