from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts import audit
from accounts.enums import AuditKind
from clauses.enums import EligibilityState
from clauses.models import Participant, Placement, Public, ReferenceValue
from tests.clauses import scenes
from tests.clauses.conftest import MARCH, NOON
from tests.clauses.factories import (
    DeclarationFactory,
    EligibilityFactory,
    HourEntryFactory,
    PlacementFactory,
    PublicFactory,
)
from tests.clauses.queries_of import queries_of
from tests.structures.factories import StructureFactory


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(NOON, tick=False)


LIST = reverse("clauses:participant_list")


def page_of(name, row):
    return reverse(f"clauses:{name}", args=[row.pk])


# Privacy: what a company and a buyer may not read

SECRETS = (
    "Réfugié de test", "Titre de séjour de test", "Suivi par le CCAS de test", "demeure à Villebrume",
    "99999", "15/06/1990", "15 juin 1990", "Sans diplôme", "QPV",
)  # fmt: skip


@pytest.fixture
def secret(placement, facilitator):
    """A person whose every sensitive column is filled with words that nothing else says."""
    person = placement.participant
    person.city, person.postcode = "demeure à Villebrume", "99999"
    person.in_qpv, person.training_level = "yes", "below_3"
    person.save()
    public = PublicFactory(code="secret", label="Réfugié de test")
    person.eligibilities.update(
        public=public, proof="Titre de séjour de test", opinion="Suivi par le CCAS de test"
    )
    EligibilityFactory(
        participant=person,
        state=EligibilityState.REFUSED,
        public=public,
        opinion="Suivi par le CCAS de test",
        valid_from=date(2025, 1, 1),
        valid_to=date(2025, 2, 1),
    )
    audit.record(AuditKind.ELIGIBILITY_REFUSED, target=person, by=facilitator)
    for month, traits in [(2, {"rejected": True}), (3, {"sent": True}), (4, {})]:
        declaration = DeclarationFactory(
            contract=placement.clause.contract, period=date(2026, month, 1), **traits
        )
        HourEntryFactory(declaration=declaration, placement=placement)
    return placement


def pages_of_a_company(placement):
    contract, person = placement.clause.contract, placement.participant
    yield from (LIST, page_of("participant_detail", person))
    yield from (reverse("clauses:clause_list"), page_of("clause_detail", placement.clause))
    yield reverse("clauses:declaration_list")
    for month in (4, 5):
        yield reverse("clauses:declaration_fill", args=[contract.pk, 2026, month])
    for declaration in contract.declarations.exclude(state="draft"):
        yield page_of("declaration_detail", declaration)
    yield reverse("reporting:home")


def test_no_page_of_a_company_tells_the_motive_of_an_eligibility(secret, contractor, as_user):
    visitor = as_user(contractor)

    for url in pages_of_a_company(secret):
        page = visitor.get(url)
        assert page.status_code == 200, url
        told = [word for word in SECRETS if word in page.text.replace("Part en QPV", "")]
        assert told == [], url


def test_a_company_reads_eligible_yes_until(secret, contractor, as_user):
    page = as_user(contractor).get(page_of("participant_detail", secret.participant)).text

    assert "Éligible : oui" in page
    assert "jusqu’au 14 janvier 2028" in page
    assert "a refusé l’éligibilité" not in page
    assert "Historique" not in page


@pytest.mark.parametrize("extension", ["xlsx", "csv"])
def test_no_export_of_a_company_tells_the_motive(secret, contractor, as_user, extension):
    visitor = as_user(contractor)

    for name in ("participant_export", "clause_export", "declaration_export"):
        content = visitor.get(reverse(f"clauses:{name}", args=[extension])).content
        text = _text_of(content) if extension == "xlsx" else content.decode("utf-8-sig")
        assert [word for word in SECRETS if word in text] == [], name
        if name == "participant_export":
            assert "Diallo" in text
            assert "oui" in text


def _text_of(workbook: bytes) -> str:
    rows = load_workbook(BytesIO(workbook)).active.iter_rows(values_only=True)
    return "\n".join(" ".join(str(cell) for cell in row) for row in rows)


def test_the_workbook_of_the_office_leaves_the_motive_on_the_screen(secret, facilitator, as_user):
    text = _text_of(as_user(facilitator).get(reverse("clauses:participant_export", args=["xlsx"])).content)

    assert "demeure à Villebrume" in text
    assert "Réfugié de test" not in text
    assert "Titre de séjour" not in text


def test_the_office_reads_what_an_eligibility_rests_on(secret, facilitator, as_user):
    page = as_user(facilitator).get(page_of("participant_detail", secret.participant)).text

    for text in (
        "Réfugié de test",
        "Titre de séjour de test",
        "Suivi par le CCAS de test",
        "a refusé l’éligib",
    ):
        assert text in page


