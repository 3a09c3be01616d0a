"""The main job, clicked through as the demonstration accounts: from a real plan file to printed figures."""

import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader


pytestmark = pytest.mark.browser

PLAN_A = (
    Path(__file__).resolve().parents[3] / "shared/data/purchase_plans/rendered/A_approch_dae_2022.utf8.csv"
)
YEAR = 2030
LINE = "Carte affaires"
REFERENCE = "2030-CHAINE"


def month_before(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


THIS_MONTH = date.today().replace(day=1)  # noqa: DTZ011  (the demonstration lives today)
LAST_MONTH = month_before(THIS_MONTH)


def press(window, name: str) -> None:
    window.page.get_by_role("button", name=name, exact=False).first.click()
    window.page.wait_for_load_state()
    window.check()


def choose(page, field: str, words: str) -> None:
    """The option that contains these words."""
    option = page.locator(f"select[name={field}] option").filter(has_text=words).first
    page.select_option(f"select[name={field}]", value=option.get_attribute("value"))


def follow(window, name: str) -> None:
    window.page.get_by_role("link", name=name, exact=False).first.click()
    window.page.wait_for_load_state()
    window.check()


@pytest.mark.skipif(not PLAN_A.exists(), reason=f"{PLAN_A.name} is not beside this checkout")
def test_from_the_real_plan_to_the_printed_figures(visitor):
    _the_buyer_hands_in_its_real_plan(visitor("acheteuse@demo.example"))
    _the_facilitator_proposes_a_clause(visitor("facilitatrice@demo.example"))
    _the_department_accepts(visitor("service@demo.example"))
    _the_contract_is_notified_and_a_person_placed(visitor("facilitatrice@demo.example"))
    _the_company_declares_last_month(visitor("entreprise@demo.example"))
    _the_facilitator_validates(visitor("facilitatrice@demo.example"))
    _the_manager_prints_the_report(visitor("responsable@demo.example"))


def _the_buyer_hands_in_its_real_plan(buyer):
    buyer.open("/plans/ouvrir/")
    buyer.page.fill("input[name=year]", str(YEAR))
    press(buyer, "Ouvrir le plan")
    follow(buyer, "Importer un fichier")
    buyer.page.set_input_files("input[type=file]", str(PLAN_A))
    buyer.page.click("main form [type=submit]")
    buyer.page.wait_for_url("**/fichiers/**")
    buyer.check()
    expect(buyer.page.locator("main")).to_contain_text("92")
    press(buyer, "Appliquer au plan")
    buyer.open(f"/plans/?year={YEAR}")
    follow(buyer, "Ville de Créteil")
    expect(buyer.page.locator("main")).to_contain_text(f"Plan d’achats {YEAR}")
    expect(buyer.page.locator(".figure-value").first).to_have_text("92")
    press(buyer, "Déposer auprès de l’office")
    expect(buyer.page.locator("#messages")).to_contain_text("est déposé")


def _the_facilitator_proposes_a_clause(facilitator):
    page = facilitator.open(f"/reperage/?year={YEAR}")
    follow(facilitator, LINE)
    page.get_by_label("Clausable", exact=True).check()
    page.click("main form [type=submit][name=save]")
    page.wait_for_load_state()
    facilitator.check()
    follow(facilitator, "Préparer une proposition")
    follow(facilitator, "Condition d’exécution")
    page.fill("input[name=amount]", "1 000 000")
    page.fill("input[name=labour_share]", "50")
    page.fill("input[name=rate]", "5")
    page.fill("input[name=hourly_cost]", "30")
    page.select_option("select[name=department]", label="Direction des parcs et jardins")
    press(facilitator, "Calculer")
    expect(page.locator("main")).to_contain_text("833")
    press(facilitator, "Enregistrer le brouillon")
    press(facilitator, "Envoyer au service")
    expect(page.locator("main")).to_contain_text("Réponse attendue")


def _the_department_accepts(department):
    department.open("/")
    page = department.open(f"/propositions/?q={LINE.split()[0]}")
    page.locator("main a.row-link").first.click()
    page.wait_for_load_state()
    department.check()
    press(department, "Accepter la proposition")
    expect(page.locator("main")).to_contain_text("Acceptée")


def _the_contract_is_notified_and_a_person_placed(facilitator):
    page = facilitator.open("/clauses/?state=awaiting_contract&q=Carte")
    page.locator("main a[href^='/clauses/']").filter(has_text=re.compile("Lot|Carte")).first.click()
    page.wait_for_load_state()
    follow(facilitator, "Notifier le contrat")
    page.fill("input[name=reference]", REFERENCE)
    page.select_option("select[name=contractor]", label="Jardins du Val (SAS fictive)")
    page.fill("input[name=amount]", "1 000 000")
    page.fill("input[name=notified_on]", month_before(LAST_MONTH).isoformat())
    page.fill("input[name=starts_on]", LAST_MONTH.isoformat())
    press(facilitator, "Notifier le contrat et fixer les heures")
    expect(page.locator("main")).to_contain_text("833")

    facilitator.open("/participants/ajouter/")
    page.fill("input[name=first_name]", "Lila")
    page.fill("input[name=last_name]", f"Fontanel {YEAR}")
    page.fill("input[name=born_on]", "1992-04-12")
    press(facilitator, "Ajouter la personne")
    follow(facilitator, "éligibilité")
    page.check("input[name=state][value=granted]")
    choose(page, "public", "sur avis motivé")
    page.fill("textarea[name=opinion]", "Sans emploi depuis l’été, suivie par la mission locale.")
    page.fill("input[name=valid_from]", LAST_MONTH.isoformat())
    press(facilitator, "Enregistrer la décision")
    follow(facilitator, "placement")
    choose(page, "clause", REFERENCE)
    page.select_option("select[name=modality]", label="Embauche directe")
    page.select_option("select[name=contract_type]", label="CDD")
    page.fill("input[name=starts_on]", LAST_MONTH.isoformat())
    press(facilitator, "Ouvrir le placement")
    expect(page.locator("main")).to_contain_text(REFERENCE)


def _the_company_declares_last_month(company):
    page = company.open("/declarations/?state=")
    page.locator("main tr, main li").filter(has_text=REFERENCE).get_by_role("link").first.click()
    page.wait_for_load_state()
    company.check()
    hours = page.locator("main input.hours-input").first
    hours.fill("900")
    press(company, "Envoyer la déclaration")
    expect(page.locator("main")).to_contain_text("900")
    expect(page.locator("main .cell-error").first).to_be_visible()
    page.locator("main input.hours-input").first.fill("121,5")
    press(company, "Envoyer la déclaration")
    expect(page.locator("main")).to_contain_text("121,5")


def _the_facilitator_validates(facilitator):
    page = facilitator.open("/declarations/")
    page.locator("main tr, main li").filter(has_text=REFERENCE).get_by_role("link").first.click()
    page.wait_for_load_state()
    facilitator.check()
    press(facilitator, "Valider les heures")
    expect(page.locator("main")).to_contain_text("Validée")


def _the_manager_prints_the_report(manager):
    page = manager.open("/rapports/")
    page.select_option("select[name=buyer]", label="Ville de Créteil")
    page.select_option("select[name=period]", label=f"Année {LAST_MONTH.year}")
    press(manager, "Voir les chiffres")
    shown = page.locator(".figure-value").all_inner_texts()
    press(manager, "Demander le rapport en PDF")
    page.get_by_role("link", name=re.compile("Ouvrir|Voir|Lire")).last.wait_for(timeout=60_000)
    page.get_by_role("link", name=re.compile("Ouvrir|Voir|Lire")).last.click()
    page.wait_for_load_state()
    manager.check()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("PDF")).first.click()
    text = _text(Path(download.value.path()))
    assert REFERENCE in text
    assert len(shown) >= 4
    for figure in shown:
        assert _bare(figure) in _bare(text), figure


def _text(pdf: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.read_bytes())).pages)


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)
