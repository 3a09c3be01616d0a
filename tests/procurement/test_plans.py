from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError

from accounts import audit
from accounts.roles import Role
from procurement import tasks
from procurement.enums import PlanState
from procurement.models import PurchasePlan
from procurement.services import plans
from procurement.workflow import TRANSITIONS, PlanTransition, TransitionRefused, open_transitions
from tests.accounts.factories import MandateFactory, MembershipFactory, OfficeFactory, person
from tests.procurement.factories import MarketFactory, PurchasePlanFactory


AT = datetime(2027, 1, 12, 9, tzinfo=UTC)

VERBS = {
    PlanTransition.SUBMIT: lambda plan, by: plans.submit(plan=plan, by=by, at=AT),
    PlanTransition.REOPEN: lambda plan, by: plans.reopen(plan=plan, by=by),
    PlanTransition.ANSWER: lambda plan, by: plans.answer(plan=plan, office=OfficeFactory(), by=by, at=AT),
}


def plan_in(state, by, **fields):
    plan = PurchasePlanFactory(**fields)
    MarketFactory(plan=plan)
    if state != PlanState.DRAFT:
        plans.submit(plan=plan, by=by, at=AT)
    if state == PlanState.ANSWERED:
        plans.answer(plan=plan, office=OfficeFactory(), by=by, at=AT)
    plan.refresh_from_db()
    return plan


def test_a_buyer_opens_the_plan_of_a_year(stage, buyer):
    plan = plans.start(buyer=stage.buyer, year=2027, by=buyer)

    assert plan.state == PlanState.DRAFT
    assert [event.sentence for event in audit.history(plan)] == ["a ouvert le plan d’achats 2027"]


def test_a_year_has_one_plan(stage, buyer):
    plan = plans.start(buyer=stage.buyer, year=2027, by=buyer)

    with pytest.raises(
        plans.PlanExists, match="Le plan d’achats 2027 de cet acheteur est déjà ouvert"
    ) as known:
        plans.start(buyer=stage.buyer, year=2027, by=buyer)

    assert known.value.plan == plan


@pytest.mark.parametrize("state", PlanState)
@pytest.mark.parametrize("transition", PlanTransition)
def test_every_transition_from_every_state(buyer, transition, state):
    plan = plan_in(state, buyer)
    events = audit.history(plan).count()
    sources, target = TRANSITIONS[transition]

    if state in sources:
        VERBS[transition](plan, buyer)
        plan.refresh_from_db()
        assert plan.state == target
        assert audit.history(plan).count() == events + 1
    else:
        with pytest.raises(TransitionRefused, match="Le plan est à l’état"):
            VERBS[transition](plan, buyer)
        plan.refresh_from_db()
        assert plan.state == state
        assert audit.history(plan).count() == events


@pytest.mark.parametrize("state", PlanState)
def test_buttons_come_from_the_same_table(state):
    assert open_transitions(state) == [
        transition for transition, (sources, _) in TRANSITIONS.items() if state in sources
    ]


def test_an_empty_plan_is_not_submitted(buyer):
    plan = PurchasePlanFactory()

    with pytest.raises(plans.EmptyPlan, match="ne contient aucun marché"):
        plans.submit(plan=plan, by=buyer, at=AT)

    plan.refresh_from_db()
    assert plan.is_draft


def test_who_submitted_and_who_answered_is_kept(buyer, facilitator):
    plan = plan_in(PlanState.SUBMITTED, buyer)

    plans.answer(plan=plan, office=OfficeFactory(), by=facilitator, at=AT + timedelta(days=10))

    plan.refresh_from_db()
    assert (plan.submitted_by, plan.submitted_at) == (buyer, AT)
    assert (plan.answered_by, plan.answered_at) == (facilitator, AT + timedelta(days=10))


@pytest.fixture
def shared_plan(stage, buyer):
    """Of a buyer that two offices serve."""
    MandateFactory(office=stage.other_office, partner=stage.buyer.organisation)
    return plan_in(PlanState.SUBMITTED, buyer, buyer=stage.buyer)


def test_a_plan_is_answered_once_every_office_has(shared_plan, stage, facilitator):
    plan = plans.answer(plan=shared_plan, office=stage.office, by=facilitator, at=AT)
    assert (plan.state, plan.answered_at) == (PlanState.SUBMITTED, None)

    plan = plans.answer(plan=plan, office=stage.other_office, by=facilitator, at=AT + timedelta(days=1))
    assert (plan.state, plan.answered_at) == (PlanState.ANSWERED, AT + timedelta(days=1))
    assert [str(answer) for answer in plan.answers.order_by("answered_at")] == [
        f"Réponse de {stage.office} – {plan}", f"Réponse de {stage.other_office} – {plan}",
    ]  # fmt: skip


