"""A buyer's plan with a misnamed column and a misspelt department: said once, the next file is read alone."""

from io import BytesIO

import openpyxl
import pytest


pytestmark = pytest.mark.browser

BUYER = "acheteuse@demo.example"
DEPARTMENT, MISSPELT = "Direction des parcs et jardins", "Direction des parcs et jardin"
# Years that nothing else of the house uses.
FIRST, SECOND = 2051, 2052
HEADER = ["N° ligne", "Ce qu’on veut acheter", "Direction", "Enveloppe prévue", "Famille"]
ROWS = [
    ["P-01", "Entretien des squares du centre", MISSPELT, "120 k€", "Espaces vert et élagage"],
    ["P-02", "Bancs publics en bois", MISSPELT, "45 000", "Mobilier neuf et réemployé"],
]


def workbook():
    book = openpyxl.Workbook()
    book.active.title = "Programmation"
    for row in [["Ville de Créteil – programmation"], [], HEADER, *ROWS]:
        book.active.append(row)
    hidden = book.create_sheet("Non validé")
    hidden.sheet_state = "hidden"
    for row in (["Objet"], ["Véhicules électriques"]):
        hidden.append(row)
    stream = BytesIO()
    book.save(stream)
    return {
        "name": "programmation.xlsx",
        "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "buffer": stream.getvalue(),
    }


def press(window, name):
    window.page.get_by_role("button", name=name, exact=True).click()
    window.page.wait_for_load_state()
    window.check()


def follow(window, name):
    window.page.get_by_role("link", name=name).first.click()
    window.page.wait_for_load_state()
    window.check()


def send(window, year):
    window.open("/plans/ouvrir/")
    window.page.fill("input[name=year]", str(year))
    press(window, "Ouvrir le plan")
    follow(window, "Importer un fichier")
    window.page.set_input_files("input[type=file]", workbook())
    window.page.click("main form [type=submit]")
    window.page.wait_for_url("**/fichiers/**")
    window.check()
    return window.page


def shown(page):
    """What is read, spaces and lines made alike."""
    return " ".join(page.locator("body").inner_text().split())


def test_what_is_said_of_a_file_once_serves_for_the_next(visitor):
    window = visitor(BUYER)

    page = send(window, FIRST)
    assert "Aucune ligne n’est lue" in shown(page)
    assert "elle est masquée dans le classeur" in shown(page)
    _say_the_columns(window)
    _say_the_values(window)
    press(window, f"Appliquer au plan {FIRST}")
    assert "2 marchés ajoutés" in shown(page)

    page = send(window, SECOND)
    assert "Lignes lues 2" in shown(page)
    assert "à confirmer" not in shown(page)
    follow(window, "Valeurs confirmées")
    assert f"{MISSPELT} service prescripteur" in shown(page)
    _read_on_a_phone(visitor(BUYER, 390), page.url)
    press(window, f"Appliquer au plan {SECOND}")
    assert "2 marchés ajoutés" in shown(page)


def _read_on_a_phone(phone, address):
    for shown_first in ("columns", "confirmed", "all"):
        page = phone.open(f"{address.split('?')[0]}?show={shown_first}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    follow(phone, "Colonnes et feuilles")
    follow(phone, "Tout ce qui est mémorisé")
    assert f"{MISSPELT} service prescripteur {DEPARTMENT}" in shown(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def _say_the_columns(window):
    page = window.page
    page.get_by_label("Sens de la colonne Ce qu’on veut acheter").select_option(label="Objet du marché")
    page.get_by_label("Sens de la colonne Enveloppe prévue").select_option(label="Objet du marché")
    press(window, "Enregistrer et relire le fichier")
    assert "ne peuvent pas dire toutes les deux « Objet du marché »" in shown(page)

    page.get_by_label("Sens de la colonne Enveloppe prévue").select_option(label="Montant estimé (€ HT)")
    press(window, "Enregistrer et relire le fichier")
    assert "Lignes lues : 2 (au lieu de 0)" in shown(page)
    assert "mémorisé pour Ville de Créteil" in shown(page)


def _say_the_values(window):
    page = window.page
    follow(window, "Valeurs à confirmer")
    # By the keyboard: the first proposal is one step below « À confirmer… ».
    page.get_by_label(f"Service prescripteur « {MISSPELT} »").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_label("Famille d’achats « Espaces vert et élagage »").focus()
    page.keyboard.press("ArrowDown")
    press(window, "Enregistrer et relire le fichier")
    assert f"« {MISSPELT} » : {DEPARTMENT}" in shown(page)
