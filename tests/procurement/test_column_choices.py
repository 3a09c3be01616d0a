"""The meaning of columns and the sheets of a plan file, as people choose them and as it is remembered."""

import html
import json
import re
from datetime import UTC, datetime
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError
from django.urls import reverse

from accounts import audit
from config.lib.spreadsheet import UnreadableFile, write_csv
from procurement.enums import PlanFileState
from procurement.imports.choices import SheetChoice, column_key
from procurement.imports.layout import EMPTY, HIDDEN, LEFT_ASIDE, NO_HEADER
from procurement.models import ColumnChoice, Market, PlanFile
from procurement.services import import_choices, plan_files
from procurement.services.import_choices import AUTOMATIC, ChoiceRefused, ColumnAnswer
from procurement.workflow import TransitionRefused
from tests.procurement.factories import BuyerFactory, PlanFileFactory, PurchasePlanFactory


AT = datetime(2027, 1, 12, 9, tzinfo=UTC)
SIRET = "21940028000018"
HEADER = ["Réf", "Ce qu’on achète", "Enveloppe 2027", "Couleur"]
ROWS = [["A1", "Entretien des parcs", "80 k€", "vert"], ["A2", "Voirie", "beaucoup", ""]]


@pytest.fixture
def plan(stage):
    return PurchasePlanFactory(buyer=stage.buyer)


@pytest.fixture
def receive(plan, buyer):
    def receive(data, name="plan.csv"):
        return plan_files.receive(plan=plan, data=data, name=name, by=buyer)

    return receive


@pytest.fixture
def misnamed(receive):
    """No title of it says what is bought."""
    return receive(write_csv(HEADER, ROWS))


@pytest.fixture
def choose(buyer):
    def choose(plan_file, *fields, sheet=0):
        """One field by rank of column; `None` leaves a column as it is."""
        answers = [ColumnAnswer(sheet, rank, name) for rank, name in enumerate(fields) if name is not None]
        return import_choices.choose_columns(plan_file=plan_file, answers=answers, by=buyer, at=AT)

    return choose


@pytest.fixture
def choose_sheets(buyer):
    def choose_sheets(plan_file, **choices):
        by_rank = {int(rank[1:]): choice for rank, choice in choices.items()}
        return import_choices.choose_sheets(plan_file=plan_file, choices=by_rank, by=buyer)

    return choose_sheets


def workbook(*sheets, hidden=()):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name in hidden:
            sheet.sheet_state = "hidden"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def words(response):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def plainly(said):
    """Sentences with their spaces made alike."""
    return [" ".join(sentence.split()) for sentence in said]


def saying(sentence):
    """The pattern of a sentence, whatever its spaces."""
    return re.escape(sentence).replace("\\ ", r"\s")


def fields(found, sheet=0):
    return list(found.sheets[sheet].header.fields)


# Columns


def test_a_file_whose_header_says_no_object_is_kept_for_somebody_to_say_it(misnamed):
    found = plan_files.preview_again(misnamed)

    assert misnamed.state == PlanFileState.READ
    assert (found.counts.rows, found.sheets[0].why) == (0, NO_HEADER)
    assert fields(found) == ["reference", None, None, None]


def test_a_meaning_that_is_chosen_is_read_at_once(misnamed, choose):
    reread = choose(misnamed, "reference", "title", "estimated_amount", "")

    misnamed.refresh_from_db()
    assert plainly(reread.said) == [
        "« Ce qu’on achète » : Objet du marché",
        "« Enveloppe 2027 » : Montant estimé (€ HT)",
    ]
    assert (reread.rows_before, reread.found.counts.rows) == (0, 2)
    assert [line.title for line in reread.found.lines] == ["Entretien des parcs", "Voirie"]
    assert misnamed.counts["rows"] == misnamed.counts["created"] + misnamed.counts["waiting"] == 2


