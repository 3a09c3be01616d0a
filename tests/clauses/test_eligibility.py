from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import audit
from clauses.enums import EligibilityState
from clauses.models import Eligibility, Participant
from clauses.services import eligibility
from clauses.services.eligibility import Grounds
from tests.clauses.conftest import NOON
from tests.clauses.factories import EligibilityFactory, ParticipantFactory, PublicFactory


@pytest.fixture
def person(stage):
    return ParticipantFactory(office=stage.office)


@pytest.fixture
def grounds(db):
    return Grounds(
        public=PublicFactory(code="deld-test", proof_max_months=3),
        proof="Attestation France Travail",
        proof_issued_on=date(2026, 11, 20),
        proof_seen_on=date(2026, 12, 10),
        valid_from=date(2026, 12, 15),
        valid_to=date(2028, 12, 15),
    )


def test_a_seen_proof_grants_the_eligibility(person, grounds, facilitator):
    decision = eligibility.grant(participant=person, grounds=grounds, by=facilitator, at=NOON)

    assert (decision.state, decision.decided_by, decision.decided_at) == (
        EligibilityState.GRANTED,
        facilitator,
        NOON,
    )
    assert person.eligibilities.granted_on(date(2028, 12, 14)).exists()
    assert not person.eligibilities.granted_on(date(2028, 12, 15)).exists()
    event = audit.history(person).get()
    assert event.sentence == "a reconnu l’éligibilité jusqu’au 14 décembre 2028"
    assert "deld" not in str(event.payload)


def test_a_reasoned_opinion_is_enough(person, grounds, facilitator):
    eligibility.grant(
        participant=person,
        grounds=replace(
            grounds,
            proof="",
            proof_issued_on=None,
            proof_seen_on=None,
            opinion="Parcours de rue, suivi par le CCAS.",
        ),
        by=facilitator,
        at=NOON,
    )

    assert person.eligibilities.get().opinion


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        (
            {"proof_issued_on": date(2026, 9, 14)},
            "proof_issued_on",
            "Le justificatif du 14 septembre 2026 a plus de 3 mois",
        ),
        ({"proof_issued_on": None}, "proof_issued_on", "Indiquez la date du justificatif"),
        ({"proof_seen_on": date(2026, 12, 16)}, "proof_seen_on", "dans le futur"),
        ({"proof_issued_on": date(2026, 12, 16)}, "proof_issued_on", "dans le futur"),
        ({"proof_seen_on": date(2026, 11, 19)}, "__all__", "ne peut pas être vu avant sa date"),
        ({"valid_to": date(2026, 12, 15)}, "__all__", "se termine après son début"),
        (
            {"proof_seen_on": None, "proof_issued_on": None},
            "__all__",
            "Indiquez le justificatif vu et sa date, ou un avis motivé",
        ),
        (
            {"valid_from": date(2020, 1, 1), "proof_issued_on": date(2020, 1, 1)},
            "public",
            "n’est pas en vigueur",
        ),
    ],
)
def test_weak_grounds_are_refused_with_a_sentence(changes, field, sentence, person, grounds, facilitator):
    with pytest.raises(ValidationError, match=sentence) as refusal:
        eligibility.grant(participant=person, grounds=replace(grounds, **changes), by=facilitator, at=NOON)

    assert field in refusal.value.message_dict
    assert not person.eligibilities.exists()
    assert not audit.history(person).exists()


def test_a_public_that_ended_grants_nothing(person, grounds, facilitator):
    ended = PublicFactory(code="ancien", valid_to=date(2026, 1, 1))

    with pytest.raises(ValidationError, match="n’est pas en vigueur"):
        eligibility.grant(participant=person, grounds=replace(grounds, public=ended), by=facilitator, at=NOON)


def test_a_refusal_keeps_its_reason_out_of_the_log(person, grounds, facilitator):
    eligibility.refuse(
        participant=person,
        grounds=replace(grounds, opinion="Inscription trop récente."),
        by=facilitator,
        at=NOON,
    )

    assert person.eligibilities.get().state == EligibilityState.REFUSED
    assert not person.eligibilities.granted_on(date(2027, 1, 1)).exists()
    event = audit.history(person).get()
    assert (event.sentence, event.payload) == ("a refusé l’éligibilité", {})