def test_an_office_answers_once(shared_plan, stage, facilitator):
    plans.answer(plan=shared_plan, office=stage.office, by=facilitator, at=AT)

    with pytest.raises(TransitionRefused, match="déjà publiée"):
        plans.answer(plan=shared_plan, office=stage.office, by=facilitator, at=AT)


def test_an_office_that_comes_after_the_answer_may_still_give_its_own(stage, buyer, facilitator):
    plan = plan_in(PlanState.SUBMITTED, buyer, buyer=stage.buyer)
    plans.answer(plan=plan, office=stage.office, by=facilitator, at=AT)
    MandateFactory(office=stage.other_office, partner=stage.buyer.organisation)

    plan = plans.answer(plan=plan, office=stage.other_office, by=facilitator, at=AT + timedelta(days=9))

    assert (plan.answered_at, plan.answers.count()) == (AT, 2)


def test_an_office_without_a_mandate_adds_nothing_to_an_answered_plan(stage, buyer, facilitator):
    plan = plan_in(PlanState.SUBMITTED, buyer, buyer=stage.buyer)
    plans.answer(plan=plan, office=stage.office, by=facilitator, at=AT)

    with pytest.raises(TransitionRefused):
        plans.answer(plan=plan, office=stage.other_office, by=facilitator, at=AT)


def test_a_plan_taken_back_is_neither_submitted_nor_answered(buyer):
    plan = plan_in(PlanState.ANSWERED, buyer)

    plans.reopen(plan=plan, by=buyer)

    plan.refresh_from_db()
    assert (plan.submitted_at, plan.submitted_by, plan.answered_at, plan.answered_by) == (None,) * 4
    assert not plan.answers.exists()


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("plan_year_is_plausible", {"year": 27}),
        ("plan_submitted_iff_signed", {"state": PlanState.SUBMITTED}),
        ("plan_submitted_iff_signed", {"submitted_at": AT}),
        ("plan_answered_iff_signed", {"answered_at": AT}),
    ],
)
def test_the_database_refuses_an_impossible_plan(db, constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        PurchasePlanFactory(**fields)


def test_the_database_refuses_an_answer_before_the_submission(buyer):
    plan = plan_in(PlanState.ANSWERED, buyer)

    with pytest.raises(IntegrityError, match="plan_answered_after_submitted"):
        PurchasePlan.objects.filter(pk=plan.pk).update(answered_at=AT - timedelta(days=1))


def test_the_database_refuses_two_plans_of_one_year(db):
    plan = PurchasePlanFactory()

    with pytest.raises(IntegrityError):
        PurchasePlanFactory(buyer=plan.buyer, year=plan.year)


def test_a_prescriber_reads_submitted_plans_only(stage, buyer, prescriber):
    draft = plan_in(PlanState.DRAFT, buyer, buyer=stage.buyer, year=2027)
    submitted = plan_in(PlanState.SUBMITTED, buyer, buyer=stage.buyer, year=2026)

    assert set(PurchasePlan.objects.visible_to(buyer)) == {draft, submitted}
    assert set(PurchasePlan.objects.visible_to(prescriber)) == {submitted}


def test_the_facilitators_of_the_offices_in_force_learn_of_a_plan(
    stage, buyer, facilitator, manager, other_facilitator, django_capture_on_commit_callbacks
):
    colleague = person(Role.FACILITATOR, stage.office.organisation)
    MembershipFactory(organisation=stage.office.organisation, role=Role.FACILITATOR, ended_at=AT)
    person(Role.FACILITATOR, stage.office.organisation, is_active=False)
    plan = PurchasePlanFactory(buyer=stage.buyer)
    MarketFactory(plan=plan)

    with django_capture_on_commit_callbacks() as later:
        plans.submit(plan=plan, by=buyer, at=AT)
    assert (len(later), mail.outbox) == (1, [])
    tasks.announce_plan(plan.pk)

    (letter,) = mail.outbox
    assert sorted(letter.to) == sorted([facilitator.email, colleague.email])
    assert letter.subject == "Plan d’achats 2027 déposé – Ville de Rivebelle"
    assert f"/plans/{plan.pk}/" in letter.body
    assert "1 marché, 1\u202f000\u202f000\u00a0€ HT" in letter.body
    assert "a déposé le plan d’achats 2027 de Ville de Rivebelle" in letter.body


def test_a_facilitator_who_submits_for_the_buyer_gets_no_letter_of_it(stage, facilitator):
    plans.submit(plan=_filled(stage), by=facilitator, at=AT)

    tasks.announce_plan(PurchasePlan.objects.get().pk)

    assert mail.outbox == []


def test_a_plan_taken_back_meanwhile_is_not_announced(stage, buyer, facilitator):
    plan = plans.submit(plan=_filled(stage), by=buyer, at=AT)
    plans.reopen(plan=plan, by=buyer)

    tasks.announce_plan(plan.pk)

    assert mail.outbox == []


def _filled(stage):
    return MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer)).plan
