from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from clauses.enums import DeclarationState
from clauses.forms.fields import HoursField
from clauses.models import Declaration, Eligibility, HourEntry
from clauses.services import clauses
from tests.clauses import scenes
from tests.clauses.conftest import MARCH, NOON
from tests.clauses.factories import DeclarationFactory, HourEntryFactory, PlacementFactory
from tests.clauses.queries_of import queries_of


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(NOON, tick=False)


LIST = reverse("clauses:declaration_list")


def month_of(contract, period=MARCH):
    return reverse("clauses:declaration_fill", args=[contract.pk, period.year, period.month])


def page_of(name, declaration):
    return reverse(f"clauses:{name}", args=[declaration.pk])


def cells(hours, **button):
    return {f"hours-{placement.pk}": text for placement, text in hours.items()} | button


# What people type


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("35,5", "35.5"),
        ("35.5", "35.5"),
        (" 120 ", "120"),
        ("1\u202f234,25", "1234.25"),
        ("7h", "7"),
        ("7 H", "7"),
        ("0", "0"),
    ],
)
def test_hours_are_read_as_french_people_type_them(typed, hours):
    assert HoursField().clean(typed) == Decimal(hours)


def test_a_blank_cell_is_no_number():
    assert HoursField().clean("  ") is None


@pytest.mark.parametrize("typed", ["abc", "12,345", "1e3", "7h30", "--5", "12;5", "NaN", "99999999"])
def test_what_is_no_number_of_hours_is_explained(typed, placement, contractor, as_user):
    answer = as_user(contractor).post(
        month_of(placement.clause.contract), cells({placement: typed}, action="send")
    )

    assert answer.status_code == 422
    assert "Écrivez un nombre d’heures, par exemple 35,5" in answer.text
    assert f'value="{typed}"' in answer.text
    assert not Declaration.objects.exists()


@pytest.mark.parametrize("typed", ["-1", "-0,5", "-0"])
def test_negative_hours_are_refused_beside_their_cell(typed, placement, contractor, as_user):
    answer = as_user(contractor).post(month_of(placement.clause.contract), cells({placement: typed}))

    assert answer.status_code == 422
    assert "Les heures ne peuvent pas être négatives." in answer.text
    assert f'aria-describedby="id_hours-{placement.pk}_error"' in answer.text


# The grid of the company


def test_the_people_of_the_month_are_already_there(placement, contractor, as_user):
    february = DeclarationFactory(contract=placement.clause.contract, period=date(2026, 2, 1), sent=True)
    HourEntryFactory(declaration=february, placement=placement, hours_done=Decimal("12.50"))

    page = as_user(contractor).get(month_of(placement.clause.contract)).text

    for text in ("Heures de mars 2026", "Ana Diallo", "12,5", "Reprendre le mois précédent"):
        assert text in page
    assert not Declaration.objects.filter(period=MARCH).exists()


def test_nobody_to_declare_is_said_with_the_one_gesture_that_remains(clause, contractor, as_user):
    page = as_user(contractor).get(month_of(clause.contract)).text

    assert "Il n’y a personne à déclarer." in page
    assert "Aucune heure ce mois-ci" in page


def test_a_draft_is_kept_with_a_comma(placement, contractor, as_user):
    visitor = as_user(contractor)
    url = month_of(placement.clause.contract)

    answer = visitor.post(url, cells({placement: "35,5"}, action="save"), follow=True)

    assert "Le brouillon de mars 2026 est enregistré." in answer.text
    assert HourEntry.objects.get().hours_done == Decimal("35.50")
    assert 'value="35,5"' in visitor.get(url).text


def test_900_hours_are_refused_and_every_typed_value_comes_back(clause, placement, contractor, as_user):
    colleague = PlacementFactory(clause=clause)

    answer = as_user(contractor).post(
        month_of(clause.contract), cells({placement: "900", colleague: "70,25"}, action="send")
    )

    assert answer.status_code == 422
    assert (
        "Ana Diallo\u00a0: 900\u00a0h en mars 2026, alors que ce mois ne compte que 744\u00a0h."
        in answer.text
    )
    assert 'value="900"' in answer.text
    assert 'value="70,25"' in answer.text
    assert not Declaration.objects.exists()


