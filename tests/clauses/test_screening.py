from datetime import UTC, datetime

import pytest
from django.db import IntegrityError

from accounts import audit
from accounts.models import AuditEvent
from clauses.enums import Verdict, VerdictReason
from clauses.models import Screening, with_verdicts
from clauses.services import screening
from clauses.services.screening import NothingToUndo, Opinion, PlanTakenBack
from procurement.models import Market
from tests.clauses.factories import ScreeningFactory
from tests.procurement.factories import MarketFactory, PurchasePlanFactory


pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 9, tzinfo=UTC)
YES, STUDY = Opinion(Verdict.CLAUSABLE), Opinion(Verdict.TO_STUDY, comment="Voir avec les jardins")
NO = Opinion(Verdict.NOT_CLAUSABLE, VerdictReason.NO_LABOUR)


@pytest.fixture
def plan(stage, buyer):
    return PurchasePlanFactory(buyer=stage.buyer, submitted=True)


@pytest.fixture
def market(plan):
    return MarketFactory(plan=plan)


def test_a_verdict_is_given_and_signed(market, stage, facilitator):
    given = _decide(market, stage, NO, facilitator)

    kept = Screening.objects.get()
    assert (kept.verdict, kept.reason) == (Verdict.NOT_CLAUSABLE, VerdictReason.NO_LABOUR)
    assert (kept.decided_at, kept.decided_by) == (MONDAY, facilitator)
    assert [event.sentence for event in audit.history(given)] == [
        "a rendu l’avis « Non clausable : Trop peu de main-d’œuvre »"
    ]


def test_a_second_verdict_replaces_the_first_and_history_keeps_both(market, stage, facilitator):
    _decide(market, stage, NO, facilitator)

    given = _decide(market, stage, STUDY, facilitator, at=TUESDAY)

    kept = Screening.objects.get()
    assert (kept.verdict, kept.reason, kept.comment) == (Verdict.TO_STUDY, "", "Voir avec les jardins")
    assert audit.history(given).count() == 2


def test_two_offices_judge_the_same_line_on_their_own(market, stage, facilitator, other_facilitator):
    _decide(market, stage, NO, facilitator)

    screening.decide(market=market, office=stage.other_office, opinion=YES, by=other_facilitator, at=MONDAY)

    assert Screening.objects.count() == 2


def test_a_line_of_a_plan_taken_back_is_not_judged(stage, facilitator):
    market = MarketFactory(plan__buyer=stage.buyer)

    with pytest.raises(PlanTakenBack, match="a repris ce plan"):
        _decide(market, stage, YES, facilitator)

    assert not Screening.objects.exists()


def test_one_line_taken_back_stops_the_whole_selection(plan, stage, facilitator):
    markets = [MarketFactory(plan=plan), MarketFactory(plan__year=2030, plan__buyer=stage.buyer)]

    with pytest.raises(PlanTakenBack):
        screening.decide_many(markets=markets, office=stage.office, opinion=YES, by=facilitator, at=MONDAY)

    assert not Screening.objects.exists()


def test_a_selection_gets_one_verdict_whether_seen_before_or_not(plan, stage, facilitator):
    markets = MarketFactory.create_batch(3, plan=plan)
    _decide(markets[1], stage, YES, facilitator)

    screening.decide_many(markets=markets, office=stage.office, opinion=NO, by=facilitator, at=TUESDAY)

    assert list(Screening.objects.values_list("verdict", flat=True)) == [Verdict.NOT_CLAUSABLE] * 3


def test_a_selection_of_fifty_costs_no_more_than_one_of_two(
    plan, stage, facilitator, django_assert_num_queries
):
    few, many = MarketFactory.create_batch(2, plan=plan), MarketFactory.create_batch(50, plan=plan)

    with django_assert_num_queries(19) as counted:
        _decide_many(few, stage, facilitator)
    with django_assert_num_queries(len(counted)):
        _decide_many(many, stage, facilitator)


def test_an_undone_verdict_leaves_the_line_to_be_seen(market, stage, facilitator):
    given = _decide(market, stage, NO, facilitator)

    screening.undo(screening=given, by=facilitator, at=TUESDAY)

    kept = Screening.objects.get()
    assert (kept.verdict, kept.reason, kept.decided_at) == ("", "", TUESDAY)
    assert audit.history(kept)[0].sentence == "a annulé l’avis « Non clausable : Trop peu de main-d’œuvre »"