def test_only_what_was_changed_is_remembered_and_signed(plan, buyer, misnamed, choose):
    choose(misnamed, "reference", "title", "estimated_amount", "")

    kept = ColumnChoice.objects.order_by("pk")
    assert [(choice.key, choice.field, str(choice)) for choice in kept] == [
        ("ce qu on achete", "title", "Ce qu’on achète"),
        ("enveloppe 2027", "estimated_amount", "Enveloppe 2027"),
    ]
    assert {(choice.buyer, choice.chosen_by, choice.chosen_at) for choice in kept} == {
        (plan.buyer, buyer, AT)
    }
    assert plainly([audit.history(plan)[0].sentence]) == [
        "a choisi le sens de colonnes du fichier plan.csv : « Ce qu’on achète » : Objet du marché ; "
        "« Enveloppe 2027 » : Montant estimé (€ HT)"
    ]


def test_the_next_file_of_the_buyer_is_read_alone(plan, misnamed, choose):
    choose(misnamed, None, "title", "estimated_amount")

    again = write_csv(["CE QU’ON ACHÈTE", "Enveloppe 2027", "Réf"], [["Bancs", "12 000", "B1"]])
    found = plan_files.preview(plan=plan, data=again, name="suite.csv")

    assert fields(found) == ["title", "estimated_amount", "reference"]
    assert found.lines[0].values["estimated_amount"] == 12_000


def test_the_file_of_another_buyer_is_not(misnamed, choose):
    choose(misnamed, None, "title")
    other = PurchasePlanFactory(buyer=BuyerFactory(organisation__name="Ville de Hautmont"))

    with pytest.raises(UnreadableFile):
        plan_files.preview(plan=other, data=write_csv(HEADER, ROWS), name="plan.csv")


def test_the_command_reads_with_what_is_remembered(plan, misnamed, choose, tmp_path, capsys):
    choose(misnamed, None, "title")
    path = tmp_path / "plan.csv"
    path.write_bytes(write_csv(HEADER, ROWS))

    plan.buyer.organisation.siret = SIRET
    plan.buyer.organisation.save()
    call_command("import_plan", str(path), "--buyer", SIRET, "--year", "2027", "--json", "--wet-run")

    told = json.loads(capsys.readouterr().out)
    assert list(told) == [
        "rows", "applied", "created", "updated", "unchanged", "waiting", "issues",
    ]  # fmt: skip
    assert (told["rows"], told["created"]) == (2, 2)


def test_a_column_may_be_chosen_not_to_be_read_and_is_kept_as_it_is(plan, receive, choose):
    received = receive(write_csv(["Objet", "Montant"], [["Parcs", "12 000"]]))

    reread = choose(received, None, "")

    line = reread.found.lines[0]
    assert plainly(reread.said) == ["« Montant » : ne pas lire"]
    assert "estimated_amount" not in line.values
    assert line.values["extra"] == {"Montant": "12 000"}


def test_a_choice_is_forgotten(receive, choose):
    received = receive(write_csv(["Objet", "Montant"], [["Parcs", "12 000"]]))
    choose(received, None, "")

    reread = choose(received, None, AUTOMATIC)

    assert fields(reread.found) == ["title", "estimated_amount"]
    assert not ColumnChoice.objects.exists()


def test_a_choice_takes_the_place_of_the_one_before(receive, choose):
    received = receive(write_csv(["Objet", "Divers"], [["Parcs", "Créteil"]]))
    choose(received, None, "place")

    choose(received, None, "remarks")

    assert ColumnChoice.objects.get().field == "remarks"


def test_two_columns_may_not_mean_the_same(misnamed, choose):
    with pytest.raises(
        ChoiceRefused, match=saying("« Ce qu’on achète » et « Enveloppe 2027 » ne peuvent pas")
    ):
        choose(misnamed, None, "title", "title")

    assert not ColumnChoice.objects.exists()


def test_a_column_read_alone_counts_among_the_two(receive, choose):
    received = receive(write_csv(["Objet", "Montant", "Enveloppe 2027"], [["Parcs", "1", "2"]]))

    with pytest.raises(ChoiceRefused, match=saying("« Montant estimé")):
        choose(received, None, None, "estimated_amount")


