"""A need from the search to the answer by link and the consortium, on the demonstration, with its worker."""

import re
import uuid

import pytest


pytestmark = pytest.mark.browser

PAGES = (
    "/structures/", "/structures/?q=mise+sous+pli&place=Alfortville&within=20&view=map",
    "/structures/siret/", "/structures/corrections/", "/structures/besoins/", "/structures/besoins/ouvrir/",
)  # fmt: skip
OWN = ("/besoins-recus/", "/ma-fiche/")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    ("account", "paths"), [("facilitatrice@demo.example", PAGES), ("structure@demo.example", OWN)]
)
def test_the_pages_are_sound_at_both_widths(visitor, account, paths, width):
    window = visitor(account, width=width)

    for path in paths:
        page = window.open(path)
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0, f"{path}: {overflow} px too wide"


def test_from_a_search_to_a_consortium(visitor, letters):
    window = visitor("facilitatrice@demo.example")
    title = f"Mise sous pli de {uuid.uuid4().hex[:6]} invitations"

    page = window.open("/structures/?q=mise+sous+pli&place=Alfortville&within=20")
    assert page.locator("tbody tr").count() >= 3
    page = window.open("/structures/besoins/ouvrir/")
    page.get_by_label("Besoin").fill(title)
    page.get_by_label("Ce que nous en disons").fill("1 200 enveloppes, quatre fois par an.")
    page.get_by_label("Lieu").fill("Alfortville")
    page.get_by_role("button", name="Voir qui sait le faire").click()
    window.check()

    for box in page.locator("[name=structure]").all()[:2]:
        box.check()
    page.get_by_role("button", name="Retenir les structures cochées").click()
    page.get_by_role("button", name="Envoyer le besoin aux structures cochées").click()
    assert "2 structures sollicitées" in page.content()
    window.check()
    need = page.url

    guest = visitor(width=390)
    answer = guest.open(letters.link(title, r"/besoin/[^/\s]+/"))
    guest.check()
    answer.get_by_label("Votre prénom et votre nom").fill("Ada Lovelace")
    answer.get_by_role("button", name="Cela nous intéresse").click()
    assert "Ada Lovelace a répondu" in answer.content()
    answer.get_by_role("link", name=re.compile("Relire la fiche")).click()
    guest.check()

    page.goto(need)
    assert "Intéressée" in page.content()
    page.get_by_role("link", name="Former un groupement").click()
    page.get_by_label("À partir du").fill("2027-04-01")
    page.get_by_label("Jusqu’au (exclu)").fill("2027-10-01")
    page.get_by_role("button", name="Enregistrer").click()
    for _ in range(2):
        page.locator("select[name=structure]").select_option(index=1)
        page.get_by_role("button", name="Réunir au groupement").click()
    page.get_by_role("link", name=re.compile("Noter sa part")).first.click()
    page.get_by_label("Mandataire").check()
    page.get_by_label("État").select_option(label="D’accord")
    page.get_by_label("Heures").fill("600")
    page.get_by_role("button", name="Enregistrer").click()
    window.check()

    assert "Mandataire" in page.locator("tbody").inner_text()
    assert page.locator("tbody tr").count() == 2
