"""A line marked as urgent with the keyboard alone, lifted, put back; the pages of delays beside it."""

import pytest


pytestmark = pytest.mark.browser

FACILITATOR = "facilitatrice@demo.example"
LINE = "/reperage/?q=mise+sous+pli&year=2027"
REASON = "Le contrat en cours est résilié"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", ["/reperage/?urgent=yes", "/tableau-de-bord/", "/tableau-de-bord/delais/"])
def test_the_pages_are_clean_on_a_screen_and_on_a_phone(visitor, path, width):
    page = visitor(FACILITATOR, width=width).open(path)

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_line_is_marked_lifted_and_put_back_with_the_keyboard(visitor):
    window = visitor(FACILITATOR)
    page = window.open(LINE)
    row = page.locator("[data-fc-line]").first
    row.focus()

    page.keyboard.press("!")
    page.get_by_role("textbox", name="Pourquoi cette ligne est urgente").wait_for()
    window.check()
    page.keyboard.type(REASON)
    page.keyboard.press("Enter")
    row.get_by_text(REASON).wait_for()
    window.check()

    row.focus()
    page.keyboard.press("!")
    row.get_by_role("button", name="Rétablir l’urgence").wait_for()
    page.keyboard.press("!")
    row.get_by_role("button", name="Lever l’urgence").wait_for()

    # Left as it was found, for the other tests.
    row.get_by_role("button", name="Lever l’urgence").click()
    row.get_by_role("button", name="Rétablir l’urgence").wait_for()


def test_the_question_is_left_with_escape(visitor):
    page = visitor(FACILITATOR).open(LINE)
    row = page.locator("[data-fc-line]").first
    row.focus()

    page.keyboard.press("!")
    page.get_by_role("textbox", name="Pourquoi cette ligne est urgente").wait_for()
    page.keyboard.press("Escape")

    row.get_by_text("Urgent…").wait_for()
