from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts import audit
from clauses.enums import DeclarationState, RejectionReason
from clauses.models import Declaration, HourEntry, Placement
from clauses.services import clauses, declarations, validation
from clauses.services.declarations import DeclarationLocked, HoursRefused, MonthRefused, NothingDeclared
from clauses.workflow import DECLARATION_TRANSITIONS, DeclarationTransition, TransitionRefused
from tests.clauses.conftest import MARCH, NOON
from tests.clauses.factories import (
    DeclarationFactory,
    HourEntryFactory,
    ParticipantFactory,
    PlacementFactory,
)
from tests.procurement.factories import ContractFactory


APRIL = date(2026, 4, 1)


def save(placement, by, hours="120.50", period=MARCH):
    return declarations.save(
        contract=placement.clause.contract,
        period=period,
        hours={placement.pk: Decimal(hours)},
        by=by,
        at=NOON,
    )


def send(placement, by, hours="120.50", period=MARCH):
    return declarations.send(
        contract=placement.clause.contract,
        period=period,
        hours={placement.pk: Decimal(hours)},
        by=by,
        at=NOON,
    )


def test_a_draft_keeps_the_hours_of_each_person(placement, contractor):
    declaration = save(placement, contractor)

    assert (declaration.state, declaration.period) == (DeclarationState.DRAFT, MARCH)
    entry = declaration.entries.get()
    assert (entry.placement, entry.hours_done, entry.hours_credited) == (placement, Decimal("120.50"), None)
    assert audit.history(declaration)[0].sentence == "a enregistré le brouillon : 120,5 h"


def test_a_draft_is_replaced_as_a_whole(clause, placement, contractor):
    save(placement, contractor)
    colleague = PlacementFactory(clause=clause)

    declarations.save(
        contract=clause.contract, period=MARCH, hours={colleague.pk: Decimal(70)}, by=contractor, at=NOON
    )

    assert Declaration.objects.count() == 1
    assert [(row.placement, row.hours_done) for row in HourEntry.objects.all()] == [(colleague, Decimal(70))]


def test_900_hours_in_a_month_are_refused_with_the_person_the_month_and_the_maximum(placement, contractor):
    with pytest.raises(HoursRefused) as refusal:
        save(placement, contractor, hours="900")

    assert refusal.value.reasons == {
        placement.pk: "Ana Diallo\u00a0: 900\u00a0h en mars 2026, alors que ce mois ne compte que 744\u00a0h."
    }
    assert not Declaration.objects.exists()


def test_one_impossible_cell_saves_nothing(clause, placement, contractor):
    colleague = PlacementFactory(clause=clause)
    save(placement, contractor, hours="10")

    with pytest.raises(HoursRefused):
        declarations.save(
            contract=clause.contract,
            period=MARCH,
            hours={placement.pk: Decimal(20), colleague.pk: Decimal("744.01")},
            by=contractor,
            at=NOON,
        )

    assert HourEntry.objects.get().hours_done == 10


def test_two_placements_of_one_person_share_one_month(clause, participant, contractor):
    first, second = (
        PlacementFactory(clause=clause, participant=participant, starts_on=day, ends_on=end)
        for day, end in [(date(2026, 2, 1), date(2026, 3, 10)), (date(2026, 3, 10), None)]
    )

    with pytest.raises(HoursRefused) as refusal:
        declarations.save(
            contract=clause.contract,
            period=MARCH,
            hours={first.pk: Decimal(400), second.pk: Decimal(400)},
            by=contractor,
            at=NOON,
        )

    assert set(refusal.value.reasons) == {first.pk, second.pk}
    assert "800\u00a0h en mars 2026" in str(refusal.value)


def test_negative_hours_are_refused(placement, contractor):
    with pytest.raises(HoursRefused, match="ne peuvent pas être négatives"):
        save(placement, contractor, hours="-1")


@pytest.mark.parametrize("situation", ["another contract", "not started", "ended"])
def test_a_person_who_is_not_there_that_month_is_not_declared(situation, clause, contractor, stage):
    if situation == "another contract":
        stranger = PlacementFactory()
    elif situation == "not started":
        stranger = PlacementFactory(clause=clause, starts_on=APRIL)
    else:
        stranger = PlacementFactory(clause=clause, starts_on=date(2026, 2, 1), ends_on=MARCH)

    with pytest.raises(HoursRefused, match="n’est pas placée sur ce contrat ce mois-ci"):
        declarations.save(
            contract=clause.contract, period=MARCH, hours={stranger.pk: Decimal(10)}, by=contractor, at=NOON
        )