def test_a_company_sees_its_own_people_and_only_their_work_for_it(
    placement, stage, contractor, other_contractor, as_user
):
    elsewhere = scenes.running_clause(
        stage, scenes.new_lot(stage, year=2025), contractor=stage.other_company, reference="AILLEURS-1"
    )
    PlacementFactory(clause=elsewhere, participant=placement.participant)
    stranger = PlacementFactory(
        clause=elsewhere, participant=scenes.eligible_person(stage, last_name="Inconnu")
    )

    own = as_user(contractor).get(page_of("participant_detail", placement.participant))
    listed = as_user(contractor).get(LIST).text

    assert "AILLEURS-1" not in own.text
    assert "Inconnu" not in listed
    assert "Travaux d’ailleurs" not in listed
    assert as_user(contractor).get(page_of("participant_detail", stranger.participant)).status_code == 404
    assert "AILLEURS-1" in as_user(other_contractor).get(
        page_of("participant_detail", placement.participant)
    ).text  # fmt: skip


# The list


def test_people_are_found_by_name_eligibility_placement_and_company(placement, stage, facilitator, as_user):
    free = scenes.eligible_person(stage, first_name="Éric", last_name="Lemaître")
    free.eligibilities.update(valid_to=date(2026, 12, 15))
    visitor = as_user(facilitator)

    def found(**query):
        return {person.last_name for person in visitor.get(LIST, query).context["page"]}

    assert found() == {"Diallo", "Lemaître"}
    assert found(q="lemaitre") == {"Lemaître"}
    assert found(eligible="yes") == {"Diallo"}
    assert found(eligible="no") == {"Lemaître"}
    assert found(placed="placed") == {"Diallo"}
    assert found(placed="free") == {"Lemaître"}
    assert found(company=stage.company.pk) == {"Diallo"}
    assert found(q="personne") == set()


def test_an_empty_list_says_what_to_do(facilitator, contractor, as_user):
    assert "L’office ne suit encore personne." in as_user(facilitator).get(LIST).text
    assert "Personne n’est encore placé sur vos contrats." in as_user(contractor).get(LIST).text
    assert "Retirez un critère" in as_user(contractor).get(LIST, {"q": "x"}).text


@pytest.mark.parametrize("role", ["facilitator", "contractor"])
def test_ten_people_ask_no_more_than_one(role, clause, stage, as_user, request):
    visitor = as_user(request.getfixturevalue(role))
    PlacementFactory(clause=clause, participant=scenes.eligible_person(stage))
    one = queries_of(visitor, LIST)
    for _ in range(9):
        PlacementFactory(clause=clause, participant=scenes.eligible_person(stage))

    assert queries_of(visitor, LIST) == one


def test_ten_placements_ask_no_more_than_one_on_the_page_of_a_person(
    participant, stage, facilitator, as_user
):
    def work(year):
        clause = scenes.running_clause(stage, scenes.new_lot(stage, year=year))
        placement = PlacementFactory(clause=clause, participant=participant)
        told = DeclarationFactory(contract=clause.contract, period=MARCH, sent=True)
        HourEntryFactory(declaration=told, placement=placement)
        EligibilityFactory(participant=participant)

    work(2020)
    url = page_of("participant_detail", participant)
    one = queries_of(as_user(facilitator), url)
    for year in range(2021, 2030):
        work(year)

    assert queries_of(as_user(facilitator), url) == one


# The sheet


PERSON = {
    "first_name": "Inès",
    "last_name": "Moreau",
    "born_on": "1999-02-03",
    "sex": "woman",
    "postcode": "94000",
    "city": "Créteil",
    "in_qpv": "unknown",
    "training_level": "3",
}


def test_a_person_is_added(stage, facilitator, as_user):
    answer = as_user(facilitator).post(reverse("clauses:participant_add"), PERSON, follow=True)

    assert "La fiche de Inès Moreau est créée." in answer.text
    person = Participant.objects.get()
    assert (person.office, person.sort_name) == (stage.office, "moreau ines")


def test_a_possible_duplicate_is_shown_then_added_knowingly(stage, facilitator, as_user):
    known = scenes.eligible_person(stage, first_name="INES", last_name="Moreau", born_on=date(1999, 2, 3))
    visitor = as_user(facilitator)

    doubt = visitor.post(reverse("clauses:participant_add"), PERSON)
    assert doubt.status_code == 422
    assert known.get_absolute_url() in doubt.text
    assert "C’est une autre personne" in doubt.text
    assert Participant.objects.count() == 1

    visitor.post(reverse("clauses:participant_add"), PERSON | {"is_somebody_else": "on"})
    assert Participant.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"born_on": "2020-01-01"}, "Vérifiez l’année de naissance."),
        ({"born_on": "hier"}, "Écrivez la date ainsi"),
        ({"born_on": "01/02/0026"}, "Vérifiez l’année : elle va de 1900 à 2100."),
        ({"last_name": ""}, "obligatoire"),
    ],
)
def test_an_unlikely_person_comes_back(changes, sentence, facilitator, as_user):
    answer = as_user(facilitator).post(reverse("clauses:participant_add"), PERSON | changes)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert not Participant.objects.exists()


