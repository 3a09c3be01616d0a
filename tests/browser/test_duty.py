"""The derogation and the answer of the office, by keyboard and at both widths."""

import re

import pytest


pytestmark = pytest.mark.browser

FACILITATOR = "facilitatrice@demo.example"


def open_derogation(window, words):
    page = window.open(f"/reperage/?q={words}")
    page.locator("tbody a.row-link").first.click()
    page.get_by_role("link", name="Dérogation : la lire ou la signer").click()
    page.get_by_role("heading", name="Se passer de condition sociale").wait_for()
    window.check()
    return page


def open_answer(window, buyer):
    page = window.open("/reperage/reponses/")
    page.get_by_role("link", name=buyer, exact=True).first.click()
    page.get_by_role("heading", name="Réponse au plan d’achats").wait_for()
    window.check()
    return page


def is_too_wide(page):
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_are_sound_at_both_widths(visitor, width):
    window = visitor(FACILITATOR, width=width)

    assert not is_too_wide(window.open("/reperage/reponses/"))
    assert not is_too_wide(open_derogation(window, "assurances"))
    assert not is_too_wide(open_answer(window, "Ville de Créteil"))


def test_a_derogation_is_signed_with_the_keyboard_printed_and_withdrawn(visitor):
    window = visitor(FACILITATOR)
    page = open_derogation(window, "licences")

    page.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Des licences du commerce : aucune heure de travail n’est commandée.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("est signée").wait_for()
    window.check()
    with page.expect_download() as sheet:
        page.get_by_role("link", name="Télécharger la fiche").first.click()

    assert re.fullmatch(r"derogation-.+\.pdf", sheet.value.suggested_filename)
    page.get_by_role("button", name="Retirer la dérogation").click()
    page.get_by_text("reste dans l’historique").wait_for()
    window.check()


def test_a_derogation_without_motive_nor_text_says_what_is_missing(visitor):
    window = visitor(FACILITATOR)
    page = open_derogation(window, "licences")

    page.get_by_role("button", name="Signer la dérogation").press("Enter")

    page.get_by_text("Choisissez le motif.").wait_for()
    page.get_by_text("Écrivez la justification.").wait_for()
    window.check()


def test_an_answer_that_closes_a_line_against_the_law_is_not_published(visitor):
    window = visitor(FACILITATOR)
    page = open_answer(window, "Ville de Créteil")

    page.get_by_label("Publier alors que").press("Space")
    page.get_by_role("button", name="Publier la réponse").press("Enter")

    page.get_by_role("alert").get_by_text("Licences bureautiques").wait_for()
    window.check()
    page.get_by_role("link", name="Signer une dérogation pour Licences bureautiques").press("Enter")
    page.get_by_role("heading", name="Se passer de condition sociale").wait_for()


def test_an_answer_is_published_with_the_keyboard(visitor):
    window = visitor(FACILITATOR)
    page = open_answer(window, "Groupe hospitalier du Confluent")

    page.get_by_role("button", name="Publier la réponse").press("Enter")
    page.get_by_role("alert").get_by_text("n’ont pas d’avis").wait_for()
    window.check()
    page.get_by_label("Publier alors que").press("Space")
    page.get_by_role("button", name="Publier la réponse").press("Enter")

    page.get_by_role("heading", name="Ce que l’acheteur lit").wait_for()
    window.check()