def test_hours_already_written_survive_an_earlier_end_of_the_placement(placement, contractor):
    save(placement, contractor)
    placement.ends_on = date(2026, 2, 20)
    placement.save()

    assert save(placement, contractor, hours="12").entries.get().hours_done == 12


@pytest.mark.parametrize(
    ("period", "sentence"),
    [
        (date(2027, 1, 1), "Janvier 2027 n’a pas commencé"),
        (date(2026, 1, 1), "ne s’exécute pas en janvier 2026"),
    ],
)
def test_a_month_outside_the_contract_is_refused(placement, contractor, period, sentence):
    with pytest.raises(MonthRefused, match=sentence):
        save(placement, contractor, period=period)


def test_a_month_after_the_contract_is_refused(placement, contractor):
    contract = placement.clause.contract
    contract.ends_on = date(2026, 6, 1)
    contract.save()

    with pytest.raises(MonthRefused, match="ne s’exécute pas en juin 2026"):
        save(placement, contractor, period=date(2026, 6, 1))

    assert save(placement, contractor, period=date(2026, 5, 1))


def test_the_present_month_may_be_declared(placement, contractor):
    assert save(placement, contractor, period=date(2026, 12, 1))


def test_a_contract_whose_clauses_are_closed_takes_no_more_hours(placement, contractor, facilitator):
    clauses.close(clause=placement.clause, by=facilitator, at=NOON)

    with pytest.raises(MonthRefused, match="n’a plus de clause en cours"):
        save(placement, contractor)


def test_last_month_fills_the_blanks_and_keeps_what_is_typed(clause, placement, contractor):
    colleague, gone, newcomer = (
        PlacementFactory(clause=clause, starts_on=start, ends_on=end)
        for start, end in [(date(2026, 2, 1), None), (date(2026, 2, 1), APRIL), (APRIL, None)]
    )
    march = {placement.pk: Decimal(100), colleague.pk: Decimal(80), gone.pk: Decimal(60)}
    declarations.send(contract=clause.contract, period=MARCH, hours=march, by=contractor, at=NOON)

    declaration = declarations.copy_previous(
        contract=clause.contract,
        period=APRIL,
        hours={colleague.pk: Decimal("35.50"), newcomer.pk: Decimal(7)},
        by=contractor,
        at=NOON,
    )

    written = dict(declaration.entries.values_list("placement", "hours_done"))
    assert written == {placement.pk: 100, colleague.pk: Decimal("35.50"), newcomer.pk: 7}
    assert declaration.state == DeclarationState.DRAFT


def test_a_sent_declaration_is_signed_and_locked(placement, contractor):
    declaration = send(placement, contractor)

    assert (declaration.state, declaration.sent_at, declaration.sent_by) == (
        DeclarationState.SENT,
        NOON,
        contractor,
    )
    assert audit.history(declaration)[0].sentence == "a déclaré 120,5 h pour mars 2026"
    for verb in (save, send):
        with pytest.raises(DeclarationLocked, match="La déclaration de mars 2026 est à l’état « À valider »"):
            verb(placement, contractor, hours="1")
    assert declaration.entries.get().hours_done == Decimal("120.50")


@pytest.mark.parametrize("is_there", [True, False])
def test_a_declaration_without_any_hour_says_so_or_is_not_sent(placement, contractor, is_there):
    with pytest.raises(NothingDeclared, match="« Aucune heure ce mois-ci »"):
        declarations.send(
            contract=placement.clause.contract,
            period=MARCH,
            hours={placement.pk: Decimal(0)} if is_there else {},
            by=contractor,
            at=NOON,
        )

    assert not Declaration.objects.exists()


def test_a_month_without_hours_is_declared_in_one_gesture(placement, contractor):
    save(placement, contractor)

    declaration = declarations.declare_nothing(
        contract=placement.clause.contract, period=MARCH, by=contractor, at=NOON
    )

    assert (declaration.state, declaration.has_no_hours) == (DeclarationState.SENT, True)
    assert not declaration.entries.exists()
    assert audit.history(declaration)[0].sentence == "a déclaré 0 h pour mars 2026"


def test_a_rejected_declaration_is_corrected_and_sent_again(placement, contractor, facilitator):
    first = send(placement, contractor, hours="500")
    validation.reject(declaration=first, reason=RejectionReason.WRONG_HOURS, by=facilitator, at=NOON)

    reopened = declarations.reopen(declaration=first, by=contractor)
    again = send(placement, contractor, hours="50")

    assert (reopened.state, reopened.sent_at, reopened.decided_at) == (DeclarationState.DRAFT, None, None)
    assert again == first
    assert again.rejection_reason == RejectionReason.WRONG_HOURS
    sentences = [event.sentence for event in audit.history(first)]
    assert sentences == [
        "a déclaré 50 h pour mars 2026",
        "a repris la déclaration pour la corriger",
        "a rejeté la déclaration : Heures incohérentes",
        "a déclaré 500 h pour mars 2026",
    ]


