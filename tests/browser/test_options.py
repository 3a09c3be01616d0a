"""The comparison of options as a facilitator plays with it: a slider, a wrong number, a draft."""

import re

import pytest


pytestmark = pytest.mark.browser

FACILITATOR = "facilitatrice@demo.example"
HOURS = ".table-options tbody tr:first-child td"


@pytest.fixture
def window(visitor):
    window = visitor(FACILITATOR)
    page = window.open("/reperage/?q=restauration")
    page.locator("tbody a.row-link").first.click()
    page.get_by_role("link", name="Comparer les options").first.click()
    page.wait_for_selector(".table-options")
    window.check()
    return window


def test_a_slider_moves_its_number_and_the_hours_follow(window):
    page = window.page
    before = page.locator(HOURS).first.inner_text()

    page.get_by_label("Curseur : Coût horaire").fill("20")

    page.wait_for_function(
        "([path, before]) => document.querySelector(path).innerText !== before", arg=[HOURS, before]
    )
    assert page.locator("#id_hourly_cost").input_value() == "20"
    assert "hourly_cost=20" in page.url
    window.check()


def test_a_number_that_cannot_be_used_is_told_and_the_next_one_mends_it(window):
    page = window.page

    page.fill("#rate-1", "500")
    page.get_by_text("500 % n’est pas possible").first.wait_for()
    window.check()

    page.fill("#rate-1", "7")
    page.wait_for_selector(".table-options")
    assert "7" in page.locator(".table-options thead th").first.inner_text()


def test_an_option_is_retained_as_a_draft(window):
    page = window.page

    page.get_by_role("link", name=re.compile("Retenir cette option")).first.click()

    page.wait_for_url("**/propositions/**")
    assert page.locator("#id_rate").input_value() == "5"
    window.check()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_reference_values_can_be_read_on_any_screen(visitor, width):
    page = visitor(FACILITATOR, width=width).open("/valeurs-de-reference/")

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_phone_the_comparison_is_scrolled_with_the_keyboard_before_and_after_it_changes(visitor):
    window = visitor("acheteuse@demo.example", width=390)
    page = window.open("/marches/")
    page.locator("tbody a[href^='/marches/']").first.click()
    page.get_by_role("link", name="Comparer les options").first.click()
    frame = page.get_by_role("group", name="Options comparées")
    frame.wait_for()
    window.check()

    page.fill("#rate-1", "7")
    page.wait_for_url("**rate*7*")
    window.check()

    frame.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.table-options').parentElement.scrollLeft > 0")
