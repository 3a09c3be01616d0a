"""Take the guide's pictures again: `make demo` in one terminal, this file in another."""

import os
from pathlib import Path

import importing
from playwright.sync_api import Page, sync_playwright


BASE = os.environ.get("BASE", "http://127.0.0.1:8000")
PASSWORD = "demo-clauses-2027"  # noqa: S105 (published: the demonstration only)
IMAGES = Path(__file__).parent / "images"

DRAFTS = "/plans/?state=draft"

# Name of the picture: who looks, at what address.
PICTURES = {
    "structures-liste": ("facilitatrice", "/structures/?department=93"),
    "structures-criteres": ("facilitatrice", "/structures/?department=93&kind=ACI&kind=EI&sort=city"),
    "structures-carte": ("facilitatrice", "/structures/?department=93&view=map"),
    "structures-fiche": ("facilitatrice", "/structures/?q=baluchon"),
    "structures-siret": ("facilitatrice", "/structures/siret/"),
    "besoins-recherche": ("facilitatrice", "/structures/besoins/"),
    "besoins-groupement": ("facilitatrice", "/structures/besoins/"),
    "corrections-relire": ("facilitatrice", "/structures/corrections/"),
    "structure-fiche": ("structure", "/ma-fiche/"),
    "structures-importer": ("facilitatrice", "/structures/importer/"),
    "reperage-lignes": ("facilitatrice", "/reperage/?verdict=unseen"),
    "reperage-raison": ("facilitatrice", "/reperage/?verdict=unseen"),
    "reperage-reponse": ("facilitatrice", "/reperage/reponses/"),
    "obligation-ligne": ("facilitatrice", "/reperage/?q=assurances"),
    "obligation-motif": ("facilitatrice", "/reperage/?q=licences"),
    "obligation-signee": ("facilitatrice", "/reperage/?q=assurances"),
    "obligation-reponse": ("facilitatrice", "/reperage/reponses/"),
    "reperage-urgente": ("facilitatrice", "/reperage/?urgent=yes"),
    "reperage-delais": ("facilitatrice", "/tableau-de-bord/delais/"),
    "calibrer-options": ("facilitatrice", "/reperage/?q=restauration"),
    "calibrer-proposition": ("facilitatrice", "/propositions/"),
    "calibrer-references": ("facilitatrice", "/valeurs-de-reference/"),
    "textes-proposition": ("facilitatrice", "/propositions/?state=accepted&q=jouets"),
    "textes-bibliotheque": ("facilitatrice", "/textes/"),
    "comparer-marche": ("facilitatrice", "/reperage/?q=restauration"),
    "comparer-liste": ("facilitatrice", "/marches-publics/?cpv=77"),
    "saisir-tableau": ("facilitatrice", DRAFTS),
    "saisir-refus": ("facilitatrice", DRAFTS),
    "saisir-etapes": ("facilitatrice", DRAFTS),
    "saisir-renouvellements": ("facilitatrice", "/renouvellements/"),
    "anticiper-liste": ("facilitatrice", "/echeances/"),
    "anticiper-mois": ("facilitatrice", "/echeances/mois/?period=2027-03"),
    "anticiper-abonnement": ("facilitatrice", "/echeances/abonnement/"),
    "anticiper-relances": ("facilitatrice", "/acheteurs/relancer/?year=2027"),
    "anticiper-delais": ("facilitatrice", "/echeances/delais/"),
    "anticiper-partages": ("facilitatrice", "/besoins-partages/"),
    "capacites": ("facilitatrice", "/capacites/"),
    "suggestion-ligne": ("facilitatrice", "/reperage/?q=restauration&outcome=reserve_lot"),
    "suggestion-regle": ("facilitatrice", "/suggestions/regle/"),
    "suggestion-apercu": ("facilitatrice", "/suggestions/regle/modifier/"),
    "suggestion-accord": ("facilitatrice", "/suggestions/avis/"),
    "evenements-liste": ("facilitatrice", "/rencontres/"),
    "evenements-page": ("facilitatrice", "/rencontres/?q=mise+sous+pli"),
    "evenements-bilan": ("facilitatrice", "/rencontres/bilan/"),
    "achats-liste": ("facilitatrice", "/achats-directs/"),
    "achats-devis": ("facilitatrice", "/structures/besoins/"),
    "achats-chiffres": ("facilitatrice", "/achats-directs/chiffres/"),
    "carte-reglages": ("responsable", "/reglages/carte/"),
    "carte-publique": ("responsable", "/reglages/carte/"),
    "recherche": ("facilitatrice", "/recherche/?q=jardin"),
}
# A picture taken one step further than its address.
STEPS = {
    "saisir-tableau": lambda page: open_table(page),
    "saisir-refus": lambda page: type_in_vain(page),
    "saisir-etapes": lambda page: add_market(page),
    "structures-fiche": lambda page: page.locator(".row-link").first.click(),
    "structures-siret": lambda page: paste_numbers(page),
    "besoins-recherche": lambda page: open_search(page),
    "besoins-groupement": lambda page: open_consortium(page),
    "corrections-relire": lambda page: page.locator("main section a").first.click(),
    "reperage-raison": lambda page: ask_why(page),
    "reperage-reponse": lambda page: page.locator(".row-link").first.click(),
    "suggestion-ligne": lambda page: read_suggestion(page),
    "suggestion-apercu": lambda page: try_numbers(page),
    "obligation-ligne": lambda page: page.locator(".row-link").first.click(),
    "obligation-motif": lambda page: open_derogation(page),
    "obligation-signee": lambda page: open_derogation(page),
    "obligation-reponse": lambda page: publish_in_vain(page),
    "calibrer-options": lambda page: compare_options(page),
    "calibrer-proposition": lambda page: read_calculation(page),
    "evenements-page": lambda page: page.locator(".row-link").first.click(),
    "achats-devis": lambda page: read_quotes(page),
    "carte-publique": lambda page: page.get_by_role("link", name="Voir la page").click(),
    "textes-proposition": lambda page: read_text(page),
    "comparer-marche": lambda page: compare_purchases(page),
}


