import json
from io import StringIO

import pytest
from django.core.management import call_command

from accounts.models import AuditEvent, Mandate, Office, Organisation
from procurement.models import Buyer
from tests.accounts.factories import MandateFactory, OfficeFactory
from tests.procurement.factories import BuyerFactory


pytestmark = pytest.mark.django_db

SIRET = "21940028000018"
NEW = (SIRET, "--name=Ville de Rivebelle", "--category=local")
OFFICE = "Office du Confluent"


def run(*arguments):
    out = StringIO()
    call_command("add_buyer", *arguments, stdout=out)
    return out.getvalue()


def answer(*arguments):
    return json.loads(run(*arguments, "--json"))


def test_a_buyer_and_its_office_are_created_together():
    assert answer(*NEW, f"--office={OFFICE}") == {"buyer": SIRET, "office": OFFICE, "created": True}

    buyer = Buyer.objects.get(organisation__siret=SIRET)
    assert (str(buyer), buyer.category) == ("Ville de Rivebelle", "local")
    assert Mandate.objects.get(partner=buyer.pk).office == Office.objects.get(organisation__name=OFFICE)


def test_a_second_time_changes_nothing():
    answer(*NEW, f"--office={OFFICE}")
    events = AuditEvent.objects.count()

    again = answer(SIRET, "--name=Autre nom", "--category=state", f"--office={OFFICE}")

    assert again == {"buyer": SIRET, "office": OFFICE, "created": False}
    assert (Organisation.objects.count(), Mandate.objects.count()) == (2, 1)
    assert AuditEvent.objects.count() == events
    assert str(Buyer.objects.get()) == "Ville de Rivebelle"


def test_an_office_that_exists_is_taken():
    office = OfficeFactory(organisation__name=OFFICE)

    answer(*NEW, f"--office= {OFFICE} ")

    assert Mandate.objects.get().office == office


def test_another_office_may_join_a_known_buyer():
    buyer = BuyerFactory(organisation__siret=SIRET)
    MandateFactory(partner=buyer.organisation)

    assert not answer(*NEW, "--office=Office des Deux-Rives")["created"]

    assert Mandate.objects.filter(partner=buyer.pk).count() == 2


def test_a_buyer_may_have_no_office_yet():
    assert answer(*NEW) == {"buyer": SIRET, "office": None, "created": True}
    assert not Mandate.objects.exists()


def test_people_read_sentences():
    assert run(*NEW).splitlines() == [
        f"L’acheteur « Ville de Rivebelle » ({SIRET}) est ajouté.",
        "Aucun office ne l’accompagne : relancez avec --office pour qu’il paraisse dans une liste.",
    ]
    assert run(*NEW, f"--office={OFFICE}").splitlines() == [
        f"L’acheteur « Ville de Rivebelle » ({SIRET}) existe déjà : sa fiche reste comme elle est.",
        f"L’office « {OFFICE} » l’accompagne.",
    ]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("21940028000019", "--name=Ville", "--category=local"), "La clé de contrôle"),
        (("2194002800001A", "--name=Ville", "--category=local"), "14 chiffres, sans autre signe"),
        (("2,194E+13", "--name=Ville", "--category=local"), "Le tableur a abrégé"),
        (("--name=Ville", "--category=local"), "Le SIRET manque."),
        ((SIRET, "--category=local"), "Le nom manque."),
        ((SIRET, "--name=" + "x" * 201, "--category=local"), "200"),
        ((SIRET, "--name=Ville", "--category=ville"), "state, local, entity"),
        ((SIRET, "--name=Ville"), "state, local, entity"),
        ((*NEW, "--office=" + "x" * 201), "200 signes"),
    ],
)
def test_unusable_arguments_are_refused_in_one_sentence(arguments, reason):
    err = StringIO()

    with pytest.raises(SystemExit) as end:
        call_command("add_buyer", *arguments, stderr=err)

    assert end.value.code == 2
    assert reason in err.getvalue()
    assert err.getvalue().count("\n") == 1
    assert not Organisation.objects.exists()


def test_a_name_that_two_offices_bear_names_none():
    OfficeFactory.create_batch(2, organisation__name=OFFICE)
    err = StringIO()

    with pytest.raises(SystemExit):
        call_command("add_buyer", *NEW, f"--office={OFFICE}", stderr=err)

    assert "Plusieurs offices portent le nom" in err.getvalue()
    assert not Buyer.objects.exists()
