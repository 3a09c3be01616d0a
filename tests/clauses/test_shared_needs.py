from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
import time_machine
from django.db import IntegrityError, transaction

from accounts import audit
from clauses.enums import SharedNeedState
from clauses.models import ReferenceValue, SharedNeedNote
from clauses.services import shared_needs
from clauses.services.shared_needs import ReasonMissing
from procurement.models import Family
from tests.accounts.factories import MandateFactory
from tests.clauses import scenes
from tests.clauses.queries_of import queries_of
from tests.clauses.reading import plain
from tests.procurement.factories import BuyerFactory, ContractFactory, MarketFactory, PurchasePlanFactory


PAGE = "/besoins-partages/"
AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def family():
    return Family.objects.get(code="nettoyage")


@pytest.fixture
def neighbour(stage):
    buyer = BuyerFactory(organisation__name="Ville d’Alfort")
    MandateFactory(office=stage.office, partner=buyer.organisation)
    return buyer


@pytest.fixture
def lines(stage, neighbour, family):
    return [
        MarketFactory(
            plan=PurchasePlanFactory(buyer=buyer, submitted=True), family=family, title=title,
            launch_on=day, estimated_amount=Decimal(60_000),
        )
        for buyer, title, day in (
            (stage.buyer, "Nettoyage des écoles", date(2027, 3, 1)),
            (neighbour, "Nettoyage de la mairie", date(2027, 4, 15)),
        )
    ]  # fmt: skip


def key(family):
    return f"{family.pk}-2027-03-01"


def note(visitor, family, state, **given):
    return visitor.post(f"{PAGE}noter/", {"need": key(family), "state": state, **given}, follow=True)


def test_the_page_shows_a_family_that_two_buyers_announce(as_user, facilitator, lines):
    page = plain(as_user(facilitator).get(PAGE).content.decode())

    assert "<strong>1</strong> besoin partagé, 120 000 € HT" in page
    assert "2 acheteurs, 2 lignes" in page
    assert "Nettoyage de la mairie" in page
    assert "groupement de commandes" in page
    assert "60 000" in page


def test_the_hours_are_those_of_the_options(as_user, facilitator, lines, family):
    page = plain(as_user(facilitator).get(PAGE).content.decode())

    assert "120 000 € × 80 % × 5 % ÷ 20 €" in page
    assert "240" in page


def test_a_buyer_alone_shares_nothing(as_user, facilitator, lines):
    lines[1].plan.markets.all().delete()

    assert "Aucun besoin partagé pour le moment." in as_user(facilitator).get(PAGE).content.decode()


def test_lines_launched_or_followed_are_left_out(as_user, facilitator, stage, lines):
    visitor = as_user(facilitator)
    lines[0].lots.update(contract=ContractFactory(office=stage.office, buyer=stage.buyer))
    notified = visitor.get(PAGE).content.decode()
    lines[0].lots.update(contract=None)
    scenes.awaiting_clause(stage, lines[0].lots.get())
    claused = visitor.get(PAGE).content.decode()

    assert "Nettoyage de la mairie" not in notified
    assert "Nettoyage de la mairie" not in claused


def test_a_launch_gone_by_is_shared_no_more(as_user, facilitator, lines):
    with time_machine.travel("2027-03-02 09:00:00+00:00", tick=False):
        assert "Nettoyage de la mairie" not in as_user(facilitator).get(PAGE).content.decode()


def test_without_a_window_nothing_is_shared(as_user, facilitator, lines):
    ReferenceValue.objects.filter(code="shared-need-months").delete()

    assert "Aucun besoin partagé" in as_user(facilitator).get(PAGE).content.decode()


def test_without_its_numbers_a_need_has_no_hours(as_user, facilitator, lines):
    ReferenceValue.objects.filter(code__startswith="hourly-cost").delete()

    page = plain(as_user(facilitator).get(PAGE).content.decode())

    assert "2 acheteurs, 2 lignes" in page
    assert "120 000 € ×" not in page


def test_lines_without_an_amount_are_told(as_user, facilitator, lines):
    for line in lines:
        line.estimated_amount = None
        line.save(update_fields=["estimated_amount"])

    page = plain(as_user(facilitator).get(PAGE).content.decode())

    assert "2 lignes sans montant ne sont pas comptées" in page


def test_a_need_is_raised_then_put_back(as_user, facilitator, lines, family, stage):
    visitor = as_user(facilitator)

    raised = plain(note(visitor, family, "raised").content.decode())
    back = plain(note(visitor, family, "open").content.decode())

    assert "est à l’ordre du jour" in raised
    assert "À évoquer à la réunion trimestrielle" in raised
    assert "est de nouveau à traiter" in back
    assert "Remettre à traiter" not in back
    assert "à évoquer à la réunion trimestrielle" in str(audit.history(stage.office)[1])


