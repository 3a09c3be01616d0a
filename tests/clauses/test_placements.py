from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import audit
from clauses.enums import Modality, WorkContractType
from clauses.models import Placement
from clauses.services import clauses, placements
from clauses.services.placements import (
    AlreadyPlaced,
    ClauseNotRunning,
    Engagement,
    HoursAfterEnd,
    NotEligible,
    OutsideContract,
)
from tests.clauses.conftest import NOON
from tests.clauses.factories import DeclarationFactory, HourEntryFactory
from tests.structures.factories import StructureFactory


HIRED = Engagement(
    modality=Modality.DIRECT_HIRE,
    contract_type=WorkContractType.CDD,
    starts_on=date(2026, 3, 1),
    job_title="Jardinière",
)


def open_for(participant, clause, by, engagement=HIRED, **changes):
    return placements.open_for(
        participant=participant, clause=clause, engagement=replace(engagement, **changes), by=by
    )


def test_an_eligible_person_is_placed_under_a_running_clause(participant, clause, facilitator):
    placement = open_for(participant, clause, facilitator)

    assert (placement.participant, placement.clause, placement.ends_on) == (participant, clause, None)
    for target in (participant, clause):
        assert audit.history(target)[0].sentence == "a ouvert le placement du 1er mars 2026"


def test_the_history_of_a_clause_does_not_name_the_person(participant, clause, facilitator):
    open_for(participant, clause, facilitator)

    assert all("Diallo" not in str(event.payload) for event in audit.history(clause))


def test_a_structure_makes_a_person_available(participant, clause, facilitator):
    temp_agency = StructureFactory(name="Intérim du Lac")

    placement = open_for(
        participant,
        clause,
        facilitator,
        modality=Modality.MADE_AVAILABLE,
        contract_type=WorkContractType.TEMP_MISSION,
        employer_structure=temp_agency,
    )

    assert placement.employer_structure == temp_agency


def test_a_clause_without_contract_takes_nobody(participant, awaiting, facilitator):
    with pytest.raises(ClauseNotRunning, match="« À notifier »"):
        open_for(participant, awaiting, facilitator)


def test_a_closed_clause_takes_nobody(participant, clause, facilitator):
    clauses.close(clause=clause, by=facilitator, at=NOON)

    with pytest.raises(ClauseNotRunning, match="« Close »"):
        open_for(participant, clause, facilitator)


def test_a_person_is_eligible_before_being_placed(participant, clause, facilitator):
    participant.eligibilities.update(valid_from=date(2026, 3, 2))

    with pytest.raises(NotEligible, match="Ana Diallo : l’éligibilité n’est pas reconnue au 1er mars 2026"):
        open_for(participant, clause, facilitator)

    assert not Placement.objects.exists()


@pytest.mark.parametrize(
    "dates",
    [
        {"starts_on": date(2026, 1, 31)},
        {"starts_on": date(2027, 2, 1)},
        {"starts_on": date(2026, 3, 1), "ends_on": date(2027, 2, 2)},
    ],
)
def test_a_placement_stays_inside_the_contract(participant, clause, facilitator, dates):
    with pytest.raises(OutsideContract, match="exécuté du 1er février 2026 au 31 janvier 2027"):
        open_for(participant, clause, facilitator, **dates)


def test_a_contract_without_end_takes_any_end(participant, clause, facilitator):
    clause.contract.ends_on = None
    clause.contract.save()

    placement = open_for(participant, clause, facilitator, ends_on=date(2027, 12, 1))

    assert placement.ends_on == date(2027, 12, 1)
    with pytest.raises(OutsideContract, match=r"exécuté du 1er février 2026\.$"):
        open_for(participant, clause, facilitator, starts_on=date(2026, 1, 1))


def test_a_placement_may_last_until_the_last_day_of_the_contract(participant, clause, facilitator):
    assert open_for(participant, clause, facilitator, ends_on=date(2027, 2, 1))


def test_a_person_is_placed_once_at_a_time_on_a_clause(participant, clause, facilitator):
    open_for(participant, clause, facilitator, ends_on=date(2026, 6, 1))

    with pytest.raises(AlreadyPlaced, match="ouvert le 1er mars 2026"):
        open_for(participant, clause, facilitator, starts_on=date(2026, 5, 31))

    assert open_for(participant, clause, facilitator, starts_on=date(2026, 6, 1))


@pytest.mark.parametrize("with_structure", [True, False])
def test_the_employer_matches_the_modality(participant, clause, facilitator, with_structure):
    modality = Modality.DIRECT_HIRE if with_structure else Modality.MADE_AVAILABLE
    employer = StructureFactory() if with_structure else None

    with pytest.raises(ValidationError, match="Une embauche directe n’a pas de structure employeuse"):
        open_for(participant, clause, facilitator, modality=modality, employer_structure=employer)


def test_a_placement_is_ended(placement, facilitator):
    ended = placements.end(placement=placement, ends_on=date(2026, 7, 1), by=facilitator)

    assert ended.ends_on == date(2026, 7, 1)
    for target in (placement.participant, placement.clause):
        assert audit.history(target)[0].sentence == "a mis fin au placement le 30 juin 2026"


@pytest.mark.parametrize(
    ("ends_on", "refusal", "sentence"),
    [
        (date(2026, 2, 1), ValidationError, "se termine après son début"),
        (date(2027, 2, 2), OutsideContract, "sort des dates du contrat"),
    ],
)
def test_an_impossible_end_is_refused(placement, facilitator, ends_on, refusal, sentence):
    with pytest.raises(refusal, match=sentence):
        placements.end(placement=placement, ends_on=ends_on, by=facilitator)

    placement.refresh_from_db()
    assert placement.ends_on is None


def test_a_placement_does_not_end_before_hours_that_were_told(placement, facilitator):
    told = DeclarationFactory(contract=placement.clause.contract, period=date(2026, 4, 1), sent=True)
    HourEntryFactory(placement=placement, declaration=told)

    with pytest.raises(HoursAfterEnd, match="avril 2026"):
        placements.end(placement=placement, ends_on=date(2026, 4, 1), by=facilitator)

    assert placements.end(placement=placement, ends_on=date(2026, 4, 2), by=facilitator)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("placement_ends_after_its_start", {"ends_on": date(2026, 2, 1)}),
        ("placement_employer_matches_modality", {"modality": Modality.SUBCONTRACTED}),
    ],
)
def test_the_database_refuses_an_impossible_placement(placement, constraint, changes):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Placement.objects.filter(pk=placement.pk).update(**changes)