def test_forgetting_a_choice_may_contradict_another(receive, choose):
    received = receive(write_csv(["Objet", "Montant", "Enveloppe 2027"], [["Parcs", "1", "2"]]))
    choose(received, None, "", "estimated_amount")

    with pytest.raises(ChoiceRefused):
        choose(received, None, AUTOMATIC, None)


def test_a_sheet_that_is_read_keeps_an_object(receive, choose):
    received = receive(write_csv(["Objet", "Montant"], [["Parcs", "1"]]))

    with pytest.raises(ChoiceRefused, match="aucune colonne ne dirait plus l’objet"):
        choose(received, "", None)


def test_one_title_has_one_meaning_in_the_sheets_of_a_file(receive, choose, buyer):
    rows = [["Objet", "Divers"], ["Parcs", "x"]]
    received = receive(workbook(("Nord", rows), ("Sud", rows)), "plan.xlsx")
    answers = [ColumnAnswer(0, 1, "place"), ColumnAnswer(1, 1, "remarks")]

    with pytest.raises(ChoiceRefused, match=saying("La colonne « Divers » ne peut pas avoir deux sens")):
        import_choices.choose_columns(plan_file=received, answers=answers, by=buyer, at=AT)


@pytest.mark.parametrize(
    "answer", [ColumnAnswer(7, 0, "title"), ColumnAnswer(0, 70, "title"), ColumnAnswer(0, 3, "?")]
)
def test_an_answer_about_no_column_of_ours_changes_nothing(misnamed, buyer, answer):
    reread = import_choices.choose_columns(plan_file=misnamed, answers=[answer], by=buyer, at=AT)

    assert reread.said == []
    assert not ColumnChoice.objects.exists()


def test_an_applied_file_has_its_columns_for_good(plan, buyer, receive, choose, choose_sheets):
    received = receive(write_csv(["Objet", "Divers"], [["Parcs", "x"]]))
    plan_files.apply(plan_file=received, by=buyer, at=AT)

    with pytest.raises(TransitionRefused):
        choose(received, None, "place")
    with pytest.raises(TransitionRefused):
        choose_sheets(received, s0=SheetChoice(is_read=False))


def test_of_two_remembered_columns_with_one_meaning_the_first_is_read(plan, misnamed, choose):
    choose(misnamed, None, "title")
    ColumnChoice.objects.create(buyer=plan.buyer, key="besoin libre", written="Besoin libre", field="title")

    data = write_csv(["Besoin libre", "Ce qu’on achète"], [["Bancs", "Parcs"]])
    found = plan_files.preview(plan=plan, data=data, name="plan.csv")

    assert fields(found) == ["title", None]
    assert found.lines[0].values["extra"] == {"Ce qu’on achète": "Parcs"}


def test_a_column_that_was_not_to_be_read_is_read_again_where_nothing_else_says_the_object(plan):
    ColumnChoice.objects.create(buyer=plan.buyer, key="objet", written="Objet", field="")

    found = plan_files.preview(plan=plan, data=write_csv(["Objet"], [["Parcs"]]), name="plan.csv")

    assert fields(found) == ["title"]


def test_a_meaning_that_no_longer_exists_is_no_choice(plan):
    ColumnChoice.objects.create(buyer=plan.buyer, key="objet", written="Objet", field="of_old")

    assert fields(plan_files.preview(plan=plan, data=write_csv(["Objet"], [["Parcs"]]), name="plan.csv")) == [
        "title"
    ]


def test_a_title_without_a_letter_is_still_told_from_another():
    assert column_key("№ ? ") != column_key("!!!")
    assert column_key("Montant (prévisionnel)") == column_key("MONTANT PREVISIONNEL")


def test_a_title_is_remembered_once_per_buyer(plan):
    ColumnChoice.objects.create(buyer=plan.buyer, key="divers", written="Divers")

    with pytest.raises(IntegrityError):
        ColumnChoice.objects.create(buyer=plan.buyer, key="divers", written="DIVERS")


# Sheets


PLAN_SHEET = ("Plan", [["Objet"], ["Parcs"], ["Voirie"]])
SECTORS = ("Secteurs", [["Secteur"], ["Bois"]])


