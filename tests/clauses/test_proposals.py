from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError

from accounts import audit
from clauses.enums import Objective, PerEuroMode, ProposalState, ProvisionKind
from clauses.models import DecisionLink, Proposal, ReferenceValue
from clauses.rules.provisions import Terms
from clauses.services import proposals
from clauses.services.proposals import Draft, ProposalRefused
from clauses.services.screening import PlanTakenBack
from clauses.workflow import PROPOSAL_TRANSITIONS, ProposalTransition, TransitionRefused, next_proposal_state
from procurement.models import Family, Programme
from tests.clauses.factories import MORNING, DecisionLinkFactory, ProposalFactory
from tests.clauses.reading import plain
from tests.procurement.factories import DepartmentFactory, LotFactory, MarketFactory, PurchasePlanFactory


pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = date(2026, 11, 23)
MILLION = Terms(
    amount=Decimal(1_000_000), labour_share=Decimal("0.5"), rate=Decimal("0.05"), hourly_cost=Decimal(30)
)


@pytest.fixture
def lot(stage, buyer):
    market = MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer, submitted=True), lot=None)
    return LotFactory(market=market)


@pytest.fixture
def clause_draft(stage):
    return Draft(ProvisionKind.EXECUTION_CONDITION, MILLION, stage.department, "Parce que.")


@pytest.fixture
def drafted(lot, stage, facilitator, clause_draft):
    return proposals.draft(lot=lot, office=stage.office, draft=clause_draft, by=facilitator, on=TODAY)


@pytest.fixture
def sent(drafted, facilitator):
    return proposals.send(proposal=drafted, by=facilitator, at=MONDAY)


def test_hours_left_blank_are_computed(drafted):
    kept = Proposal.objects.get(pk=drafted.pk)

    assert (kept.state, kept.hours_due) == (ProposalState.DRAFT, Decimal(833))
    assert plain(kept.parameters["formula"]) == "1 000 000 € × 50 % × 5 % ÷ 30 €"
    assert kept.parameters["computed_hours"] == "833"
    assert kept.parameters["corrected_by_hand"] is False
    assert [plain(event.sentence) for event in audit.history(kept)] == [
        "a préparé la proposition : Condition d’exécution (clause sociale), 833 h"
    ]


def test_hours_corrected_by_hand_keep_the_computed_ones_beside(lot, stage, facilitator, clause_draft):
    by_hand = replace(clause_draft, terms=replace(MILLION, hours_due=Decimal(800)))

    proposal = _draft(lot, stage, by_hand, facilitator)

    assert proposal.hours_due == 800
    assert proposal.parameters["computed_hours"] == "833"
    assert proposal.parameters["corrected_by_hand"] is True


def test_a_later_default_changes_nothing_to_a_proposal(drafted):
    ReferenceValue.objects.filter(code="rate").update(value=9, source="Autre")

    rate = _reference(Proposal.objects.get(pk=drafted.pk), "rate")

    assert rate["value"] == "5"
    assert rate["source"].startswith("MEF Sud 77")
    assert rate["is_to_confirm"] is False


def test_the_conversions_of_the_day_are_kept_too(drafted):
    ReferenceValue.objects.update(value=1)

    kept = Proposal.objects.get(pk=drafted.pk).parameters

    assert {row["code"]: row["value"] for row in kept["conversions"]} == {
        "weekly-hours-full-time": "35",
        "yearly-hours-full-time": "1607",
        "weekly-hours-insertion": "26",
        "hours-per-person": "395",
        "effort-noticeable-above": "5",
        "effort-heavy-above": "10",
    }
    assert kept["effort"] == {
        "months": "12", "per_month": "69.4", "weeks": "23.8", "posts": "0.52", "at_once": "1", "people": "3",
        "share": "0.050", "weight": "light",
    }  # fmt: skip


def test_without_a_term_nor_a_band_the_effort_says_only_what_is_known(lot, stage, facilitator, clause_draft):
    lot.market.duration_months = None
    lot.market.save()
    ReferenceValue.objects.filter(code__startswith="effort-").delete()

    kept = _draft(lot, stage, clause_draft, facilitator).parameters["effort"]

    assert kept == {"weeks": "23.8", "people": "3", "share": "0.050"}


def test_the_labour_of_a_market_is_read_where_it_is_written(lot, stage, facilitator):
    lot.market.labour_share = 80
    lot.market.save()

    kept = _draft(lot, stage, Draft(ProvisionKind.EXECUTION_CONDITION, CLEANING), facilitator)

    # 600 h of 300 000 € × 80 % ÷ 30 €: the general hourly cost, not the turnover of one hour.
    assert kept.parameters["effort"]["share"] == "0.075"