def test_a_corrected_month_without_hours_may_have_hours(placement, contractor, facilitator):
    contract = placement.clause.contract
    nothing = declarations.declare_nothing(contract=contract, period=MARCH, by=contractor, at=NOON)
    validation.reject(declaration=nothing, reason=RejectionReason.WRONG_HOURS, by=facilitator, at=NOON)
    declarations.reopen(declaration=nothing, by=contractor)

    assert send(placement, contractor).has_no_hours is False


VERBS = {
    DeclarationTransition.SEND: lambda row, cast: declarations.declare_nothing(
        contract=row.contract, period=row.period, by=cast["contractor"], at=NOON
    ),
    DeclarationTransition.VALIDATE: lambda row, cast: validation.validate(
        declaration=row, by=cast["facilitator"], at=NOON
    ),
    DeclarationTransition.REJECT: lambda row, cast: validation.reject(
        declaration=row, reason=RejectionReason.MISSING_PROOF, by=cast["facilitator"], at=NOON
    ),
    DeclarationTransition.REOPEN: lambda row, cast: declarations.reopen(
        declaration=row, by=cast["contractor"]
    ),
}


@pytest.mark.parametrize("state", DeclarationState)
@pytest.mark.parametrize("transition", DeclarationTransition)
def test_a_declaration_goes_where_the_table_says_and_nowhere_else(
    transition, state, clause, contractor, facilitator
):
    cast = {"contractor": contractor, "facilitator": facilitator}
    traits = {} if state == DeclarationState.DRAFT else {state.value: True}
    row = DeclarationFactory(contract=clause.contract, period=MARCH, **traits)
    sources, target = DECLARATION_TRANSITIONS[transition]

    if state in sources:
        VERBS[transition](row, cast)
        reached = target
    else:
        with pytest.raises((TransitionRefused, DeclarationLocked)):
            VERBS[transition](row, cast)
        reached = state

    row.refresh_from_db()
    assert row.state == reached


SIGNED = datetime(2026, 4, 2, tzinfo=UTC)
# After any signature of the scene, whatever the other columns say.
LATER = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("constraint", "trait", "changes"),
    [
        ("declaration_sent_iff_signed", "draft", {"sent_at": SIGNED}),
        ("declaration_sent_iff_signed", "sent", {"sent_at": None}),
        ("declaration_decided_iff_signed", "sent", {"decided_at": LATER}),
        ("declaration_decided_after_sent", "validated", {"decided_at": datetime(2020, 1, 1, tzinfo=UTC)}),
        ("declaration_rejected_has_a_reason", "rejected", {"rejection_reason": ""}),
        ("declaration_other_rejection_is_explained", "rejected", {"rejection_reason": "other"}),
        ("declaration_period_is_a_first_day", "draft", {"period": date(2026, 3, 2)}),
    ],
)
def test_the_database_refuses_an_unsigned_declaration(clause, constraint, trait, changes):
    traits = {} if trait == "draft" else {trait: True}
    row = DeclarationFactory(contract=clause.contract, **traits)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Declaration.objects.filter(pk=row.pk).update(**changes)


def test_a_month_has_one_declaration_per_contract(db):
    row = DeclarationFactory(contract=ContractFactory())

    with pytest.raises(IntegrityError), transaction.atomic():
        DeclarationFactory(contract=row.contract)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("hour_entry_fits_in_a_month", {"hours_done": Decimal("744.01")}),
        ("hour_entry_fits_in_a_month", {"hours_done": Decimal("-0.01")}),
        ("hour_entry_credit_is_not_negative", {"hours_credited": Decimal("-0.01")}),
    ],
)
def test_the_database_refuses_impossible_hours(placement, constraint, changes):
    entry = HourEntryFactory(placement=placement)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        HourEntry.objects.filter(pk=entry.pk).update(**changes)


def test_a_placement_has_one_line_per_month(placement):
    entry = HourEntryFactory(placement=placement)

    with pytest.raises(IntegrityError), transaction.atomic():
        HourEntryFactory(placement=placement, declaration=entry.declaration)


def test_people_of_other_contracts_are_not_offered(clause, placement, participant):
    PlacementFactory(participant=ParticipantFactory(office=clause.office))

    offered = Placement.objects.declarable(clause.contract, MARCH, APRIL)
    assert list(offered) == [placement]
