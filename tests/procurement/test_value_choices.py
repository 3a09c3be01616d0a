"""Families, departments and places that a plan file misspells: asked once, remembered for the buyer."""

import json
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.urls import reverse

from accounts import audit
from config.lib.spreadsheet import write_csv
from procurement.enums import ChosenField
from procurement.imports import confirming
from procurement.imports.known import NO_DEPARTMENT, NO_FAMILY, UNKNOWN_FAMILY, places_of
from procurement.models import Buyer, Department, Family, Market, ValueChoice
from procurement.services import import_values, plan_files
from procurement.services.import_choices import AUTOMATIC, ChoiceRefused
from procurement.services.import_values import ValueAnswer
from procurement.workflow import TransitionRefused
from tests.procurement.factories import BuyerFactory, DepartmentFactory, MarketFactory, PurchasePlanFactory
from tests.procurement.test_column_choices import plainly, words


AT = datetime(2027, 1, 12, 9, tzinfo=UTC)
SIRET = "21940028000018"
FAMILY, DEPARTMENT, PLACE = ChosenField.FAMILY, ChosenField.DEPARTMENT, ChosenField.PLACE
HEADER = ["Réf", "Objet", "Service", "Famille", "Ville"]
PARKS, MISSPELT = "Direction des parcs et jardins", "Direction des parcs et jardin"
ROWS = [
    ["A1", "Entretien des parcs", MISSPELT, "Espaces vert", "Rivebele"],
    ["A2", "Bancs", MISSPELT.upper(), "Mobilier neuf et réemployé", "Rivebelle"],
    ["A3", "Accueil", "Communication", "", "Orly"],
    ["A4", "", MISSPELT, "", ""],
]


@pytest.fixture
def plan(stage):
    Buyer.objects.filter(pk=stage.buyer.pk).update(city="Rivebelle")
    stage.buyer.refresh_from_db()
    DepartmentFactory(buyer=stage.buyer, name=PARKS)
    return PurchasePlanFactory(buyer=stage.buyer)


@pytest.fixture
def received(plan, buyer):
    return plan_files.receive(plan=plan, data=write_csv(HEADER, ROWS), name="plan.csv", by=buyer)


@pytest.fixture
def choose(received, buyer):
    def choose(*answers, plan_file=received):
        return import_values.choose_values(
            plan_file=plan_file, answers=[ValueAnswer(*answer) for answer in answers], by=buyer, at=AT
        )

    return choose


def preview(plan, *rows):
    return plan_files.preview(plan=plan, data=write_csv(HEADER, rows or ROWS), name="plan.csv")


def doubts(found):
    return {(doubt.field, doubt.written): doubt.closest for doubt in found.known.doubts.values()}


def reasons(found):
    return plainly(issue.reason for issue in found.issues if issue.line == 2)


# Before anybody confirms


def test_what_looks_like_a_known_value_is_asked_and_never_taken_for_it(plan):
    found = preview(plan)

    assert doubts(found) == {
        ("department", MISSPELT): PARKS,
        ("family", "Espaces vert"): "",
        ("place", "Rivebele"): "Rivebelle",
    }
    values = found.lines[0].values
    assert "department" not in values
    assert "family" not in values
    assert values["place"] == "Rivebele"
    assert reasons(found) == [
        "Ressemble à « Direction des parcs et jardins » : dites si c’est ce service, ou un nouveau.",
        *plainly([UNKNOWN_FAMILY]),
        "Ressemble à « Rivebelle » : à confirmer.",
    ]


def test_every_line_is_still_applied_or_waits(plan):
    counts = preview(plan).counts

    assert (counts.rows, counts.applied, counts.waiting) == (4, 3, 1)


def test_a_name_that_resembles_none_is_a_new_department_as_before(plan):
    assert [department.name for department in preview(plan).new_departments] == ["Communication"]


def test_importing_again_before_anything_is_confirmed_changes_nothing(plan):
    for _ in range(2):
        found = plan_files.take_in(plan=plan, data=write_csv(HEADER, ROWS), name="plan.csv", by=None, at=AT)

    assert (found.counts.unchanged, found.counts.updated, found.counts.created) == (3, 0, 0)


