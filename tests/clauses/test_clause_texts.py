from datetime import date
from decimal import Decimal
from io import BytesIO

import docx
import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from accounts import audit
from clauses.enums import Objective, PerEuroMode, ProposalState, ProvisionKind, TextKind
from clauses.models import ClauseText, ClauseWording, Proposal, Public, ReferenceValue
from clauses.queries import wording as words
from clauses.rules import wording
from clauses.rules.wording import UnknownVariable
from clauses.services import clause_texts, clauses
from clauses.services.clause_texts import NothingRevised, VersionOutdated
from procurement.services.contracts import Award
from tests.accounts.factories import OfficeFactory
from tests.clauses.conftest import NOON
from tests.clauses.factories import ClauseFactory, ClauseTextFactory, ProposalFactory
from tests.clauses.reading import plain
from tests.procurement.factories import LotFactory


pytestmark = pytest.mark.django_db

TODAY = date(2026, 12, 15)
BARE = {"rate": None, "labour_share": None, "hourly_cost": None, "hours_due": None}


@pytest.fixture
def common():
    return ClauseText.objects.get(kind=TextKind.EXECUTION_CONDITION, office=None, version=2)


@pytest.fixture
def award(stage):
    return Award(
        reference="M2026-17", title="Espaces verts", contractor=stage.company, amount=Decimal(950000),
        notified_on=date(2026, 5, 20), starts_on=date(2026, 6, 1), ends_on=date(2027, 6, 1),
    )  # fmt: skip


def proposal(stage, lot, kind=ProvisionKind.EXECUTION_CONDITION, **terms):
    reachable(stage.office)
    return ProposalFactory(lot=lot, office=stage.office, department=stage.department, kind=kind, **terms)


def reachable(office):
    office.email, office.phone = "office@confluent.example", "01 23 45 67 89"
    office.save()


def revise(text, office, by, **changed):
    written = {"title": text.title, "article": text.article, "body": text.body} | changed
    return clause_texts.revise(text=text, office=office, by=by, at=NOON, **written)


def page(name, row):
    return reverse(f"clauses:{name}", args=[row.pk])


def test_the_common_library_has_five_texts_that_name_known_variables():
    texts = ClauseText.objects.filter(office=None)

    assert {text.kind for text in texts} == set(TextKind)
    for text in texts:
        wording.check(text.body)
        wording.check(text.article)
        assert str(text).endswith(f", version {text.version}")


def test_the_second_version_changes_every_sentence_it_meant_to():
    seconds = ClauseText.objects.filter(office=None, version=2)

    assert {text.kind for text in seconds} == {"execution", "reserved", "training", "service"}
    assert not any("(${lots})" in text.body or "${heures} d" in text.body for text in seconds)


@pytest.mark.parametrize("kind", list(wording.TEXTS))
def test_every_kind_with_a_text_is_assembled_without_a_blank(kind, stage, lot):
    terms = {
        "reserved_share": Decimal("0.5"), "criterion_weight": Decimal("0.1"), "hours_due": Decimal(833),
        "rate": None, "labour_share": None, "hourly_cost": None,
    }  # fmt: skip

    found = words.assembled(proposal(stage, lot, kind, **terms), TODAY)

    assert [text.kind for text in found] == list(wording.TEXTS[kind])
    assert all(text.missing == () for text in found)
    assert all("$" not in text.text + text.article for text in found)


def test_the_text_holds_the_terms_the_publics_and_the_penalties(stage, lot):
    [found] = words.assembled(proposal(stage, lot), TODAY)

    text = plain(found.text)
    assert "pendant l’exécution du marché : 833 heures." in text
    assert "Entretien des espaces verts" in text
    assert "– Demandeur d’emploi de plus de 12 mois ;" in text
    assert "– Attestation France Travail (de moins de 3 mois) ;" in text
    assert "pénalité de 200 € par heure" in text
    assert "avant le 15 du mois suivant" in text
    assert "Office du Confluent (office@confluent.example, 01 23 45 67 89)" in text


def test_hours_that_follow_the_invoices_are_said_by_their_rule(stage, lot):
    found = words.assembled(
        proposal(
            stage, lot, objective=Objective.PER_EURO, euros_per_hour=2000, threshold_amount=2_700_000,
            threshold_mode=PerEuroMode.FRANCHISE,
        ),
        TODAY,
    )  # fmt: skip

    assert "au-delà de 2 700 000 € HT facturés" in plain(found[0].text)