def test_the_labour_of_a_market_nobody_values_is_unknown(lot, stage, facilitator):
    ReferenceValue.objects.exclude(code="weekly-hours-full-time").delete()

    kept = _draft(lot, stage, Draft(ProvisionKind.EXECUTION_CONDITION, CLEANING), facilitator)

    assert kept.parameters["effort"] == {"months": "12", "per_month": "50.0", "weeks": "17.1"}


def test_rewriting_the_explanation_keeps_the_calculation_of_the_first_day(drafted, facilitator, clause_draft):
    first = drafted.parameters
    ReferenceValue.objects.update(value=1)

    changed = replace(clause_draft, explanation="Autrement dit.")
    proposal = proposals.change(proposal=drafted, draft=changed, by=facilitator, on=date(2027, 1, 4))

    assert proposal.explanation == "Autrement dit."
    assert (proposal.hours_due, proposal.parameters) == (833, first)


def test_the_hours_of_a_training_clause_survive_a_new_table(lot, stage, facilitator):
    draft = Draft(ProvisionKind.TRAINING_CLAUSE, Terms(amount=Decimal(150_000)))
    proposal = _draft(lot, stage, draft, facilitator)
    ReferenceValue.objects.filter(code__startswith="training-hours").update(value=600)

    proposal = proposals.change(proposal=proposal, draft=draft, by=facilitator, on=date(2027, 1, 4))

    assert proposal.hours_due == 300


def test_a_changed_rate_computes_again_with_the_values_of_the_day(drafted, facilitator, clause_draft):
    ReferenceValue.objects.filter(code="clause-hours-floor").update(value=10_000)

    draft = replace(clause_draft, terms=replace(MILLION, rate=Decimal("0.08")))
    proposal = proposals.change(proposal=drafted, draft=draft, by=facilitator, on=date(2027, 1, 4))

    assert proposal.hours_due == 1333
    assert (proposal.parameters["on"], proposal.parameters["advice"]) == ("2027-01-04", "no_clause")


def test_hours_corrected_by_hand_then_left_blank_are_computed_again(drafted, facilitator, clause_draft):
    by_hand = replace(clause_draft, terms=replace(MILLION, hours_due=Decimal(800)))
    proposals.change(proposal=drafted, draft=by_hand, by=facilitator, on=TODAY)

    proposal = proposals.change(proposal=drafted, draft=clause_draft, by=facilitator, on=TODAY)

    assert (proposal.hours_due, proposal.parameters["corrected_by_hand"]) == (833, False)


CLEANING = Terms(
    objective=Objective.CLEANING, amount=Decimal(300_000), rate=Decimal("0.10"), months=12,
    transferred_monthly_hours=Decimal(500), hourly_cost=Decimal(25),
)  # fmt: skip
PER_EURO = Terms(
    objective=Objective.PER_EURO, amount=Decimal(3_000_000), euros_per_hour=Decimal(2000),
    threshold_amount=Decimal(2_700_000), threshold_mode=PerEuroMode.FRANCHISE,
)  # fmt: skip
WORKED = Terms(objective=Objective.WORKED, hours_worked=Decimal(20_000), rate=Decimal("0.05"))
FULL_TIME = Terms(objective=Objective.FULL_TIME, full_time_months=Decimal(6), yearly_hours=Decimal(1607))


@pytest.mark.parametrize(
    ("terms", "hours"), [(CLEANING, 600), (PER_EURO, 150), (WORKED, 1000), (FULL_TIME, 804)]
)
def test_hours_counted_in_another_way_are_kept_with_all_their_numbers(lot, stage, facilitator, terms, hours):
    proposal = _draft(lot, stage, Draft(ProvisionKind.EXECUTION_CONDITION, terms), facilitator)

    kept = Proposal.objects.get(pk=proposal.pk)
    assert kept.hours_due == hours
    assert proposals.terms_of(kept) == replace(terms, hours_due=Decimal(hours))
    assert kept.parameters["terms"]["objective"] == terms.objective.value


def test_the_cleaning_rule_freezes_the_cost_of_its_own_page(lot, stage, facilitator):
    proposal = _draft(lot, stage, Draft(ProvisionKind.EXECUTION_CONDITION, CLEANING), facilitator)

    assert _reference(proposal, "cleaning-hourly-cost")["value"] == "25"


