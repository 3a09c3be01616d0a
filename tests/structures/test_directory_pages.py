from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts import audit
from structures.enums import DirectoryFileState, ServiceKind, StructureKind
from structures.forms.files import DirectoryFileForm
from structures.models import Capacity, DirectoryFile, Label, Network, Structure
from tests.structures.factories import (
    ContactFactory,
    DirectoryFileFactory,
    OfferFactory,
    StructureFactory,
    TownFactory,
)


LIST = "/structures/"
TODAY = date(2027, 3, 1)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(datetime(2027, 3, 1, 12, tzinfo=UTC))


@pytest.fixture
def directory(db):
    """Four cards that every criterion tells apart."""
    return {
        "lac": StructureFactory(
            name="L’Œuvre du lac", siret="80746931700018", city="Écully", postcode="69130",
            department_code="69"),
        "toile": StructureFactory(name="La Toile", brand="Toile et compagnie", kind=StructureKind.ESAT,
            city="Saint-Maur-des-Fossés", postcode="94100", verified_on=date(2026, 6, 1)),
        "relais": StructureFactory(name="Relais", kind=StructureKind.GEIQ, city="Paris", postcode="75012",
            department_code="75", verified_on=date(2025, 6, 1)),
        "faux": StructureFactory(name="Faux numéro", kind=StructureKind.ACI, siret_is_valid=False),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"lac", "toile", "relais", "faux"}),
        ("q=ecully", {"lac"}),
        ("q=oeuvre+LAC", {"lac"}),
        ("q=lac+oeuvre+toile", set()),
        ("q=807+469+317+00018", {"lac"}),
        ("q=807469317", {"lac"}),
        ("q=compagnie", {"toile"}),
        ("place=saint+maur", {"toile"}),
        ("place=Fosses", {"toile"}),
        ("place=94", {"toile", "faux"}),
        ("place=75012", {"relais"}),
        ("department=69", {"lac"}),
        ("department=13", set()),
        ("kind=ESAT&kind=GEIQ", {"toile", "relais"}),
        ("family=insertion", {"lac", "faux"}),
        ("family=disability", {"toile"}),
        ("siret=valid", {"lac", "toile", "relais"}),
        ("siret=invalid", {"faux"}),
        ("verified=yes", {"toile"}),
        ("verified=no", {"lac", "relais", "faux"}),
        ("kind=SARL&department=999&family=x", {"lac", "toile", "relais", "faux"}),
    ],
)
def test_the_list_is_narrowed_by(query, found, directory, facilitator, as_user):
    response = as_user(facilitator).get(f"{LIST}?{query}")

    assert set(response.context["page"].object_list) == {directory[name] for name in found}


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", ["faux", "lac", "relais", "toile"]),
        ("name", ["faux", "lac", "relais", "toile"]),
        ("-name", ["toile", "relais", "lac", "faux"]),
        ("city", ["faux", "lac", "relais", "toile"]),
        ("-city", ["toile", "relais", "lac", "faux"]),
        ("kind", ["faux", "lac", "toile", "relais"]),
        ("-kind", ["relais", "toile", "lac", "faux"]),
        ("verified", ["faux", "lac", "relais", "toile"]),
        ("-verified", ["toile", "relais", "faux", "lac"]),
        ("price", ["faux", "lac", "relais", "toile"]),
    ],
)
def test_the_list_is_sorted_by(sort, order, directory, facilitator, as_user):
    response = as_user(facilitator).get(f"{LIST}?sort={sort}")

    assert list(response.context["page"].object_list) == [directory[name] for name in order]


def test_the_list_shows_each_card_its_count_and_the_wrong_siret(directory, buyer, as_user):
    response = as_user(buyer).get(LIST)

    assertContains(response, "<strong>4</strong> structures")
    assertContains(response, "807\u202f469\u202f317\u202f00018")
    assertContains(response, "Clé fausse", count=1)
    assertContains(response, directory["toile"].get_absolute_url())
    assertNotContains(response, reverse("structures:send"))


def test_each_criterion_can_be_taken_off(directory, facilitator, as_user):
    response = as_user(facilitator).get(f"{LIST}?kind=EI&kind=ACI&place=94&sort=-name&page=1")

    assert [chip.label for chip in response.context["filter"].chips] == [
        "Commune ou code postal : 94",
        "Type : Entreprise d’insertion",
        "Type : Atelier et chantier d’insertion",
    ]
    assert response.context["filter"].chips[1].query == "place=94&kind=ACI&sort=-name"
    assertContains(response, "?place=94&amp;kind=EI&amp;kind=ACI&amp;sort=city")