def test_a_refusal_demands_an_opinion(person, grounds, facilitator):
    with pytest.raises(ValidationError, match="Un refus demande un avis motivé"):
        eligibility.refuse(participant=person, grounds=grounds, by=facilitator, at=NOON)


def _periods(person):
    return [
        (row.state, row.valid_from, row.valid_to) for row in person.eligibilities.order_by("valid_from", "pk")
    ]


def _ends(person):
    sentence = "a mis fin à une éligibilité antérieure à compter du "
    return [event.sentence for event in audit.history(person) if event.sentence.startswith(sentence)]


def _eligible_until(person, day):
    return Participant.objects.with_eligibility(day).get(pk=person.pk).eligible_until


def test_a_refusal_ends_what_was_granted(person, grounds, facilitator):
    EligibilityFactory(participant=person)

    eligibility.refuse(
        participant=person, grounds=replace(grounds, opinion="Retour à l’emploi."), by=facilitator, at=NOON
    )

    assert _periods(person) == [
        (EligibilityState.GRANTED, date(2026, 1, 15), date(2026, 12, 15)),
        (EligibilityState.REFUSED, date(2026, 12, 15), date(2028, 12, 15)),
    ]
    assert _eligible_until(person, date(2026, 12, 14)) == date(2026, 12, 15)
    assert _eligible_until(person, date(2026, 12, 15)) is None
    assert _ends(person) == ["a mis fin à une éligibilité antérieure à compter du 15 décembre 2026"]


def test_a_shorter_grant_shortens_the_former(person, grounds, facilitator):
    EligibilityFactory(participant=person, valid_to=date(2029, 1, 1))
    shorter = replace(grounds, valid_to=date(2027, 6, 15))

    eligibility.grant(participant=person, grounds=shorter, by=facilitator, at=NOON)

    assert _eligible_until(person, date(2026, 12, 15)) == date(2027, 6, 15)
    assert not person.eligibilities.granted_on(date(2027, 6, 15)).exists()
    assert person.eligibilities.granted_on(date(2026, 12, 14)).exists()


def test_a_grant_taken_back_whole_is_kept_as_replaced(person, grounds, facilitator):
    eligibility.grant(participant=person, grounds=grounds, by=facilitator, at=NOON)

    eligibility.refuse(
        participant=person, grounds=replace(grounds, opinion="Erreur de saisie."), by=facilitator, at=NOON
    )

    assert _periods(person) == [
        (EligibilityState.REPLACED, date(2026, 12, 15), date(2028, 12, 15)),
        (EligibilityState.REFUSED, date(2026, 12, 15), date(2028, 12, 15)),
    ]
    assert _eligible_until(person, date(2026, 12, 15)) is None
    assert len(_ends(person)) == 1


def test_grants_that_only_touch_the_decision_stay(person, grounds, facilitator):
    EligibilityFactory(participant=person, valid_to=date(2026, 12, 15))
    EligibilityFactory(participant=person, valid_from=date(2028, 12, 15), valid_to=date(2029, 12, 15))
    EligibilityFactory(participant=ParticipantFactory(office=person.office))

    eligibility.grant(participant=person, grounds=grounds, by=facilitator, at=NOON)

    assert {state for state, _, _ in _periods(person)} == {EligibilityState.GRANTED}
    assert _ends(person) == []
    assert Eligibility.objects.exclude(participant=person).get().valid_to == date(2028, 1, 15)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("eligibility_ends_after_its_start", {"valid_to": date(2026, 1, 15)}),
        ("eligibility_rests_on_a_proof_or_an_opinion", {"proof_seen_on": None}),
        ("eligibility_proof_seen_after_its_issue", {"proof_issued_on": date(2026, 1, 16)}),
    ],
)
def test_the_database_refuses_a_baseless_eligibility(db, constraint, changes):
    row = EligibilityFactory()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Eligibility.objects.filter(pk=row.pk).update(**changes)


def test_age_counts_birthdays():
    person = ParticipantFactory.build(office=None, created_by=None, born_on=date(2000, 6, 15))

    assert person.age_on(date(2026, 6, 14)) == 25
    assert person.age_on(date(2026, 6, 14) + timedelta(days=1)) == 26
