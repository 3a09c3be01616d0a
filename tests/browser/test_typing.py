"""A plan typed by hand: the keys of a spreadsheet, a pasted block, a page without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD


pytestmark = pytest.mark.browser

BUYER = "acheteuse@demo.example"
PASTE = """block => {
    const cell = document.querySelector("[data-fc-cell]");
    const clipboardData = new DataTransfer();
    clipboardData.setData("text", block);
    cell.focus();
    cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def open_table(window):
    """The table of a new plan, of the first year that has none."""
    page = window.open("/plans/ouvrir/")
    for year in range(2031, 2100):
        page.fill("[name=year]", str(year))
        page.click("main button[type=submit], main input[type=submit]")
        if "ouvrir" not in page.url:
            return window.open(f"{page.url}saisie/")
    raise AssertionError("Every year has its plan.")


def state(page, row: int):
    return page.locator("[data-fc-part=state]").nth(row)


def test_three_lines_typed_and_pasted_with_the_keyboard_alone(visitor):
    window = visitor(BUYER)
    page = open_table(window)
    page.focus("[data-fc-cell]")

    page.keyboard.type("Nettoyage des locaux")
    for text in ("", "", "90910000", "Services", "1,2 M€"):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(state(page, 0)).to_have_text("Enregistré")
    assert page.locator("[data-fc-cell]").nth(5).input_value() == "1 200 000"
    window.check()

    page.keyboard.type("80 000")
    for _ in range(5):
        page.keyboard.press("Shift+Tab")
    page.keyboard.type("Mobilier scolaire")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('[data-fc-row]').rowIndex") == 3
    expect(state(page, 1)).to_have_text("Enregistré")

    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("Service inconnu")
    page.keyboard.press("Enter")
    expect(state(page, 1)).to_contain_text("Refusé")
    window.check()

    page.reload()
    titles = [cell.input_value() for cell in page.locator("td:first-child [data-fc-cell]").all()]
    assert titles[:3] == ["Nettoyage des locaux", "Mobilier scolaire", ""]


def test_a_block_pasted_from_a_spreadsheet_fills_cells_and_rows(visitor):
    window = visitor(BUYER)
    page = open_table(window)
    block = (
        "\n".join(f"Marché {rank}\t\t\t\t\t{rank} 000" for rank in range(10, 17))
        + "\nSans montant\t\t\t\t\tbeaucoup\n"
    )

    page.evaluate(PASTE, block)

    expect(page.locator("[data-fc-row]")).to_have_count(8)
    for row in range(7):
        expect(state(page, row)).to_have_text("Enregistré")
    expect(state(page, 7)).to_contain_text("voir la cellule marquée")
    assert "Ce montant ne se lit pas" in page.inner_text("[data-fc-row]:last-child")
    window.check()
    page.reload()
    assert page.locator("[data-fc-row] a").count() == 7


def test_a_row_typed_while_signed_out_is_saved_after_signing_in_again(visitor):
    window = visitor(BUYER)
    page = open_table(window)
    session = [cookie for cookie in window.context.cookies() if cookie["name"] == "sessionid"]
    page.focus("[data-fc-cell]")
    window.context.clear_cookies()

    page.keyboard.type("Voirie")
    page.keyboard.press("Enter")
    expect(state(page, 0)).to_contain_text("reconnectez-vous")
    window.context.add_cookies(session)
    page.get_by_role("button", name="Tout enregistrer").click()

    expect(state(page, 0)).to_have_text("Enregistré")


def test_one_line_is_typed_without_javascript(visitor, chromium, house):
    window = visitor(BUYER)
    address = open_table(window).url
    plain = chromium.new_context(
        base_url=house, java_script_enabled=False, storage_state=window.context.storage_state()
    )
    page = plain.new_page()
    page.goto(address)

    page.locator("[data-fc-cell]").first.fill("Voirie")
    page.get_by_role("button", name="Enregistrer cette ligne").first.click()

    assert "Une ligne est enregistrée." in page.inner_text("#messages")
    assert page.locator("[data-fc-cell]").first.input_value() == "Voirie"
    plain.close()


def test_a_removed_line_comes_back_with_one_button(visitor):
    window = visitor(BUYER)
    page = open_table(window)
    page.locator("[data-fc-cell]").first.fill("Voirie")
    page.keyboard.press("Enter")
    expect(state(page, 0)).to_have_text("Enregistré")

    page.get_by_role("link", name="Ouvrir").first.click()
    page.get_by_role("link", name="Retirer du plan").click()
    page.get_by_role("button", name="Retirer du plan").click()
    expect(page.locator("main")).to_contain_text("est retiré du plan")
    window.check()
    page.get_by_role("button", name="Annuler").click()

    expect(page.locator("#messages")).to_contain_text("est de nouveau dans le plan")
    expect(page.locator("main tbody")).to_contain_text("Voirie")


def test_a_market_typed_while_signed_out_is_still_there_after_signing_in_again(visitor):
    window = visitor(BUYER)
    page = open_table(window)
    page.goto(page.url.replace("saisie/", "marches/ajouter/"))
    window.check()
    page.fill("[name=title]", "Voirie")
    page.fill("[name=place]", "Rivebelle")
    window.context.clear_cookies(name="sessionid")

    page.get_by_role("button", name="Enregistrer le marché").click()
    page.wait_for_url("**/connexion/**")
    page.fill("input[name=login]", BUYER)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/marches/ajouter/")

    assert page.input_value("[name=place]") == "Rivebelle"
    expect(page.locator("main")).to_contain_text("est reprise")
    window.complaints.clear()
    page.get_by_role("button", name="Enregistrer et continuer après « L’objet »").click()
    page.wait_for_url("**/modifier/#montants")
    assert page.input_value("[name=title]") == "Voirie"
    expect(page.locator("main")).not_to_contain_text("est reprise")
