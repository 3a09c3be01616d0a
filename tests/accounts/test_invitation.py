"""The page behind an invitation's link."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Membership, User
from accounts.notifications import invitation_path
from accounts.roles import Role
from accounts.services import members


JOIN = {
    "first_name": "Nadia",
    "last_name": "Petit",
    "password": "un long mot de passe",
    "again": "un long mot de passe",
}


@pytest.fixture
def invite(stage, manager):
    def invite(email="nadia@confluent.example", **fields):
        return members.invite(
            organisation=stage.office.organisation,
            email=email,
            role=Role.FACILITATOR,
            job_title="",
            by=manager,
            at=fields.get("at", timezone.now()),
        )

    return invite


def test_a_new_person_joins_and_is_signed_in_under_that_hat(client, invite, stage):
    membership = invite()

    response = client.post(invitation_path(membership), JOIN, follow=True)

    assert response.redirect_chain[0] == ("/", 302)
    assert response.context["user"].full_name == "Nadia Petit"
    assert response.context["hat"] == membership
    assert "Bienvenue" in response.content.decode()


def test_the_page_says_who_invites_where_and_as_what(client, invite, manager):
    page = client.get(invitation_path(invite())).content.decode()

    assert str(manager) in page
    assert "Office du Confluent" in page
    assert "Facilitateur" in page
    assert "nadia@confluent.example" in page


def test_a_link_serves_once(client, invite):
    link = invitation_path(invite())
    client.post(link, JOIN)
    client.logout()

    again = client.get(link)

    assert again.status_code == 410
    assert "déjà été acceptée" in again.content.decode()


@pytest.mark.parametrize(
    ("wrong", "field", "told"),
    [
        ({"password": "court", "again": "court"}, "password", "12 caractères"),
        (
            {"password": "nadia@confluent.example", "again": "nadia@confluent.example"},
            "password",
            "semblable",
        ),
        ({"again": "autre chose encore"}, "again", "diffèrent"),
        ({"first_name": ""}, "first_name", "obligatoire"),
        ({"password": ""}, "password", "obligatoire"),
    ],
)
def test_a_doubtful_answer_comes_back_and_changes_nothing(client, invite, wrong, field, told):
    membership = invite()

    response = client.post(invitation_path(membership), JOIN | wrong)

    assert response.status_code == 422
    assert told in str(response.context["form"].errors[field])
    membership.refresh_from_db()
    assert membership.is_pending
    assert not User.objects.get(email="nadia@confluent.example").has_usable_password()


def test_somebody_known_signs_in_first(client, invite, buyer):
    buyer.set_password("un long mot de passe")
    buyer.save()
    link = invitation_path(invite(email=buyer.email))

    page = client.get(link)
    assert f"/connexion/?next={quote(link)}" in page.content.decode()
    assert client.post(link, JOIN).status_code == 200
    arrived = client.post(
        "/connexion/", {"login": buyer.email, "password": "un long mot de passe", "next": link}
    )

    assert arrived["Location"] == link
    buyer.refresh_from_db()
    assert buyer.check_password("un long mot de passe")


def test_somebody_signed_in_accepts_with_one_button(as_user, invite, buyer):
    membership = invite(email=buyer.email)
    client = as_user(buyer)
    assert "Accepter ce rôle" in client.get(invitation_path(membership)).content.decode()

    response = client.post(invitation_path(membership), follow=True)

    assert response.context["hat"] == membership
    assert Membership.objects.in_force().filter(user=buyer).count() == 2


def test_an_invitation_for_somebody_else_is_not_answered(as_user, invite, buyer):
    membership = invite()

    response = as_user(buyer).post(invitation_path(membership), JOIN)

    assert response.status_code == 403
    assert "nadia@confluent.example" in response.content.decode()
    membership.refresh_from_db()
    assert membership.is_pending


def test_an_expired_link_is_a_clear_page(client, invite):
    with time_machine.travel(datetime(2027, 3, 3, tzinfo=UTC), tick=False):
        link = invitation_path(invite())

    with time_machine.travel(datetime(2027, 3, 18, tzinfo=UTC), tick=False):
        response = client.get(link)

    assert response.status_code == 410
    assert "expiré" in response.content.decode()


@pytest.mark.parametrize("known", [True, False])
def test_a_link_signed_afresh_does_not_outlive_its_invitation(as_user, client, invite, buyer, known):
    membership = invite(email=buyer.email if known else "x@y.example", at=timezone.now() - timedelta(days=15))

    visitor = as_user(buyer) if known else client
    response = visitor.post(invitation_path(membership), JOIN)

    assert response.status_code == 410


def test_an_altered_link_is_a_clear_page(client, invite):
    link = invitation_path(invite())

    for altered in (link[:-4] + "xyz/", "/invitation/rien/", "/invitation/%00/"):
        response = client.get(altered)
        assert response.status_code == 404
        assert "Ce lien est incomplet ou modifié" in response.content.decode()


def test_a_cancelled_invitation_is_a_clear_page(as_user, client, invite, manager):
    membership = invite()
    members.cancel(membership=membership, by=manager, at=timezone.now())

    for visitor in (client, as_user(manager)):
        response = visitor.get(invitation_path(membership))
        assert response.status_code == 410
        assert "annulée" in response.content.decode()
