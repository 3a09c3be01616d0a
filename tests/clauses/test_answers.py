from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core import mail
from django.db.models.functions import Now
from pytest_django.asserts import assertContains

from accounts.roles import Role
from clauses import tasks
from clauses.enums import ProposalState, Verdict, VerdictReason
from clauses.models import Derogation, Screening
from clauses.queries import answers as queries
from clauses.services import answers, derogations, proposals, screening
from clauses.services.answers import UnseenLines
from clauses.services.derogations import JustificationMissing
from clauses.services.screening import Opinion
from procurement.enums import DutyMotive, PlanState
from procurement.models import Market, PurchasePlan
from procurement.services import plans
from procurement.workflow import TransitionRefused
from tests.accounts.factories import MandateFactory, person
from tests.clauses.factories import DerogationFactory, ProposalFactory, ScreeningFactory
from tests.clauses.queries_of import queries_of
from tests.procurement.factories import MarketFactory, PurchasePlanFactory


AT = datetime(2026, 12, 15, 12, tzinfo=UTC)
LIST = "/reperage/reponses/"


@pytest.fixture
def plan(stage):
    return PurchasePlanFactory(buyer=stage.buyer, submitted=True)


@pytest.fixture
def seen(plan, stage):
    return ScreeningFactory(
        market=MarketFactory(plan=plan, title="Licences bureautiques", estimated_amount=Decimal(30_000)),
        office=stage.office,
        verdict=Verdict.NOT_CLAUSABLE,
        reason=VerdictReason.NO_LABOUR,
        comment="Rien que des licences",
    )


@pytest.fixture
def unseen(plan):
    return MarketFactory(plan=plan, title="Tonte des parcs")


def test_after_the_answer_a_line_is_not_closed_without_what_the_law_asks(
    plan, seen, unseen, stage, facilitator
):
    _publish(plan, stage.office, facilitator, unseen=1)
    no = Opinion(Verdict.NOT_CLAUSABLE, VerdictReason.NO_SUPPLY)
    closing = {"market": unseen, "office": stage.office, "opinion": no, "by": facilitator, "at": AT}

    with pytest.raises(JustificationMissing, match="Tonte des parcs"):
        screening.decide(**closing)
    assert not Screening.objects.filter(market=unseen).exists()
    DerogationFactory(market=unseen)
    given = screening.decide(**closing)

    changed = screening.decide(**closing | {"opinion": Opinion(Verdict.CLAUSABLE)})
    Derogation.objects.update(withdrawn_at=Now(), withdrawn_by=facilitator)
    with pytest.raises(JustificationMissing):
        screening.undo(screening=changed, by=facilitator, at=AT)
    assert changed.pk == given.pk


def test_what_a_closed_line_rests_on_is_not_withdrawn(plan, unseen, stage, facilitator, page):
    asked = ProposalFactory(
        lot=unseen.lots.get(), office=stage.office, department=stage.department, sent=True
    )
    no = Opinion(Verdict.NOT_CLAUSABLE, VerdictReason.NO_SUPPLY)
    screening.decide(market=unseen, office=stage.office, opinion=no, by=facilitator, at=AT)
    _publish(plan, stage.office, facilitator)

    shown = page.post(f"/propositions/{asked.pk}/retirer/", follow=True)

    assertContains(shown, "ou une dérogation motivée")
    asked.refresh_from_db()
    assert asked.state == ProposalState.SENT
    DerogationFactory(market=unseen)
    assert proposals.withdraw(proposal=asked, by=facilitator, at=AT).state == ProposalState.WITHDRAWN


@pytest.mark.parametrize("several", [True, False])
def test_the_triage_says_what_a_published_answer_forbids(
    several, plan, seen, unseen, stage, facilitator, page
):
    _publish(plan, stage.office, facilitator, unseen=1)
    no = {"verdict": "not_clausable", "reason": "no_supply"}
    address = "/reperage/selection/" if several else f"/reperage/{unseen.pk}/avis/"

    shown = page.post(address, no | ({"market": [unseen.pk]} if several else {}), follow=True)

    assertContains(shown, "ou une dérogation motivée")
    assert not Screening.objects.filter(market=unseen).exists()


@pytest.fixture
def page(as_user, facilitator):
    return as_user(facilitator)


def _publish(plan, office, by, unseen=0):
    return answers.publish(plan=plan, office=office, unseen=unseen, by=by, at=AT)


