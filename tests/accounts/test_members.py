from datetime import UTC, datetime, timedelta

import pytest

from accounts import audit, notifications
from accounts.enums import MembershipState
from accounts.models import Membership, User
from accounts.roles import Role
from accounts.services import members
from accounts.tasks import send_invitation
from accounts.workflow import TransitionRefused
from config.lib import tokens
from tests.accounts.factories import MembershipFactory, UserFactory, person


AT = datetime(2027, 3, 3, 9, tzinfo=UTC)
LATER = AT + timedelta(days=3)


@pytest.fixture
def invite(manager, stage):
    def invite(email="nouvelle@confluent.example", role=Role.FACILITATOR, organisation=None, job_title=""):
        return members.invite(
            organisation=organisation or stage.office.organisation,
            email=email,
            role=role,
            job_title=job_title,
            by=manager,
            at=AT,
        )

    return invite


def told(membership):
    return [event.sentence for event in audit.history(membership)]


def test_a_new_person_is_invited_without_a_password(invite, manager):
    membership = invite(email=" Nouvelle@Confluent.example ", job_title="Chargée de mission")

    assert membership.user.email == "nouvelle@confluent.example"
    assert not membership.user.has_usable_password()
    assert membership.state == MembershipState.PENDING
    assert membership.job_title == "Chargée de mission"
    assert (membership.invited_at, membership.invited_by) == (AT, manager)
    assert told(membership) == ["a invité nouvelle@confluent.example comme facilitateur"]


def test_somebody_with_an_account_keeps_it(invite, buyer):
    membership = invite(email=buyer.email)

    assert membership.user == buyer
    assert User.objects.filter(email=buyer.email).count() == 1


def test_a_pending_invitation_is_not_a_hat(invite):
    invite()

    assert not Membership.objects.in_force().filter(user__email="nouvelle@confluent.example").exists()


def test_the_letter_leaves_once_the_invitation_is_kept(invite, prompt_worker, mailoutbox, manager):
    with prompt_worker():
        membership = invite()

    (letter,) = mailoutbox
    assert letter.to == ["nouvelle@confluent.example"]
    assert letter.subject == "Office du Confluent vous invite sur Clausier"
    assert str(manager) in letter.body
    assert "17 mars 2027" in letter.body
    assert notifications.invitation_path(membership).rpartition(":")[0].rpartition(":")[0] in letter.body


def test_no_letter_follows_a_cancelled_invitation(invite, manager, mailoutbox):
    membership = invite()
    members.cancel(membership=membership, by=manager, at=LATER)

    send_invitation(membership.pk)

    assert mailoutbox == []


def test_a_name_with_a_line_break_does_not_break_the_letter(invite, stage):
    stage.office.organisation.name = "Office\ndu Confluent"

    letter = notifications.invitation(invite())

    assert letter.subject == "Office du Confluent vous invite sur Clausier"


@pytest.mark.parametrize("role", [Role.BUYER, Role.ADMINISTRATOR, Role.CONTRACTOR])
def test_an_office_has_neither_buyers_nor_administrators(invite, role):
    with pytest.raises(members.InvitationRefused, match="n’existe pas dans"):
        invite(role=role)

    assert not User.objects.filter(email="nouvelle@confluent.example").exists()


def test_nobody_is_invited_twice_for_the_same_role(invite):
    invite()

    with pytest.raises(members.InvitationRefused, match="déjà ce rôle"):
        invite()


def test_somebody_may_be_invited_for_a_second_role(invite):
    invite()
    invite(role=Role.MANAGER)

    assert Membership.objects.pending().count() == 2


def test_a_closed_account_is_not_invited(invite):
    UserFactory(email="nouvelle@confluent.example", is_active=False)

    with pytest.raises(members.InvitationRefused, match="désactivé"):
        invite()


def test_somebody_who_left_may_come_back(invite, manager):
    left = invite()
    members.cancel(membership=left, by=manager, at=LATER)

    again = invite()

    assert again.pk != left.pk
    assert again.is_pending


def test_resending_gives_two_more_weeks(invite, manager, prompt_worker, mailoutbox):
    membership = invite()

    with prompt_worker():
        members.resend(membership=membership, by=manager, at=LATER)

    membership.refresh_from_db()
    assert membership.invitation_ends_at == LATER + timedelta(days=14)
    assert told(membership)[0] == "a envoyé de nouveau l’invitation à nouvelle@confluent.example"
    assert "20 mars 2027" in mailoutbox[0].body


def test_the_link_leads_to_the_open_invitation(invite):
    membership = invite()
    token = notifications.invitation_path(membership).split("/")[2]

    assert members.invited(token=token) == membership


