from datetime import date

import pytest

from accounts import audit
from accounts.enums import OrganisationKind
from accounts.models import Mandate, Office, Organisation, User
from tests.accounts.factories import MandateFactory, OfficeFactory, OrganisationFactory


@pytest.fixture
def support(as_user, administrator):
    return as_user(administrator)


NO_ROWS = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}


def test_the_administration_has_no_door_of_its_own(client, as_user, facilitator, db):
    asked = client.get("/administration/", follow=True)
    assert asked.redirect_chain[-1][0] == "/connexion/?next=/administration/"

    assert as_user(facilitator).get("/administration/", follow=True).status_code == 403


@pytest.mark.parametrize("page", ["", "accounts/user/", "accounts/organisation/", "accounts/mandate/"])
def test_its_pages_open_without_inline_script_or_style(support, page):
    response = support.get(f"/administration/{page}")

    assert response.status_code == 200
    assert "Administration de Clausier" in response.content.decode()


def test_groups_and_second_addresses_are_not_there(support):
    page = support.get("/administration/").content.decode()

    assert "/auth/group/" not in page
    assert "/account/emailaddress/" not in page


def test_an_account_is_mended_and_the_log_says_so(support, buyer, administrator):
    answer = {"email": "Bea@Rivebelle.example", "first_name": "Béa", "last_name": "Roche"} | NO_ROWS

    response = support.post(f"/administration/accounts/user/{buyer.pk}/change/", answer)

    assert response.status_code == 302
    buyer.refresh_from_db()
    assert (buyer.email, buyer.full_name, buyer.is_active) == ("bea@rivebelle.example", "Béa Roche", False)
    assert audit.history(buyer)[0].actor == str(administrator)


def test_an_administrator_cannot_lock_themselves_out(support, administrator):
    answer = {"email": administrator.email, "first_name": "Adèle", "last_name": "Simon"} | NO_ROWS

    support.post(f"/administration/accounts/user/{administrator.pk}/change/", answer)

    administrator.refresh_from_db()
    assert administrator.is_active


def test_accounts_are_neither_added_nor_deleted(support, buyer):
    assert support.get("/administration/accounts/user/add/").status_code == 403
    assert support.get(f"/administration/accounts/user/{buyer.pk}/delete/").status_code == 403


def test_data_are_erased_after_a_question_and_never_ones_own(support, buyer, administrator):
    chosen = {"action": "forget", "_selected_action": [buyer.pk, administrator.pk]}
    asked = support.post("/administration/accounts/user/", chosen)
    assert "Rien ne permet de revenir en arrière" in asked.content.decode()
    assert User.objects.get(pk=buyer.pk).is_active

    support.post("/administration/accounts/user/", chosen | {"confirmed": "1"})

    assert not User.objects.get(pk=buyer.pk).is_active
    assert User.objects.get(pk=administrator.pk).is_active


def test_an_office_comes_with_its_settings(support):
    answer = {"kind": "office", "name": "Office du Lac", "siret": "732 829 320 00074"}

    assert support.post("/administration/accounts/organisation/add/", answer).status_code == 302

    assert Office.objects.get(organisation__name="Office du Lac").organisation.siret == "73282932000074"


def test_a_funder_is_added_then_renamed(support):
    answer = {"kind": "funder", "name": "Fonds du Lac", "siret": ""}
    support.post("/administration/accounts/organisation/add/", answer)
    added = Organisation.objects.get(name="Fonds du Lac")

    support.post(f"/administration/accounts/organisation/{added.pk}/change/", answer | {"name": "Fonds"})

    added.refresh_from_db()
    assert (added.name, added.kind) == ("Fonds", OrganisationKind.FUNDER)
    assert [event.sentence for event in audit.history(added)] == [
        "a modifié l’organisation : nom",
        "a ajouté l’organisation",
    ]


@pytest.mark.parametrize(
    "wrong", [{"siret": "73282932000075"}, {"siret": "12"}, {"kind": "buyer"}, {"name": ""}]
)
def test_a_doubtful_organisation_is_refused(support, wrong):
    before = Organisation.objects.count()
    answer = {"kind": "funder", "name": "Fonds du Lac", "siret": ""} | wrong

    response = support.post("/administration/accounts/organisation/add/", answer)

    assert response.status_code == 200
    assert response.context["adminform"].form.errors
    assert Organisation.objects.count() == before


def test_a_mandate_is_opened_and_ended(support):
    office, partner = OfficeFactory(), OrganisationFactory(kind=OrganisationKind.BUYER)
    support.post(
        "/administration/accounts/mandate/add/",
        {"office": office.pk, "partner": partner.pk, "starts_on": "01/01/2027"},
    )
    mandate = Mandate.objects.get(partner=partner)
    assert mandate.starts_on == date(2027, 1, 1)

    support.post(f"/administration/accounts/mandate/{mandate.pk}/change/", {"ends_on": "01/01/2028"})

    mandate.refresh_from_db()
    assert mandate.ends_on == date(2028, 1, 1)
    assert audit.history(partner).count() == 2


def test_a_refused_mandate_comes_back_with_the_reason(support):
    running = MandateFactory()
    again = {"office": running.office.pk, "partner": running.partner.pk, "starts_on": "01/01/2027"}

    added = support.post("/administration/accounts/mandate/add/", again)
    ended = support.post(f"/administration/accounts/mandate/{running.pk}/change/", {"ends_on": "01/01/2019"})
    empty = support.post("/administration/accounts/mandate/add/", {})

    assert "court déjà" in added.content.decode()
    assert "après son début" in ended.content.decode()
    assert empty.context["adminform"].form.errors