# A picture of one part of its page.
PARTS = {"obligation-ligne": "[aria-labelledby=droit]"}


def sign_in(page: Page, who: str) -> None:
    page.goto("/connexion/")
    page.fill("input[name=login]", f"{who}@demo.example")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/")


def ask_why(page: Page) -> None:
    """The question only: nothing is judged."""
    page.locator("[data-fc-start]").click()
    page.keyboard.press("n")
    page.locator(".reasons").wait_for()


def read_suggestion(page: Page) -> None:
    page.locator("tbody .row-link").first.click()
    page.locator("#suggestion").evaluate(
        "title => scrollTo(0, title.getBoundingClientRect().top + scrollY - 30)"
    )


def try_numbers(page: Page) -> None:
    """A preview only: no version is written."""
    page.fill("#id_minimum_hours", "600")
    page.get_by_role("button", name="Voir ce que cela change").click()
    page.locator("#apercu").wait_for()


def open_derogation(page: Page) -> None:
    page.locator(".row-link").first.click()
    page.get_by_role("link", name="Dérogation : la lire ou la signer").click()


def publish_in_vain(page: Page) -> None:
    """A derogation is missing: nothing is published."""
    page.locator(".row-link").first.click()
    page.get_by_label("Publier alors que").check()
    page.get_by_role("button", name="Publier la réponse").click()


def compare_options(page: Page) -> None:
    page.locator(".row-link").first.click()
    page.get_by_role("link", name="Comparer les options").first.click()
    page.locator("#options").evaluate(
        "table => scrollTo(0, table.getBoundingClientRect().top + scrollY - 30)"
    )


def read_calculation(page: Page) -> None:
    page.locator(".row-link").first.click()
    page.locator("#calcul ~ details summary").first.click()
    page.locator("#calcul").evaluate("title => scrollTo(0, title.getBoundingClientRect().top + scrollY - 30)")


def paste_numbers(page: Page) -> None:
    """Two of the demonstration, one unknown, one whose key is wrong."""
    numbers = ("88880004200010", "88870003600013", "418 166 096 00069", "41816609600068")
    page.fill("#id_sirets", "\n".join(numbers))
    page.locator("main form button").last.click()


def open_search(page: Page) -> None:
    page.get_by_role("link", name="Mise sous pli du magazine municipal").click()


def open_consortium(page: Page) -> None:
    open_search(page)
    page.get_by_role("link", name="Groupement du magazine").click()


def open_draft(page: Page) -> None:
    page.locator("main table tbody a").first.click()


def open_table(page: Page) -> None:
    open_draft(page)
    page.get_by_role("link", name="Saisir en tableau").click()


def type_in_vain(page: Page) -> None:
    """A row that is refused: nothing is written."""
    open_table(page)
    row = page.locator("[data-fc-row]").nth(3)
    row.get_by_label("Objet du marché").fill("Taille des haies")
    row.get_by_label("Service").fill("Service technique")
    page.keyboard.press("Enter")
    row.locator(".cell-error").first.wait_for()


def add_market(page: Page) -> None:
    open_draft(page)
    page.get_by_role("link", name="Ajouter un marché").click()


def read_quotes(page: Page) -> None:
    page.get_by_role("link", name="mise sous pli").first.click()
    page.get_by_role("link", name="Devis", exact=True).click()


def read_text(page: Page) -> None:
    page.locator(".row-link").first.click()
    page.get_by_role("link", name="Texte à reprendre").click()


def compare_purchases(page: Page) -> None:
    page.locator(".row-link").first.click()
    page.get_by_role("link", name="Comparer en détail").first.click()


def take(page: Page, name: str, address: str) -> None:
    page.goto(address)
    if step := STEPS.get(name):
        step(page)
    page.wait_for_load_state("networkidle")
    shown = page.locator(PARTS[name]) if name in PARTS else page
    shown.screenshot(path=IMAGES / f"{name}.png")


def main() -> None:
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        pages: dict[str, Page] = {}
        for name, (who, address) in PICTURES.items():
            if who not in pages:
                context = browser.new_context(base_url=BASE, viewport={"width": 1280, "height": 820})
                pages[who] = context.new_page()
                sign_in(pages[who], who)
            take(pages[who], name, address)
        buyer = browser.new_context(base_url=BASE, viewport={"width": 1280, "height": 820}).new_page()
        sign_in(buyer, "acheteuse")
        importing.take_pictures(buyer, IMAGES)
        browser.close()


if __name__ == "__main__":
    main()