def test_an_empty_directory_says_what_to_do(facilitator, buyer, as_user):
    assertContains(as_user(facilitator).get(LIST), "Importez le fichier national")
    assertContains(as_user(buyer).get(LIST), "Votre office y importera")


def test_a_search_without_result_says_what_to_do(directory, facilitator, as_user):
    assertContains(as_user(facilitator).get(f"{LIST}?q=introuvable"), "Aucune structure ne répond")


def test_a_swap_gets_the_results_alone_and_a_clean_address(directory, facilitator, as_user):
    response = as_user(facilitator).get(f"{LIST}?q=toile&place=&sort=", headers={"HX-Request": "true"})

    assertNotContains(response, "<h1>")
    assertContains(response, 'data-fc-announce="1 structure"')
    assert response.headers["HX-Push-Url"] == "?q=toile"
    assert "HX-Request" in response.headers["Vary"]


def test_the_back_button_gets_the_whole_page(directory, facilitator, as_user):
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}

    assertContains(as_user(facilitator).get(LIST, headers=headers), "<h1>")


def test_the_list_has_pages_of_twenty_five(facilitator, as_user):
    StructureFactory.create_batch(51)
    visitor = as_user(facilitator)

    assert len(visitor.get(LIST).context["page"]) == 25
    assert len(visitor.get(f"{LIST}?page=3").context["page"]) == 1


def test_the_list_asks_as_many_queries_for_fifty_cards_as_for_one(
    facilitator, as_user, django_assert_num_queries
):
    visitor = as_user(facilitator)
    StructureFactory()
    with django_assert_num_queries(7) as captured:
        visitor.get(LIST)

    StructureFactory.create_batch(49)
    with django_assert_num_queries(len(captured)):
        visitor.get(LIST)


def test_the_result_goes_to_a_workbook(directory, facilitator, as_user):
    response = as_user(facilitator).get("/structures/export.xlsx?q=toile")

    assert response.headers["Content-Disposition"] == 'attachment; filename="structures-2027-03-01.xlsx"'
    head, row = load_workbook(BytesIO(response.content))["Structures"].iter_rows(values_only=True)
    assert head[:5] == (
        "SIRET",
        "Clé du SIRET juste",
        "Type",
        "Type en toutes lettres",
        "Réservation possible",
    )
    assert row[1:7] == (
        "oui", "ESAT", "Établissement ou service d’aide par le travail",
        "Handicap (art.\u00a0L.\u00a02113-12)", "Toile et compagnie", "La Toile",
    )  # fmt: skip


def test_the_export_says_trades_capacity_distance_and_whom_to_reach(facilitator, as_user, administrator):
    TownFactory()
    offer = OfferFactory(structure__latitude=48.8030, structure__longitude=2.4240)
    OfferFactory(structure=offer.structure, trade=offer.trade, service_kind=ServiceKind.STAFF)
    Capacity.objects.create(offer=offer, quantity=120, starts_on=TODAY, declared_on=TODAY)
    Network.objects.create(code="r", label="Réseau").structures.add(offer.structure)
    Label.objects.create(code="l", label="ESUS").structures.add(offer.structure)
    ContactFactory(structure=offer.structure, name="Second")
    ContactFactory(structure=offer.structure, name="Claire", email="claire@x.example", is_first=True)

    told = _lines_of(as_user(facilitator).get("/structures/export.xlsx?place=94000&within=10"))

    assert told == [
        {
            "Distance (km)": 3.1,
            "Métiers déclarés": "Mise sous pli et routage",
            "Capacité déclarée": "Mise sous pli et routage : 120 heures par mois",
            "Réseaux": "Réseau",
            "Labels": "ESUS",
            "Contact": "Claire",
            "Adresse électronique": "claire@x.example",
        }
    ]
    # An administrator keeps the directory, and needs nobody’s name for that.
    (kept,) = _lines_of(as_user(administrator).get("/structures/export.xlsx?place=94000&within=10"))
    assert (kept["Contact"], kept["Adresse électronique"]) == (None, None)


def _lines_of(response):
    head, *rows = load_workbook(BytesIO(response.content))["Structures"].iter_rows(values_only=True)
    shown = (
        "Distance (km)", "Métiers déclarés", "Capacité déclarée", "Réseaux", "Labels", "Contact",
        "Adresse électronique",
    )  # fmt: skip
    return [{name: value for name, value in zip(head, row, strict=True) if name in shown} for row in rows]


