"""Every place of every role on a telephone: axe is silent there too. What a wide screen shows is crawled."""

import pytest

from clauses.management.demonstration.territory import ACCOUNTS


pytestmark = pytest.mark.browser


@pytest.mark.parametrize("account", [account.email for account in ACCOUNTS])
def test_every_place_of_a_role_is_sound_on_a_telephone(visitor, account):
    window = visitor(account, width=390)
    window.open("/")
    places = {link.get_attribute("href") for link in window.page.query_selector_all(".rail .place")}

    assert len(places) >= 2
    for place in sorted(places - {"/administration/"}):
        page = window.open(place)
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0, f"{place}: {overflow} px too wide"


@pytest.mark.parametrize("path", ["/connexion/", "/mot-de-passe/oublie/", "/aide/", "/accessibilite/"])
def test_the_public_pages_are_sound(visitor, path):
    visitor().open(path)
    visitor(width=390).open(path)


def test_another_authority_sees_nothing_of_ours(visitor):
    mine = visitor("acheteuse@demo.example")
    mine.open("/plans/")
    plan = mine.page.locator("main table a").first.get_attribute("href")
    stranger = visitor("autre.acheteur@demo.example")

    assert stranger.page.goto(plan).status == 404