def test_an_answer_is_published_and_told_to_the_buyer(
    plan, seen, stage, facilitator, buyer, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as deferred:
        _publish(plan, stage.office, facilitator)
    tasks.announce_answer(plan.pk, stage.office.pk)

    plan.refresh_from_db()
    assert len(deferred) == 1
    (letter,) = mail.outbox
    assert plan.state == PlanState.ANSWERED
    assert letter.to == [buyer.email]
    assert f"/reperage/?buyer={stage.buyer.pk}&year={plan.year}" in letter.body
    assert "Licences" not in letter.body


@pytest.fixture
def other_facilitator(stage):
    """Of another office, which serves the same buyer."""
    MandateFactory(office=stage.other_office, partner=stage.buyer.organisation)
    return person(Role.FACILITATOR, stage.other_office.organisation)


def test_the_answer_of_an_office_tells_nothing_of_another(
    plan, seen, unseen, stage, facilitator, other_facilitator, buyer, as_user
):
    ScreeningFactory(
        market=unseen, office=stage.other_office, verdict=Verdict.CLAUSABLE, comment="Au brouillon"
    )

    _publish(plan, stage.office, facilitator, unseen=1)

    plan.refresh_from_db()
    assert plan.state == PlanState.SUBMITTED
    read = as_user(buyer).get("/reperage/").content.decode()
    assert "Rien que des licences" in read
    assert "Au brouillon" not in read
    detail = as_user(buyer).get(f"/reperage/{unseen.pk}/").content.decode()
    assert "Au brouillon" not in detail
    assert "Lire la réponse" in as_user(buyer).get(plan.get_absolute_url()).content.decode()
    again = as_user(facilitator).post(f"{LIST}{plan.pk}/publier/", {"unseen": 1}, follow=True)
    assertContains(again, "déjà publiée")
    assertContains(again, f"quand {stage.other_office} aura publié aussi")

    _publish(plan, stage.other_office, other_facilitator, unseen=1)

    plan.refresh_from_db()
    assert plan.state == PlanState.ANSWERED
    assert "Au brouillon" in as_user(buyer).get("/reperage/").content.decode()


def test_each_office_has_its_own_list_and_clock(plan, seen, stage, facilitator, other_facilitator, as_user):
    _publish(plan, stage.office, facilitator)

    own, other = (as_user(who).get(LIST).context["answers"][0] for who in (facilitator, other_facilitator))
    assert own.next_step == "À l’acheteur : lire la réponse"
    assert other.next_step == "À vous : 1 ligne à voir"
    stopped, running = (
        as_user(who).get("/reperage/").context["lines"][0].clock.is_stopped
        for who in (facilitator, other_facilitator)
    )
    assert (stopped, running) == (True, False)


def test_nothing_is_visible_or_mailed_before(plan, seen, as_user, buyer, page):
    page.post(f"/reperage/{seen.market_id}/avis/", {"verdict": "clausable"})
    page.get(f"{LIST}{plan.pk}/")

    shown = as_user(buyer).get("/reperage/").content.decode()

    assert "pas encore publié sa réponse" in shown
    assert as_user(buyer).get(f"/reperage/{seen.market_id}/").status_code == 404
    assert as_user(buyer).get(f"{LIST}{plan.pk}/").status_code == 403
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("agreed", "sentence"),
    [(0, "1 ligne n’a pas d’avis"), (2, "1 ligne n’a pas d’avis")],
)
def test_a_line_without_verdict_is_refused_until_confirmed(
    plan, seen, unseen, stage, facilitator, agreed, sentence
):
    with pytest.raises(UnseenLines, match=sentence):
        _publish(plan, stage.office, facilitator, unseen=agreed)

    plan.refresh_from_db()
    assert plan.state == PlanState.SUBMITTED


def test_several_lines_without_verdict_are_counted(plan, unseen, stage, facilitator):
    MarketFactory(plan=plan)

    with pytest.raises(UnseenLines, match="2 lignes n’ont pas d’avis"):
        _publish(plan, stage.office, facilitator)


def test_an_answer_that_a_colleague_finished_meanwhile_is_read_again(plan, seen, stage, facilitator):
    with pytest.raises(UnseenLines, match="Toutes les lignes ont maintenant un avis"):
        _publish(plan, stage.office, facilitator, unseen=1)


def test_a_verdict_taken_back_counts_as_none(plan, seen, stage, facilitator):
    seen.verdict, seen.reason, seen.comment = "", "", ""
    seen.save()

    with pytest.raises(UnseenLines):
        _publish(plan, stage.office, facilitator)


def test_a_confirmed_answer_leaves_without_them(plan, seen, unseen, stage, facilitator):
    _publish(plan, stage.office, facilitator, unseen=1)

    assert PurchasePlan.objects.get().state == PlanState.ANSWERED


def test_an_answer_is_published_once(plan, seen, stage, facilitator):
    _publish(plan, stage.office, facilitator)

    with pytest.raises(TransitionRefused):
        _publish(plan, stage.office, facilitator)


def test_a_plan_taken_back_before_the_letter_leaves_is_not_told(plan, seen, stage, facilitator, buyer):
    _publish(plan, stage.office, facilitator)
    plans.reopen(plan=plan, by=buyer)

    tasks.announce_answer(plan.pk, stage.office.pk)

    assert mail.outbox == []


