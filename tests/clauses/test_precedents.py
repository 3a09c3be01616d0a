import pytest

from clauses.enums import Verdict, VerdictReason
from clauses.queries.screening import precedents
from procurement.models import Family
from tests.clauses.factories import ScreeningFactory
from tests.procurement.factories import MarketFactory, PurchasePlanFactory


@pytest.fixture
def cleaning(db):
    return Family.objects.get(code="nettoyage")


@pytest.fixture
def market(stage, cleaning):
    return MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer, year=2027), family=cleaning)


def _judged(office, family, buyer, year, verdict, reason=""):
    line = MarketFactory(plan__buyer=buyer, plan__year=year, family=family)
    return ScreeningFactory(market=line, office=office, verdict=verdict, reason=reason)


def test_the_latest_year_speaks(stage, market, cleaning):
    _judged(stage.office, cleaning, stage.buyer, 2025, Verdict.CLAUSABLE)
    _judged(stage.office, cleaning, stage.buyer, 2026, Verdict.NOT_CLAUSABLE, VerdictReason.NO_SUPPLY)

    found = precedents([market], stage.office.pk)[market.pk]

    assert (found.year, str(found)) == (2026, "Non clausable – Pas d’offre locale")
    assert not found.needs_words


def test_the_most_frequent_verdict_of_that_year_wins(stage, market, cleaning):
    plan = PurchasePlanFactory(buyer=stage.buyer, year=2026)
    for verdict in (Verdict.TO_STUDY, Verdict.CLAUSABLE, Verdict.CLAUSABLE):
        line = MarketFactory(plan=plan, family=cleaning)
        ScreeningFactory(market=line, office=stage.office, verdict=verdict)

    found = precedents([market], stage.office.pk)[market.pk]

    assert (found.verdict, found.count, str(found)) == (Verdict.CLAUSABLE, 2, "Clausable")


def test_other_buyers_families_offices_and_years_say_nothing(stage, market, cleaning):
    elsewhere = Family.objects.get(code="espaces-verts")
    _judged(stage.office, cleaning, stage.other_buyer, 2026, Verdict.CLAUSABLE)
    _judged(stage.office, elsewhere, stage.buyer, 2026, Verdict.CLAUSABLE)
    _judged(stage.other_office, cleaning, stage.buyer, 2025, Verdict.CLAUSABLE)
    ScreeningFactory(market=market, office=stage.office)
    _judged(stage.office, cleaning, stage.buyer, 2028, Verdict.CLAUSABLE)

    assert precedents([market], stage.office.pk) == {}


def test_a_verdict_taken_back_is_none(stage, market, cleaning):
    _judged(stage.office, cleaning, stage.buyer, 2026, "")

    assert precedents([market], stage.office.pk) == {}


def test_a_line_without_family_has_no_precedent(stage, market):
    market.family = None

    assert precedents([market], stage.office.pk) == {}


def test_any_number_of_lines_costs_one_question(stage, market, cleaning, django_assert_num_queries):
    _judged(stage.office, cleaning, stage.buyer, 2026, Verdict.CLAUSABLE)
    others = MarketFactory.create_batch(9, plan=market.plan, family=cleaning)

    with django_assert_num_queries(1):
        assert len(precedents([market, *others], stage.office.pk)) == 10