def test_a_need_is_dismissed_with_a_reason(as_user, facilitator, lines, family):
    visitor = as_user(facilitator)

    refused = visitor.post(f"{PAGE}noter/", {"need": key(family), "state": "dismissed"})
    dismissed = note(visitor, family, "dismissed", reason="Marchés déjà mutualisés")
    shown = visitor.get(PAGE, {"state": "dismissed"}).content.decode()

    assert refused.status_code == 422
    assert "pourquoi ce besoin est écarté" in refused.content.decode()
    assert "Aucun besoin partagé" in dismissed.content.decode()
    assert "Marchés déjà mutualisés" in shown


def test_a_null_character_is_left_out_of_a_reason(as_user, facilitator, lines, family):
    note(as_user(facilitator), family, "dismissed", reason="Déjà\0 mutualisés")

    assert SharedNeedNote.objects.get().reason == "Déjà mutualisés"


def test_a_need_that_the_plans_say_no_more_is_not_found(as_user, facilitator, lines, family):
    visitor = as_user(facilitator)

    assert visitor.post(f"{PAGE}noter/", {"need": "0-2027-01-01", "state": "raised"}).status_code == 404
    assert visitor.post(f"{PAGE}noter/", {"need": key(family), "state": "fête"}).status_code == 404


def test_a_note_follows_a_need_whose_period_moves(as_user, facilitator, lines, family):
    visitor = as_user(facilitator)
    note(visitor, family, "raised")
    lines[0].launch_on = date(2027, 3, 20)
    lines[0].save(update_fields=["launch_on"])

    assert "Noté le" in visitor.get(PAGE).content.decode()


def test_another_office_reads_no_note(stage, facilitator, other_facilitator, family):
    _note(stage, family, facilitator)

    assert SharedNeedNote.objects.visible_to(facilitator).exists()
    assert not SharedNeedNote.objects.visible_to(other_facilitator).exists()


def _note(stage, family, by, state=SharedNeedState.RAISED, reason=""):
    return shared_needs.note(
        office=stage.office, family=family, starts_on=date(2027, 3, 1), ends_on=date(2027, 4, 15),
        state=state, reason=reason, by=by, at=AT,
    )  # fmt: skip


def test_dismissing_without_a_word_is_refused(stage, facilitator, family):
    with pytest.raises(ReasonMissing):
        _note(stage, family, facilitator, SharedNeedState.DISMISSED, "  ")
    assert plain(str(_note(stage, family, facilitator))).endswith(": à évoquer à la réunion trimestrielle")


@pytest.mark.parametrize("faulty", [{"state": "dismissed"}, {"ends_on": date(2026, 1, 1)}])
def test_constraints_hold(stage, facilitator, family, faulty):
    noted = _note(stage, family, facilitator)

    with pytest.raises(IntegrityError), transaction.atomic():
        SharedNeedNote.objects.filter(pk=noted.pk).update(**faulty)


def test_criteria_narrow_the_needs_and_a_need_keeps_its_other_buyers(
    as_user, facilitator, lines, neighbour, family
):
    visitor = as_user(facilitator)

    one = visitor.get(PAGE, {"buyer": neighbour.pk}).content.decode()
    other = visitor.get(PAGE, {"family": Family.objects.exclude(pk=family.pk).first().pk})

    assert "Nettoyage des écoles" in one
    assert "Retirez un critère." in other.content.decode()


def test_a_buyer_without_the_need_is_not_in_it(as_user, facilitator, lines, stage):
    third = BuyerFactory(organisation__name="Ville de Créteil")
    MandateFactory(office=stage.office, partner=third.organisation)

    assert "Retirez un critère." in as_user(facilitator).get(PAGE, {"buyer": third.pk}).content.decode()


def test_a_swap_answers_the_results_alone(as_user, facilitator, lines):
    answer = as_user(facilitator).get(PAGE, {"state": "raised"}, headers={"HX-Request": "true"})

    assert "<h1>" not in answer.content.decode()
    assert answer["HX-Push-Url"] == "?state=raised"


def test_the_list_of_the_meeting_is_exported(as_user, facilitator, lines):
    visitor = as_user(facilitator)

    sheet = openpyxl.load_workbook(BytesIO(visitor.get(f"{PAGE}export.xlsx").content)).active
    text = visitor.get(f"{PAGE}export.csv").content.decode("utf-8-sig")

    titles, first, second = list(sheet.values)
    assert titles[0] == "Famille"
    assert (first[5], second[10]) == (120_000, "Ville d’Alfort")
    assert "groupement de commandes" in text


def test_ten_lines_cost_no_more_questions_than_two(as_user, facilitator, lines, family):
    visitor = as_user(facilitator)
    one = queries_of(visitor, PAGE)
    MarketFactory.create_batch(9, plan=lines[0].plan, family=family, launch_on=date(2027, 3, 3))

    assert queries_of(visitor, PAGE) == one
