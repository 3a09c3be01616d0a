"""A large plan file in the browser: sent, followed while it is read, applied, taken back."""

import re

import pytest

from config.lib.spreadsheet import write_csv


pytestmark = pytest.mark.browser

BUYER = "acheteuse@demo.example"
LINES = 4_000
# Years for which no other test of this house opens a plan.
FIRST, SECOND = 2061, 2062
HEADER = ["Référence", "Objet", "Montant estimé (k€ HT)", "Date de lancement", "Service prescripteur"]


def large_plan():
    lines = (
        [f"G-{n}", f"Entretien du site numéro {n}", "80 à 120", f"T2 {FIRST}", f"Pôle {n % 9}"]
        for n in range(LINES)
    )
    return {"name": "grand-plan.csv", "mimeType": "text/csv", "buffer": write_csv(HEADER, lines)}


def send_to_a_new_plan(page, year):
    page.goto("/plans/ouvrir/")
    page.fill("input[name=year]", str(year))
    page.click("main form button[type=submit], main form input[type=submit]")
    page.click("a:has-text('Importer')")
    page.set_input_files("input[name=file]", large_plan())
    page.click("main form input[type=submit]")
    page.wait_for_url(re.compile(r"/plans/fichiers/\d+/$"))


def test_a_large_plan_is_followed_applied_and_taken_back(visitor):
    window = visitor(BUYER)
    page = window.page

    send_to_a_new_plan(page, FIRST)
    page.wait_for_selector("#travail progress")
    window.check()
    # The page shows itself anew once the worker is through.
    page.wait_for_selector(f"text=Appliquer au plan {FIRST}", timeout=60_000)
    assert page.locator(".figure-value").first.inner_text() == "4\N{NARROW NO-BREAK SPACE}000"
    window.check()

    page.click(f"text=Appliquer au plan {FIRST}")
    page.wait_for_selector("#travail progress")
    page.wait_for_selector("text=Annuler cette importation", timeout=60_000)
    window.check()

    page.click("text=Annuler cette importation")
    page.wait_for_selector("text=L’importation est annulée")
    assert page.locator(f"text=Appliquer au plan {FIRST}").count() == 1


def test_without_scripts_the_page_still_leads_to_the_preview(chromium, house, visitor):
    state = visitor(BUYER).context.storage_state()
    context = chromium.new_context(base_url=house, storage_state=state, java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(60_000)

    send_to_a_new_plan(page, SECOND)

    page.wait_for_selector(f"text=Appliquer au plan {SECOND}")
    context.close()
