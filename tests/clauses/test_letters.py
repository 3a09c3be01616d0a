from decimal import Decimal

import pytest
from django.core import mail

from accounts.roles import Role
from clauses import tasks
from clauses.enums import ProvisionKind, RejectionReason
from clauses.services import validation
from tests.accounts.factories import MembershipFactory, UserFactory
from tests.clauses.conftest import MARCH, NOON
from tests.clauses.factories import (
    ClauseFactory,
    DeclarationFactory,
    HoursMovementFactory,
    ProposalFactory,
)


@pytest.fixture
def sent(clause):
    return DeclarationFactory(contract=clause.contract, period=MARCH, sent=True)


def test_the_members_of_the_company_learn_of_a_rejection(sent, contractor, other_contractor, facilitator):
    colleague = UserFactory(email="autre.collegue@jardins.example")
    MembershipFactory(user=colleague, organisation=sent.contract.contractor, role=Role.CONTRACTOR)
    MembershipFactory(organisation=sent.contract.contractor, role=Role.CONTRACTOR, ended_at=NOON)
    validation.reject(
        declaration=sent,
        reason=RejectionReason.OTHER,
        comment="Feuille d’avril.",
        by=facilitator,
        at=NOON,
    )

    tasks.announce_rejection(sent.pk)

    (letter,) = mail.outbox
    assert sorted(letter.to) == sorted([contractor.email, colleague.email])
    assert letter.subject == f"Heures de mars 2026 à corriger – {sent.contract.reference}"
    assert "Raison : Autre raison, à préciser.\nFeuille d’avril." in letter.body
    assert f"/declarations/{sent.pk}/" in letter.body
    assert "Diallo" not in letter.body


def test_the_members_of_the_company_learn_of_a_validation(sent, contractor, facilitator):
    validation.validate(declaration=sent, by=facilitator, at=NOON)

    tasks.announce_validation(sent.pk)

    (letter,) = mail.outbox
    assert letter.to == [contractor.email]
    assert "sont validées" in letter.body


def test_a_company_without_members_gets_no_letter(sent, facilitator):
    tasks.announce_validation(sent.pk)

    assert mail.outbox == []


def test_the_company_learns_of_its_hours(clause, contractor):
    tasks.announce_commitment(clause.pk)

    (letter,) = mail.outbox
    assert letter.to == [contractor.email]
    assert "833\u00a0h d’insertion sont à réaliser" in letter.body
    assert f"/clauses/{clause.pk}/" in letter.body


def test_one_letter_tells_all_the_hours_that_the_contract_owes_for_its_lot(clause, contractor, stage):
    twin = ProposalFactory(
        lot=clause.lot,
        office=stage.office,
        department=stage.department,
        kind=ProvisionKind.AMENDMENT,
        accepted=True,
    )
    HoursMovementFactory(
        clause=ClauseFactory(proposal=twin, running=True, contract=clause.contract), hours=Decimal(167)
    )

    tasks.announce_commitment(clause.pk)

    (letter,) = mail.outbox
    assert "porte 2 clauses sociales : 1\u202f000\u00a0h d’insertion sont à réaliser en tout." in letter.body