def test_fixed_hours_are_simply_written(lot, stage, facilitator):
    terms = Terms(objective=Objective.FIXED, hours_due=Decimal(1200))

    proposal = _draft(lot, stage, Draft(ProvisionKind.EXECUTION_CONDITION, terms), facilitator)

    assert proposal.hours_due == 1200
    assert "formula" not in proposal.parameters


def test_a_number_of_another_way_of_counting_is_refused(lot, stage, facilitator):
    draft = Draft(ProvisionKind.EXECUTION_CONDITION, replace(WORKED, labour_share=Decimal("0.5")))

    assert list(_refusal(lot, stage, draft, facilitator)) == ["labour_share"]


def test_nothing_can_be_kept_that_no_formula_could_use(drafted):
    drafted.euros_per_hour = 0

    with pytest.raises(IntegrityError):
        drafted.save()


def test_the_market_s_family_and_programme_choose_the_references(lot, stage, facilitator, clause_draft):
    lot.market.family = Family.objects.get(code="travaux-peinture")
    lot.market.save()
    lot.market.programmes.add(Programme.objects.get(code="anru-npnru"))

    proposal = _draft(lot, stage, clause_draft, facilitator)

    assert _reference(proposal, "labour-share-travaux-peinture")["value"] == "70"
    assert "ANRU" in _reference(proposal, "rate-anru-npnru")["source"]


def test_a_reservation_freezes_the_share_that_the_law_asks_for(lot, stage, facilitator):
    draft = Draft(ProvisionKind.RESERVED_DISABILITY, Terms(reserved_share=Decimal("0.5")))

    proposal = _draft(lot, stage, draft, facilitator)

    assert [row["code"] for row in proposal.parameters["references"]] == ["reserved-share-minimum"]
    assert "formula" not in proposal.parameters
    assert audit.history(proposal)[0].sentence.endswith("sans objectif d’heures")


def test_an_ess_reservation_freezes_the_longest_term(lot, stage, facilitator):
    proposal = _draft(lot, stage, Draft(ProvisionKind.RESERVED_ESS, Terms(months=24)), facilitator)

    assert [row["code"] for row in proposal.parameters["references"]] == ["ess-months-maximum"]


def test_a_training_clause_reads_its_hours_in_the_brackets(lot, stage, facilitator):
    draft = Draft(ProvisionKind.TRAINING_CLAUSE, Terms(amount=Decimal(150_000)))

    proposal = _draft(lot, stage, draft, facilitator)

    assert proposal.hours_due == 300


def test_without_brackets_the_hours_of_a_training_clause_are_asked_for(lot, stage, facilitator):
    ReferenceValue.objects.filter(code="training-hours-1").delete()
    draft = Draft(ProvisionKind.TRAINING_CLAUSE, Terms(amount=Decimal(150_000)))

    assert _refusal(lot, stage, draft, facilitator) == {"hours_due": "Indiquez les heures."}


def test_without_an_hourly_cost_the_hours_are_asked_for(lot, stage, facilitator, clause_draft):
    draft = replace(clause_draft, terms=replace(MILLION, hourly_cost=None))

    assert _refusal(lot, stage, draft, facilitator) == {"hours_due": "Indiquez les heures."}


@pytest.mark.parametrize("cost", [Decimal(0), Decimal(-3)])
def test_an_hour_that_costs_nothing_computes_nothing(lot, stage, facilitator, clause_draft, cost):
    draft = replace(clause_draft, terms=replace(MILLION, hourly_cost=cost))

    refused = _refusal(lot, stage, draft, facilitator)

    assert refused == {"hourly_cost": "Le coût horaire est supérieur à zéro."}


def test_a_rate_of_500_percent_is_refused_and_nothing_is_kept(lot, stage, facilitator, clause_draft):
    draft = replace(clause_draft, terms=replace(MILLION, rate=Decimal(5)))

    refused = _refusal(lot, stage, draft, facilitator)

    assert refused == {"rate": "Un taux d’insertion va de 0 à 100 % : 500 % n’est pas possible."}
    assert not Proposal.objects.exists()


def test_computed_hours_that_no_column_holds_are_refused(lot, stage, facilitator, clause_draft):
    absurd = Terms(
        amount=Decimal(900_000_000), labour_share=Decimal(1), rate=Decimal(1), hourly_cost=Decimal(1)
    )

    refused = _refusal(lot, stage, replace(clause_draft, terms=absurd), facilitator)

    assert refused == {
        "hours_due": "900 000 000 h, c’est trop pour un contrat : "
        "vérifiez le montant, les taux et le coût horaire."
    }
    assert not Proposal.objects.exists()


