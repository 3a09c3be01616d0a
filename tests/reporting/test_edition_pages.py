import json
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from accounts import audit
from accounts.enums import AuditKind
from jobs.models import Job
from reporting.models import ReportEdition
from reporting.tasks import build_edition
from tests.jobs.factories import JobFactory
from tests.procurement.factories import BuyerFactory
from tests.reporting.factories import ReportEditionFactory
from tests.reporting.territory import CUTOFF


LIST = reverse("reporting:edition_list")
PREVIEW = reverse("reporting:report_preview")
ASK = reverse("reporting:report_ask")


@pytest.fixture(autouse=True)
def _on_the_day(time_machine):
    time_machine.move_to(CUTOFF)


@pytest.fixture
def edition(small_territory):
    return ReportEditionFactory(office=small_territory.office, buyer=small_territory.buyer)


@pytest.fixture
def choice(small_territory):
    return {"buyer": small_territory.buyer.pk, "period": "2026"}


def words(response):
    return " ".join(response.content.decode().split())


def test_a_manager_looks_at_the_figures_first(manager, choice, as_user):
    page = words(as_user(manager).get(PREVIEW, choice))

    for said in (
        "Ville de Rivebelle, année 2026",
        "Du 1er janvier 2026 au 31 décembre 2026,",
        "2026-B",
        "1\u202f280,50",
        "28,9\u00a0%",
        "n.\u00a0c.",
        "<svg",
    ):
        assert " ".join(said.split()) in page, said
    assert not Job.objects.exists()


def test_a_phone_names_each_figure_of_a_contract(manager, choice, as_user):
    page = words(as_user(manager).get(PREVIEW, choice))

    assert '<span class="only-cards">Retenues en tout</span> ' in page
    table = page[page.index('id="contrats"') : page.index('id="personnes"')]
    assert table.count('<td class="number">') == table.count('<td class="number"><span class="only-cards">')


def test_the_screen_the_json_and_the_document_say_the_same(manager, choice, as_user):
    client = as_user(manager)
    client.post(ASK, choice)
    build_edition(Job.objects.get().pk)
    edition = ReportEdition.objects.get()

    before, after = words(client.get(PREVIEW, choice)), words(client.get(edition.get_absolute_url()))

    start, end = '<div class="figures">', "<details"
    assert before[before.index(start) : before.index(end)] == after[after.index(start) : after.index(end)]
    assert client.get(reverse("reporting:edition_json", args=[edition.pk])).json() == edition.figures


def test_asking_leads_to_the_progress_of_the_job(manager, choice, as_user):
    response = as_user(manager).post(ASK, choice)

    job = Job.objects.get()
    assert response.url == job.get_absolute_url()
    assert job.requested_by == manager
    assert job.arguments["ends_on"] == "2027-01-01"
    assert audit.history(job).get().kind == AuditKind.JOB_REQUESTED


def test_the_address_of_the_button_leads_to_the_reports(manager, as_user):
    response = as_user(manager).get(ASK)

    assert response.url == LIST