def test_last_month_fills_the_blank_cells(placement, contractor, as_user):
    contract = placement.clause.contract
    february = DeclarationFactory(contract=contract, period=date(2026, 2, 1), sent=True)
    HourEntryFactory(declaration=february, placement=placement, hours_done=Decimal("12.50"))

    answer = as_user(contractor).post(month_of(contract), cells({placement: ""}, action="copy"), follow=True)

    assert "Les heures de février 2026 remplissent les cases vides" in answer.text
    assert 'value="12,5"' in answer.text


def test_a_warning_is_seen_before_what_it_is_about_is_locked(placement, contractor, as_user):
    visitor = as_user(contractor)
    url = month_of(placement.clause.contract)
    Eligibility.objects.update(valid_to=date(2026, 3, 15))

    first = visitor.post(url, cells({placement: "230"}, action="send"), follow=True)
    assert "Rien n’est encore envoyé" in first.text
    assert "Plus que le maximum légal" in first.text
    assert "Éligibilité reconnue jusqu’au 14 mars 2026 seulement." in first.text
    assert "Envoyer malgré les alertes" in first.text
    assert Declaration.objects.get().state == DeclarationState.DRAFT

    seen = cells({placement: "230"}, action="send", seen=[str(placement.pk)])
    assert "est envoyée." in visitor.post(url, seen, follow=True).text
    assert Declaration.objects.get().state == DeclarationState.SENT


def test_a_blank_row_is_seen_before_the_month_goes_out_without_it(placement, stage, contractor, as_user):
    moussa = scenes.eligible_person(stage, first_name="Moussa", last_name="Keita")
    blank = PlacementFactory(clause=placement.clause, participant=moussa)
    visitor = as_user(contractor)
    url = month_of(placement.clause.contract)
    hours = {placement: "35", blank: ""}
    assert "Rien pour" not in visitor.get(url).text

    first = visitor.post(url, cells(hours, action="send"), follow=True)
    assert "Rien n’est encore envoyé" in first.text
    assert "Rien pour Moussa Keita ce mois-ci." in first.text
    assert f'name="seen" value="{blank.pk}-vide"' in first.text
    assert "Envoyer malgré les alertes" in first.text
    assert Declaration.objects.get().state == DeclarationState.DRAFT

    # Having seen the blank says nothing of hours too many, typed since.
    seen = [f"{blank.pk}-vide"]
    excess = cells(hours | {blank: "700"}, action="send", seen=seen)
    assert "Rien n’est encore envoyé" in visitor.post(url, excess, follow=True).text

    sent = visitor.post(url, cells(hours, action="send", seen=seen), follow=True)
    assert "est envoyée." in sent.text
    assert Declaration.objects.get().state == DeclarationState.SENT


def test_a_month_is_sent_then_locked(placement, contractor, as_user):
    visitor = as_user(contractor)
    url = month_of(placement.clause.contract)

    answer = visitor.post(url, cells({placement: "35,5"}, action="send"), follow=True)

    assert "La déclaration de mars 2026" in answer.text
    declaration = Declaration.objects.get()
    assert visitor.get(url).url == declaration.get_absolute_url()
    assert visitor.post(url, cells({placement: "1"}, action="save")).status_code == 302
    assert HourEntry.objects.get().hours_done == Decimal("35.50")
    detail = visitor.get(declaration.get_absolute_url()).text
    assert "35,5" in detail
    assert "Valider les heures" not in detail


def test_a_month_without_hours_is_one_gesture(placement, contractor, as_user):
    answer = as_user(contractor).post(
        month_of(placement.clause.contract), cells({placement: ""}, action="nothing"), follow=True
    )

    assert "est envoyée : aucune heure." in answer.text
    assert Declaration.objects.get().has_no_hours


def test_a_month_without_hours_does_not_swallow_typed_hours(placement, contractor, as_user):
    answer = as_user(contractor).post(
        month_of(placement.clause.contract), cells({placement: "7"}, action="nothing")
    )

    assert answer.status_code == 422
    assert "Des heures sont saisies" in answer.text
    assert not Declaration.objects.exists()