def test_a_second_proposal_of_the_same_kind_on_a_lot_is_refused(
    lot, stage, facilitator, clause_draft, drafted
):
    assert _refusal(lot, stage, clause_draft, facilitator) == {
        "": "Ce lot a déjà une proposition « Condition d’exécution (clause sociale) »."
    }


def test_a_refused_proposal_leaves_its_place(lot, stage, facilitator, clause_draft, drafted):
    proposals.withdraw(proposal=drafted, by=facilitator, at=MONDAY)

    assert _draft(lot, stage, clause_draft, facilitator).pk != drafted.pk


def test_the_department_of_another_buyer_is_refused(lot, stage, facilitator, clause_draft):
    draft = replace(clause_draft, department=DepartmentFactory(buyer=stage.other_buyer))

    assert _refusal(lot, stage, draft, facilitator) == {
        "department": "Ce service n’est pas un service de l’acheteur."
    }


def test_nothing_is_proposed_on_a_plan_that_the_buyer_took_back(stage, facilitator, clause_draft):
    lot = LotFactory(market=MarketFactory(plan__buyer=stage.buyer, lot=None))

    with pytest.raises(PlanTakenBack):
        _draft(lot, stage, clause_draft, facilitator)


def test_a_draft_changes_and_says_what(drafted, stage, facilitator, clause_draft):
    lighter = replace(clause_draft, terms=replace(MILLION, rate=Decimal("0.04")), explanation="Allégée.")

    proposal = proposals.change(proposal=drafted, draft=lighter, by=facilitator, on=TODAY)

    assert proposal.hours_due == 667
    assert plain(audit.history(proposal)[0].sentence) == (
        "a modifié la proposition : taux d’insertion, heures proposées et explication pour le service"
    )


def test_a_change_that_changes_nothing_is_not_told(drafted, facilitator, clause_draft):
    same = replace(clause_draft, terms=replace(MILLION, hours_due=Decimal(833)))

    proposals.change(proposal=drafted, draft=same, by=facilitator, on=TODAY)

    assert audit.history(drafted).count() == 1


def test_what_was_sent_is_no_longer_changed(sent, facilitator, clause_draft):
    with pytest.raises(TransitionRefused, match="reprenez d’abord"):
        proposals.change(proposal=sent, draft=clause_draft, by=facilitator, on=TODAY)


def test_sending_asks_for_an_answer_within_the_office_s_delay(sent, stage, facilitator):
    assert (sent.state, sent.sent_at, sent.sent_by) == (ProposalState.SENT, MONDAY, facilitator)
    assert sent.answer_by_on == date(2026, 12, 21)
    assert sent.changes == []
    assert plain(audit.history(sent)[0].sentence) == "a envoyé la proposition à Dominique Leroy"


def test_sending_opens_one_link_for_the_department_s_contact(sent):
    link = DecisionLink.objects.get()

    assert (link.proposal, link.recipient_email) == (sent, "espaces.verts@rivebelle.example")
    assert link.expires_at == datetime(2026, 12, 21, 9, tzinfo=UTC)


def test_a_department_with_accounts_only_gets_no_link(drafted, stage, facilitator, prescriber):
    stage.department.contact_email = stage.department.contact_name = ""
    stage.department.save()

    sent = proposals.send(proposal=drafted, by=facilitator, at=MONDAY)

    assert not DecisionLink.objects.exists()
    assert audit.history(sent)[0].sentence.endswith(str(stage.department))


def test_nobody_is_asked_when_nobody_could_answer(drafted, stage, facilitator):
    stage.department.contact_email = ""
    stage.department.save()

    with pytest.raises(ProposalRefused, match="n’a ni adresse électronique ni compte"):
        proposals.send(proposal=drafted, by=facilitator, at=MONDAY)

    assert Proposal.objects.get().state == ProposalState.DRAFT


def test_a_proposal_without_department_is_not_sent(lot, stage, facilitator, clause_draft):
    proposal = _draft(lot, stage, replace(clause_draft, department=None), facilitator)

    with pytest.raises(ProposalRefused, match="Choisissez le service"):
        proposals.send(proposal=proposal, by=facilitator, at=MONDAY)


def test_letters_leave_after_the_commit_only(
    drafted, facilitator, django_capture_on_commit_callbacks, mailoutbox
):
    with django_capture_on_commit_callbacks() as later:
        proposals.send(proposal=drafted, by=facilitator, at=MONDAY)

    assert len(later) == 2
    assert mailoutbox == []