def test_a_sheet_is_changed(participant, facilitator, as_user):
    answer = as_user(facilitator).post(page_of("participant_change", participant), PERSON, follow=True)

    assert "est enregistrée." in answer.text
    participant.refresh_from_db()
    assert (str(participant), participant.sort_name) == ("Inès Moreau", "moreau ines")


# Eligibility


def decide(as_user, facilitator, person, **changes):
    answers = {
        "state": "granted",
        "public": Public.objects.get(code="deld").pk,
        "proof_issued_on": "2026-11-20",
        "proof_seen_on": "2026-12-10",
        "valid_from": "2026-12-15",
        "valid_to": "2028-12-14",
    } | changes
    return as_user(facilitator).post(page_of("eligibility_decide", person), answers)


@pytest.fixture
def newcomer(stage):
    person = scenes.eligible_person(stage, last_name="Nouveau")
    person.eligibilities.all().delete()
    return person


def test_the_usual_duration_comes_from_the_reference_table(newcomer, facilitator, as_user):
    page = as_user(facilitator).get(page_of("eligibility_decide", newcomer))

    assert 'value="2028-12-14"' in page.text
    assert "24 mois (à confirmer)" in page.text
    assert "Attestation France Travail, 3 mois au plus" in page.text


def test_without_a_usual_duration_the_date_is_asked_for(newcomer, facilitator, as_user):
    ReferenceValue.objects.all().delete()

    assert "Durée usuelle" not in as_user(facilitator).get(page_of("eligibility_decide", newcomer)).text


def test_an_eligibility_is_granted_on_the_usual_proof(newcomer, facilitator, as_user):
    assert decide(as_user, facilitator, newcomer).status_code == 302

    granted = newcomer.eligibilities.get()
    assert (granted.state, granted.proof, granted.valid_to) == (
        EligibilityState.GRANTED,
        "Attestation France Travail",
        date(2028, 12, 15),
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"proof_issued_on": "2026-08-01"}, "Le justificatif du 1er août 2026 a plus de 3 mois"),
        ({"proof_issued_on": ""}, "Indiquez la date du justificatif"),
        ({"proof_issued_on": "", "proof_seen_on": ""}, "ou un avis motivé"),
        ({"state": "refused"}, "Un refus demande un avis motivé."),
        ({"valid_to": "31/12/9999"}, "Vérifiez l’année : elle va de 1900 à 2100."),
        ({"valid_from": "01/02/0026"}, "Vérifiez l’année : elle va de 1900 à 2100."),
        ({"valid_to": "2026-12-14"}, "se termine après son début"),
        ({"public": ""}, "obligatoire"),
        ({"state": "perhaps"}, "choix"),
    ],
)
def test_weak_grounds_come_back_with_a_sentence(changes, sentence, newcomer, facilitator, as_user):
    answer = decide(as_user, facilitator, newcomer, **changes)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert not newcomer.eligibilities.exists()


def test_an_eligibility_is_refused_with_its_reason(newcomer, facilitator, as_user):
    answer = decide(
        as_user,
        facilitator,
        newcomer,
        state="refused",
        proof_seen_on="",
        proof_issued_on="",
        opinion="Trop tôt.",
    )

    assert answer.status_code == 302
    assert newcomer.eligibilities.get().state == EligibilityState.REFUSED


def test_an_eligibility_refused_after_all_reads_no(participant, facilitator, as_user):
    decide(as_user, facilitator, participant, state="refused", opinion="Trop tôt.")

    page = as_user(facilitator).get(participant.get_absolute_url())

    assert "Éligible : non" in page.text
    assert "a mis fin à une éligibilité antérieure à compter du 15 décembre 2026" in page.text


# Placements


def place(as_user, facilitator, person, under, **changes):
    answers = {
        "clause": under.pk,
        "modality": "direct_hire",
        "contract_type": "cdd",
        "starts_on": "2026-12-01",
    } | changes
    return as_user(facilitator).post(page_of("placement_open", person), answers)


