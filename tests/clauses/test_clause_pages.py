from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core import mail
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django.asserts import assertContains, assertNotContains

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import Membership, Office, Organisation
from clauses.enums import ClauseState, ProvisionKind
from clauses.models import Clause
from procurement.models import Contract, Programme
from tests.clauses import scenes
from tests.clauses.conftest import MARCH, NOON
from tests.clauses.factories import DeclarationFactory, DerogationFactory, HourEntryFactory
from tests.clauses.queries_of import queries_of
from tests.procurement.factories import LotFactory


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(NOON, tick=False)


LIST = reverse("clauses:clause_list")


@pytest.fixture
def told(placement):
    declaration = DeclarationFactory(contract=placement.clause.contract, period=MARCH, validated=True)
    HourEntryFactory(
        declaration=declaration,
        placement=placement,
        hours_done=Decimal("120.50"),
        hours_credited=Decimal("100.25"),
    )
    return declaration


@pytest.mark.parametrize(
    ("role", "title"), [("facilitator", "Clauses"), ("buyer", "Contrats"), ("contractor", "Mes contrats")]
)
def test_everybody_reads_the_same_hours(role, title, told, clause, as_user, request):
    page = as_user(request.getfixturevalue(role)).get(LIST)

    assert page.context["total"].due == Decimal(833)
    for text in (title, "833", "120,5", "100,25", "732,75", "En retard"):
        assert text in page.text


def test_the_list_is_narrowed_by_what_its_address_says(clause, awaiting, facilitator, as_user):
    anru = Programme.objects.filter(code__startswith="anru").order_by("pk")[0]
    clause.contract.programmes.add(anru)
    visitor = as_user(facilitator)

    def found(**query):
        return {row["clause"].pk for row in visitor.get(LIST, query).context["rows"]}

    both = {clause.pk, awaiting.pk}
    assert found() == both
    assert found(state="running") == {clause.pk}
    assert found(q="JARDINS services") == {clause.pk}
    assert found(q="éspaces VERTS") == both
    assert found(q="introuvable") == set()
    assert found(programme=anru.pk) == {clause.pk}
    assert found(kind="CONDITION_EXECUTION", buyer=clause.buyer_id) == both
    assert found(contractor=clause.contract.contractor_id) == {clause.pk}
    assert found(buyer="abc", state="nonsense") == both


def test_a_programme_of_the_market_counts_until_the_contract_says_otherwise(
    awaiting, clause, facilitator, as_user
):
    programme = Programme.objects.order_by("pk")[0]
    awaiting.lot.market.programmes.add(programme)

    rows = as_user(facilitator).get(LIST, {"programme": programme.pk}).context["rows"]

    assert [row["clause"] for row in rows] == [awaiting]


def test_an_empty_list_says_what_to_do(facilitator, as_user):
    assert "Une clause naît d’une proposition acceptée" in as_user(facilitator).get(LIST).text
    assert "Voir toute la liste" in as_user(facilitator).get(LIST, {"q": "rien"}).text


def test_ten_clauses_ask_no_more_than_one(stage, facilitator, as_user):
    def add(year):
        clause = scenes.running_clause(stage, scenes.new_lot(stage, year=year))
        scenes.awaiting_clause(stage, LotFactory(market=clause.lot.market, number=2))

    add(2020)
    one = queries_of(as_user(facilitator), LIST)
    for year in range(2021, 2030):
        add(year)

    assert queries_of(as_user(facilitator), LIST) == one


def test_the_workbook_carries_the_figures_of_the_screen(told, awaiting, facilitator, as_user):
    answer = as_user(facilitator).get(reverse("clauses:clause_export", args=["xlsx"]))

    header, *rows = load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True)
    running = dict(zip(header, next(row for row in rows if row[5]), strict=True))
    assert running["Heures dues"] == 833
    assert (running["Heures validées, réalisées"], running["Heures validées, retenues"]) == (120.5, 100.25)
    assert running["Reste à réaliser"] == 732.75
    assert running["Avancement"] == "En retard"
    assert running["Dernier jour"].date() == date(2027, 1, 31)
    assert len(rows) == 2
    assert 'filename="clauses-2026-12-15.xlsx"' in answer["Content-Disposition"]


def test_the_csv_opens_in_a_french_spreadsheet(told, buyer, as_user):
    answer = as_user(buyer).get(reverse("clauses:clause_export", args=["csv"]), {"state": "running"})

    assert "833,00;120,50;120,50;100,25;732,75;En retard" in answer.content.decode("utf-8-sig")


def test_there_is_no_other_format(facilitator, as_user):
    assert as_user(facilitator).get(reverse("clauses:clause_export", args=["exe"])).status_code == 404


def test_the_page_of_a_clause_tells_its_hours_its_months_and_who_acts_next(
    told, clause, facilitator, as_user
):
    page = as_user(facilitator).get(clause.get_absolute_url())

    for text in ("833", "120,5", "100,25", "Ana Diallo", "mars 2026", "Validée", "À déclarer"):
        assert text in page.text
    assert "Déclarer les heures de février 2026" in page.text
    assert "Jardins Services" in page.text
    assert "Placer une personne" in page.text


