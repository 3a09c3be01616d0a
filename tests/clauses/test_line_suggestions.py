"""The suggestions kept so that the triage may be narrowed by them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accounts import audit
from accounts.enums import AuditKind
from clauses import periodic
from clauses.enums import Outcome
from clauses.filters.outcomes import PENDING
from clauses.models import LineSuggestion
from clauses.services import line_suggestions
from procurement.models import Market
from procurement.services import plans
from tests.procurement.factories import MarketFactory, PurchasePlanFactory


PAGE = reverse("clauses:screening_list")


@pytest.fixture
def plan(stage):
    return PurchasePlanFactory(buyer=stage.buyer, submitted=True)


@pytest.fixture
def now():
    return timezone.now()


def kept(market):
    return LineSuggestion.objects.get(market=market).outcome


def test_every_submitted_line_of_the_office_has_its_suggestion(stage, plan, now):
    large, small = MarketFactory(plan=plan), MarketFactory(plan=plan, estimated_amount=Decimal(20_000))
    MarketFactory(plan__buyer=stage.buyer, plan__year=2031)
    MarketFactory(plan=PurchasePlanFactory(buyer=stage.other_buyer, submitted=True))

    line_suggestions.refresh(office=stage.office, at=now)

    assert (kept(large), kept(small)) == (Outcome.EXECUTION_CLAUSE, Outcome.NONE)
    assert LineSuggestion.objects.count() == 2
    assert str(LineSuggestion.objects.get(market=small)) == "Aucune clause – Entretien des espaces verts"


def test_what_changed_is_written_again_and_what_left_is_forgotten(stage, plan, now):
    changed, gone = MarketFactory(plan=plan), MarketFactory(plan=plan)
    line_suggestions.refresh(office=stage.office, at=now)
    Market.objects.filter(pk=changed.pk).update(estimated_amount=Decimal(20_000))
    gone.lots.all().delete()
    gone.delete()

    line_suggestions.refresh(office=stage.office, at=now + timedelta(minutes=5))

    row = LineSuggestion.objects.get()
    assert (row.market, row.outcome, row.computed_at) == (changed, Outcome.NONE, now + timedelta(minutes=5))


def test_a_plan_taken_back_has_no_suggestion_any_more(stage, plan, now):
    MarketFactory(plan=plan)
    line_suggestions.refresh(office=stage.office, at=now)
    plan.state, plan.submitted_at, plan.submitted_by = "draft", None, None
    plan.save()

    line_suggestions.refresh(office=stage.office, at=now)

    assert not LineSuggestion.objects.exists()


def test_lines_are_judged_by_batches(stage, plan, now, monkeypatch):
    monkeypatch.setattr(line_suggestions, "BATCH", 2)
    for _ in range(5):
        MarketFactory(plan=plan)

    line_suggestions.refresh(office=stage.office, at=now)

    assert LineSuggestion.objects.count() == 5


def test_an_office_is_looked_at_again_only_when_something_happened(stage, plan, facilitator, now):
    market, later = MarketFactory(plan=plan), now + timedelta(hours=1)
    line_suggestions.refresh(office=stage.office, at=later)
    MarketFactory(plan=PurchasePlanFactory(buyer=stage.other_buyer, submitted=True))
    line_suggestions.refresh(office=stage.other_office, at=later)
    assert line_suggestions.refresh_all(at=later + timedelta(minutes=5)) == 0
    assert line_suggestions.refresh_all(at=later + timedelta(days=1)) == 2

    LineSuggestion.objects.update(computed_at=now - timedelta(hours=1))
    audit.record(AuditKind.MARKET_CHANGED, target=market, by=facilitator, fields="montant")

    assert line_suggestions.refresh_all(at=now) == 2


def test_the_clock_looks_at_them(stage, plan):
    market = MarketFactory(plan=plan)

    periodic.refresh_suggestions()

    assert kept(market) == Outcome.EXECUTION_CLAUSE


def test_refreshing_asks_the_same_questions_for_any_number_of_lines(stage, plan, now):
    def asked():
        LineSuggestion.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            line_suggestions.refresh(office=stage.office, at=now)
        return len(queries)

    MarketFactory(plan=plan)
    alone = asked()
    for _ in range(10):
        MarketFactory(plan=plan)

    assert asked() == alone


def test_the_triage_is_narrowed_by_what_is_suggested(stage, plan, facilitator, as_user, now):
    MarketFactory(plan=plan, title="Tonte des stades")
    MarketFactory(plan=plan, title="Taille des haies", estimated_amount=Decimal(20_000))
    line_suggestions.refresh(office=stage.office, at=now)
    MarketFactory(plan=plan, title="Élagage des platanes")
    client = as_user(facilitator)

    none, pending = client.get(PAGE, {"outcome": "none"}), client.get(PAGE, {"outcome": PENDING})

    assertContains(none, "Taille des haies")
    assertNotContains(none, "Tonte des stades")
    assertContains(pending, "Élagage des platanes")
    assertNotContains(pending, "Taille des haies")


def test_a_buyer_is_not_offered_what_the_office_is_suggested(stage, plan, buyer, as_user, now):
    MarketFactory(plan=plan, title="Tonte des stades")
    line_suggestions.refresh(office=stage.office, at=now)
    plans.answer(plan=plan, office=stage.office, by=plan.submitted_by, at=now)

    page = as_user(buyer).get(PAGE, {"outcome": "none"})

    assertContains(page, "Tonte des stades")
    assertNotContains(page, "Pas encore calculée")
