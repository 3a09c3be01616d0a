"""Signing in, signing out and the lost password, as a visitor lives them."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse


PASSWORD = "un long mot de passe"
SIGN_IN = "/connexion/"


@pytest.fixture
def known(buyer):
    buyer.set_password(PASSWORD)
    buyer.save()
    return buyer


@pytest.fixture
def reset_link(client, known, mailoutbox):
    client.post(reverse("account_reset_password"), {"email": known.email})
    return re.search(r"http://testserver(\S+)", mailoutbox[0].body)[1]


def test_signing_in_opens_the_home_page(client, known):
    response = client.post(SIGN_IN, {"login": known.email, "password": PASSWORD})

    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/compte/").context["user"] == known


def test_an_address_is_the_same_in_capitals(client, known):
    assert client.post(SIGN_IN, {"login": known.email.upper(), "password": PASSWORD}).status_code == 302


def test_signing_in_leads_where_one_was_going(client, known):
    asked = client.get("/equipe/")
    assert asked["Location"] == "/connexion/?next=/equipe/"
    assert (
        '<input type="hidden" name="next" value="/equipe/">' in client.get(asked["Location"]).content.decode()
    )

    response = client.post(SIGN_IN, {"login": known.email, "password": PASSWORD, "next": "/equipe/"})

    assert response["Location"] == "/equipe/"


def test_signing_in_never_leads_to_another_site(client, known):
    response = client.post(
        SIGN_IN, {"login": known.email, "password": PASSWORD, "next": "https://ailleurs.example/"}
    )

    assert response["Location"] == "/"


def test_a_wrong_password_and_an_unknown_address_are_told_alike(client, known):
    wrong = client.post(SIGN_IN, {"login": known.email, "password": "autre chose"})
    unknown = client.post(SIGN_IN, {"login": "personne@test.example", "password": "autre chose"})

    told = [response.context["form"].non_field_errors() for response in (wrong, unknown)]
    assert told[0] == told[1] == ["L’adresse ou le mot de passe ne convient pas. Vérifiez, puis réessayez."]
    assert [wrong.status_code, unknown.status_code] == [422, 422]


def test_somebody_invited_cannot_sign_in_before_answering(client, known):
    known.set_unusable_password()
    known.save()

    response = client.post(SIGN_IN, {"login": known.email, "password": ""})

    assert response.status_code == 422


def test_too_many_attempts_are_slowed_down(client, known, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "2/m/key"}
    cache.clear()

    for _ in range(3):
        response = client.post(SIGN_IN, {"login": known.email, "password": "autre chose"})

    assert "Trop d’essais" in response.content.decode()
    assert client.post(SIGN_IN, {"login": known.email, "password": PASSWORD}).status_code == 422


def test_too_many_requests_get_a_page_in_french(client, known, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    cache.clear()

    client.post(SIGN_IN, {"login": known.email, "password": "autre chose"})
    response = client.post(SIGN_IN, {"login": known.email, "password": "autre chose"})

    assert response.status_code == 429
    assert "Trop d’essais en peu de temps" in response.content.decode()


def test_a_closed_account_is_told_so(client, known):
    known.is_active = False
    known.save()

    response = client.post(SIGN_IN, {"login": known.email, "password": PASSWORD}, follow=True)

    assert response.redirect_chain == [("/compte/inactif/", 302)]
    assert "Ce compte est désactivé" in response.content.decode()


def test_signing_out_asks_for_a_gesture_and_closes_the_session(as_user, buyer):
    client = as_user(buyer)
    assert "Se déconnecter" in client.get("/deconnexion/").content.decode()

    client.post("/deconnexion/")

    assert client.get("/compte/").status_code == 302


def test_a_lost_password_is_replaced_by_a_link(client, known, reset_link):
    form = client.get(reset_link, follow=True)
    choice = {"password1": "un autre mot de passe", "password2": "un autre mot de passe"}

    done = client.post(form.request["PATH_INFO"], choice, follow=True)

    assert "Votre mot de passe est enregistré" in done.content.decode()
    known.refresh_from_db()
    assert known.check_password("un autre mot de passe")


def test_a_reset_link_serves_once(client, known, reset_link):
    form = client.get(reset_link, follow=True)
    choice = {"password1": "un autre mot de passe", "password2": "un autre mot de passe"}
    client.post(form.request["PATH_INFO"], choice)

    again = client.get(reset_link)

    assert "Ce lien ne sert plus" in again.content.decode()


def test_a_weak_password_comes_back_with_the_reason(client, known, reset_link):
    form = client.get(reset_link, follow=True)

    refused = client.post(form.request["PATH_INFO"], {"password1": "court", "password2": "autre"})

    assert refused.status_code == 422
    assert "12 caractères" in str(refused.context["form"].errors["password1"])


def test_the_reset_letter_is_in_french(client, known, mailoutbox):
    client.post(reverse("account_reset_password"), {"email": known.email})

    (letter,) = mailoutbox
    assert letter.subject == "Choisir un nouveau mot de passe"
    assert letter.to == [known.email]
    assert letter.body.startswith("Bonjour,")
    assert "trois jours" in letter.body
    assert "'" not in letter.body


def test_no_letter_leaves_for_an_unknown_address_and_nobody_can_tell(client, db, mailoutbox):
    response = client.post(reverse("account_reset_password"), {"email": "personne@test.example"}, follow=True)

    assert "Si un compte existe à cette adresse" in response.content.decode()
    assert mailoutbox == []


def test_changing_the_password_keeps_the_session_and_tells_the_owner(client, known, mailoutbox):
    client.post(SIGN_IN, {"login": known.email, "password": PASSWORD})
    choice = {
        "oldpassword": PASSWORD,
        "password1": "un autre mot de passe",
        "password2": "un autre mot de passe",
    }

    response = client.post(reverse("account_change_password"), choice, follow=True)

    assert response.redirect_chain == [("/compte/", 302)]
    assert "Votre mot de passe est enregistré." in response.content.decode()
    (letter,) = mailoutbox
    assert letter.subject == "Votre mot de passe a changé"
    assert "127.0.0.1" in letter.body


def test_a_wrong_present_password_comes_back(as_user, known):
    choice = {
        "oldpassword": "faux",
        "password1": "un autre mot de passe",
        "password2": "un autre mot de passe",
    }

    refused = as_user(known).post(reverse("account_change_password"), choice)

    assert refused.status_code == 422
    assert refused.context["form"].errors["oldpassword"] == ["Ce n’est pas votre mot de passe actuel."]


def test_a_form_without_its_token_gets_a_clear_page(known):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)

    response = strict.post(SIGN_IN, {"login": known.email, "password": PASSWORD})

    assert response.status_code == 403
    assert "restée ouverte trop longtemps" in response.content.decode()
