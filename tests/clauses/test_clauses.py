from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts import audit
from clauses.enums import ClauseState, DeclarationState, MovementKind, ProvisionKind
from clauses.models import Clause, HoursMovement
from clauses.services import clauses, declarations
from clauses.services.clauses import DeclarationsPending
from clauses.workflow import CLAUSE_TRANSITIONS, ClauseTransition, TransitionRefused
from procurement.models import Contract, Programme
from procurement.services.contracts import Award, LotAlreadyAwarded
from tests.clauses.conftest import NOON
from tests.clauses.factories import (
    ClauseFactory,
    DeclarationFactory,
    HourEntryFactory,
    HoursMovementFactory,
    PlacementFactory,
    ProposalFactory,
)
from tests.procurement.factories import ContractFactory


@pytest.fixture
def award(stage):
    return Award(
        reference="M2026-17",
        title="Entretien des espaces verts",
        contractor=stage.company,
        amount=Decimal("950000.00"),
        notified_on=date(2026, 5, 20),
        starts_on=date(2026, 6, 1),
        ends_on=date(2027, 6, 1),
    )


def test_a_notified_contract_turns_the_clause_into_a_debt(awaiting, award, stage, facilitator):
    clause = clauses.commit(clause=awaiting, award=award, by=facilitator, at=NOON)

    assert clause.state == ClauseState.RUNNING
    assert (clause.committed_at, clause.committed_by) == (NOON, facilitator)
    assert clause.contract.contractor == stage.company
    assert clause.lot.contract == clause.contract
    movement = clause.movements.get()
    assert (movement.kind, movement.hours) == (MovementKind.INITIAL, Decimal("833.00"))
    assert movement.effective_on == date(2026, 5, 20)
    assert [event.sentence for event in audit.history(clause)] == ["a fixé 833 h dues par Jardins Services"]


def test_every_parameter_of_the_calculation_is_frozen_with_the_debt(awaiting, award, facilitator):
    programme, _ = Programme.objects.get_or_create(code="anru", defaults={"label": "ANRU"})
    awaiting.proposal.parameters = {"source": "MEF Sud 77"}
    awaiting.proposal.save()

    clause = clauses.commit(
        clause=awaiting,
        award=replace(award, programmes=[programme], qpv_share=Decimal(40)),
        by=facilitator,
        at=NOON,
    )
    clause.proposal.rate = Decimal("0.0800")
    clause.proposal.save()

    frozen = HoursMovement.objects.get(clause=clause).parameters
    assert frozen["proposal"] == {
        "id": clause.proposal_id,
        "kind": "CONDITION_EXECUTION",
        "amount": "1000000.00",
        "labour_share": "0.5000",
        "rate": "0.0500",
        "hourly_cost": "30.00",
        "reserved_share": None,
        "criterion_weight": None,
        "hours_due": "833.00",
        "parameters": {"source": "MEF Sud 77"},
        "objective": "",
        "transferred_monthly_hours": None,
        "euros_per_hour": None,
        "threshold_amount": None,
        "threshold_mode": "",
        "hours_worked": None,
        "full_time_months": None,
        "yearly_hours": None,
        "months": None,
    }
    assert frozen["office"] == {
        "name": "Office du Confluent",
        "answer_days": 28,
        "link_days": 28,
        "small_count_floor": 5,
    }
    assert frozen["contract"] == {
        "reference": "M2026-17",
        "contractor": "Jardins Services",
        "amount": "950000.00",
        "notified_on": "2026-05-20",
        "starts_on": "2026-06-01",
        "ends_on": "2027-06-01",
        "qpv_share": "40",
        "programmes": ["anru"],
    }