@pytest.fixture
def several(receive):
    sheets = (PLAN_SHEET, ("Caché", [["Objet"], ["Bancs"]]), SECTORS, ("Vide", []))
    return receive(workbook(*sheets, hidden=["Caché"]), "plan.xlsx")


def test_each_sheet_that_is_not_read_says_why(several):
    found = plan_files.preview_again(several)

    assert [sheet.why for sheet in found.sheets] == ["", HIDDEN, NO_HEADER, EMPTY]
    assert (found.counts.rows, found.ignored_sheets) == (2, ["Caché", "Secteurs", "Vide"])


def test_a_hidden_sheet_is_read_when_asked(plan, several, choose_sheets):
    reread = choose_sheets(several, s1=SheetChoice(is_read=True))

    several.refresh_from_db()
    counts = reread.found.counts
    assert plainly(reread.said) == ["la feuille « Caché » est lue"]
    assert (reread.rows_before, counts.rows, counts.applied + counts.waiting) == (2, 3, 3)
    assert several.counts["rows"] == 3
    assert plainly([audit.history(plan)[0].sentence]) == [
        "a choisi les feuilles lues du fichier plan.xlsx : la feuille « Caché » est lue"
    ]


def test_a_sheet_is_left_aside_then_taken_back(several, choose_sheets):
    aside = choose_sheets(several, s0=SheetChoice(is_read=False), s1=SheetChoice(is_read=True))
    back = choose_sheets(several, s0=SheetChoice())

    assert aside.found.sheets[0].why == LEFT_ASIDE
    assert aside.found.counts.rows == 1
    assert plainly(back.said) == ["la feuille « Plan » est lue si elle est reconnue"]
    assert back.found.counts.rows == 3


def test_choosing_what_is_already_so_changes_nothing(plan, several, choose_sheets):
    reread = choose_sheets(several, s0=SheetChoice(header_line=1), s70=SheetChoice(is_read=True))

    assert reread.said == []
    assert len(audit.history(plan)) == 1


def test_a_header_far_below_is_named_by_its_line(receive, choose_sheets):
    junk = [[f"Note {n}"] for n in range(14)]
    received = receive(write_csv(["Ville de Rivebelle"], [*junk, ["Objet"], ["Parcs"]]))
    assert plan_files.preview_again(received).counts.rows == 0

    reread = choose_sheets(received, s0=SheetChoice(header_line=16))

    assert plainly(reread.said) == ["la feuille « plan » est lue si elle est reconnue, en-tête ligne 16"]
    assert [line.title for line in reread.found.lines] == ["Parcs"]


def test_a_sheet_without_a_header_is_read_by_the_rank_of_its_columns(receive, choose_sheets, choose):
    received = receive(write_csv(["Bancs publics", "12 000"], [["Tondeuses", "80 k€"]]))
    said = plainly(choose_sheets(received, s0=SheetChoice(header_line=0)).said)

    reread = choose(received, "title", "estimated_amount")

    assert said == ["la feuille « plan » est lue si elle est reconnue, sans en-tête"]
    assert [line.title for line in reread.found.lines] == ["Bancs publics", "Tondeuses"]


def test_a_header_line_that_is_not_in_the_file_is_none(receive, choose_sheets):
    received = receive(write_csv(["Objet"], [["Parcs"]]))

    reread = choose_sheets(received, s0=SheetChoice(header_line=900))

    assert (reread.found.counts.rows, reread.found.sheets[0].header.line) == (0, 0)


def test_a_file_of_which_nothing_is_read_is_not_applied(buyer, misnamed):
    with pytest.raises(UnreadableFile):
        plan_files.apply(plan_file=misnamed, by=buyer, at=AT)

    misnamed.refresh_from_db()
    assert misnamed.state == PlanFileState.READ


# The page


@pytest.fixture
def post(buyer, as_user):
    def post(name, plan_file, answers):
        return as_user(buyer).post(reverse(f"procurement:{name}", args=[plan_file.pk]), answers, follow=True)

    return post


