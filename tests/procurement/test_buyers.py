from datetime import date

import pytest
from django.db import IntegrityError

from accounts import audit
from accounts.models import Mandate, Organisation
from procurement.enums import BuyerCategory
from procurement.models import Buyer
from procurement.services import buyers, departments
from tests.procurement.factories import DepartmentFactory


ON = date(2027, 1, 4)
SIRET = "21940028000018"


def add(**changes):
    return buyers.add(
        **{
            "name": "Ville de Rivebelle",
            "siret": SIRET,
            "category": BuyerCategory.LOCAL,
            "by": None,
            "on": ON,
        }
        | changes
    )


def test_an_office_adds_a_buyer_under_its_mandate(stage, facilitator):
    buyer = add(siret=" 219 400 280 00018 ", city="Rivebelle", office=stage.office, by=facilitator)

    assert (buyer.organisation.siret, buyer.city) == (SIRET, "Rivebelle")
    assert Mandate.objects.get(partner=buyer.organisation).starts_on == ON
    assert [event.sentence for event in audit.history(buyer.organisation)] == [
        "a ouvert la convention avec Office du Confluent",
        "a ajouté l’acheteur",
    ]


def test_a_buyer_may_be_added_before_any_office_serves_it(db):
    assert not Mandate.objects.filter(partner=add().organisation).exists()


@pytest.mark.parametrize(
    ("siret", "reason"),
    [
        ("21940028000019", "La clé de contrôle"),
        ("123", "14 chiffres"),
        ("00000000000000", "zéros"),
        ("", "manque"),
    ],
)
def test_a_siret_that_does_not_exist_is_refused(db, siret, reason):
    with pytest.raises(buyers.SiretRefused, match=f"Ce SIRET n’existe pas.*{reason}"):
        add(siret=siret)

    assert not Buyer.objects.exists()


def test_a_siret_that_a_spreadsheet_spoiled_is_refused(db):
    with pytest.raises(buyers.SiretRefused, match="Le tableur a abrégé"):
        add(siret="2,194E+13")


def test_a_buyer_of_the_office_is_not_added_twice(stage, facilitator):
    add(office=stage.office)

    with pytest.raises(buyers.BuyerServed, match="« Ville de Rivebelle » porte ce SIRET"):
        add(name="Encore elle", office=stage.office, by=facilitator)

    assert Organisation.objects.filter(siret=SIRET).count() == 1


def test_nobody_gains_the_files_of_a_buyer_by_typing_its_siret(stage, facilitator):
    known = add(office=stage.other_office)

    with pytest.raises(buyers.BuyerKnown, match="Demandez à l’administrateur"):
        add(name="Encore elle", office=stage.office, by=facilitator)

    assert Mandate.objects.filter(partner=known.organisation).count() == 1
    assert Organisation.objects.filter(siret=SIRET).count() == 1


def test_a_department_is_added_with_its_prescribers(stage, facilitator, prescriber):
    department = departments.add(
        buyer=stage.buyer,
        name="Jardins",
        contact_name="Dominique Leroy",
        contact_email="jardins@rivebelle.example",
        prescribers=[prescriber.membership],
        by=facilitator,
    )

    assert list(department.prescribers.all()) == [prescriber.membership]
    assert [event.sentence for event in audit.history(stage.buyer.organisation)] == [
        "a ajouté le service Jardins"
    ]


def test_a_department_is_edited(stage, facilitator, prescriber):
    departments.edit(
        department=stage.department,
        name="Parcs",
        contact_name="",
        contact_email="",
        prescribers=[],
        by=facilitator,
    )

    stage.department.refresh_from_db()
    assert (stage.department.name, stage.department.contact_name) == ("Parcs", "")
    assert not stage.department.prescribers.exists()
    assert [event.sentence for event in audit.history(stage.buyer.organisation)] == [
        "a modifié le service Parcs"
    ]


@pytest.mark.parametrize("role", ["buyer", "facilitator"])
def test_only_prescribers_of_the_buyer_decide_for_its_department(stage, request, role):
    stranger = request.getfixturevalue(role)

    with pytest.raises(departments.PrescriberRefused):
        departments.add(buyer=stage.buyer, name="Jardins", prescribers=[stranger.membership], by=None)

    assert not stage.buyer.departments.filter(name="Jardins").exists()


def test_two_departments_of_a_buyer_do_not_share_a_name(stage, other_buyer):
    departments.add(buyer=stage.buyer, name="Énergie", by=None)

    with pytest.raises(departments.DepartmentKnown, match="déjà un service « Énergie »"):
        departments.add(buyer=stage.buyer, name="energie", by=None)

    assert departments.add(buyer=stage.other_buyer, name="Énergie", by=None).name == "Énergie"


def test_a_department_does_not_take_the_name_of_another(stage):
    other = DepartmentFactory(buyer=stage.buyer, name="Énergie")

    with pytest.raises(departments.DepartmentKnown):
        departments.edit(
            department=stage.department,
            name=other.name,
            contact_name="",
            contact_email="",
            prescribers=[],
            by=None,
        )

    stage.department.refresh_from_db()
    assert stage.department.name != "Énergie"


def test_a_department_has_its_name_once_per_buyer(stage):
    with pytest.raises(IntegrityError):
        DepartmentFactory(buyer=stage.buyer, name=stage.department.name)