def test_what_nobody_has_said_is_named(stage, lot):
    found = proposal(stage, lot, hours_due=None)
    stage.office.email = stage.office.phone = ""
    stage.office.save()
    ReferenceValue.objects.all().delete()
    Public.objects.all().delete()

    [text] = words.assembled(Proposal.objects.get(pk=found.pk), TODAY)

    assert set(text.missing) == {
        wording.VARIABLES[name]
        for name in (
            "heures",
            "publics",
            "contact",
            "echeance",
            "justificatifs",
            "penalite",
            "penalite_retard",
        )
    }


def test_a_reserved_lot_prints_its_own_article(stage, lot):
    reserved = proposal(stage, lot, ProvisionKind.RESERVED_DISABILITY, reserved_share=Decimal("0.5"), **BARE)

    [found] = words.assembled(reserved, TODAY)

    assert plain(found.article) == "Article L. 2113-12 du Code de la commande publique"


def test_an_agreement_has_no_model_text_nor_has_a_library_not_begun(stage, lot):
    assert words.assembled(proposal(stage, lot, ProvisionKind.VOLUNTARY), TODAY) == ()
    assert words.assembled(proposal(stage, lot), date(2020, 1, 1)) == ()


def test_an_edit_writes_the_next_version_for_its_office_alone(common, stage, facilitator):
    before = common.body
    revised = revise(common, stage.office, facilitator, body="${heures} d’insertion.\r\n")

    common.refresh_from_db()
    assert common.body == before
    assert (revised.version, revised.office, revised.valid_from) == (3, stage.office, TODAY)
    assert revised.body == "${heures} d’insertion."
    assert ClauseText.objects.known_to(stage.office).by_kind(TODAY)["execution"] == revised
    assert ClauseText.objects.known_to(OfficeFactory()).by_kind(TODAY)["execution"] == common
    assert "a rédigé la version 3 du texte" in str(audit.history(revised)[0])


def test_an_edit_that_changes_nothing_names_an_unknown_or_comes_late_is_refused(common, stage, facilitator):
    with pytest.raises(NothingRevised):
        revise(common, stage.office, facilitator)
    with pytest.raises(UnknownVariable):
        revise(common, stage.office, facilitator, body="${prix}")
    revise(common, stage.office, facilitator, body="Autre.")
    with pytest.raises(VersionOutdated, match="La version 3 de ce texte"):
        revise(common, stage.office, facilitator, body="Encore.")
    assert ClauseText.objects.filter(office=stage.office).count() == 1


@pytest.fixture
def notified(awaiting, award, facilitator, stage):
    reachable(stage.office)
    return clauses.commit(clause=awaiting, award=award, by=facilitator, at=NOON)


def test_a_notified_contract_keeps_its_words_whatever_changes_afterwards(
    notified, common, stage, facilitator, as_user
):
    before = words.of(notified.proposal, TODAY)
    file = as_user(facilitator).get(page("proposal_text_docx", notified.proposal)).content
    revise(common, stage.office, facilitator, title="Autre titre", body="Autre texte.")
    Proposal.objects.filter(pk=notified.proposal_id).update(hours_due=1, kind=ProvisionKind.VOLUNTARY)
    ReferenceValue.objects.all().delete()
    Public.objects.all().delete()

    after = words.of(Proposal.objects.get(pk=notified.proposal_id), date(2027, 6, 1))

    assert after == before
    assert "833 heures" in plain(after.wordings[0].text)
    assert (after.frozen_at, after.wordings[0].version) == (NOON, 2)
    shown = as_user(facilitator).get(page("proposal_text", notified.proposal))
    assertContains(shown, "Texte du contrat notifié")
    assertNotContains(shown, "Autre texte.")
    again = as_user(facilitator).get(page("proposal_text_docx", notified.proposal)).content
    assert _paragraphs(again)[1:] == _paragraphs(file)[1:]
    assert str(ClauseWording.objects.get()).startswith("Condition d’exécution")


@pytest.fixture
def agreed(stage, lot):
    """A clause whose department has just agreed."""
    return clauses.open_from(proposal=proposal(stage, lot, accepted=True), by=None, at=NOON)