def test_nothing_typed_is_not_sent(placement, contractor, as_user):
    answer = as_user(contractor).post(
        month_of(placement.clause.contract), cells({placement: ""}, action="send", seen=["x", "9" * 5000])
    )

    assert answer.status_code == 422
    assert "choisissez « Aucune heure ce mois-ci »" in answer.text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("period", "sentence"),
    [(date(2027, 1, 1), "Janvier 2027 n’a pas commencé"), (date(2026, 1, 1), "ne s’exécute pas")],
)
def test_a_month_that_takes_no_declaration_says_why(period, sentence, placement, contractor, as_user):
    answer = as_user(contractor).post(month_of(placement.clause.contract, period), {"action": "nothing"})

    assert answer.status_code == 422
    assert sentence in answer.text


@pytest.mark.parametrize(
    "path",
    ["2026/13/", "2026/0/", "99999/1/", "99999999999/3/", "9999/12/", "1/1/", "2026/99999999999999999999/"],
)
def test_a_month_that_does_not_exist_is_not_found(path, clause, contractor, as_user):
    base = month_of(clause.contract).removesuffix("2026/3/")

    assert as_user(contractor).get(base + path).status_code == 404


# The company's list


def test_the_company_reads_each_month_of_each_contract(clause, placement, contractor, as_user):
    rejected = DeclarationFactory(contract=clause.contract, period=MARCH, rejected=True)

    page = as_user(contractor).get(LIST)

    months = [(month.period, month.state) for month, _ in page.context["rows"]]
    assert len(months) == 10
    assert (MARCH, "rejected") in months
    assert "<strong>10</strong>" in page.text
    assert page_of("declaration_detail", rejected) in page.text
    assert month_of(clause.contract, date(2026, 2, 1)) in page.text


def test_the_months_are_narrowed_by_state_and_contract(clause, contractor, as_user):
    DeclarationFactory(contract=clause.contract, period=MARCH, sent=True)
    visitor = as_user(contractor)

    def count(**query):
        return len(visitor.get(LIST, query).context["rows"])

    assert (count(), count(state="sent"), count(state="to_declare")) == (10, 1, 9)
    assert (count(contract=clause.contract_id), count(contract="999"), count(state="x")) == (10, 10, 10)
    assert "Aucun mois ne répond" in visitor.get(LIST, {"state": "validated"}).text


def test_a_company_up_to_date_reads_so(contractor, as_user):
    assert "Aucun mois à déclarer." in as_user(contractor).get(LIST).text


def test_a_rejected_month_is_corrected(clause, placement, contractor, as_user):
    rejected = DeclarationFactory(
        contract=clause.contract, period=MARCH, rejected=True, rejection_comment="Feuille illisible"
    )
    HourEntryFactory(declaration=rejected, placement=placement, hours_done=10)
    visitor = as_user(contractor)
    assert "Corriger la déclaration" in visitor.get(page_of("declaration_detail", rejected)).text

    answer = visitor.post(page_of("declaration_reopen", rejected), follow=True)

    assert "Corrigez les heures de mars 2026, puis renvoyez-les." in answer.text
    assert "Feuille illisible" in answer.text
    assert 'value="10"' in answer.text
    assert visitor.get(page_of("declaration_detail", rejected)).url == month_of(clause.contract)


def test_only_a_rejected_month_is_corrected(clause, contractor, as_user):
    sent = DeclarationFactory(contract=clause.contract, period=MARCH, sent=True)

    answer = as_user(contractor).post(page_of("declaration_reopen", sent), follow=True)

    assert "n’est pas possible" in answer.text


def test_ten_months_ask_no_more_than_one(stage, contractor, as_user):
    def work(year):
        clause = scenes.running_clause(stage, scenes.new_lot(stage, year=year))
        DeclarationFactory(contract=clause.contract, period=MARCH, sent=True)

    work(2020)
    one = queries_of(as_user(contractor), LIST)
    for year in range(2021, 2030):
        work(year)

    assert queries_of(as_user(contractor), LIST) == one


