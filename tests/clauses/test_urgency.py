from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django.asserts import assertContains, assertNotContains

from accounts import audit
from clauses import notifications
from clauses.models import Urgency
from clauses.services import urgency
from clauses.services.screening import PlanTakenBack
from clauses.services.urgency import ReasonMissing, UrgencyRefused
from tests.clauses.factories import (
    MORNING,
    DecisionLinkFactory,
    ProposalFactory,
    ScreeningFactory,
    UrgencyFactory,
)
from tests.procurement.factories import MarketFactory, PurchasePlanFactory


pytestmark = pytest.mark.django_db

LIST = "/reperage/"
HTMX = {"HX-Request": "true"}
REASON = "Le marché en cours finit en juin"


@pytest.fixture
def plan(stage):
    return PurchasePlanFactory(buyer=stage.buyer, submitted=True, submitted_at=MORNING)


@pytest.fixture
def market(plan, stage):
    return MarketFactory(plan=plan, title="Entretien des jardins", department=stage.department)


@pytest.fixture
def page(as_user, facilitator):
    return as_user(facilitator)


@pytest.fixture
def mark(market, stage, facilitator):
    return UrgencyFactory(market=market, office=stage.office, flagged_by=facilitator)


def _flag(market, stage, by, reason=REASON):
    return urgency.flag(market=market, office=stage.office, reason=reason, by=by, at=MORNING)


def _sentences(mark):
    return [event.sentence for event in audit.history(mark)]


def test_a_mark_keeps_its_reason_its_author_and_its_date(market, stage, facilitator):
    mark = _flag(market, stage, facilitator, reason=f"  {REASON} ")

    assert (mark.reason, mark.flagged_by, mark.flagged_at) == (REASON, facilitator, MORNING)
    assert _sentences(mark) == [f"a signalé la ligne urgente\u00a0: {REASON}"]
    assert str(mark) == "Urgent – Entretien des jardins"


def test_a_mark_without_a_reason_is_refused(market, stage, facilitator):
    with pytest.raises(ReasonMissing, match="pourquoi"):
        _flag(market, stage, facilitator, reason=" ")


def test_a_line_is_marked_once_an_office(market, mark, stage, facilitator):
    with pytest.raises(UrgencyRefused, match="déjà signalée"):
        _flag(market, stage, facilitator)

    elsewhere = urgency.flag(
        market=market, office=stage.other_office, reason=REASON, by=facilitator, at=MORNING
    )
    assert elsewhere.pk != mark.pk


def test_a_plan_taken_back_is_marked_no_more(stage, facilitator):
    draft = MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer))

    with pytest.raises(PlanTakenBack):
        _flag(draft, stage, facilitator)


def test_a_lifted_mark_says_who_lifted_it_and_comes_back_as_it_was(mark, facilitator):
    lifted = urgency.lift(urgency=mark, by=facilitator, at=MORNING)

    assert (lifted.lifted_by, lifted.lifted_at) == (facilitator, MORNING)

    restored = urgency.restore(urgency=lifted, by=facilitator)

    assert (restored.flagged_at, restored.lifted_at, restored.lifted_by) == (mark.flagged_at, None, None)
    assert _sentences(mark) == ["a rétabli l’urgence", "a levé l’urgence"]


def test_a_mark_is_lifted_once(mark, facilitator):
    urgency.lift(urgency=mark, by=facilitator, at=MORNING)

    with pytest.raises(UrgencyRefused, match="déjà levée"):
        urgency.lift(urgency=mark, by=facilitator, at=MORNING)


def test_a_lifted_mark_does_not_come_back_beside_a_new_one(market, stage, facilitator):
    former = UrgencyFactory(market=market, office=stage.office, lifted=True)
    _flag(market, stage, facilitator)

    with pytest.raises(UrgencyRefused, match="déjà signalée"):
        urgency.restore(urgency=former, by=facilitator)


