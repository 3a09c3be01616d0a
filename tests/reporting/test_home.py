"""« À faire »: what awaits each role, since when, until when, and the one button that does it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from clauses.enums import DeclarationState, ProposalState, RefusalReason, RejectionReason
from clauses.models import Clause, ReferenceValue
from procurement.enums import PlanState
from procurement.services import plans
from reporting.queries import todo
from structures.enums import ApproachState
from tests.accounts.factories import UserFactory
from tests.clauses.factories import (
    ClauseFactory,
    DeclarationFactory,
    EligibilityFactory,
    ParticipantFactory,
    PlacementFactory,
    ProposalFactory,
    ScreeningFactory,
)
from tests.jobs.factories import JobFactory
from tests.procurement.factories import ContractFactory, LotFactory, MarketFactory, PurchasePlanFactory
from tests.reporting.factories import ReportEditionFactory
from tests.structures.factories import ApproachFactory, CorrectionFactory, NeedFactory, StructureFactory


TODAY = date(2027, 3, 10)
NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)
LAST_MONTH = datetime(2027, 2, 20, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_the_day(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def plan(stage, buyer):
    return PurchasePlanFactory(
        buyer=stage.buyer,
        year=2027,
        state=PlanState.SUBMITTED,
        submitted_at=LAST_MONTH,
        submitted_by=buyer,
    )


@pytest.fixture
def lot(plan, stage):
    return LotFactory(market__plan=plan, market__title="Tonte", market__department=stage.department)


@pytest.fixture
def propose(plan, stage):
    """Each on a lot of its own."""

    def propose(**fields):
        lot = LotFactory(market__plan=plan, market__title="Tonte", market__department=stage.department)
        return ProposalFactory(lot=lot, office=stage.office, department=stage.department, **fields)

    return propose


@pytest.fixture
def contract(stage):
    """Running since January: January and February are to be declared."""
    contract = ContractFactory(
        buyer=stage.buyer,
        office=stage.office,
        contractor=stage.company,
        reference="M27",
        title="Tonte",
        starts_on=date(2027, 1, 1),
        ends_on=date(2028, 1, 1),
    )
    ClauseFactory(running=True, contract=contract, office=stage.office, buyer=stage.buyer)
    return contract


def tasks(user):
    return [(item.what, item.verb) for item in todo.of(user, TODAY).tasks]


def waits(user):
    return [(item.what, item.owner) for item in todo.of(user, TODAY).waits]


def told(contract, **fields):
    return DeclarationFactory(contract=contract, sent_by=UserFactory(), **fields)


def test_a_facilitator_screens_the_plans_that_were_submitted(facilitator, stage, plan):
    seen, _ = MarketFactory(plan=plan), MarketFactory(plan=plan)
    ScreeningFactory(market=seen, office=stage.office)

    [item] = todo.of(facilitator, TODAY).tasks

    assert (item.what, item.verb, item.since) == ("1 ligne à voir sur 2", "Repérer", date(2027, 2, 20))
    assert item.about == "Plan d’achats 2027 – Ville de Rivebelle"
    assert item.url.endswith(f"?buyer={stage.buyer.pk}&year=2027&verdict=unseen")


def test_a_facilitator_answers_a_plan_that_is_all_seen(facilitator, plan, stage):
    ScreeningFactory(market=MarketFactory(plan=plan), office=stage.office)

    [item] = todo.of(facilitator, TODAY).tasks

    assert (item.verb, item.url) == ("Préparer la réponse", f"/reperage/reponses/{plan.pk}/")


def test_what_is_to_justify_leads_to_the_lines_it_counts(facilitator, buyer, plan, stage, as_user):
    for market in MarketFactory.create_batch(2, plan=plan):
        ScreeningFactory(market=market, office=stage.office, verdict="not_clausable", reason="no_supply")

    (item,) = [item for item in todo.of(facilitator, TODAY).tasks if "justifier" in item.what]

    assert (item.what[:10], item.verb) == ("2 marchés ", "Justifier")
    assert len(as_user(facilitator).get(item.url).context["lines"]) == 2
    # Nothing is told to the buyer before the answer.
    assert not [item for item in todo.of(buyer, TODAY).tasks if "justifier" in item.what]
    plans.answer(plan=plan, office=stage.office, by=facilitator, at=NOW)
    (item,) = [item for item in todo.of(buyer, TODAY).tasks if "justifier" in item.what]
    assert len(as_user(buyer).get(item.url).context["lines"]) == 2


def test_a_facilitator_completes_revises_and_reads(facilitator, propose):
    decided = {"sent_at": LAST_MONTH, "sent_by": facilitator, "decided_at": NOW, "decider_name": "Dominique"}
    propose(state=ProposalState.DRAFT)
    propose(state=ProposalState.REWORK, **decided)
    refused = decided | {"refusal_reason": RefusalReason.COST}
    propose(state=ProposalState.REFUSED, **refused)
    long_ago = {"sent_at": LAST_MONTH - timedelta(days=90), "decided_at": LAST_MONTH - timedelta(days=60)}
    propose(state=ProposalState.REFUSED, **refused | long_ago)

    found = tasks(facilitator)

    assert ("Proposition à envoyer", "Compléter") in found
    assert ("Proposition à revoir", "Revoir") in found
    assert found.count(("Proposition refusée", "Lire le refus")) == 1


def test_a_facilitator_notifies_validates_and_decides(facilitator, stage, contract, lot):
    ScreeningFactory(market=lot.market, office=stage.office)
    ClauseFactory(
        proposal=ProposalFactory(accepted=True, lot=lot, office=stage.office, department=stage.department)
    )
    told(contract, period=date(2027, 1, 1), state=DeclarationState.SENT, sent_at=LAST_MONTH)
    known, unknown = (ParticipantFactory(office=stage.office) for _ in range(2))
    for person in (known, unknown):
        PlacementFactory(clause=Clause.objects.get(contract=contract), participant=person)
    EligibilityFactory(participant=known)

    found = tasks(facilitator)

    assert ("Contrat à notifier", "Notifier le contrat") in found
    assert ("Heures de janvier 2027 à valider", "Examiner") in found
    assert found.count(("Éligibilité à décider", "Décider")) == 1


def test_a_facilitator_waits_for_departments_companies_and_buyers(facilitator, stage, propose, contract):
    propose(sent=True, answer_by_on=date(2027, 3, 1))
    PurchasePlanFactory(buyer=stage.buyer, year=2028)

    found = waits(facilitator)

    assert ("Réponse à une proposition", stage.department.name) in found
    assert ("2 mois d’heures à déclarer, dès janvier 2027", "Jardins Services") in found
    assert ("Plan à déposer", "Ville de Rivebelle") in found


def test_one_silent_month_is_named(facilitator, contract):
    told(contract, period=date(2027, 1, 1), state=DeclarationState.SENT, sent_at=LAST_MONTH)

    assert ("Heures de février 2027 à déclarer", "Jardins Services") in waits(facilitator)


def test_a_manager_sees_what_is_late_and_what_failed(manager, stage, propose, contract):
    propose(sent=True, answer_by_on=date(2027, 3, 1))
    propose(sent=True, answer_by_on=date(2027, 4, 1))
    sent_at = datetime(2027, 2, 1, 9, tzinfo=UTC)
    told(contract, period=date(2027, 1, 1), state=DeclarationState.SENT, sent_at=sent_at)
    JobFactory(organisation=stage.office.organisation, failed=True, finished_at=NOW)

    found = tasks(manager)

    assert (f"Réponse en retard\u00a0: {stage.department.name}", "Relancer") in found
    assert ("Heures de janvier 2027 à valider", "Examiner") in found
    assert ("Rapport qui a échoué", "Voir et relancer") in found
    assert waits(manager).count(("Réponse à une proposition", stage.department.name)) == 1


def test_a_manager_is_told_which_quarter_lacks_reports(manager, stage, contract):
    contract.starts_on = date(2026, 11, 1)
    contract.save(update_fields=["starts_on"])

    assert ("Rapports du 4e trimestre 2026 à préparer", "Préparer") in tasks(manager)

    ReportEditionFactory(office=stage.office, buyer=stage.buyer)
    assert not tasks(manager)


def test_a_buyer_submits_reads_and_waits(buyer, stage, propose, plan):
    PurchasePlanFactory(buyer=stage.buyer, year=2028)
    signed = {"submitted_at": LAST_MONTH, "submitted_by": buyer, "answered_at": NOW, "answered_by": buyer}
    PurchasePlanFactory(buyer=stage.buyer, year=2026, state=PlanState.ANSWERED, **signed)
    propose(sent=True)
    ReportEditionFactory(office=stage.office, buyer=stage.buyer, issued_at=NOW)

    assert {
        ("Plan à déposer", "Compléter et déposer"),
        ("Réponse de l’office à lire", "Lire la réponse"),
    } < set(tasks(buyer))
    assert ("Rapport à lire", "Lire le rapport") in tasks(buyer)
    assert ("Réponse de l’office", "Office du Confluent") in waits(buyer)
    assert ("Réponse à une proposition", stage.department.name) in waits(buyer)


def test_a_department_decides_and_waits_for_the_office(prescriber, facilitator, propose):
    propose(sent=True, answer_by_on=date(2027, 3, 20))
    decided = {"sent_at": LAST_MONTH, "sent_by": facilitator, "decided_at": NOW, "decider_name": "Dominique"}
    propose(state=ProposalState.REWORK, **decided)

    [item] = todo.of(prescriber, TODAY).tasks

    assert (item.what, item.verb, item.until) == ("Proposition à décider", "Décider", date(2027, 3, 20))
    assert waits(prescriber) == [("Proposition à revoir", "Office du Confluent")]


def test_a_company_declares_corrects_and_waits(contractor, contract):
    contract.starts_on = date(2026, 12, 1)
    contract.save(update_fields=["starts_on"])
    told(contract, period=date(2026, 12, 1), state=DeclarationState.SENT, sent_at=LAST_MONTH)
    rejected = told(
        contract,
        period=date(2027, 1, 1),
        state=DeclarationState.REJECTED,
        sent_at=LAST_MONTH,
        decided_at=NOW,
        decided_by=UserFactory(),
        rejection_reason=RejectionReason.WRONG_HOURS,
    )

    items = {item.what: item for item in todo.of(contractor, TODAY).tasks}

    declare = items["Heures de février 2027 à déclarer"]
    assert (declare.verb, declare.since, declare.until) == ("Déclarer", date(2027, 3, 1), date(2027, 3, 15))
    assert declare.url == reverse("clauses:declaration_fill", args=[contract.pk, 2027, 2])
    assert items["Heures de janvier 2027 à corriger"].url == rejected.get_absolute_url()
    assert waits(contractor) == [("Validation des heures de décembre 2026", "Office du Confluent")]


def test_a_structure_answers_the_needs_it_received(structure_member, stage):
    mine = StructureFactory(organisation=stage.structure, verified_on=TODAY)
    need = NeedFactory(office=stage.office, title="Mise sous pli", answer_by_on=date(2027, 4, 1))
    ApproachFactory(need=need, structure=mine, state=ApproachState.SENT)
    ApproachFactory(structure=mine, state=ApproachState.INTERESTED)
    ApproachFactory(structure=mine)

    [item] = todo.of(structure_member, TODAY).tasks

    assert (item.what, item.until) == ("Besoin reçu", date(2027, 4, 1))
    assert item.about.startswith("Mise sous pli – ")


def test_a_facilitator_reviews_cards_and_concludes_searches(facilitator, stage):
    CorrectionFactory(office=stage.office, proposed=True, structure__name="Atelier du Lac")
    late = NeedFactory(office=stage.office, title="Mise sous pli", answer_by_on=date(2027, 1, 4))
    ApproachFactory(need=late, state=ApproachState.SENT)
    ApproachFactory(need=late, state=ApproachState.INTERESTED)
    NeedFactory(office=stage.office, answer_by_on=date(2027, 1, 4))

    items = {item.what: item.about for item in todo.of(facilitator, TODAY).tasks}

    assert items["Fiche à relire"] == "Atelier du Lac"
    assert items["Recherche à conclure : 1 réponse sur 2"] == "Mise sous pli"


def test_a_structure_reads_its_own_card_again(structure_member, stage):
    StructureFactory(organisation=stage.structure, name="Atelier du Lac", verified_on=date(2024, 1, 1))
    StructureFactory(organisation=stage.structure, verified_on=TODAY)

    [item] = todo.of(structure_member, TODAY).tasks

    assert (item.what, item.about, item.verb) == ("Fiche à vérifier", "Atelier du Lac", "Relire la fiche")


def test_a_funder_reads_the_latest_editions(funder, stage, contract):
    ReportEditionFactory(office=stage.office, buyer=stage.buyer, issued_at=NOW)
    ReportEditionFactory(
        office=stage.office, buyer=stage.buyer, figures={}, number=2, issued_at=NOW - timedelta(60)
    )

    assert tasks(funder) == [("Rapport à lire", "Lire le rapport")]
    assert todo.of(funder, TODAY).figures


def test_an_administrator_confirms_reference_values(administrator):
    assert any(what.endswith("à confirmer") for what, _ in tasks(administrator))

    ReferenceValue.objects.update(is_to_confirm=False)
    assert not any("valeur" in what for what, _ in tasks(administrator))


def test_the_oldest_comes_first_and_late_ones_say_so(prescriber, propose, as_user):
    propose(sent=True, answer_by_on=date(2027, 3, 1))

    page = " ".join(as_user(prescriber).get(reverse("reporting:home")).content.decode().split())

    assert "<h1>À décider</h1>" in page
    assert "avant le 1er mars 2027" in page
    assert "En retard" in page


@pytest.mark.parametrize(
    "role",
    ["facilitator", "manager", "buyer", "prescriber", "contractor", "structure_member", "funder"],
)
def test_nothing_to_do_is_said(role, as_user, request, stage):
    PurchasePlanFactory(buyer=stage.buyer, answered=True)

    page = as_user(request.getfixturevalue(role)).get(reverse("reporting:home"))

    assert "Rien ne vous attend." in page.content.decode()


def test_without_a_hat_there_is_no_home(manager):
    manager.membership = None

    assert todo.of(manager, TODAY) == todo.Home()


@pytest.mark.parametrize("role", ["facilitator", "manager", "buyer", "prescriber", "contractor", "funder"])
def test_the_home_asks_as_much_of_the_database_for_one_matter_as_for_ten(
    role, request, stage, propose, contract, plan, as_user, django_assert_max_num_queries
):
    client = as_user(request.getfixturevalue(role))

    def add():
        MarketFactory(plan=plan)
        propose(sent=True, answer_by_on=date(2027, 3, 1))
        propose(state=ProposalState.DRAFT)
        ReportEditionFactory(
            buyer=stage.buyer, office=stage.office, figures={}, issued_at=NOW, number=next(numbers)
        )

    numbers = iter(range(1, 30))
    add()
    client.get(reverse("reporting:home"))
    with django_assert_max_num_queries(40) as one:
        client.get(reverse("reporting:home"))
    for _ in range(9):
        add()

    with django_assert_max_num_queries(len(one)):
        client.get(reverse("reporting:home"))