@pytest.mark.parametrize("role", ["contractor", "facilitator"])
def test_ten_people_ask_no_more_than_one_in_the_grid(role, clause, contractor, as_user, request):
    told = DeclarationFactory(contract=clause.contract, period=MARCH, sent=True)

    def work():
        placement = PlacementFactory(clause=clause, participant=scenes.eligible_person(clause))
        HourEntryFactory(declaration=told, placement=placement)

    work()
    visitor = as_user(request.getfixturevalue(role))
    filled = month_of(clause.contract, date(2026, 4, 1))
    url = filled if role == "contractor" else page_of("declaration_detail", told)
    one = queries_of(visitor, url)
    for _ in range(9):
        work()

    assert queries_of(visitor, url) == one


# The facilitator's queue


def told_months(clause, placement):
    for month, traits in [(2, {"validated": True}), (3, {"sent": True}), (4, {"rejected": True}), (5, {})]:
        declaration = DeclarationFactory(contract=clause.contract, period=date(2026, month, 1), **traits)
        credited = 8 if month == 2 else None
        HourEntryFactory(
            declaration=declaration, placement=placement, hours_done=month, hours_credited=credited
        )


def test_the_queue_holds_what_is_to_validate_oldest_first(clause, placement, facilitator, as_user, stage):
    told_months(clause, placement)
    older = scenes.running_clause(stage, scenes.new_lot(stage, year=2026))
    oldest = DeclarationFactory(contract=older.contract, period=MARCH, sent=True)
    Declaration.objects.filter(pk=oldest.pk).update(sent_at=NOON.replace(year=2025))

    rows = as_user(facilitator).get(LIST).context["rows"]

    assert rows[0][0] == oldest
    assert {row.state for row, _ in rows} == {DeclarationState.SENT}


def test_the_queue_opens_on_other_states_companies_and_months(clause, placement, facilitator, as_user, stage):
    told_months(clause, placement)
    visitor = as_user(facilitator)

    def states(**query):
        return [row.state for row, _ in visitor.get(LIST, query).context["rows"]]

    assert len(states(state="all")) == 4
    assert states(state="validated") == ["validated"]
    assert states(state="all", period="2026-04-01") == ["rejected"]
    assert states(state="sent", company=stage.company.pk, buyer=clause.buyer_id) == ["sent"]
    assert "Aucune déclaration ici." in visitor.get(LIST, {"state": "validated", "period": "2026-03-01"}).text


def test_ten_declarations_ask_no_more_than_one(stage, facilitator, as_user):
    def work(year):
        clause = scenes.running_clause(stage, scenes.new_lot(stage, year=year))
        DeclarationFactory(contract=clause.contract, period=MARCH, sent=True)

    work(2020)
    one = queries_of(as_user(facilitator), LIST)
    for year in range(2021, 2030):
        work(year)

    assert queries_of(as_user(facilitator), LIST) == one


@pytest.mark.parametrize(
    ("role", "query", "expected"),
    [
        ("facilitator", {"state": "validated"}, {"Heures réalisées": 2, "Heures retenues": 8}),
        ("facilitator", {"state": "rejected"}, {"Heures réalisées": 4, "Heures retenues": None}),
        ("contractor", {"state": "validated"}, {"Heures réalisées": 2, "Heures retenues": 8}),
        ("contractor", {"state": "to_declare"}, {"Heures réalisées": None, "État": "À déclarer"}),
    ],
)
def test_the_workbook_keeps_real_and_credited_hours_apart(
    role, query, expected, clause, placement, as_user, request
):
    told_months(clause, placement)
    visitor = as_user(request.getfixturevalue(role))

    answer = visitor.get(reverse("clauses:declaration_export", args=["xlsx"]), query)

    header, row, *_ = load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True)
    assert expected.items() <= dict(zip(header, row, strict=True)).items()


# Validation


@pytest.fixture
def sent(clause, placement):
    declaration = DeclarationFactory(contract=clause.contract, period=MARCH, sent=True)
    HourEntryFactory(declaration=declaration, placement=placement, hours_done=Decimal("120.50"))
    return declaration


def test_the_hours_retained_start_from_the_hours_done(sent, facilitator, as_user):
    page = as_user(facilitator).get(sent.get_absolute_url())

    assert 'value="120,5"' in page.text
    assert "Valider les heures" in page.text
    assert "Rejeter et prévenir l’entreprise" in page.text


def test_a_manager_reads_without_validating(sent, manager, as_user):
    page = as_user(manager).get(sent.get_absolute_url()).text

    assert "120,5" in page
    assert "Valider les heures" not in page