def test_a_value_is_asked_once_with_the_number_of_its_lines(plan):
    found = preview(plan)

    asked = [(pending.doubt.written, pending.line_count) for pending in confirming.pending(found)]

    assert asked == [(MISSPELT, 3), ("Espaces vert", 1), ("Rivebele", 1)]


def test_proposals_are_ranked_by_likeness(plan):
    found = preview(plan)

    department, family, place = confirming.questions(found, confirming.pending(found))

    assert [option.label for option in department.close] == [PARKS]
    assert (family.close[0].target, family.close[0].likeness) == ("espaces-verts", 73)
    assert len(family.close) <= 3
    assert len([*family.close, *family.others]) == Family.objects.count()
    assert place.close[0].label == "Rivebelle"


def test_a_part_of_the_name_of_a_family_is_close_to_it(plan):
    found = preview(plan, ["A1", "Bulletin", "", "Reprographie", ""])

    [question] = confirming.questions(found, confirming.pending(found))

    assert question.close[0].label == "Impression, reprographie et papeterie"


def test_nothing_to_confirm_asks_nothing(plan):
    found = preview(plan, ["A1", "Parcs", PARKS.lower(), "espaces-verts", "RIVEBELLE"])

    assert confirming.pending(found) == []
    assert found.issues == []


# Once confirmed


def test_a_choice_serves_all_the_lines_of_the_value_at_once(plan, choose):
    reread = choose(
        (DEPARTMENT, MISSPELT, PARKS),
        (FAMILY, "Espaces vert", "espaces-verts"),
        (PLACE, "Rivebele", "Rivebelle"),
    )

    assert doubts(reread.found) == {}
    assert [str(line.values.get("department")) for line in reread.found.lines[:2]] == [PARKS, PARKS]
    assert reread.found.lines[0].values["family"].code == "espaces-verts"
    assert reread.found.lines[0].values["place"] == "Rivebelle"
    assert reasons(reread.found) == []
    assert plainly(reread.said) == [
        f"« {MISSPELT} » : {PARKS}",
        "« Espaces vert » : Espaces verts et élagage",
        "« Rivebele » : Rivebelle",
    ]


def test_a_choice_is_signed_and_told_in_the_log(plan, buyer, choose):
    choose((DEPARTMENT, MISSPELT, PARKS))

    choice = ValueChoice.objects.get()
    assert (str(choice), choice.said, choice.chosen_by, choice.chosen_at) == (MISSPELT, PARKS, buyer, AT)
    assert plainly([audit.history(plan)[0].sentence]) == [
        f"a confirmé des valeurs du fichier plan.csv : « {MISSPELT} » : {PARKS}"
    ]


def test_the_next_file_of_the_buyer_is_read_with_it(plan, choose):
    choose((DEPARTMENT, MISSPELT, PARKS), (FAMILY, "Espaces vert", "espaces-verts"))

    found = preview(plan, ["B1", "Tondeuses", MISSPELT.lower(), "ESPACES VERT", ""])

    assert str(found.lines[0].values["department"]) == PARKS
    assert found.lines[0].values["family"].code == "espaces-verts"
    assert [
        (choice.written, choice.chosen, choice.line_count) for choice in confirming.remembered(found)
    ] == [
        (MISSPELT, PARKS, 1),
        ("Espaces vert", "Espaces verts et élagage", 1),
    ]


def test_another_buyer_is_asked_again(choose):
    choose((FAMILY, "Espaces vert", "espaces-verts"))
    other = PurchasePlanFactory(buyer=BuyerFactory(organisation__name="Ville de Hautmont"))

    assert ("family", "Espaces vert") in doubts(preview(other))


