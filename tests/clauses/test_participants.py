from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts import audit
from clauses.enums import InQpv, Sex, TrainingLevel
from clauses.models import Participant
from clauses.services import participants
from clauses.services.participants import Identity, PossibleDuplicate


ANA = Identity(first_name="Ana", last_name="Diallo", born_on=date(1990, 6, 15), sex=Sex.WOMAN)


def test_a_person_is_added_with_the_little_that_is_needed(stage, facilitator):
    person = participants.add(office=stage.office, identity=ANA, by=facilitator)

    assert (str(person), person.office, person.created_by) == ("Ana Diallo", stage.office, facilitator)
    assert (person.in_qpv, person.training_level) == (InQpv.UNKNOWN, TrainingLevel.UNKNOWN)
    assert [event.sentence for event in audit.history(person)] == ["a ajouté la personne"]


@pytest.mark.parametrize(
    ("first_name", "last_name"), [("Ana", "Diallo"), ("ANA", "DIALLO"), ("Diallo", "Àna"), ("Ana ", "diallo")]
)
def test_the_same_name_and_birth_date_are_told_as_a_possible_duplicate(
    first_name, last_name, stage, facilitator
):
    known = participants.add(office=stage.office, identity=ANA, by=facilitator)

    with pytest.raises(PossibleDuplicate, match=r"Ana Diallo \(15/06/1990\)") as refusal:
        participants.add(
            office=stage.office,
            identity=replace(ANA, first_name=first_name, last_name=last_name),
            by=facilitator,
        )

    assert refusal.value.twins == [known]
    assert Participant.objects.count() == 1


@pytest.mark.parametrize("change", [{"born_on": date(1990, 6, 16)}, {"last_name": "Diallo-Traoré"}])
def test_another_birth_date_or_name_is_another_person(change, stage, facilitator):
    participants.add(office=stage.office, identity=ANA, by=facilitator)

    participants.add(office=stage.office, identity=replace(ANA, **change), by=facilitator)

    assert Participant.objects.count() == 2


def test_a_checked_namesake_is_added(stage, facilitator):
    participants.add(office=stage.office, identity=ANA, by=facilitator)

    participants.add_namesake(office=stage.office, identity=ANA, by=facilitator)

    assert Participant.objects.count() == 2


def test_the_people_of_another_office_are_not_told(stage, facilitator):
    participants.add(office=stage.other_office, identity=ANA, by=facilitator)

    assert participants.twins(office=stage.office, identity=ANA) == []


def test_a_change_names_the_fields_and_never_their_values(stage, facilitator):
    person = participants.add(office=stage.office, identity=ANA, by=facilitator)

    participants.change(
        participant=person,
        identity=replace(ANA, city="Créteil", in_qpv=InQpv.YES),
        by=facilitator,
    )

    person.refresh_from_db()
    assert (person.city, person.in_qpv) == ("Créteil", InQpv.YES)
    assert audit.history(person)[0].sentence == "a modifié commune et réside en QPV"
    assert "Créteil" not in str(audit.history(person)[0].payload)


def test_nothing_changed_leaves_no_trace(stage, facilitator):
    person = participants.add(office=stage.office, identity=ANA, by=facilitator)

    participants.change(participant=person, identity=ANA, by=facilitator)

    assert audit.history(person).count() == 1


def test_a_name_is_required(stage, facilitator):
    with pytest.raises(ValidationError):
        participants.add(office=stage.office, identity=replace(ANA, last_name=""), by=facilitator)

    assert not Participant.objects.exists()