def test_hours_are_validated_with_what_is_retained(sent, facilitator, as_user):
    entry = sent.entries.get()

    answer = as_user(facilitator).post(
        page_of("declaration_validate", sent), {f"hours-{entry.pk}": "100,25"}, follow=True
    )

    assert "Les heures de mars 2026" in answer.text
    entry.refresh_from_db()
    assert (entry.hours_done, entry.hours_credited) == (Decimal("120.50"), Decimal("100.25"))
    assert Declaration.objects.get().state == DeclarationState.VALIDATED


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Écrivez les heures retenues"),
        ("beaucoup", "Écrivez un nombre d’heures"),
        ("-2", "ne peuvent pas être négatives"),
        ("745", "Les heures retenues vont de 0 à 744\u00a0h en mars 2026."),
    ],
)
def test_impossible_retained_hours_come_back(typed, sentence, sent, facilitator, as_user):
    entry = sent.entries.get()

    answer = as_user(facilitator).post(page_of("declaration_validate", sent), {f"hours-{entry.pk}": typed})

    assert answer.status_code == 422
    assert sentence in answer.text
    sent.refresh_from_db()
    assert sent.state == DeclarationState.SENT


def test_a_month_without_hours_is_validated(clause, facilitator, as_user):
    nothing = DeclarationFactory(contract=clause.contract, period=MARCH, sent=True, has_no_hours=True)
    visitor = as_user(facilitator)
    assert "Valider le mois sans heure" in visitor.get(nothing.get_absolute_url()).text

    visitor.post(page_of("declaration_validate", nothing))

    nothing.refresh_from_db()
    assert nothing.state == DeclarationState.VALIDATED


def test_a_rejection_has_a_reason_and_tells_the_company(sent, facilitator, as_user):
    answer = as_user(facilitator).post(
        page_of("declaration_reject", sent), {"reason": "missing_proof", "comment": ""}, follow=True
    )

    assert "est rejetée ; l’entreprise est prévenue." in answer.text.replace("\u00a0", " ")
    sent.refresh_from_db()
    assert (sent.state, sent.rejection_reason) == (DeclarationState.REJECTED, "missing_proof")


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"reason": ""}, "obligatoire"),
        ({"reason": "other", "comment": " "}, "La raison « Autre » demande une précision"),
        ({"reason": "mood"}, "choix"),
    ],
)
def test_a_rejection_without_its_reason_comes_back(answers, sentence, sent, facilitator, as_user):
    answer = as_user(facilitator).post(page_of("declaration_reject", sent), answers)

    assert answer.status_code == 422
    assert sentence in answer.text.replace("\u00a0", " ")
    sent.refresh_from_db()
    assert sent.state == DeclarationState.SENT


@pytest.mark.parametrize("verb", ["declaration_validate", "declaration_reject"])
def test_what_was_decided_is_not_decided_again(verb, clause, facilitator, as_user):
    decided = DeclarationFactory(contract=clause.contract, period=MARCH, validated=True)

    answer = as_user(facilitator).post(page_of(verb, decided), {"reason": "wrong_hours"}, follow=True)

    assert "n’est pas possible" in answer.text


def test_a_month_sent_again_shows_why_it_came_back(sent, facilitator, as_user):
    sent.rejection_reason, sent.rejection_comment = "other", "Semaine 12 en double"
    sent.save()

    page = as_user(facilitator).get(sent.get_absolute_url()).text

    assert "Renvoyée après un rejet" in page
    assert "Semaine 12 en double" in page


def test_the_office_reads_that_a_draft_is_under_way(clause, facilitator, as_user):
    draft = DeclarationFactory(contract=clause.contract, period=MARCH)

    assert "L’entreprise prépare sa déclaration." in as_user(facilitator).get(draft.get_absolute_url()).text


def test_a_closed_clause_takes_no_more_declaration(placement, contractor, facilitator, as_user):
    clauses.close(clause=placement.clause, by=facilitator, at=NOON)

    answer = as_user(contractor).post(month_of(placement.clause.contract), {"action": "nothing"})

    assert answer.status_code == 422
    assert "n’a plus de clause en cours" in answer.text