def test_undoing_twice_goes_back_two_verdicts(market, stage, facilitator):
    _decide(market, stage, NO, facilitator)
    _decide(market, stage, STUDY, facilitator)
    given = _decide(market, stage, YES, facilitator)

    once = screening.undo(screening=given, by=facilitator, at=TUESDAY)
    twice = screening.undo(screening=given, by=facilitator, at=TUESDAY)

    assert (once.verdict, once.comment) == (Verdict.TO_STUDY, "Voir avec les jardins")
    assert (twice.verdict, twice.reason) == (Verdict.NOT_CLAUSABLE, VerdictReason.NO_LABOUR)


def test_a_verdict_after_an_undo_is_the_next_to_be_undone(market, stage, facilitator):
    _decide(market, stage, NO, facilitator)
    given = _decide(market, stage, STUDY, facilitator)
    screening.undo(screening=given, by=facilitator, at=TUESDAY)
    _decide(market, stage, YES, facilitator)

    undone = screening.undo(screening=given, by=facilitator, at=TUESDAY)

    assert undone.verdict == Verdict.NOT_CLAUSABLE


def test_what_was_never_decided_cannot_be_undone(market, stage, facilitator):
    given = _decide(market, stage, NO, facilitator)
    screening.undo(screening=given, by=facilitator, at=TUESDAY)

    with pytest.raises(NothingToUndo, match="aucun avis à annuler"):
        screening.undo(screening=given, by=facilitator, at=TUESDAY)


def test_a_selection_is_undone_at_once(plan, stage, facilitator):
    markets = MarketFactory.create_batch(3, plan=plan)
    _decide(markets[0], stage, YES, facilitator)
    given = _decide_many(markets, stage, facilitator)

    screening.undo_many(screenings=given, by=facilitator, at=TUESDAY)

    assert sorted(Screening.objects.values_list("verdict", flat=True)) == ["", "", Verdict.CLAUSABLE]


def test_nothing_is_kept_when_the_log_cannot_be_written(market, stage, facilitator, monkeypatch):
    monkeypatch.setattr(AuditEvent.objects, "bulk_create", _fail)

    with pytest.raises(RuntimeError):
        _decide(market, stage, YES, facilitator)

    assert not Screening.objects.exists()


def test_a_line_shows_its_verdict_to_the_office_only(market, stage, facilitator, other_facilitator, buyer):
    _decide(market, stage, YES, facilitator)

    shown = {person: _verdict(person) for person in (facilitator, other_facilitator, buyer)}

    assert shown == {facilitator: Verdict.CLAUSABLE, other_facilitator: "", buyer: ""}


def test_the_buyer_reads_the_verdict_once_the_plan_is_answered(stage, facilitator, buyer):
    plan = PurchasePlanFactory(buyer=stage.buyer, answered=True)
    _decide(MarketFactory(plan=plan), stage, YES, facilitator)

    assert _verdict(buyer) == Verdict.CLAUSABLE


def test_the_buyer_does_not_see_a_verdict_that_was_undone(stage, facilitator, buyer):
    plan = PurchasePlanFactory(buyer=stage.buyer, answered=True)
    given = _decide(MarketFactory(plan=plan), stage, YES, facilitator)
    screening.undo(screening=given, by=facilitator, at=TUESDAY)

    assert not Screening.objects.visible_to(buyer).exists()


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("screening_not_clausable_has_a_reason", {"verdict": Verdict.NOT_CLAUSABLE}),
        (
            "screening_other_reason_is_explained",
            {"verdict": Verdict.NOT_CLAUSABLE, "reason": VerdictReason.OTHER},
        ),
        (
            "screening_reason_is_for_not_clausable",
            {"verdict": Verdict.CLAUSABLE, "reason": VerdictReason.NO_LINK},
        ),
    ],
)
def test_the_database_refuses_a_verdict_without_its_reason(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        ScreeningFactory(**fields)


def test_the_database_refuses_two_verdicts_of_an_office_on_a_line():
    given = ScreeningFactory()

    with pytest.raises(IntegrityError):
        ScreeningFactory(market=given.market, office=given.office)


def test_a_screening_reads_as_its_verdict_and_its_line():
    assert str(ScreeningFactory.build()) == "Clausable – Entretien des espaces verts"
    assert str(ScreeningFactory.build(verdict="")) == "Avis annulé – Entretien des espaces verts"


def _decide(market, stage, opinion, by, at=MONDAY):
    return screening.decide(market=market, office=stage.office, opinion=opinion, by=by, at=at)


def _decide_many(markets, stage, by):
    return screening.decide_many(markets=markets, office=stage.office, opinion=NO, by=by, at=MONDAY)


def _verdict(person):
    return with_verdicts(Market.objects.all(), person).get().verdict


def _fail(*args, **kwargs):
    raise RuntimeError
