from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts import audit
from accounts.enums import PERSONAL_PAYLOAD, AuditKind
from accounts.models import AuditEvent, Mandate, Membership, Office, Organisation, User
from config.adapter import ClosedAccountAdapter
from tests.accounts.factories import MandateFactory, OrganisationFactory, UserFactory


def test_an_account_is_created_and_found_whatever_the_capitals(db):
    user = User.objects.create_user(" Camille@Test.example ", "un long mot de passe", first_name="Camille")

    assert user.email == "camille@test.example"
    assert user.check_password("un long mot de passe")
    assert User.objects.get_by_natural_key("CAMILLE@test.example ") == user


def test_the_first_administrator_comes_from_the_shell(db):
    user = User.objects.create_superuser("admin@test.example", "un long mot de passe")

    assert (user.is_staff, user.is_superuser) == (True, True)


def test_somebody_without_a_name_is_called_by_their_address(db):
    assert (
        str(UserFactory(first_name="", last_name="", email="camille@test.example")) == "camille@test.example"
    )


def test_a_hat_reads_as_a_role_in_an_organisation(manager):
    assert str(manager.membership) == "Responsable · Office du Confluent"


def test_a_mandate_reads_as_its_two_parties(db):
    assert str(MandateFactory(partner=OrganisationFactory(name="Ville"))) == "Office du Confluent – Ville"


@pytest.mark.parametrize(
    ("starts", "ends", "runs"),
    [(-1, None, True), (0, None, True), (1, None, False), (-9, 1, True), (-9, 0, False)],
)
def test_a_mandate_runs_from_its_first_day_to_the_eve_of_its_end(db, starts, ends, runs):
    today = timezone.localdate()
    ends_on = None if ends is None else today + timedelta(days=ends)
    mandate = MandateFactory(starts_on=today + timedelta(days=starts), ends_on=ends_on)

    assert Mandate.objects.in_force().filter(pk=mandate.pk).exists() is runs
    assert Mandate.objects.partners_of(mandate.office_id).exists() is runs
    assert Mandate.objects.offices_of(mandate.partner_id).exists() is runs


def test_who_sees_which_members(manager, buyer, facilitator, contractor, administrator):
    sees = lambda user: set(Membership.objects.visible_to(user))  # noqa: E731

    assert sees(manager) == {manager.membership, facilitator.membership}
    assert sees(buyer) == {buyer.membership}
    assert len(sees(administrator)) == 5
    assert sees(facilitator) == sees(contractor) == set()


def test_who_sees_which_organisations_and_offices(manager, contractor, administrator, stage):
    assert list(Organisation.objects.visible_to(contractor)) == [stage.company]
    assert Organisation.objects.visible_to(administrator).count() == Organisation.objects.count()
    assert list(Office.objects.visible_to(manager)) == [stage.office]
    assert not Office.objects.visible_to(contractor).exists()


def test_without_a_hat_one_sees_nothing(stage):
    assert not Organisation.objects.visible_to(UserFactory()).exists()


def test_a_same_fact_is_recorded_on_many_objects_at_once(stage, manager, django_assert_num_queries):
    rows = [(stage.office, {"year": 2026}), (stage.other_office, {"year": 2027})]

    with django_assert_num_queries(1):
        audit.record_many(AuditKind.PLAN_OPENED, rows, by=manager)

    assert str(audit.history(stage.other_office)[0]) == f"{manager} a ouvert le plan d’achats 2027"


def test_whoever_acts_without_an_account_is_named_and_the_machine_too(stage):
    audit.record(AuditKind.PROPOSAL_OPENED, target=stage.office, by=None, actor_name="Dominique Leroy")
    audit.record(AuditKind.OFFICE_OPENED, target=stage.office, by=None)

    assert {event.actor for event in audit.history(stage.office)} == {"Dominique Leroy", "Clausier"}


def test_a_forgotten_key_reads_as_an_ellipsis():
    event = AuditEvent(kind=AuditKind.MEMBER_INVITED, actor_name="Mona", payload={"role": "acheteur"})

    assert str(event) == "Mona a invité … comme acheteur"


@pytest.mark.parametrize(
    "kind", [kind for kind in AuditKind if "{person}" in kind.label or "{recipient}" in kind.label]
)
def test_every_sentence_that_names_a_person_can_forget_them(kind):
    assert PERSONAL_PAYLOAD[kind]


def test_nobody_opens_an_account_alone(rf):
    assert ClosedAccountAdapter().is_open_for_signup(rf.get("/")) is False


def test_a_mandate_that_follows_does_not_overlap(db):
    ended = MandateFactory(ends_on=date(2027, 1, 1))

    assert list(Mandate.objects.running_at(date(2026, 12, 31))) == [ended]
    assert list(Mandate.objects.running_at(date(2027, 1, 1))) == []