def test_the_command_reads_with_what_is_remembered(plan, choose, tmp_path, capsys):
    choose((DEPARTMENT, MISSPELT, PARKS), (FAMILY, "Espaces vert", "espaces-verts"))
    plan.buyer.organisation.siret = SIRET
    plan.buyer.organisation.save()
    path = tmp_path / "plan.csv"
    path.write_bytes(write_csv(HEADER, ROWS[:1]))

    call_command("import_plan", str(path), "--buyer", SIRET, "--year", "2027", "--json", "--wet-run")

    told = json.loads(capsys.readouterr().out)
    assert [issue["value"] for issue in told["issues"]] == ["Rivebele"]
    market = plan.markets.get()
    assert (market.department.name, market.family.code) == (PARKS, "espaces-verts")


def test_a_department_may_be_a_new_one(plan, choose):
    reread = choose((DEPARTMENT, MISSPELT, MISSPELT))

    assert Department.objects.filter(buyer=plan.buyer, name=MISSPELT).exists()
    assert str(reread.found.lines[0].values["department"]) == MISSPELT
    assert reread.found.new_departments[0].name == "Communication"


def test_none_may_be_right_and_the_text_stays_to_be_seen(plan, choose):
    reread = choose((DEPARTMENT, MISSPELT, ""), (FAMILY, "Espaces vert", ""), (PLACE, "Rivebele", ""))

    assert doubts(reread.found) == {}
    assert reasons(reread.found) == plainly([NO_DEPARTMENT, NO_FAMILY])
    assert [issue.value for issue in reread.found.issues if issue.line == 2] == [MISSPELT, "Espaces vert"]
    assert reread.found.lines[0].values["place"] == "Rivebele"
    assert plainly(reread.said)[2] == "« Rivebele » : gardé tel quel"


def test_a_choice_is_changed_then_forgotten(choose):
    choose((FAMILY, "Espaces vert", "mobilier"))
    choose((FAMILY, "Espaces vert", "espaces-verts"))
    assert ValueChoice.objects.get().family.code == "espaces-verts"

    reread = choose((FAMILY, "Espaces vert", AUTOMATIC))

    assert ("family", "Espaces vert") in doubts(reread.found)
    assert not ValueChoice.objects.exists()


def test_a_department_that_is_renamed_keeps_its_values(plan, choose):
    choose((DEPARTMENT, MISSPELT, PARKS))
    Department.objects.filter(name=PARKS).update(name="Direction de la nature en ville")

    assert str(preview(plan).lines[0].values["department"]) == "Direction de la nature en ville"


def test_a_family_that_is_none_is_refused(choose):
    with pytest.raises(ChoiceRefused, match="n’existe plus"):
        choose((DEPARTMENT, MISSPELT, PARKS), (FAMILY, "Espaces vert", "licornes"))


def test_an_applied_file_confirms_nothing_more(received, buyer, choose):
    plan_files.apply(plan_file=received, by=buyer, at=AT)

    with pytest.raises(TransitionRefused):
        choose((DEPARTMENT, MISSPELT, PARKS))


@pytest.mark.parametrize(
    "wrong",
    [
        {"field": "family", "place": "Orly"},
        {"field": "place", "family_id": 1},
        {"field": "place", "department": 1},
    ],
)
def test_a_choice_is_of_the_nature_of_its_value(plan, wrong):
    if "department" in wrong:
        wrong = wrong | {"department": Department.objects.get(name=PARKS)}

    with pytest.raises(IntegrityError, match="value_choice_is_of_its_field"):
        ValueChoice.objects.create(buyer=plan.buyer, key="x", written="x", **wrong)


def test_a_value_is_remembered_once_per_buyer(plan):
    ValueChoice.objects.create(buyer=plan.buyer, field=PLACE, key="orly", written="Orly")

    with pytest.raises(IntegrityError):
        ValueChoice.objects.create(buyer=plan.buyer, field=PLACE, key="orly", written="ORLY")


# Places


def test_places_are_those_of_the_buyer_and_its_plans_but_not_those_in_doubt(plan):
    MarketFactory(plan=plan, place="Halle aux grains")
    MarketFactory(plan=plan, place="Halle au grain", issues=[{"field": "place", "reason": "", "value": ""}])

    places = places_of(plan.buyer, plan.year)

    assert places[:2] == ["Rivebelle", "Halle aux grains"]
    assert "Halle au grain" not in places
    assert "Val-de-Marne" in places
    assert places_of(Buyer(), plan.year)[0] == "Ain"


