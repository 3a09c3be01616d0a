import json

import pytest
from django.utils import timezone

from accounts.roles import Role
from accounts.services import members, people
from tests.accounts.factories import MembershipFactory, UserFactory


def test_a_person_changes_their_name(as_user, buyer):
    response = as_user(buyer).post("/compte/", {"first_name": "Béa", "last_name": "Roche"}, follow=True)

    assert "Votre nom est enregistré." in response.content.decode()
    assert response.context["user"].full_name == "Béa Roche"


def test_a_nameless_person_is_refused(as_user, buyer):
    response = as_user(buyer).post("/compte/", {"first_name": "", "last_name": "Roche"})

    assert response.status_code == 422
    assert buyer.full_name in response.content.decode()


def test_the_profile_lists_the_hats_and_switches(as_user, buyer, stage):
    other = MembershipFactory(user=buyer, organisation=stage.other_buyer.organisation, role=Role.BUYER)
    client = as_user(buyer)
    assert "Prendre ce rôle" in client.get("/compte/").content.decode()

    response = client.post("/compte/role/", {"membership": other.pk}, follow=True)

    assert response.context["hat"] == other
    assert "Ville d’ailleurs" in response.content.decode()


@pytest.mark.parametrize("chosen", ["", "abc", "²", "99999999999999999999", "-1"])
def test_a_hat_that_is_not_ones_own_does_not_exist(as_user, buyer, facilitator, chosen):
    client = as_user(buyer)

    assert client.post("/compte/role/", {"membership": chosen}).status_code == 404
    assert client.post("/compte/role/", {"membership": facilitator.membership.pk}).status_code == 404


def test_a_person_takes_away_their_own_data(as_user, buyer, facilitator):
    people.rename(user=buyer, first_name="Béa", last_name="Roche")

    response = as_user(buyer).get("/compte/mes-donnees/")

    assert response["Content-Disposition"] == 'attachment; filename="mes-donnees.json"'
    held = json.loads(response.content)
    assert held["compte"]["adresse électronique"] == buyer.email
    assert [role["rôle"] for role in held["rôles"]] == ["Acheteur"]
    assert [done["fait"] for done in held["actions"]] == ["a modifié son nom"]
    assert facilitator.email not in response.content.decode()


def test_an_account_without_a_role_gets_a_clear_page(as_user, db):
    lonely = UserFactory()

    response = as_user(lonely).get("/", follow=True)

    assert response.redirect_chain == [("/bienvenue/", 302)]
    assert "Votre compte n’a pas encore de rôle" in response.content.decode()
    assert as_user(lonely).get("/compte/").status_code == 200
    assert as_user(lonely).get("/droits/").status_code == 200
    assert as_user(lonely).get("/equipe/").status_code == 403


def test_an_account_without_a_role_answers_its_invitation_there(as_user, manager, stage):
    lonely = UserFactory()
    invited = members.invite(
        organisation=stage.office.organisation,
        email=lonely.email,
        role=Role.FACILITATOR,
        job_title="",
        by=manager,
        at=timezone.now(),
    )
    client = as_user(lonely)

    (invitation,) = client.get("/bienvenue/").context["invitations"]
    response = client.post(invitation["url"], follow=True)

    assert response.context["hat"] == invited
    assert client.get("/bienvenue/").status_code == 302


def test_an_expired_invitation_is_no_longer_offered(as_user, manager, stage):
    lonely = UserFactory()
    MembershipFactory(
        user=lonely,
        organisation=stage.office.organisation,
        role=Role.FACILITATOR,
        accepted_at=None,
        invited_at=timezone.now() - members.Membership.INVITATION_LIFE,
    )

    assert as_user(lonely).get("/bienvenue/").context["invitations"] == []


def test_a_manager_settles_the_office(as_user, manager, stage):
    settings = {"email": "", "phone": "", "answer_days": 21, "link_days": 28, "small_count_floor": 5}

    response = as_user(manager).post("/reglages/", settings, follow=True)

    assert "Les réglages de l’office sont enregistrés." in response.content.decode()
    assert "délai de décision" in response.context["events"][0].sentence
    stage.office.refresh_from_db()
    assert stage.office.answer_days == 21


@pytest.mark.parametrize(
    "wrong", [{"answer_days": 0}, {"link_days": 400}, {"small_count_floor": "x"}, {"email": "x"}]
)
def test_settings_out_of_bounds_come_back(as_user, manager, stage, wrong):
    settings = {"email": "", "phone": "", "answer_days": 21, "link_days": 28, "small_count_floor": 5} | wrong

    response = as_user(manager).post("/reglages/", settings)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == list(wrong)