def test_a_file_not_understood_is_shown_with_its_columns_rather_than_refused(plan, buyer, as_user):
    upload = SimpleUploadedFile("plan.csv", write_csv(HEADER, ROWS))
    response = as_user(buyer).post(
        reverse("procurement:plan_file_send", args=[plan.pk]), {"file": upload}, follow=True
    )

    page = words(response)
    assert "Aucune ligne n’est lue : dites ci-dessous quelle colonne" in page
    assert 'name="colonne:0:1"' in response.content.decode()
    assert "Entretien des parcs" in page
    assert "Appliquer au plan" not in page


def test_columns_are_chosen_on_the_page(misnamed, post):
    response = post(
        "plan_file_columns", misnamed, {"colonne:0:1": "title", "colonne:0:2": "estimated_amount"}
    )

    page = words(response)
    assert "Le fichier est relu. « Ce qu’on achète » : Objet du marché." in page
    assert "Lignes lues : 2 (au lieu de 0) ; en attente : 0 ; cellules à revoir : 1." in page
    assert "mémorisé pour Ville de Rivebelle" in page
    assert "Oublier ce choix (gardée telle quelle)" in page
    assert "Appliquer au plan 2027" in page


def test_a_contradiction_is_refused_with_what_was_chosen(misnamed, post):
    response = post("plan_file_columns", misnamed, {"colonne:0:1": "title", "colonne:0:2": "title"})

    assert response.status_code == 422
    assert "ne peuvent pas dire toutes les deux « Objet du marché »" in words(response)
    assert response.content.decode().count('<option value="title" selected>') == 2


@pytest.mark.parametrize(
    "name", ["colonne:0", "colonne:0:x", "autre:0:1", "colonne:0:1:2", "colonne:0:1234567"]
)
def test_a_name_that_the_page_does_not_use_chooses_nothing(misnamed, post, name):
    response = post("plan_file_columns", misnamed, {name: "title"})

    assert "Aucune colonne n’a changé de sens." in words(response)


def test_sheets_are_chosen_on_the_page(several, post):
    response = post("plan_file_sheets", several, {"feuille:1": "lire", "entete:1": "x", "feuille:2": "?"})

    page = words(response)
    assert "la feuille « Caché » est lue. Lignes lues : 3 (au lieu de 2)" in page
    assert "pas lue : aucune de ses colonnes n’est reconnue" in page
    assert "à votre demande" in page


def test_no_sheet_chosen_is_said(several, post):
    assert "Le choix des feuilles n’a pas changé." in words(post("plan_file_sheets", several, {}))


@pytest.mark.parametrize("name", ["plan_file_columns", "plan_file_sheets"])
def test_an_applied_file_says_that_it_is_too_late(plan, buyer, receive, post, name):
    received = receive(write_csv(["Objet"], [["Parcs"]]))
    plan_files.apply(plan_file=received, by=buyer, at=AT)

    response = post(name, received, {"colonne:0:0": "remarks", "feuille:0": "laisser"})

    assert "Le fichier est à l’état « Appliqué »" in words(response)


def test_an_unread_file_is_not_applied_from_the_page(misnamed, post):
    response = post("plan_file_apply", misnamed, {})

    assert "n’a pas de ligne d’en-tête reconnue" in words(response)
    assert not Market.objects.exists()


def test_a_manager_sees_the_columns_and_chooses_none(misnamed, manager, as_user):
    page = as_user(manager).get(misnamed.get_absolute_url())

    assert "Ce qu’on achète" in words(page)
    assert "<select" not in page.content.decode().split("<main")[1]
    assert "Enregistrer et relire" not in words(page)


@pytest.mark.parametrize("count", [1, 10])
def test_the_columns_ask_as_much_of_the_database_for_ten_as_for_one(
    plan, buyer, as_user, count, django_assert_num_queries
):
    header = ["Objet", *[f"Colonne libre {n}" for n in range(count)]]
    file = PlanFileFactory(plan=plan, file__data=write_csv(header, [["Parcs"] * (count + 1)] * count))
    visitor = as_user(buyer)

    with django_assert_num_queries(12):
        visitor.get(file.get_absolute_url(), {"show": "columns"})
    assert PlanFile.objects.count() == 1