def test_a_place_in_other_signs_is_no_doubt(plan):
    MarketFactory(plan=plan, place="Vitry-sur-Seine")

    assert doubts(preview(plan, ["A1", "Parcs", "", "", "VITRY SUR SEINE"])) == {}


# The page


@pytest.fixture
def post(received, buyer, as_user):
    def post(answers):
        url = reverse("procurement:plan_file_values", args=[received.pk])
        return as_user(buyer).post(url, answers, follow=True)

    return post


def test_the_page_says_that_values_are_to_be_confirmed(received, buyer, as_user):
    page = words(as_user(buyer).get(received.get_absolute_url()))

    assert "3 valeurs restent à confirmer" in page
    assert "Valeurs à confirmer 3" in page


def test_a_value_is_asked_with_its_proposals(received, buyer, as_user):
    response = as_user(buyer).get(received.get_absolute_url(), {"show": "values"})

    page = words(response)
    assert f"{PARKS} (96 %)" in page
    assert f"Créer le service « {MISSPELT} »" in page
    assert "Laisser sans famille d’achats, garder le texte" in page
    assert f'name="valeur:department:{MISSPELT}"' in response.content.decode()


def test_values_are_confirmed_on_the_page(post):
    response = post({f"valeur:department:{MISSPELT}": f"={PARKS}", "valeur:family:Espaces vert": ""})

    page = words(response)
    assert f"Le fichier est relu. « {MISSPELT} » : {PARKS}." in page
    assert "Valeurs à confirmer 2" in page
    assert "Valeurs confirmées 1" in page


def test_a_null_character_is_left_out_of_a_choice(post):
    post({"valeur:place:Rive\0bele": "=Rive\0belle"})

    choice = ValueChoice.objects.get()
    assert (choice.written, choice.place) == ("Rivebele", "Rivebelle")


def test_the_last_confirmed_leads_to_those_that_are_remembered(post):
    response = post(
        {
            f"valeur:department:{MISSPELT}": f"={PARKS}",
            "valeur:family:Espaces vert": "garder",
            "valeur:place:Rivebele": "=Rivebelle",
        }
    )

    page = words(response)
    assert "Choix mémorisés qui ont servi à lire ce fichier." in page
    assert "rien : le texte est gardé" in page
    assert "Oublier ce choix" in page


def test_a_choice_is_forgotten_on_the_page(post):
    post({"valeur:place:Rivebele": "=Rivebelle"})

    response = post({"valeur:place:Rivebele": "oublier"})

    assert "« Rivebele » n’a plus de choix mémorisé" in words(response)


@pytest.mark.parametrize(
    "answers",
    [
        {"valeur:family:Espaces vert": ""},
        {"valeur:family:Espaces vert": "="},
        {"valeur:title:Parcs": "=Bancs"},
        {"valeur:family": "garder"},
        {"autre:family:Espaces vert": "garder"},
    ],
)
def test_an_answer_about_no_value_confirms_nothing(post, answers):
    response = post(answers)

    assert "Rien n’est confirmé" in words(response)
    assert not ValueChoice.objects.exists()


def test_a_family_that_is_gone_is_told_on_the_page(post):
    response = post({"valeur:family:Espaces vert": "=licornes"})

    assert response.status_code == 422
    assert "n’existe plus" in words(response)


def test_it_is_too_late_once_applied(received, buyer, post):
    plan_files.apply(plan_file=received, by=buyer, at=AT)

    assert "Le fichier est à l’état « Appliqué »" in words(post({"valeur:place:Rivebele": "garder"}))
    assert Market.objects.filter(place="Rivebele").exists()


def test_a_manager_sees_what_is_to_be_confirmed(received, manager, as_user):
    page = words(as_user(manager).get(received.get_absolute_url(), {"show": "values"}))

    assert f"{MISSPELT} service prescripteur" in page
    assert "à confirmer" in page
    assert "Enregistrer et relire" not in page
