"""A meeting from its date to its outcome, three quotes made an order, and the public card: one walk each."""

from datetime import date, timedelta

import pytest


pytestmark = pytest.mark.browser

FACILITATOR, MANAGER = "facilitatrice@demo.example", "responsable@demo.example"
PAGES = {
    FACILITATOR: (
        "/rencontres/", "/rencontres/prevoir/", "/rencontres/bilan/", "/achats-directs/",
        "/achats-directs/noter/?q=jardin", "/achats-directs/chiffres/", "/compte/carte/",
    ),
    MANAGER: ("/reglages/carte/",),
    "": ("/offices/maison-des-clauses-marne-et-seine/",),
}  # fmt: skip


@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_are_sound_at_both_widths(visitor, width):
    for account, paths in PAGES.items():
        window = visitor(account, width=width)
        for path in paths:
            page = window.open(path)
            overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert overflow <= 0, f"{path}: {overflow} px too wide"


def test_a_visit_is_told_after_the_day_with_who_came(visitor):
    window = visitor(FACILITATOR)
    page = window.open("/rencontres/prevoir/")

    page.get_by_label("Nature").select_option(label="Visite de site")
    page.get_by_label("Objet").fill("Visite de la ressourcerie")
    page.get_by_label("Jour").fill((date.today() - timedelta(days=2)).isoformat())  # noqa: DTZ011
    page.get_by_role("button", name="Saisir la rencontre").click()
    page.get_by_label("Ville de Noiseau").check()
    page.get_by_role("button", name="Ajouter les acheteurs cochés").click()
    window.check()
    page.get_by_role("link", name="Noter ce qui en est sorti").click()
    page.get_by_label("Marché ou lot réservé").check()
    page.get_by_role("button", name="Noter", exact=True).click()
    window.check()

    assert page.locator("#issue ~ p strong").inner_text() == "Marché ou lot réservé"
    assert "Venue" in page.locator("[aria-labelledby=invites]").inner_text()


def test_a_meeting_to_come_is_cancelled_and_brought_back(visitor):
    window = visitor(FACILITATOR)
    page = window.open("/rencontres/?situation=upcoming")
    page.locator(".row-link").last.click()

    page.get_by_role("button", name="Annuler la rencontre").click()
    window.check()
    page.get_by_role("button", name="La rétablir").click()

    assert page.get_by_role("button", name="Annuler la rencontre").is_visible()


def test_the_quote_that_is_chosen_becomes_an_order(visitor):
    window = visitor(FACILITATOR)
    page = window.open("/structures/besoins/")
    page.get_by_role("link", name="enveloppes").first.click()
    page.get_by_role("link", name="Devis", exact=True).click()
    window.check()

    assert "ne se comparent pas tous" in page.locator("main").inner_text()
    page.get_by_role("link", name="Choisir le devis de ESAT des Deux Rives").click()
    page.get_by_label("Acheteur").select_option(label="Ville de Noiseau")
    page.get_by_role("button", name="Noter l’achat").click()
    window.check()

    assert "148,50" in page.locator(".calculation").inner_text()


def test_a_person_takes_their_agreement_back_and_gives_it_again(visitor):
    card = "/offices/maison-des-clauses-marne-et-seine/"
    window, stranger = visitor(FACILITATOR), visitor()
    page = window.open("/compte/carte/")

    page.get_by_role("button", name="Retirer mon accord").click()
    without = stranger.open(card).locator("main").inner_text()
    page.get_by_role("button", name="J’accepte qu’elles soient publiées").click()
    window.check()
    # The copy that the browser keeps is older than the agreement.
    stranger.page.reload()

    assert "facilitatrice@demo.example" not in without
    assert "facilitatrice@demo.example" in stranger.page.locator("main").inner_text()