def test_the_preview_shows_what_the_buyer_will_read_unseen_lines_first(page, plan, seen, unseen):
    shown = page.get(f"{LIST}{plan.pk}/")

    assert [line.market.title for line in shown.context["preview"].lines] == [
        "Tonte des parcs",
        "Licences bureautiques",
    ]
    assert dict(shown.context["preview"].counts)["Non clausable"] == 1
    body = shown.content.decode()
    assert "Trop peu de main-d’œuvre" in body
    assert "Rien que des licences" in body
    assert 'name="unseen"' in body


def test_publishing_from_the_page_asks_for_the_lines_left_then_says_so(page, plan, seen, unseen):
    refused = page.post(f"{LIST}{plan.pk}/publier/")
    done = page.post(f"{LIST}{plan.pk}/publier/", {"unseen": "1"}, follow=True)
    again = page.post(f"{LIST}{plan.pk}/publier/", {"unseen": "abc"}, follow=True)

    assert refused.status_code == 422
    assert "1 ligne n’a pas d’avis" in refused.content.decode()
    assert "est publiée" in done.content.decode()
    assert "réponse publiée le" in done.content.decode()
    assert "déjà publiée" in again.content.decode()


def test_the_buyer_reads_the_answer_from_its_plan(as_user, buyer, plan, seen, stage, facilitator):
    _publish(plan, stage.office, facilitator)

    shown = as_user(buyer).get(plan.get_absolute_url()).content.decode()
    read = as_user(buyer).get("/reperage/", {"buyer": stage.buyer.pk, "year": plan.year}).content.decode()

    assert "Lire la réponse de l’office" in shown
    assert "Trop peu de main-d’œuvre" in read


def test_a_draft_has_no_answer(page, stage):
    draft = PurchasePlanFactory(buyer=stage.buyer)

    assert page.get(f"{LIST}{draft.pk}/").status_code == 404


def test_the_list_says_who_acts_next(page, plan, seen, unseen, stage):
    done = PurchasePlanFactory(buyer=stage.buyer, year=2030, submitted=True)
    ScreeningFactory(market=MarketFactory(plan=done), office=stage.office)
    ScreeningFactory(market=done.markets.get(), office=stage.other_office, verdict="")
    told = PurchasePlanFactory(buyer=stage.buyer, year=2031, answered=True)
    MarketFactory.create_batch(2, plan=told)
    PurchasePlanFactory(buyer=stage.buyer, year=2032)

    shown = {answer.plan: answer for answer in page.get(LIST).context["answers"]}

    assert shown[plan.pk].next_step == "À vous : 1 ligne à voir"
    assert (shown[done.pk].seen, shown[done.pk].total) == (1, 1)
    assert shown[done.pk].next_step == "À vous : publier la réponse"
    assert shown[told.pk].next_step == "À l’acheteur : lire la réponse"
    assert list(shown)[-1] == told.pk
    assert len(shown) == 3


def test_many_lines_to_see_are_counted_in_words():
    row = {"pk": 1, "buyer": 2, "buyer__organisation__name": "Ville", "year": 2027, "submitted_at": AT}

    assert queries.answer(row | {"told_at": None, "seen": 0, "total": 12}).next_step == (
        "À vous : 12 lignes à voir"
    )


def test_no_plan_says_what_will_come(page):
    assert "Aucun plan n’attend de réponse" in page.get(LIST).content.decode()


def test_the_pages_ask_as_many_questions_for_one_line_as_for_ten(page, plan, seen, stage):
    def asked():
        return queries_of(page, LIST), queries_of(page, f"{LIST}{plan.pk}/")

    before = asked()
    for year in range(2030, 2039):
        MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer, year=year, submitted=True))
        ScreeningFactory(market=MarketFactory(plan=plan), office=stage.office)

    assert asked() == before


def test_a_line_that_the_law_binds_is_not_closed_without_its_derogation(
    plan, seen, stage, buyer, facilitator, page
):
    Market.objects.filter(pk=seen.market_id).update(estimated_amount=Decimal(300_000))

    with pytest.raises(JustificationMissing, match="« Licences bureautiques »"):
        _publish(plan, stage.office, facilitator)
    refused = page.post(f"{LIST}{plan.pk}/publier/")
    assertContains(refused, "il en manque une pour « Licences bureautiques »", status_code=422)
    assertContains(refused, f"/marches/{seen.market_id}/derogation/", status_code=422)
    assert PurchasePlan.objects.get(pk=plan.pk).state == PlanState.SUBMITTED

    derogations.sign(
        market=seen.market, motive=DutyMotive.NO_LINK, text="Rien que des licences", by=buyer, at=AT
    )
    _publish(plan, stage.office, facilitator)
    assert PurchasePlan.objects.get(pk=plan.pk).state == PlanState.ANSWERED