@pytest.mark.parametrize(
    "broken", [{"reason": ""}, {"lifted_at": MORNING}, {"lifted_at": MORNING, "lifted_by": None}]
)
def test_the_database_refuses_half_a_mark(broken, market, stage):
    with pytest.raises(IntegrityError), transaction.atomic():
        UrgencyFactory(market=market, office=stage.office, **broken)


def test_the_database_refuses_two_marks_in_force(mark):
    with pytest.raises(IntegrityError), transaction.atomic():
        UrgencyFactory(market=mark.market, office=mark.office)


def test_urgent_lines_come_first_by_default(page, plan, stage):
    soon = MarketFactory(plan=plan, title="Proche", launch_on="2027-01-10")
    urgent = MarketFactory(plan=plan, title="Urgente", launch_on="2027-09-01")
    UrgencyFactory(market=urgent, office=stage.office)
    UrgencyFactory(market=soon, office=stage.other_office)

    assert _titles(page.get(LIST)) == ["Urgente", "Proche"]
    assert _titles(page.get(f"{LIST}?sort=deposit")) == ["Proche", "Urgente"]


def test_the_filter_keeps_the_urgent_lines_and_stays_in_the_address(page, market, mark, plan):
    MarketFactory(plan=plan, title="Sans hâte")

    shown = page.get(f"{LIST}?urgent=yes", headers=HTMX)

    assertNotContains(shown, "Sans hâte")
    assert shown["HX-Push-Url"] == "?urgent=yes"
    assert _titles(page.get(f"{LIST}?urgent=yes")) == ["Entretien des jardins"]


@pytest.mark.parametrize("count", [1, 20])
def test_marks_cost_the_table_nothing_more_by_line(count, page, plan, stage, django_assert_num_queries):
    for market in MarketFactory.create_batch(count, plan=plan):
        UrgencyFactory(market=market, office=stage.office)

    with django_assert_num_queries(22):
        page.get(f"{LIST}?urgent=yes", headers=HTMX)


def test_the_row_asks_why_then_shows_the_reason(page, market):
    asked = page.get(f"{LIST}{market.pk}/urgence/", headers=HTMX)
    assertContains(asked, "Pourquoi cette ligne est urgente")
    assertContains(asked, "Le service qui reçoit une proposition")

    told = page.post(f"{LIST}{market.pk}/urgence/", {"reason": REASON}, headers=HTMX)

    assertContains(told, REASON)
    assertContains(told, "Lever l’urgence")


def test_a_reason_left_out_in_the_row_is_asked_again(page, market):
    refused = page.post(f"{LIST}{market.pk}/urgence/", {"reason": ""}, headers=HTMX)

    assertContains(refused, "Dites pourquoi cette ligne est urgente.", status_code=422)
    assert not Urgency.objects.exists()


def test_a_reason_left_out_on_the_page_is_asked_there(page, market):
    refused = page.post(f"{LIST}{market.pk}/urgence/", {"reason": "", "fiche": "1"})

    assertContains(refused, "Dites pourquoi cette ligne est urgente.", status_code=422)


def test_without_javascript_the_question_is_on_the_page_of_the_line(page, market):
    assert page.get(f"{LIST}{market.pk}/urgence/").url == f"{LIST}{market.pk}/#urgence"

    done = page.post(f"{LIST}{market.pk}/urgence/", {"reason": REASON, "fiche": "1"}, follow=True)

    assertContains(done, "est signalée urgente.")
    assertContains(done, "Signalée le")


def test_a_mark_lifted_from_the_row_may_be_put_back_there(page, market, mark):
    lifted = page.post(f"/urgences/{mark.pk}/lever/", headers=HTMX)
    assertContains(lifted, f"/urgences/{mark.pk}/retablir/")

    restored = page.post(f"/urgences/{mark.pk}/retablir/", headers=HTMX)

    assertContains(restored, REASON)
    assertContains(page.get(f"{LIST}{market.pk}/"), "a rétabli l’urgence")


def test_a_mark_lifted_from_the_page_may_be_put_back_there(page, market, mark):
    shown = page.post(f"/urgences/{mark.pk}/lever/", {"fiche": "1"}, follow=True)

    assertContains(shown, "Urgence levée le")
    assertContains(shown, f"/urgences/{mark.pk}/retablir/")