@time_machine.travel(NOON, tick=False)
def test_the_text_agreed_to_stays_until_the_office_takes_up_the_text_of_the_day(
    agreed, common, stage, facilitator, buyer, as_user
):
    before = words.of(agreed.proposal, TODAY)
    revise(common, stage.office, facilitator, body="${heures}, par le texte revu.")

    stale = words.of(Proposal.objects.get(pk=agreed.proposal_id), TODAY)
    assert (stale.wordings, stale.frozen_at, stale.is_outdated) == (before.wordings, NOON, True)
    assertContains(as_user(facilitator).get(page("proposal_text", agreed.proposal)), "Texte arrêté le")
    shown = as_user(buyer).get(page("proposal_text", agreed.proposal))
    assertContains(shown, "ont changé depuis")
    assertNotContains(shown, "Reprendre le texte d’aujourd’hui")

    answer = as_user(facilitator).post(page("proposal_text_renew", agreed.proposal), follow=True)

    assertContains(answer, "par le texte revu.")
    assertNotContains(answer, "ont changé depuis")
    assert "a repris le texte de la clause" in str(audit.history(agreed.proposal)[0])


def test_the_notification_keeps_the_text_agreed_to_not_that_of_its_day(
    agreed, award, common, stage, facilitator
):
    revise(common, stage.office, facilitator, body="Texte revu.")

    clauses.commit(clause=agreed, award=award, by=facilitator, at=NOON)

    assert ClauseWording.objects.get().version == 2


def test_the_text_of_a_notified_contract_is_not_taken_up_again(notified, facilitator, as_user):
    answer = as_user(facilitator).post(page("proposal_text_renew", notified.proposal), follow=True)

    assertContains(answer, "Le contrat est notifié : son texte ne change plus.")


def test_a_text_names_the_lots_under_the_same_clause_and_their_volumes(agreed, stage, lot, facilitator):
    taller = LotFactory(market=lot.market, number=3, title="Élagage")
    draft = proposal(stage, taller, hours_due=Decimal(400))
    proposal(stage, LotFactory(market=lot.market, number=4), ProvisionKind.AWARD_CRITERION)

    [found] = words.assembled(draft, TODAY)
    assert "pour les lots 1 et 3 « Élagage » du marché" in plain(found.text)
    assert "833 heures pour le lot 1 et 400 heures pour le lot 3." in plain(found.text)
    # The first lot's own text says nothing of a draft.
    [alone] = words.assembled(agreed.proposal, TODAY)
    assert "pour le lot 1 du marché" in plain(alone.text)

    draft.state = ProposalState.ACCEPTED
    draft.sent_at = draft.decided_at = NOON
    draft.sent_by, draft.decider_name = facilitator, "Ana"
    draft.save()
    second = clauses.open_from(proposal=draft, by=None, at=NOON)
    clause_texts.renew(clause=second, by=facilitator, at=NOON)

    assert {kept.text for kept in ClauseWording.objects.all()} == {found.text}


def test_a_contract_notified_without_a_text_says_so(stage, lot, facilitator, as_user):
    clause = ClauseFactory(proposal=proposal(stage, lot, accepted=True), running=True)

    assertContains(
        as_user(facilitator).get(page("proposal_text", clause.proposal)), "Aucun texte n’a été gardé"
    )
    assert as_user(facilitator).get(page("proposal_text_docx", clause.proposal)).status_code == 404


def test_the_page_shows_the_text_and_what_is_missing(stage, lot, facilitator, as_user):
    draft = proposal(stage, lot, hours_due=None)

    shown = as_user(facilitator).get(page("proposal_text", draft))

    assertContains(shown, "À compléter avant de reprendre ce texte")
    assertContains(shown, "[à compléter : volume d’insertion demandé]")
    assertContains(shown, "version 2 du 25 novembre 2026")
    assertContains(shown, "à faire relire par le service juridique de l’acheteur")
    assertContains(as_user(facilitator).get(draft.get_absolute_url()), page("proposal_text", draft))


def test_a_kind_without_a_model_says_what_to_do(stage, lot, facilitator, as_user):
    free = proposal(stage, lot, ProvisionKind.VOLUNTARY)

    assertContains(as_user(facilitator).get(page("proposal_text", free)), "Pas de texte modèle")