def test_more_hours_than_owed_read_as_a_surplus(told, clause, facilitator, as_user):
    clause.movements.update(hours=100)

    page = as_user(facilitator).get(clause.get_absolute_url())

    assert "Au-delà de l’objectif" in page.text
    assert "0,25" in page.text


@pytest.mark.parametrize(
    ("floor", "sentence"),
    [
        (5, "Moins de 5 personnes travaillent ou ont travaillé sous cette clause"),
        (2, "Moins de 2 personnes travaillent ou ont travaillé sous cette clause"),
        (1, "1 personne travaille ou a travaillé sous cette clause"),
    ],
)
def test_a_buyer_counts_people_as_reports_do_and_never_reads_their_names(
    floor, sentence, told, clause, buyer, as_user
):
    Office.objects.filter(pk=clause.office_id).update(small_count_floor=floor)

    page = as_user(buyer).get(clause.get_absolute_url())

    assert sentence in page.text
    assert "Diallo" not in page.text
    assert "Clore la clause" not in page.text


@pytest.mark.parametrize(
    ("role", "is_told"), [("facilitator", True), ("manager", True), ("contractor", True), ("buyer", False)]
)
def test_the_history_tells_placements_to_those_who_may_see_the_people(
    role, is_told, clause, placement, as_user, request
):
    for kind in (AuditKind.PLACEMENT_OPENED, AuditKind.PLACEMENT_ENDED):
        audit.record(kind, target=clause, by=None, starts_on="2 mars 2026", ends_on="31 mars 2026")
    audit.record(AuditKind.CLAUSE_CLOSED, target=clause, by=None)

    page = as_user(request.getfixturevalue(role)).get(clause.get_absolute_url())

    assert ("a ouvert le placement" in page.text) == is_told
    assert ("a mis fin au placement" in page.text) == is_told
    assert "a clos la clause" in page.text


def test_a_manager_reads_without_acting(clause, manager, as_user):
    page = as_user(manager).get(clause.get_absolute_url()).text

    assert "Clore la clause" not in page
    assert "Placer une personne" not in page


def answers(**changes):
    return {
        "reference": "M2026-40",
        "title": "Entretien des espaces verts",
        "siret": "552 081 317 66522",
        "company": "Jardins du Lac",
        "contact_email": "secretariat@jardins.example",
        "amount": "950 000,50",
        "notified_on": "2026-12-01",
        "starts_on": "2027-01-01",
        "ends_on": "2027-12-31",
        "qpv_share": "40",
    } | changes


def commit(as_user, facilitator, clause, **changes):
    return as_user(facilitator).post(reverse("clauses:clause_commit", args=[clause.pk]), answers(**changes))


def test_a_contract_without_any_condition_is_refused_and_the_way_out_shown(awaiting, facilitator, as_user):
    Clause.objects.filter(pk=awaiting.pk).update(kind=ProvisionKind.VOLUNTARY)

    answer = commit(as_user, facilitator, awaiting)

    assertContains(answer, "une condition d’exécution sociale ou une dérogation motivée", status_code=422)
    assertContains(answer, reverse("clauses:derogation", args=[awaiting.lot.market_id]), status_code=422)
    assert Clause.objects.get(pk=awaiting.pk).state == ClauseState.AWAITING_CONTRACT

    DerogationFactory(market=awaiting.lot.market)
    assert commit(as_user, facilitator, awaiting).status_code == 302


def test_a_contract_that_is_reserved_alone_is_notified_with_a_warning(awaiting, facilitator, as_user):
    Clause.objects.filter(pk=awaiting.pk).update(kind=ProvisionKind.RESERVED_SIAE)
    asked = as_user(facilitator).get(reverse("clauses:clause_commit", args=[awaiting.pk]))
    assertContains(asked, "Réservation ou critère seul")

    assert commit(as_user, facilitator, awaiting).status_code == 302
    assert "avec une réservation ou un critère seul" in str(audit.history(awaiting.lot.market)[0])


def test_the_contractor_reads_nothing_of_the_duty_of_the_buyer(clause, contractor, facilitator, as_user):
    assertContains(as_user(facilitator).get(clause.get_absolute_url()), "Ce que la loi demande")
    assertNotContains(as_user(contractor).get(clause.get_absolute_url()), "Ce que la loi demande")


def test_the_form_starts_from_the_market(awaiting, facilitator, as_user):
    programme = Programme.objects.order_by("pk")[0]
    awaiting.lot.market.programmes.add(programme)

    page = as_user(facilitator).get(reverse("clauses:clause_commit", args=[awaiting.pk]))

    assert page.context["form"].initial["title"] == "Entretien des espaces verts"
    assert page.context["form"].initial["programmes"] == [programme]
    assert "833\u00a0h" in page.text


