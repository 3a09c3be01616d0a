import pytest
from django.test import RequestFactory
from django.urls import reverse

from accounts.permissions import GRANTS, Permission
from accounts.roles import Role
from accounts.templatetags.frame import PLACES
from config import errors
from tests.accounts.factories import MandateFactory
from tests.conftest import PageReader
from tests.test_architecture import url_patterns


# The pages that nobody needs an account for. A page that joins them is a decision to be read here.
PUBLIC = {
    "healthz",
    "readyz",
    "account_login",
    # Sends a visitor who is not signed in to the sign-in page.
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "accounts:invitation",
    "accounts:help",
    "accounts:accessibility",
    # A department answers a proposal by its link.
    "clauses:decision",
    # A structure answers a need by its link.
    "structures:need_answer",
    # It corrects its card by the same link, or by one of its own; an office reviews what it says.
    "structures:approach_card",
    "structures:card_answer",
    # A calendar subscribes without signing in: the address holds the key, which its owner may take back.
    "clauses:calendar_feed",
    # An office says who it is and whom to ask: nobody is named there without having agreed.
    "structures:office_card",
}


def test_exactly_these_pages_are_public():
    public = {
        name
        for name, pattern in url_patterns()
        if not getattr(pattern.callback, "login_required", True) and not name.startswith("admin:")
    }

    assert public == PUBLIC


def test_the_table_of_rights_is_the_table_of_permissions(as_user, buyer):
    response = as_user(buyer).get("/droits/")

    shown = {
        (Permission(row["verb"]), role)
        for row in response.context["rows"]
        for role, granted in zip(Role, row["granted"], strict=True)
        if granted
    }
    assert shown == {(verb, role) for role, verbs in GRANTS.items() for verb in verbs}
    assert [role["label"] for role in response.context["roles"] if role["is_mine"]] == ["Acheteur"]


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_description_and_a_guide(role):
    from accounts.roles import DESCRIPTIONS
    from accounts.views.about import GUIDES

    assert DESCRIPTIONS[role]
    assert GUIDES[role] == f"accounts/guides/{role}.html"


def test_the_help_of_a_buyer_names_the_offices_that_serve_it(as_user, buyer, stage):
    stage.office.email = "contact@confluent.example"
    stage.office.save()
    MandateFactory(office=stage.other_office, partner=stage.buyer.organisation)

    page = as_user(buyer).get("/aide/").content.decode()

    assert "Déposez votre plan d’achats" in page
    assert "contact@confluent.example" in page
    assert "Office d’ailleurs" in page


def test_the_help_of_a_facilitator_names_their_own_office(as_user, facilitator):
    offices = as_user(facilitator).get("/aide/").context["offices"]

    assert [str(office) for office in offices] == ["Office du Confluent"]


def test_the_help_is_open_to_all(client, db):
    assert "La chaîne, du plan au bilan" in client.get("/aide/").content.decode()


def test_the_gallery_shows_every_component(as_user, administrator):
    page = as_user(administrator).get("/composants/").content.decode()

    for part in (
        "badge-state",
        "notice-error",
        "figure-value",
        "timeline",
        "empty-title",
        "pager",
        "is-invalid",
    ):
        assert part in page


def test_a_missing_page_is_told_in_french(client, db):
    response = client.get("/nulle-part/")

    assert response.status_code == 404
    assert "Cette page est introuvable" in response.content.decode()


def test_a_refused_page_names_the_hat_that_is_refused(as_user, contractor):
    response = as_user(contractor).get("/equipe/")

    assert response.status_code == 403
    assert "Entreprise titulaire" in response.content.decode()


def test_a_breakdown_page_needs_neither_database_nor_session():
    response = errors.server_error(RequestFactory().get("/"))

    assert response.status_code == 500
    assert "Une erreur est survenue" in response.content.decode()


@pytest.mark.django_db
def test_a_request_that_is_not_understood_gets_a_page():
    request = RequestFactory().get("/")

    response = errors.bad_request(request, ValueError())

    assert response.status_code == 400


@pytest.mark.parametrize("place", sorted({place.url_name for places in PLACES.values() for place in places}))
def test_every_place_of_the_navigation_exists(place):
    assert reverse(place)


CAST = {
    Role.FACILITATOR: "facilitator",
    Role.MANAGER: "manager",
    Role.BUYER: "buyer",
    Role.PRESCRIBER: "prescriber",
    Role.CONTRACTOR: "contractor",
    Role.STRUCTURE: "structure_member",
    Role.FUNDER: "funder",
    Role.ADMINISTRATOR: "administrator",
}


@pytest.mark.parametrize("role", list(Role))
def test_every_place_of_a_role_opens_for_it(role, request, stage):
    visitor = PageReader().sign_in(request.getfixturevalue(CAST[role]))

    answers = {
        place["url"]: visitor.get(place["url"], follow=True).status_code
        for place in visitor.get("/").context["places"]
    }

    assert {url: status for url, status in answers.items() if status != 200} == {}