def test_all_the_clauses_of_a_lot_are_committed_to_its_contract(
    awaiting, award, facilitator, django_capture_on_commit_callbacks
):
    criterion = ClauseFactory(
        proposal=ProposalFactory(
            lot=awaiting.lot,
            office=awaiting.office,
            department=awaiting.department,
            kind=ProvisionKind.AWARD_CRITERION,
            hours_due=None,
            accepted=True,
        )
    )

    with django_capture_on_commit_callbacks() as later:
        clauses.commit(clause=awaiting, award=award, by=facilitator, at=NOON)

    assert len(later) == 1, "one letter for all"
    criterion.refresh_from_db()
    assert criterion.state == ClauseState.RUNNING
    assert criterion.contract == Contract.objects.get()
    assert criterion.movements.get().hours == 0


def test_a_clause_added_later_joins_the_contract_of_its_lot(clause, facilitator):
    contract = clause.contract
    later = ClauseFactory(
        proposal=ProposalFactory(
            lot=clause.lot,
            office=clause.office,
            department=clause.department,
            kind=ProvisionKind.AMENDMENT,
            accepted=True,
        )
    )
    same = Award(
        **{name: getattr(contract, name) for name in ("reference", "title", "contractor", "notified_on")},
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
    )

    clauses.commit(clause=later, award=same, by=facilitator, at=NOON)

    later.refresh_from_db()
    assert later.contract == contract


def test_a_lot_awarded_by_another_contract_leaves_the_clause_as_it_was(awaiting, award, facilitator):
    awaiting.lot.contract = ContractFactory(buyer=awaiting.buyer, office=awaiting.office, reference="M2025-1")
    awaiting.lot.save()

    with pytest.raises(LotAlreadyAwarded, match="« M2025-1 »"):
        clauses.commit(clause=awaiting, award=award, by=facilitator, at=NOON)

    awaiting.refresh_from_db()
    assert awaiting.state == ClauseState.AWAITING_CONTRACT
    assert not HoursMovement.objects.exists()
    assert Contract.objects.count() == 1


def test_a_clause_under_way_is_closed_and_signed(clause, facilitator):
    closed = clauses.close(clause=clause, by=facilitator, at=NOON)

    assert (closed.state, closed.closed_at, closed.closed_by) == (ClauseState.CLOSED, NOON, facilitator)
    assert [event.sentence for event in audit.history(clause)] == ["a clos la clause"]


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        ([DeclarationState.SENT], "une déclaration attend"),
        ([DeclarationState.REJECTED, DeclarationState.SENT], "2 déclarations attendent"),
    ],
)
def test_a_clause_waits_for_the_hours_that_were_sent(clause, facilitator, states, sentence):
    for month, state in enumerate(states, start=3):
        DeclarationFactory(contract=clause.contract, period=date(2026, month, 1), **{state: True})

    with pytest.raises(DeclarationsPending, match=sentence):
        clauses.close(clause=clause, by=facilitator, at=NOON)

    clause.refresh_from_db()
    assert clause.state == ClauseState.RUNNING


def test_a_clause_waits_for_the_correction_of_a_rejected_month(clause, contractor, facilitator):
    DeclarationFactory(contract=clause.contract, period=date(2026, 3, 1))
    rejected = DeclarationFactory(contract=clause.contract, period=date(2026, 4, 1), rejected=True)
    declarations.reopen(declaration=rejected, by=contractor)

    with pytest.raises(DeclarationsPending, match="une déclaration attend"):
        clauses.close(clause=clause, by=facilitator, at=NOON)


VERBS = {
    ClauseTransition.COMMIT: lambda clause, award, by: clauses.commit(
        clause=clause, award=award, by=by, at=NOON
    ),
    ClauseTransition.CLOSE: lambda clause, award, by: clauses.close(clause=clause, by=by, at=NOON),
}


def in_state(state, awaiting, clause, facilitator):
    if state == ClauseState.AWAITING_CONTRACT:
        return awaiting
    if state == ClauseState.CLOSED:
        clauses.close(clause=clause, by=facilitator, at=NOON)
    return clause


