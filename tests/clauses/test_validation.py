from decimal import Decimal

import pytest
from django.core import mail

from accounts import audit
from clauses.enums import DeclarationState, RejectionReason
from clauses.services import validation
from clauses.services.validation import CreditRefused, ReasonMissing
from tests.clauses.conftest import MARCH, NOON
from tests.clauses.factories import DeclarationFactory, HourEntryFactory, PlacementFactory


@pytest.fixture
def sent(clause, placement):
    declaration = DeclarationFactory(contract=clause.contract, period=MARCH, sent=True)
    for worker, done in [(placement, "120.50"), (PlacementFactory(clause=clause), "70")]:
        HourEntryFactory(declaration=declaration, placement=worker, hours_done=Decimal(done))
    return declaration


def test_validated_hours_are_credited_as_they_were_done(sent, facilitator):
    declaration = validation.validate(declaration=sent, by=facilitator, at=NOON)

    assert (declaration.state, declaration.decided_at, declaration.decided_by) == (
        DeclarationState.VALIDATED,
        NOON,
        facilitator,
    )
    assert list(sent.entries.order_by("pk").values_list("hours_done", "hours_credited")) == [
        (Decimal("120.50"), Decimal("120.50")),
        (Decimal(70), Decimal(70)),
    ]
    assert audit.history(sent)[0].sentence == "a validé 190,5 h (190,5 h retenues)"


def test_real_and_credited_hours_stay_two_columns(sent, facilitator):
    first, second = sent.entries.order_by("pk")

    validation.validate(
        declaration=sent,
        credited={first.pk: Decimal(100), second.pk: Decimal("80.25")},
        by=facilitator,
        at=NOON,
    )

    assert list(sent.entries.order_by("pk").values_list("hours_done", "hours_credited")) == [
        (Decimal("120.50"), Decimal(100)),
        (Decimal(70), Decimal("80.25")),
    ]
    assert audit.history(sent)[0].sentence == "a validé 190,5 h (180,25 h retenues)"


@pytest.mark.parametrize("credited", ["-0.01", "744.01"])
def test_an_impossible_credit_validates_nothing(sent, facilitator, credited):
    first, second = sent.entries.order_by("pk")

    with pytest.raises(CreditRefused, match="vont de 0 à 744\u00a0h en mars 2026") as refusal:
        validation.validate(
            declaration=sent,
            credited={first.pk: Decimal(1), second.pk: Decimal(credited)},
            by=facilitator,
            at=NOON,
        )

    sent.refresh_from_db()
    assert set(refusal.value.reasons) == {second.pk}
    assert sent.state == DeclarationState.SENT
    assert not sent.entries.filter(hours_credited__isnull=False).exists()


def test_a_month_without_hours_is_validated_too(clause, facilitator):
    nothing = DeclarationFactory(contract=clause.contract, period=MARCH, sent=True, has_no_hours=True)

    validation.validate(declaration=nothing, by=facilitator, at=NOON)

    assert audit.history(nothing)[0].sentence == "a validé 0 h (0 h retenues)"


def test_a_validation_forgets_the_former_rejection(sent, facilitator):
    sent.rejection_reason, sent.rejection_comment = RejectionReason.OTHER, "Feuille illisible"
    sent.save()

    declaration = validation.validate(declaration=sent, by=facilitator, at=NOON)

    assert (declaration.rejection_reason, declaration.rejection_comment) == ("", "")


def test_a_rejection_keeps_its_reason_and_credits_nothing(sent, facilitator):
    declaration = validation.reject(
        declaration=sent,
        reason=RejectionReason.MISSING_PROOF,
        comment=" Il manque la feuille d’Ana Diallo. ",
        by=facilitator,
        at=NOON,
    )

    assert (declaration.state, declaration.rejection_reason) == (
        DeclarationState.REJECTED,
        RejectionReason.MISSING_PROOF,
    )
    assert declaration.rejection_comment == "Il manque la feuille d’Ana Diallo."
    assert not sent.entries.filter(hours_credited__isnull=False).exists()
    event = audit.history(sent)[0]
    assert event.sentence == "a rejeté la déclaration : Justificatif manquant ou illisible"
    assert "Diallo" not in str(event.payload)


def test_another_reason_is_explained(sent, facilitator):
    with pytest.raises(ReasonMissing):
        validation.reject(
            declaration=sent, reason=RejectionReason.OTHER, comment="  ", by=facilitator, at=NOON
        )

    sent.refresh_from_db()
    assert sent.state == DeclarationState.SENT


def test_letters_leave_only_once_the_decision_is_kept(sent, facilitator, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as later:
        validation.validate(declaration=sent, by=facilitator, at=NOON)

    assert len(later) == 1
    assert mail.outbox == []