def test_notifying_creates_the_company_invites_its_contact_and_fixes_the_hours(
    awaiting, facilitator, as_user
):
    answer = commit(as_user, facilitator, awaiting)

    assert answer.status_code == 302
    awaiting.refresh_from_db()
    contract = awaiting.contract
    assert awaiting.state == ClauseState.RUNNING
    assert (contract.reference, contract.amount, contract.ends_on) == (
        "M2026-40",
        Decimal("950000.50"),
        date(2028, 1, 1),
    )
    assert (contract.contractor.name, contract.contractor.siret) == ("Jardins du Lac", "55208131766522")
    invited = Membership.objects.get(organisation=contract.contractor)
    assert invited.user.email == "secretariat@jardins.example"
    assert awaiting.movements.get().hours == 833


def test_an_existing_company_is_chosen_and_its_member_not_invited_twice(
    awaiting, clause, contractor, facilitator, as_user
):
    commit(
        as_user,
        facilitator,
        awaiting,
        contractor=clause.contract.contractor_id,
        siret="",
        company="",
        contact_email=contractor.email.upper(),
    )

    awaiting.refresh_from_db()
    assert awaiting.contract.contractor == clause.contract.contractor
    assert Membership.objects.filter(user=contractor).count() == 1
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"siret": "55208131766523"}, "La clé de contrôle du SIRET"),
        ({"siret": ""}, "Choisissez le titulaire dans la liste, ou donnez son SIRET."),
        ({"company": ""}, "Donnez la raison sociale de l’entreprise."),
        ({"notified_on": "2026-12-16"}, "La date de notification est dans le futur"),
        ({"notified_on": "31/12/1999"}, "Vérifiez l’année : elle va de 2000 à 2100."),
        ({"starts_on": "01/02/0026"}, "Vérifiez l’année : elle va de 2000 à 2100."),
        ({"ends_on": "31/12/9999"}, "Vérifiez l’année : elle va de 2000 à 2100."),
        ({"notified_on": "demain"}, "Écrivez la date ainsi : 03/03/2027."),
        ({"ends_on": "2026-12-31"}, "Le contrat se termine après son début."),
        ({"qpv_share": "500"}, "100"),
        ({"amount": "beaucoup"}, "nombre"),
        ({"amount": "-1"}, "0"),
        ({"reference": ""}, "obligatoire"),
        ({"contractor": "999999"}, "choix"),
    ],
)
def test_a_wrong_notification_comes_back_with_its_values(changes, sentence, awaiting, facilitator, as_user):
    answer = commit(as_user, facilitator, awaiting, **changes)

    assert answer.status_code == 422
    assert sentence in answer.text
    if "title" not in changes:
        assert "Entretien des espaces verts" in answer.text
    awaiting.refresh_from_db()
    assert awaiting.state == ClauseState.AWAITING_CONTRACT
    assert not Contract.objects.exists()
    assert not Organisation.objects.filter(name="Jardins du Lac").exists()


def test_a_known_reference_with_other_facts_is_refused(awaiting, clause, facilitator, as_user):
    answer = commit(as_user, facilitator, awaiting, reference=clause.contract.reference)

    assert answer.status_code == 422
    assert "est déjà enregistré avec d’autres valeurs" in answer.text


def test_a_lot_already_awarded_offers_its_own_contract(awaiting, clause, facilitator, as_user):
    awaiting.lot.contract = clause.contract
    awaiting.lot.save()
    url = reverse("clauses:clause_commit", args=[awaiting.pk])

    initial = as_user(facilitator).get(url).context["form"].initial
    answer = commit(as_user, facilitator, awaiting)

    assert (initial["reference"], initial["contractor"]) == (
        clause.contract.reference,
        clause.contract.contractor,
    )
    assert "est déjà attribué par le contrat" in answer.text


def test_a_contract_is_notified_once(clause, facilitator, as_user):
    answer = as_user(facilitator).get(reverse("clauses:clause_commit", args=[clause.pk]), follow=True)

    assert "Le contrat de cette clause est déjà notifié." in answer.text


def test_a_clause_is_closed_after_a_question(clause, facilitator, as_user):
    url = reverse("clauses:clause_close", args=[clause.pk])

    assert "il manque 833\u00a0h" in as_user(facilitator).get(url).text
    answer = as_user(facilitator).post(url, follow=True)

    assert "La clause du lot 1 est close." in answer.text
    clause.refresh_from_db()
    assert clause.state == ClauseState.CLOSED
    assert "n’est pas possible" in as_user(facilitator).post(url, follow=True).text


def test_a_clause_with_pending_hours_stays_open(clause, facilitator, as_user):
    DeclarationFactory(contract=clause.contract, period=MARCH, sent=True)

    answer = as_user(facilitator).post(reverse("clauses:clause_close", args=[clause.pk]), follow=True)

    assert "une déclaration attend encore" in answer.text
    assert Clause.objects.get(pk=clause.pk).state == ClauseState.RUNNING