def test_other_months_are_chosen_by_their_days(facilitator, choice, as_user):
    days = {"period": "autre", "first_day": "2026-02-01", "last_day": "2026-05-31"}

    as_user(facilitator).post(ASK, choice | days)

    arguments = Job.objects.get().arguments
    assert (arguments["starts_on"], arguments["ends_on"]) == ("2026-02-01", "2026-06-01")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"buyer": ""}, "Ce champ est obligatoire."),
        ({"buyer": "999999"}, "Sélectionnez un choix valide."),
        ({"period": "1515"}, "Sélectionnez un choix valide."),
        ({"period": ""}, "Ce champ est obligatoire."),
        ({"period": "autre"}, "Indiquez ce jour."),
        ({"period": "autre", "first_day": "hier", "last_day": "2026-05-31"}, "Saisissez une date valide."),
        ({"period": "autre", "first_day": "2026-05-01", "last_day": "2026-04-30"}, "après son début"),
        ({"period": "autre", "first_day": "2026-05-02", "last_day": "2026-05-31"}, "premier jour d’un mois"),
        ({"period": "autre", "first_day": "2026-05-01", "last_day": "9999-12-31"}, "trop lointaine"),
        ({"period": "autre", "first_day": "0001-05-01", "last_day": "2026-05-31"}, "trop ancienne"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_cannot_be_asked_comes_back_with_its_reason(method, changes, sentence, manager, choice, as_user):
    url = {"get": PREVIEW, "post": ASK}[method]

    response = getattr(as_user(manager), method)(url, choice | changes)

    assert response.status_code == 422
    assert sentence in words(response)
    assert not Job.objects.exists()


def test_a_buyer_of_another_office_is_no_choice(manager, stage, as_user):
    response = as_user(manager).post(ASK, {"buyer": stage.other_buyer.pk, "period": "2026"})

    assert response.status_code == 422


def test_the_list_shows_what_is_being_made_and_what_was_issued(manager, edition, as_user):
    JobFactory(organisation=edition.office.organisation, title="Rapport en route")

    page = words(as_user(manager).get(LIST))

    assert "Rapport en route" in page
    assert edition.get_absolute_url() in page
    assert "1 édition<" in page


def test_buyers_read_their_own_editions_and_ask_for_none(buyer, edition, as_user):
    ReportEditionFactory(buyer=BuyerFactory(organisation__name="Ville voisine"), office=edition.office)

    page = words(as_user(buyer).get(LIST))

    assert edition.get_absolute_url() in page
    assert "Ville voisine" not in page
    assert "Préparer un rapport" not in page


def test_funders_read_those_of_the_offices_that_report_to_them(funder, edition, as_user):
    elsewhere = ReportEditionFactory()

    client = as_user(funder)

    assert client.get(edition.get_absolute_url()).status_code == 200
    assert client.get(elsewhere.get_absolute_url()).status_code == 404


def test_filters_are_in_the_address(manager, edition, as_user):
    neighbour = BuyerFactory(organisation__name="Ville voisine")
    other = ReportEditionFactory(
        office=edition.office, buyer=neighbour, starts_on=date(2025, 1, 1), ends_on=date(2026, 1, 1)
    )
    client = as_user(manager)

    for query in ({"buyer": neighbour.pk}, {"year": 2025}):
        page = words(client.get(LIST, query))
        assert other.get_absolute_url() in page
        assert edition.get_absolute_url() not in page
    assert "Aucune édition ne répond" in words(client.get(LIST, {"year": 2025, "buyer": edition.buyer.pk}))


@pytest.mark.parametrize("role", ["manager", "buyer"])
def test_an_empty_list_says_what_to_do(role, as_user, request):
    assert "Aucune édition pour l’instant." in words(as_user(request.getfixturevalue(role)).get(LIST))


def test_the_list_asks_as_much_of_the_database_for_one_edition_as_for_ten(
    manager, edition, as_user, django_assert_num_queries
):
    client = as_user(manager)
    client.get(LIST)
    with django_assert_num_queries(9) as one:
        client.get(LIST)
    for number in range(2, 11):
        ReportEditionFactory(office=edition.office, buyer=edition.buyer, figures={}, number=number)
        JobFactory(organisation=edition.office.organisation)

    with django_assert_num_queries(len(one)):
        client.get(LIST)


def test_an_edition_shows_its_seals_its_history_and_its_sisters(manager, edition, as_user):
    second = ReportEditionFactory(
        office=edition.office, buyer=edition.buyer, figures=edition.figures, number=2
    )
    audit.record(AuditKind.REPORT_ISSUED, target=edition, by=manager, number=1)
    client = as_user(manager)

    old, new = words(client.get(edition.get_absolute_url())), words(client.get(second.get_absolute_url()))

    assert edition.sha256 in old
    assert "a reçu l’édition 1" in old
    assert "Une édition plus récente existe" in old
    assert "Une édition plus récente existe" not in new
    assert edition.get_absolute_url() in new


def test_the_document_is_downloaded_under_a_good_name(buyer, edition, as_user):
    response = as_user(buyer).get(reverse("reporting:edition_pdf", args=[edition.pk]))

    assert b"".join(response.streaming_content) == b"%PDF-1.7 of a test"
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == (
        'attachment; filename="rapport-ville-de-rivebelle-2026-01-2026-12-edition-1.pdf"'
    )


def test_a_document_that_is_gone_is_told_as_such(buyer, edition, as_user):
    edition.file.storage.delete(edition.file.name)

    response = as_user(buyer).get(reverse("reporting:edition_pdf", args=[edition.pk]))

    assert response.status_code == 404


def test_the_figures_are_downloaded_for_programs_and_spreadsheets(funder, edition, as_user):
    client = as_user(funder)

    told = client.get(reverse("reporting:edition_json", args=[edition.pk]))
    book = client.get(reverse("reporting:edition_xlsx", args=[edition.pk]))
    table = client.get(reverse("reporting:edition_csv", args=[edition.pk]))

    assert json.loads(told.content) == edition.figures
    workbook = openpyxl.load_workbook(BytesIO(book.content))
    assert workbook.sheetnames == ["Contrats", "Mois", "Personnes"]
    assert [cell.value for cell in workbook["Contrats"][2]][:4] == [
        "2026-A",
        "Entretien des espaces verts",
        "Jardins Services",
        600,
    ]
    assert ("Âge", "Moins de 26 ans", "n.\u00a0c.") in workbook["Personnes"].values
    assert "2026-B;Nettoyage des écoles;Propreté Claire;1000,00" in table.content.decode("utf-8-sig")
    assert book["Content-Disposition"].endswith('edition-1.xlsx"')
