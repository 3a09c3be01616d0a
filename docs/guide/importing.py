"""The pictures of an import, in the order in which a buyer goes through it: each needs the one before."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page


YEAR = 2029
CSV = """Ville de Créteil – programmation des achats;;;;;
N° ligne;Ce qu’on achète;Direction;Enveloppe 2029;Famille;Lancement
P-01;Entretien des squares du centre;Direction des parcs et jardin;120 k€;Espaces vert;T2 2029
P-02;Bancs publics en bois;Direction des parcs et jardin;45 000;Mobilier neuf et réemployé;mars
P-03;Impression du bulletin;Communication;999;Reprographie;janvier 2029
P-04;;Communication;8 000;;
"""


def take_pictures(page: Page, images: Path) -> None:
    """As « acheteuse@demo.example », signed in: opens a plan and imports a file into it."""
    _open_plan(page)
    _picture(page, images, "importer-envoyer")
    _send(page)
    _say_columns(page)
    _picture(page, images, "importer-colonnes", lambda: _scroll_to(page, "#colonnes"))
    page.get_by_role("link", name="Valeurs à confirmer").click()
    _picture(page, images, "importer-valeurs", lambda: _scroll_to(page, "#a-confirmer"))
    page.get_by_role("link", name="Cellules à revoir").click()
    _picture(page, images, "importer-cellules", lambda: _scroll_to(page, "main table"))
    page.get_by_role("link", name="Toutes les lignes").click()
    _picture(page, images, "importer-apercu", lambda: _scroll_to(page, "main table"))
    page.get_by_role("button", name="Appliquer au plan").click()
    _picture(page, images, "importer-applique")


def _picture(page: Page, images: Path, name: str, before: Callable[[], None] | None = None) -> None:
    page.wait_for_load_state("networkidle")
    if before:
        before()
    page.screenshot(path=images / f"{name}.png")


def _open_plan(page: Page) -> None:
    page.goto("/plans/ouvrir/")
    page.fill("input[name=year]", str(YEAR))
    page.get_by_role("button", name="Ouvrir le plan").click()
    page.get_by_role("link", name="Importer un fichier").first.click()


def _send(page: Page) -> None:
    file = {"name": "programmation-2029.csv", "mimeType": "text/csv", "buffer": CSV.encode()}
    page.set_input_files("input[type=file]", file)
    page.click("main form [type=submit]")
    page.wait_for_url("**/fichiers/**")


def _say_columns(page: Page) -> None:
    page.get_by_label("Sens de la colonne Ce qu’on achète").select_option("title")
    page.get_by_label("Sens de la colonne Enveloppe 2029").select_option("estimated_amount")
    page.get_by_role("button", name="Enregistrer et relire le fichier").click()


def _scroll_to(page: Page, selector: str) -> None:
    page.locator(selector).evaluate("title => scrollTo(0, title.getBoundingClientRect().top + scrollY - 200)")