def test_resending_makes_a_new_link_and_voids_the_former(sent, stage, facilitator):
    stage.department.contact_email = "nouveau.chef@rivebelle.example"
    stage.department.save()

    proposals.resend(proposal=sent, by=facilitator, at=MONDAY)

    old, new = DecisionLink.objects.order_by("pk")
    assert (old.revoked_at, new.revoked_at) == (MONDAY, None)
    assert new.recipient_email == "nouveau.chef@rivebelle.example"
    assert audit.history(sent)[0].sentence == "a envoyé un nouveau lien à Dominique Leroy"


def test_a_draft_has_nothing_to_resend(drafted, facilitator):
    with pytest.raises(TransitionRefused, match="rien à renvoyer"):
        proposals.resend(proposal=drafted, by=facilitator, at=MONDAY)


def test_revising_voids_the_sending_and_its_links(sent, facilitator):
    proposal = proposals.revise(proposal=sent, by=facilitator, at=MONDAY)

    assert (proposal.state, proposal.sent_at, proposal.answer_by_on) == (ProposalState.DRAFT, None, None)
    assert proposal.links.get().revoked_at == MONDAY
    assert audit.history(proposal)[0].sentence == (
        "a repris la proposition pour la modifier (l’envoi est annulé)"
    )


def test_revising_a_refusal_forgets_the_answer_but_not_its_trace(stage, facilitator, lot):
    proposal = ProposalFactory(lot=lot, office=stage.office, department=stage.department, refused=True)

    revised = proposals.revise(proposal=proposal, by=facilitator, at=MONDAY)

    kept = Proposal.objects.get(pk=revised.pk)
    assert (kept.decided_at, kept.decider_name, kept.refusal_reason, kept.decision_comment) == (
        None,
        "",
        "",
        "",
    )
    assert "le refus est annulé" in audit.history(proposal)[0].sentence


def test_a_revised_refusal_finds_its_place_taken(stage, facilitator, lot, clause_draft):
    refused = ProposalFactory(lot=lot, office=stage.office, department=stage.department, refused=True)
    _draft(lot, stage, clause_draft, facilitator)

    with pytest.raises(ProposalRefused, match="a déjà une proposition"):
        proposals.revise(proposal=refused, by=facilitator, at=MONDAY)


def test_a_proposal_sent_again_says_what_changed(sent, stage, facilitator, clause_draft):
    lighter = replace(clause_draft, terms=replace(MILLION, rate=Decimal("0.04")), explanation="Allégée.")
    proposals.revise(proposal=sent, by=facilitator, at=MONDAY)
    proposals.change(proposal=sent, draft=lighter, by=facilitator, on=TODAY)

    again = proposals.send(proposal=sent, by=facilitator, at=MONDAY)

    assert list(map(plain, again.changes)) == [
        "Taux d’insertion : 5 % → 4 %",
        "Heures d’insertion : 833 h → 667 h",
        "L’explication a été récrite.",
    ]


def test_a_proposal_of_another_kind_says_so_too(sent, stage, facilitator):
    reserved = Draft(
        ProvisionKind.RESERVED_SIAE, Terms(reserved_share=Decimal("0.5")), stage.department, "Parce que."
    )
    proposals.revise(proposal=sent, by=facilitator, at=MONDAY)
    proposals.change(proposal=sent, draft=reserved, by=facilitator, on=TODAY)

    again = proposals.send(proposal=sent, by=facilitator, at=MONDAY)

    assert "Heures d’insertion : 833 h → sans objet" in list(map(plain, again.changes))
    assert "Part minimale de travailleurs concernés : sans objet → 50 %" in list(map(plain, again.changes))


def test_a_proposal_sent_again_unchanged_says_nothing(sent, facilitator):
    proposals.revise(proposal=sent, by=facilitator, at=MONDAY)

    assert proposals.send(proposal=sent, by=facilitator, at=MONDAY).changes == []