def test_the_link_dies_with_the_invitation(invite, manager):
    membership = invite()
    token = notifications.invitation_path(membership).split("/")[2]
    members.cancel(membership=membership, by=manager, at=LATER)

    with pytest.raises(members.InvitationClosed, match="annulée"):
        members.invited(token=token)


def test_a_link_made_for_something_else_opens_nothing(invite):
    with pytest.raises(tokens.TokenAltered):
        members.invited(token=tokens.sign("decision", {"membership": invite().pk}))


def test_a_link_whose_invitation_is_gone_is_closed(db):
    with pytest.raises(members.InvitationClosed, match="n’existe plus"):
        members.invited(token=tokens.sign("invitation", {"membership": 404}))


def test_a_new_person_joins_with_a_name_and_a_password(invite):
    membership = members.join(
        membership=invite(), first_name="Nadia", last_name="Petit", password="un mot de passe long", at=LATER
    )

    user = User.objects.get(email="nouvelle@confluent.example")
    assert (user.full_name, membership.accepted_at) == ("Nadia Petit", LATER)
    assert user.check_password("un mot de passe long")
    assert not user.is_staff
    event = audit.history(membership)[0]
    assert (event.actor, event.sentence) == ("Nadia Petit", "a rejoint l’organisation comme facilitateur")


def test_an_invitation_never_changes_the_password_of_an_account(invite, buyer):
    buyer.set_password("celui que je connais")
    buyer.save()

    with pytest.raises(members.InvitationClosed, match="compte existe déjà"):
        members.join(
            membership=invite(email=buyer.email), first_name="A", last_name="B", password="autre", at=LATER
        )

    buyer.refresh_from_db()
    assert buyer.check_password("celui que je connais")


def test_an_invitation_serves_once(invite):
    membership = invite()
    members.accept(membership=membership, at=LATER)

    with pytest.raises(TransitionRefused, match="déjà été acceptée"):
        members.accept(membership=membership, at=LATER)


def test_an_invitation_is_not_accepted_after_two_weeks(invite):
    with pytest.raises(members.InvitationClosed, match="expiré"):
        members.accept(membership=invite(), at=AT + timedelta(days=14, seconds=1))


def test_an_invitation_is_accepted_to_the_last_moment(invite):
    assert members.accept(membership=invite(), at=AT + timedelta(days=14)).accepted_at


def test_a_member_is_removed_and_loses_the_hat(facilitator, manager):
    members.remove(membership=facilitator.membership, by=manager, at=AT)

    assert not Membership.objects.in_force().filter(user=facilitator).exists()
    assert told(facilitator.membership) == [f"a retiré {facilitator} de l’organisation"]


def test_nobody_removes_themselves(manager, stage):
    person(Role.MANAGER, stage.office.organisation)

    with pytest.raises(members.RemovalRefused, match="vous-même"):
        members.remove(membership=manager.membership, by=manager, at=AT)


def test_the_last_manager_of_an_office_stays(manager, administrator):
    with pytest.raises(members.RemovalRefused, match="dernier responsable"):
        members.remove(membership=manager.membership, by=administrator, at=AT)

    assert Membership.objects.in_force().filter(user=manager).exists()


def test_one_of_two_managers_may_leave(manager, stage):
    other = person(Role.MANAGER, stage.office.organisation)

    members.remove(membership=other.membership, by=manager, at=AT)

    assert Membership.objects.in_force().filter(role=Role.MANAGER).count() == 1


def test_a_manager_who_left_does_not_count_as_the_other_one(manager, administrator, stage):
    MembershipFactory(organisation=stage.office.organisation, role=Role.MANAGER, ended_at=AT)
    MembershipFactory(organisation=stage.office.organisation, role=Role.MANAGER, accepted_at=None)

    with pytest.raises(members.RemovalRefused):
        members.remove(membership=manager.membership, by=administrator, at=AT)


def test_the_administration_opens_and_closes_with_the_hat(administrator, stage):
    invited = members.invite(
        organisation=stage.platform,
        email="support@clausier.example",
        role=Role.ADMINISTRATOR,
        job_title="",
        by=administrator,
        at=AT,
    )
    user = members.accept(membership=invited, at=LATER).user
    assert (user.is_staff, user.is_superuser) == (True, True)

    user = members.remove(membership=invited, by=administrator, at=LATER).user

    assert (user.is_staff, user.is_superuser) == (False, False)


def test_an_invitation_is_cancelled_rather_than_removed(invite, manager):
    with pytest.raises(TransitionRefused, match="annulez-la plutôt"):
        members.remove(membership=invite(), by=manager, at=AT)


def test_cancelling_says_so(invite, manager):
    membership = members.cancel(membership=invite(), by=manager, at=LATER)

    assert membership.state == MembershipState.ENDED
    assert told(membership)[0] == "a annulé l’invitation de nouvelle@confluent.example"