def test_the_export_asks_as_many_questions_for_ten_as_for_one(
    facilitator, as_user, django_assert_max_num_queries
):
    for _ in range(10):
        ContactFactory(structure=OfferFactory().structure)
    visitor = as_user(facilitator)
    with django_assert_max_num_queries(12):
        visitor.get("/structures/export.csv")


def test_a_card_names_its_networks_and_labels(facilitator, as_user):
    structure = StructureFactory()
    Network.objects.create(code="r", label="Chantier école", website="https://r.example").structures.add(
        structure
    )
    Network.objects.create(code="s", label="Coorace").structures.add(structure)
    Label.objects.create(code="l", label="ESUS", description="Utilité sociale").structures.add(structure)

    page = as_user(facilitator).get(structure.get_absolute_url())

    for text in ("Chantier école", "https://r.example", "Coorace", "ESUS", "Utilité sociale"):
        assertContains(page, text)


def test_the_result_goes_to_a_csv(directory, facilitator, as_user):
    response = as_user(facilitator).get("/structures/export.csv?siret=invalid")

    lines = response.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].split(";")[1:3] == ["non", "ACI"]


def test_a_card_tells_who_it_is_and_what_the_law_allows(facilitator, as_user):
    structure = StructureFactory(
        kind=StructureKind.ESAT, siret="80746931700018", department_code="94", source="ASP",
        seen_at=datetime(2027, 2, 1, tzinfo=UTC), latitude=48.79, longitude=2.45,
        extra={"Capacité": "12"}, website="https://lac.example",
        issues=[{"column": "site", "value": "lac", "reason": "Adresse incomplète."}],
    )  # fmt: skip
    sibling = StructureFactory(kind=StructureKind.EA, siret="80746931700018")
    stranger = StructureFactory(kind=StructureKind.EA)

    page = as_user(facilitator).get(structure.get_absolute_url())

    for text in (
        "L.\u00a02113-12", "94 – Val-de-Marne", "48,79000", "1er février 2027", "Capacité",
        "Adresse incomplète.", "À vérifier depuis le", "J’ai vérifié cette fiche", sibling.get_absolute_url(),
        "https://lac.example",
    ):  # fmt: skip
        assertContains(page, text)
    assertNotContains(page, stranger.get_absolute_url())


def test_a_bare_card_with_a_wrong_siret_still_shows(buyer, as_user):
    structure = StructureFactory(name="", siret="41816609600060", siret_is_valid=False, department_code="")

    page = as_user(buyer).get(structure.get_absolute_url())

    assertContains(page, "SIRET 41816609600060")
    assertContains(page, "Clé du SIRET fausse")
    assertNotContains(page, "J’ai vérifié cette fiche")


def test_a_facilitator_verifies_a_card(facilitator, as_user):
    structure = StructureFactory(name="Atelier du lac")

    response = as_user(facilitator).post(reverse("structures:verify", args=[structure.pk]), follow=True)

    assertContains(response, "La fiche de « Atelier du lac » est vérifiée à ce jour.")
    assertContains(response, f"Le 1er mars 2027, par {facilitator}")
    assertContains(response, "À revoir le 29 février 2028")
    structure.refresh_from_db()
    assert structure.verified_on == TODAY


def send(visitor, content: bytes, name: str = "siae.csv"):
    return visitor.post(reverse("structures:send"), {"file": SimpleUploadedFile(name, content)})


ONE_LINE = "siret;type;nom;Capacité\n41816609600069;EI;Atelier;12\n".encode()


def test_a_file_is_sent_understood_then_applied(facilitator, as_user):
    visitor = as_user(facilitator)

    sent = send(visitor, ONE_LINE)
    file = DirectoryFile.objects.get()
    assertRedirects(sent, file.get_absolute_url())
    understood = visitor.get(file.get_absolute_url())
    assertContains(understood, "<strong>1 lignes lues</strong>")
    assertContains(understood, "Gardée telle quelle sur la fiche")
    assert not Structure.objects.exists()

    applied = visitor.post(reverse("structures:file_apply", args=[file.pk]), follow=True)

    assertContains(applied, "Le répertoire est à jour : 1 fiches ajoutées, 0 modifiées.")
    assertContains(applied, "a importé le fichier siae.csv")
    assert Structure.objects.get().extra == {"Capacité": "12"}