def test_withdrawing_tells_those_who_were_asked(sent, facilitator, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as later:
        proposal = proposals.withdraw(proposal=sent, by=facilitator, at=MONDAY)

    assert proposal.state == ProposalState.WITHDRAWN
    assert proposal.links.get().revoked_at == MONDAY
    assert len(later) == 1


def test_withdrawing_a_draft_tells_nobody(drafted, facilitator, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as later:
        proposals.withdraw(proposal=drafted, by=facilitator, at=MONDAY)

    assert later == []


@pytest.mark.parametrize("transition", ProposalTransition)
@pytest.mark.parametrize("state", ProposalState)
def test_a_proposal_moves_as_its_table_says(state, transition):
    sources, target = PROPOSAL_TRANSITIONS[transition]

    if state in sources:
        assert next_proposal_state(transition, state) == target
    else:
        with pytest.raises(TransitionRefused, match="n’est pas possible"):
            next_proposal_state(transition, state)


SIGNED = {"decided_at": MORNING, "decider_name": "Dominique Leroy"}


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("proposal_rate_is_a_share", {"rate": Decimal("1.01")}),
        ("proposal_labour_share_is_a_share", {"labour_share": Decimal("-0.01")}),
        ("proposal_criterion_weight_is_a_share", {"criterion_weight": Decimal("1.5")}),
        ("proposal_reserved_share_is_a_share", {"reserved_share": Decimal("1.5")}),
        ("proposal_hours_are_not_negative", {"hours_due": Decimal(-1)}),
        ("proposal_hourly_cost_is_positive", {"hourly_cost": Decimal(0)}),
        ("proposal_sent_iff_signed", {"state": ProposalState.SENT}),
        ("proposal_sent_iff_signed", {"sent": True, "department": None}),
        ("proposal_decided_iff_signed", {"sent": True, **SIGNED}),
        ("proposal_decided_iff_signed", {"accepted": True, "decider_name": ""}),
        ("proposal_decided_after_sent", {"accepted": True, "decided_at": datetime(2020, 1, 1, tzinfo=UTC)}),
        ("proposal_refused_has_a_reason", {"refused": True, "refusal_reason": ""}),
        ("proposal_reservation_has_no_rate", {"kind": ProvisionKind.RESERVED_SIAE}),
    ],
)
def test_the_database_refuses_an_impossible_proposal(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        ProposalFactory(**fields)


def test_the_database_refuses_a_kind_twice_on_a_lot():
    proposal = ProposalFactory()

    with pytest.raises(IntegrityError):
        ProposalFactory(lot=proposal.lot, sent=True)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("decision_link_expires_after_creation", {"expires_at": MORNING}),
        ("decision_link_used_or_revoked", {"used_at": MORNING, "revoked_at": MORNING}),
    ],
)
def test_the_database_refuses_an_impossible_link(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        DecisionLinkFactory(**fields)


def test_a_proposal_is_late_after_its_day(stage):
    proposal = ProposalFactory.build(state=ProposalState.SENT, answer_by_on=TODAY)

    assert not proposal.is_late(TODAY)
    assert proposal.is_late(date(2026, 11, 24))


def test_a_draft_is_told_to_the_office_only(drafted, facilitator, manager, buyer, prescriber, contractor):
    assert _readers(drafted, facilitator, manager, buyer, prescriber, contractor) == [facilitator, manager]


def test_a_sent_proposal_is_told_to_the_buyer_and_the_department(
    sent, facilitator, buyer, prescriber, contractor, other_facilitator, other_buyer
):
    everybody = (facilitator, buyer, prescriber, contractor, other_facilitator, other_buyer)

    assert _readers(sent, *everybody) == [facilitator, buyer, prescriber]


def test_a_draft_withdrawn_before_it_was_sent_stays_the_office_s(
    drafted, facilitator, manager, buyer, prescriber
):
    proposals.withdraw(proposal=drafted, by=facilitator, at=MONDAY)

    assert _readers(drafted, facilitator, manager, buyer, prescriber) == [facilitator, manager]


def test_what_was_sent_then_withdrawn_is_still_told(sent, facilitator, buyer, prescriber):
    withdrawn = proposals.withdraw(proposal=sent, by=facilitator, at=MONDAY)

    assert withdrawn.sent_at == MONDAY
    assert _readers(sent, facilitator, buyer, prescriber) == [facilitator, buyer, prescriber]


def _draft(lot, stage, draft, by):
    return proposals.draft(lot=lot, office=stage.office, draft=draft, by=by, on=TODAY)


def _refusal(lot, stage, draft, by):
    with pytest.raises(ProposalRefused) as refusal:
        _draft(lot, stage, draft, by)
    return {found.field: plain(found.sentence) for found in refusal.value.objections}


def _reference(proposal, code):
    return next(row for row in proposal.parameters["references"] if row["code"] == code)


def _readers(proposal, *people):
    return [
        person for person in people if Proposal.objects.visible_to(person).filter(pk=proposal.pk).exists()
    ]