@pytest.mark.parametrize("state", ClauseState)
@pytest.mark.parametrize("transition", ClauseTransition)
def test_a_clause_goes_where_the_table_says_and_nowhere_else(
    transition, state, awaiting, clause, award, facilitator
):
    subject = in_state(state, awaiting, clause, facilitator)
    sources, target = CLAUSE_TRANSITIONS[transition]

    if state in sources:
        VERBS[transition](subject, award, facilitator)
        reached = target
    else:
        with pytest.raises(TransitionRefused, match=f"« {transition} » n’est pas possible"):
            VERBS[transition](subject, award, facilitator)
        reached = state

    subject.refresh_from_db()
    assert subject.state == reached


def test_the_sums_of_the_list_are_those_of_the_rows(clause, participant):
    HoursMovementFactory(clause=clause, kind="later", hours=Decimal("-33.50"))
    placements = [
        PlacementFactory(clause=clause, participant=participant, starts_on=date(2026, 2, day))
        for day in (1, 20)
    ]
    entries = [
        HourEntryFactory(
            placement=placement,
            declaration=declaration,
            hours_done=Decimal(done),
            hours_credited=Decimal(credited) if credited else None,
        )
        for declaration, rows in [
            (
                DeclarationFactory(contract=clause.contract, period=date(2026, 2, 1)),
                [("7.77", ""), ("1", "")],
            ),
            (
                DeclarationFactory(contract=clause.contract, period=date(2026, 3, 1), sent=True),
                [("120.10", ""), ("33.33", "")],
            ),
            (
                DeclarationFactory(contract=clause.contract, period=date(2026, 4, 1), validated=True),
                [("100.05", "99.95"), ("0.10", "0.20")],
            ),
            (
                DeclarationFactory(contract=clause.contract, period=date(2026, 5, 1), rejected=True),
                [("500", ""), ("1", "")],
            ),
        ]
        for placement, (done, credited) in zip(placements, rows, strict=True)
    ]

    row = Clause.objects.with_hours().get(pk=clause.pk)

    def total(column, *states):
        rows = [entry for entry in entries if entry.declaration.state in states]
        return sum((getattr(entry, column) for entry in rows), Decimal(0))

    assert row.hours_due == sum(movement.hours for movement in clause.movements.all()) == Decimal("799.50")
    assert row.hours_declared == total("hours_done", DeclarationState.SENT, DeclarationState.VALIDATED)
    assert row.hours_done == total("hours_done", DeclarationState.VALIDATED) == Decimal("100.15")
    assert row.hours_credited == total("hours_credited", DeclarationState.VALIDATED) == Decimal("100.15")


def test_a_clause_without_hours_counts_zero(awaiting):
    row = Clause.objects.with_hours().get(pk=awaiting.pk)

    assert (row.hours_due, row.hours_declared, row.hours_done, row.hours_credited) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("clause_committed_iff_contract", {"state": ClauseState.AWAITING_CONTRACT}),
        ("clause_closed_iff_signed", {"state": ClauseState.CLOSED}),
        ("clause_closed_iff_signed", {"closed_at": NOON}),
        (
            "clause_closed_after_committed",
            {"state": ClauseState.CLOSED, "closed_at": datetime(2020, 1, 1, tzinfo=UTC), "closed_by": 0},
        ),
    ],
)
def test_the_database_refuses_an_unsigned_clause(clause, facilitator, constraint, changes):
    if "closed_by" in changes:
        changes = changes | {"closed_by": facilitator}

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Clause.objects.filter(pk=clause.pk).update(**changes)


@pytest.mark.parametrize(
    ("constraint", "movement"),
    [
        ("clause_id", {"kind": MovementKind.INITIAL}),
        ("initial_movement_is_not_negative", {"kind": MovementKind.INITIAL, "hours": Decimal(-1)}),
    ],
)
def test_the_database_keeps_the_first_movement_single_and_positive(clause, constraint, movement):
    if "hours" in movement:
        clause.movements.all().delete()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        HoursMovementFactory(clause=clause, **movement)