@pytest.mark.parametrize("verb", ["lever", "retablir"])
def test_what_was_done_meanwhile_is_said(verb, page, market, stage):
    mark = UrgencyFactory(market=market, office=stage.office, lifted=verb == "lever")

    told = page.post(f"/urgences/{mark.pk}/{verb}/", follow=True)

    assertContains(told, "déjà")


def test_a_line_marked_meanwhile_is_said(page, market, mark):
    told = page.post(f"{LIST}{market.pk}/urgence/", {"reason": "Autre raison"}, follow=True)

    assertContains(told, "Cette ligne est déjà signalée urgente.")


def test_the_buyer_reads_no_mark_in_the_answer(as_user, buyer, stage):
    line = MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer, answered=True))
    ScreeningFactory(market=line, office=stage.office)
    UrgencyFactory(market=line, office=stage.office)

    assertNotContains(as_user(buyer).get(LIST), REASON)
    assert "urgent" not in as_user(buyer).get(f"{LIST}?urgent=yes").context["filter"].filters


def test_the_manager_reads_the_mark_and_changes_nothing(as_user, manager, market, mark):
    shown = as_user(manager).get(f"{LIST}{market.pk}/")

    assertContains(shown, REASON)
    assertNotContains(shown, "Lever l’urgence")


def test_the_export_holds_the_reason(page, market, mark):
    sheet = load_workbook(BytesIO(page.get(f"{LIST}export.xlsx").content)).active
    titles, line = list(sheet.values)[:2]

    assert dict(zip(titles, line, strict=True))["Urgence"] == REASON


@pytest.fixture
def proposal(market, mark, stage):
    return ProposalFactory(lot=market.lots.get(), office=stage.office, department=stage.department, sent=True)


def test_the_department_is_told_on_every_page_that_asks_it(as_user, prescriber, proposal):
    reader = as_user(prescriber)

    assertContains(reader.get(proposal.get_absolute_url()), REASON)
    assertContains(reader.get("/propositions/"), "Urgent")
    assertContains(reader.get("/"), "Proposition urgente à décider")


def test_the_department_is_told_by_link_and_by_letter(client, proposal):
    link = DecisionLinkFactory(
        proposal=proposal, created_at=timezone.now(), expires_at=timezone.now() + timedelta(days=1)
    )

    assertContains(client.get(f"/decision/{link.token}/"), REASON)
    assert f"Ce marché est urgent\u00a0: {REASON}" in notifications.decision_by_link(link).body
    assert not mail.outbox


def test_the_department_is_told_nothing_of_another_office_nor_of_a_lifted_mark(
    as_user, prescriber, proposal, mark, facilitator
):
    urgency.lift(urgency=mark, by=facilitator, at=MORNING)
    UrgencyFactory(market=mark.market)

    assertNotContains(as_user(prescriber).get(proposal.get_absolute_url()), "comme urgent")
    assertContains(as_user(prescriber).get("/"), "Proposition à décider")


def test_an_urgent_line_without_a_verdict_awaits_the_facilitator(page, market, mark, stage):
    assertContains(page.get("/"), "Ligne urgente à voir")

    ScreeningFactory(market=market, office=stage.office)

    assertNotContains(page.get("/"), "Ligne urgente à voir")


@pytest.fixture
def _day_after(time_machine):
    time_machine.move_to(datetime(2026, 11, 3, 9, tzinfo=UTC))


@pytest.mark.usefixtures("_day_after")
def test_a_marked_line_is_promised_sooner_in_the_triage_and_among_the_deadlines(
    page, market, stage, facilitator
):
    assertContains(page.get(LIST), "Réponse dans 27")
    _flag(market, stage, facilitator)

    assertContains(page.get(LIST), "Réponse dans 6")
    assertContains(page.get(f"{LIST}{market.pk}/"), "court depuis le signalement")
    assertContains(page.get("/echeances/"), "Dans 6")


def _titles(shown):
    return [line.market.title for line in shown.context["lines"]]