def test_the_file_opens_with_its_texts_and_its_versions(stage, lot, facilitator, as_user):
    answer = as_user(facilitator).get(
        page("proposal_text_docx", proposal(stage, lot, ProvisionKind.CLAUSE_AND_CRITERION,
                                            criterion_weight=Decimal("0.1")))
    )  # fmt: skip

    assert answer["Content-Disposition"].startswith(
        'attachment; filename="clause-entretien-des-espaces-verts'
    )
    file = docx.Document(BytesIO(answer.content))
    headings = [line.text for line in file.paragraphs if line.style.name == "Heading 1"]
    assert headings == [
        "Condition d’exécution – insertion professionnelle",
        "Critère d’attribution – insertion professionnelle",
    ]
    assert "833 heures" in plain("\n".join(_paragraphs(answer.content)))
    assert any(line.style.name == "List Bullet" for line in file.paragraphs)
    footer = plain(file.sections[0].footer.paragraphs[0].text)
    assert "Article R. 2152-7 du Code de la commande publique, version 1 du 1er janvier 2026." in plain(
        footer
    )
    assert footer.endswith("À faire relire par le service juridique de l’acheteur.")


def test_the_file_opens_whatever_a_lot_is_called(stage, lot, facilitator, as_user):
    lot.title = "Entretien \x07des \uffffallées" + " et des massifs" * 18
    lot.save()

    answer = as_user(facilitator).get(page("proposal_text_docx", proposal(stage, lot)))

    assert len(lot.title) > 255
    assert "Entretien des allées et des massifs" in "\n".join(_paragraphs(answer.content))


def test_the_library_shows_each_text_and_what_it_replaced(common, stage, facilitator, as_user):
    revised = revise(common, stage.office, facilitator, body="Texte de l’office.")
    ClauseTextFactory(title="Texte d’un autre office")

    shown = as_user(facilitator).get(reverse("clauses:text_list"))

    assertContains(shown, "Texte de l’office.")
    assertContains(shown, "Version 2 du 25 novembre 2026, remplacée")
    assertContains(shown, page("text_revise", revised))
    assertNotContains(shown, "Texte d’un autre office")


def test_an_empty_library_says_so(facilitator, as_user):
    ClauseText.objects.all().delete()

    assertContains(as_user(facilitator).get(reverse("clauses:text_list")), "La bibliothèque est vide")


def test_a_new_version_is_written_from_the_page(common, facilitator, as_user):
    given = {"title": "Clause sociale", "article": "Article L. 2112-2", "body": "${heures}."}

    answer = as_user(facilitator).post(page("text_revise", common), given, follow=True)

    assertContains(answer, "La version 3 de « Clause sociale » est en vigueur.")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"body": "Texte\n${heure}"}, "Ligne 2 : la variable"),
        ({"article": "${heures"}, "ne se ferme pas"),
        ({"body": ""}, "Écrivez le texte."),
        ({}, "Rien n’a changé"),
    ],
)
def test_a_fault_comes_back_with_its_sentence(common, facilitator, as_user, changed, sentence):
    given = {"title": common.title, "article": common.article, "body": common.body} | changed

    answer = as_user(facilitator).post(page("text_revise", common), given)

    assertContains(answer, sentence, status_code=422)
    assert ClauseText.objects.filter(kind=common.kind).count() == 2


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("clause_text_is_written", {"body": ""}),
        ("clause_text_common_version_once|kind", {"office": None, "version": 1}),
    ],
)
def test_the_database_refuses_an_impossible_text(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        ClauseTextFactory(**fields)


def test_the_database_refuses_a_version_or_a_frozen_text_twice(stage, notified):
    ClauseTextFactory(office=stage.office)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClauseTextFactory(office=stage.office)
    kept = ClauseWording.objects.get(clause=notified)
    kept.pk = None
    with pytest.raises(IntegrityError):
        kept.save()


def test_the_administration_reads_the_texts_and_changes_none(common, administrator, as_user):
    text_admin = reverse("admin:clauses_clausetext_changelist")

    assertContains(as_user(administrator).get(text_admin), common.title)
    assert as_user(administrator).get(reverse("admin:clauses_clausetext_add")).status_code == 403


def _paragraphs(content):
    return [line.text for line in docx.Document(BytesIO(content)).paragraphs]