def test_the_clause_one_comes_from_is_chosen(clause, participant, facilitator, as_user):
    chosen = as_user(facilitator).get(LIST, {"placer": clause.pk, "eligible": "yes"})
    form = as_user(facilitator).get(page_of("placement_open", participant), {"clause": clause.pk})

    assert f"{page_of('placement_open', participant)}?clause={clause.pk}" in chosen.text
    assert f'<option value="{clause.pk}" selected>' in form.text


@pytest.mark.parametrize("wanted", ["", "abc", "999999", "9" * 25])
def test_an_unknown_clause_to_fill_is_ignored(wanted, participant, facilitator, as_user):
    assert as_user(facilitator).get(LIST, {"placer": wanted}).context["clause"] is None


def test_a_company_does_not_place_people(clause, placement, contractor, as_user):
    assert as_user(contractor).get(LIST, {"placer": clause.pk}).context["clause"] is None


def test_a_person_is_placed(clause, participant, facilitator, as_user):
    answer = place(as_user, facilitator, participant, clause, ends_on="2026-12-31")

    assert answer.status_code == 302
    assert Placement.objects.get().ends_on == date(2027, 1, 1)


def test_the_employer_is_found_by_name_or_siret(clause, participant, facilitator, as_user):
    agency = StructureFactory(siret="55208131766522", name="Intérim du Lac")
    agency.index()
    agency.save()

    place(as_user, facilitator, participant, clause, modality="made_available", employer="552 081 317 66522")

    assert Placement.objects.get().employer_structure == agency


@pytest.mark.parametrize(
    ("typed", "sentence"), [("Atelier\0du Lac", "caractère"), ("a " * 2000 + "a", "120 caractères")]
)
def test_an_employer_that_no_name_could_be_is_not_searched(
    typed, sentence, clause, participant, facilitator, as_user
):
    answer = place(as_user, facilitator, participant, clause, modality="made_available", employer=typed)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Cette modalité demande" not in answer.text


def test_several_employers_are_offered_and_one_is_chosen(clause, participant, facilitator, as_user):
    for name in ("Atelier du Lac", "Atelier du Pont"):
        row = StructureFactory(name=name)
        row.index()
        row.save()
    asked = {"modality": "subcontracted", "employer": "atelier"}

    doubt = place(as_user, facilitator, participant, clause, **asked)
    assert doubt.status_code == 422
    assert "Plusieurs structures correspondent" in doubt.text
    assert "Atelier du Pont" in doubt.text

    place(as_user, facilitator, participant, clause, **asked, employer_structure=row.pk)
    assert Placement.objects.get().employer_structure == row


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"modality": "made_available"}, "Cette modalité demande une structure employeuse."),
        ({"modality": "made_available", "employer": "introuvable"}, "Aucune structure du répertoire"),
        ({"modality": "made_available", "employer": "x", "employer_structure": "9"}, "Aucune structure"),
        ({"starts_on": "2026-01-01"}, "sort des dates du contrat"),
        ({"starts_on": "2026-12-31", "ends_on": "2026-12-30"}, "se termine après son début"),
        ({"clause": ""}, "obligatoire"),
    ],
)
def test_an_impossible_placement_comes_back(changes, sentence, clause, participant, facilitator, as_user):
    answer = place(as_user, facilitator, participant, clause, **changes)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert not Placement.objects.exists()


def test_a_person_without_eligibility_is_not_placed(clause, newcomer, facilitator, as_user):
    answer = place(as_user, facilitator, newcomer, clause)

    assert answer.status_code == 422
    assert "l’éligibilité n’est pas reconnue au 1er décembre 2026" in answer.text


def test_the_clause_of_another_office_cannot_be_chosen(participant, stage, facilitator, as_user):
    elsewhere = PlacementFactory().clause

    answer = place(as_user, facilitator, participant, elsewhere)

    assert answer.status_code == 422
    assert Placement.objects.filter(participant=participant).count() == 0


def test_a_placement_is_ended(placement, facilitator, as_user):
    answer = as_user(facilitator).post(page_of("placement_end", placement), {"ends_on": "2026-11-30"})

    assert answer.status_code == 302
    placement.refresh_from_db()
    assert placement.ends_on == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("ends_on", "sentence"),
    [
        ("2026-01-01", "se termine après son début"),
        ("2027-02-01", "sort des dates du contrat"),
        ("2026-02-10", "Des heures sont déjà déclarées pour mars 2026"),
        ("", "obligatoire"),
    ],
)
def test_an_impossible_end_comes_back(ends_on, sentence, placement, facilitator, as_user):
    told = DeclarationFactory(contract=placement.clause.contract, period=MARCH, sent=True)
    HourEntryFactory(declaration=told, placement=placement)

    answer = as_user(facilitator).post(page_of("placement_end", placement), {"ends_on": ends_on})

    assert answer.status_code == 422
    assert sentence in answer.text
