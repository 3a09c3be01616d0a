"""What a mouse opens: real clicks, where a stretched link of one row once lay over the others."""

import pytest


pytestmark = pytest.mark.browser

FACILITATOR = "facilitatrice@demo.example"


@pytest.mark.parametrize("address", ["/propositions/", "/clauses/", "/participants/", "/structures/"])
def test_a_click_on_a_row_opens_that_row(visitor, address):
    page = visitor(FACILITATOR).open(address)
    for rank in (0, 1):
        row = page.locator("tbody tr", has=page.locator("a.row-link")).nth(rank)
        href = row.locator("a.row-link").get_attribute("href")

        # Beside the words of the link, where only its reach over the row can answer.
        row.scroll_into_view_if_needed()
        box = row.bounding_box()
        page.mouse.click(box["x"] + box["width"] - 8, box["y"] + box["height"] - 6)
        page.wait_for_url(lambda url, href=href: url.endswith(href))
        page.goto(address)


def test_a_click_on_the_title_of_a_market_opens_that_market(visitor):
    page = visitor(FACILITATOR).open("/marches/")
    link = page.locator("tbody tr").first.locator("a").first
    href = link.get_attribute("href")

    link.click()

    page.wait_for_url(lambda url: url.endswith(href))


def test_the_buttons_of_the_triage_answer_the_mouse(visitor):
    window = visitor(FACILITATOR)
    page = window.open("/reperage/")
    row = f"#{page.locator('[data-fc-line]', has=page.locator('[data-fc-key=e]')).first.get_attribute('id')}"

    page.click(f"{row} [data-fc-key=e]")
    page.wait_for_selector(f"{row}.is-seen")
    page.click(f"{row} [data-fc-key=u]")
    page.wait_for_selector(f"{row} [data-fc-key=n]")
    page.click(f"{row} [data-fc-key=n]")
    page.click(f"{row} .reason[value=other]")
    page.wait_for_selector(f"{row} .field-error")

    # The policy of the page lets no inline style through, a swap included.
    window.check()


def test_the_keys_of_the_triage_answer_and_move_on(visitor):
    window = visitor(FACILITATOR)
    page = window.open("/reperage/?verdict=unseen")
    focused = "document.activeElement.closest('[data-fc-line]')?.id"

    page.click("[data-fc-start]")
    first = page.evaluate(focused)
    page.keyboard.press("n")
    page.wait_for_selector(f"#{first} .reasons")
    page.keyboard.press("5")
    page.wait_for_selector(f"#{first}.is-folded")
    page.wait_for_function(f"{focused} !== '{first}'")
    page.keyboard.press("k")
    assert page.evaluate(focused) == first
    page.keyboard.press("u")
    page.wait_for_selector(f"#{first} [data-fc-key=c]")

    assert "est annulé" in page.inner_text("#annonce")
    page.keyboard.press("n")
    page.wait_for_selector(f"#{first} .reasons")
    page.keyboard.press("7")
    page.wait_for_selector(f"#{first} .field-error")
    page.keyboard.type("Un besoin d’un jour")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#{first}.is-folded")
    window.check()


def test_a_calculation_refused_by_a_swap_leaves_the_console_quiet(visitor):
    window = visitor(FACILITATOR)
    page = window.open("/reperage/")
    page.goto(page.locator("th a.row-link").first.get_attribute("href"))
    page.get_by_role("link", name="Préparer une proposition").first.click()
    page.locator("main a", has_text="Condition d’exécution").first.click()

    page.fill("[name=rate]", "500 %")
    page.click("button[name=compute]")

    page.wait_for_selector("#proposition .invalid-feedback")
    window.check()
