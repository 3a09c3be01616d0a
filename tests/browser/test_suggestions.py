"""The rule of the suggestions as a facilitator sets it, and how far verdicts followed it."""

import pytest


pytestmark = pytest.mark.browser

FACILITATOR = "facilitatrice@demo.example"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    "path", ["/suggestions/regle/", "/suggestions/regle/modifier/", "/suggestions/avis/"]
)
def test_the_pages_are_clean_on_a_screen_and_on_a_phone(visitor, path, width):
    page = visitor(FACILITATOR, width=width).open(path)

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_numbers_are_tried_before_they_are_kept(visitor):
    window = visitor(FACILITATOR)
    page = window.open("/suggestions/regle/modifier/")

    page.fill("#id_minimum_hours", "600")
    page.get_by_role("button", name="Voir ce que cela change").click()

    page.get_by_role("heading", name="Ce que cela change").wait_for()
    assert page.locator("#apercu ~ div tbody tr").count() > 0
    assert page.input_value("#id_minimum_hours") == "600"
    window.check()


def test_a_contradiction_is_refused_beside_the_form(visitor):
    window = visitor(FACILITATOR)
    page = window.open("/suggestions/regle/modifier/")

    page.fill("#id_criterion_hours", "5000")
    page.fill("#id_note", "Essai")
    page.get_by_role("button", name="Enregistrer cette version").click()

    page.get_by_text("Le plancher d’une clause est au moins celui d’un critère.").first.wait_for()
    window.check()


def test_a_criterion_narrows_the_agreement_without_leaving_the_page(visitor):
    window = visitor(FACILITATOR)
    page = window.open("/suggestions/avis/")

    page.select_option("#id_verdict", "not_clausable")

    page.wait_for_url("**verdict=not_clausable**")
    page.get_by_role("list", name="Critères en cours").wait_for()
    window.check()