def test_applying_twice_is_refused_in_words(facilitator, as_user):
    file = DirectoryFileFactory(
        organisation=facilitator.membership.organisation,
        state=DirectoryFileState.APPLIED,
        applied_at=datetime(2027, 1, 6, tzinfo=UTC),
    )
    visitor = as_user(facilitator)

    for name in ("structures:file_apply", "structures:file_discard"):
        response = visitor.post(reverse(name, args=[file.pk]), follow=True)
        assertContains(response, "Ce fichier est à l’état « Appliqué »")
    assert audit.history(file).count() == 0


def test_a_file_can_be_given_up(facilitator, as_user):
    visitor = as_user(facilitator)
    send(visitor, ONE_LINE)
    file = DirectoryFile.objects.get()

    response = visitor.post(reverse("structures:file_discard", args=[file.pk]), follow=True)

    assertContains(response, "Le fichier « siae.csv » est abandonné")
    assertContains(response, "Abandonné")
    assertContains(visitor.get(file.get_absolute_url()), "a abandonné le fichier siae.csv")
    assert not Structure.objects.exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"%PDF-1.7 ...", "Le fichier « siae.csv » est un PDF, pas un fichier .csv."),
        (b"41816609600069;EI;Atelier\n", "reconnue"),
        (b"", "Ce fichier est vide."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_on_the_page(content, reason, facilitator, as_user):
    response = send(as_user(facilitator), content)

    assertContains(response, reason, status_code=422)
    assert not DirectoryFile.objects.exists()


def test_sending_no_file_shows_the_form_again(facilitator, as_user):
    response = as_user(facilitator).post(reverse("structures:send"))

    assertContains(response, "Choisissez un fichier.", status_code=422)


def test_a_file_too_large_is_refused():
    form = DirectoryFileForm(files={"file": SimpleUploadedFile("siae.csv", bytes(50 * 2**20 + 1))})

    assert form.errors["file"] == ["Ce fichier dépasse 50 Mo : découpez-le."]


MIXED = """siret;type;nom;commune;site;source
41816609600069;EI;Atelier;Alfortville;;ASP
41816609600069;EI;Encore;;;ASP
;EI;Sans numéro;;;ASP
80746931700018;EI;Nouveau;;lac;ASP
"""


@pytest.mark.parametrize(
    ("show", "texts"),
    [
        ("", ["Sans numéro", "répète le SIRET et le type déjà donnés ligne 2"]),
        ("inconnu", ["Sans numéro"]),
        ("waiting", ["Sans numéro", "Le SIRET manque."]),
        ("updated", ["Commune : <del>Créteil</del> → <ins>Alfortville</ins>"]),
        ("created", ["Nouveau"]),
        ("unchanged", ["Aucune ligne ici."]),
        ("issues", ["Cette adresse de site est incomplète ou illisible."]),
        ("gone", ["Partie"]),
    ],
)
def test_the_preview_shows_each_group_of_lines(show, texts, facilitator, as_user):
    seen = datetime(2027, 1, 1, tzinfo=UTC)
    StructureFactory(siret="41816609600069", name="Atelier", source="ASP", seen_at=seen)
    StructureFactory(name="Partie", source="ASP", seen_at=seen)
    visitor = as_user(facilitator)
    send(visitor, MIXED.encode())

    page = visitor.get(DirectoryFile.objects.get().get_absolute_url(), {"show": show})

    for text in texts:
        assertContains(page, text)


def test_a_file_without_anything_waiting_opens_on_what_it_adds(facilitator, as_user):
    visitor = as_user(facilitator)
    send(visitor, ONE_LINE)

    assert visitor.get(DirectoryFile.objects.get().get_absolute_url()).context["shown"] == "created"


def test_the_files_of_another_office_do_not_exist(other_facilitator, facilitator, administrator, as_user):
    file = DirectoryFileFactory(organisation=facilitator.membership.organisation)

    assert as_user(other_facilitator).get(file.get_absolute_url()).status_code == 404
    assert as_user(administrator).get(file.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("what", ["trade", "sector", "label"])
def test_an_administrator_keeps_the_vocabulary_of_the_directory(what, administrator, as_user):
    visitor = as_user(administrator)
    for page in ("changelist", "add"):
        assert visitor.get(reverse(f"admin:structures_{what}_{page}")).status_code == 200
