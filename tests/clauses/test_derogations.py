from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import IntegrityError
from django.urls import reverse
from pypdf import PdfReader
from pytest_django.asserts import assertContains, assertNotContains, assertNumQueries

from accounts import audit
from clauses import documents
from clauses.enums import ProvisionKind, Standing
from clauses.models import Derogation, with_verdicts
from clauses.queries.derogations import standings, to_justify, unjustified
from clauses.services import derogations
from clauses.services.derogations import DerogationRefused, JustificationMissing
from procurement.enums import DatePrecision, DutyMotive, Nature
from procurement.models import LegalThreshold, Market
from tests.clauses.factories import MORNING, DerogationFactory, ProposalFactory, ScreeningFactory
from tests.clauses.reading import plain
from tests.procurement.factories import ContractFactory, MarketFactory, PurchasePlanFactory


pytestmark = pytest.mark.django_db

WHY = "Trois entreprises seulement tiennent ce métier."


@pytest.fixture
def market(stage):
    return MarketFactory(plan__buyer=stage.buyer)


def sign(market, by, motive=DutyMotive.RESTRICTS, text=WHY, at=MORNING):
    return derogations.sign(market=market, motive=motive, text=text, by=by, at=at)


def known(*markets):
    rows = Market.objects.select_related("plan__buyer").order_by("pk")
    return rows.filter(pk__in=[market.pk for market in markets])


def reserve(market, stage):
    return ProposalFactory(
        lot=market.lots.get(), office=stage.office, kind=ProvisionKind.RESERVED_SIAE, sent=True,
        rate=None, labour_share=None, hourly_cost=None, hours_due=None, reserved_share=Decimal("0.5"),
    )  # fmt: skip


def test_a_derogation_keeps_the_facts_and_the_words_of_its_day(market, buyer):
    signed = sign(market, buyer, text=f"  {WHY} ")
    LegalThreshold.objects.all().delete()
    Market.objects.update(title="Autre objet")

    signed.refresh_from_db()
    assert (signed.text, signed.signed_by, signed.motive) == (WHY, buyer, "restricts")
    assert signed.wording.startswith("Une telle prise en compte restreindrait")
    assert signed.facts["title"] == "Entretien des espaces verts"
    assert (signed.facts["amount"], signed.facts["threshold"]) == ("1000000.00", "216000.00")
    assert "a signé une dérogation" in str(audit.history(market)[0])


def test_a_new_derogation_replaces_the_one_in_force(market, buyer, facilitator):
    first = sign(market, buyer)
    second = sign(market, facilitator, DutyMotive.NO_LINK, at=MORNING + timedelta(days=1))

    first.refresh_from_db()
    assert (first.withdrawn_by, first.withdrawn_at) == (facilitator, MORNING + timedelta(days=1))
    assert list(Derogation.objects.in_force()) == [second]


def test_a_derogation_is_withdrawn_once(market, buyer):
    signed = derogations.withdraw(derogation=sign(market, buyer), by=buyer, at=MORNING)

    assert not Derogation.objects.in_force().exists()
    with pytest.raises(DerogationRefused, match="déjà retirée"):
        derogations.withdraw(derogation=signed, by=buyer, at=MORNING)


@pytest.mark.parametrize(
    ("facts", "motive", "text", "sentence"),
    [
        ({"estimated_amount": Decimal(1000)}, DutyMotive.NO_LINK, WHY, "n’impose pas de condition sociale"),
        ({}, DutyMotive.SHORT_WORKS, WHY, "n’est pas ouvert à ce marché"),
        ({}, DutyMotive.NO_LINK, "  ", "Écrivez la justification"),
    ],
)
def test_what_the_law_does_not_open_is_refused(market, buyer, facts, motive, text, sentence):
    Market.objects.filter(pk=market.pk).update(**facts)

    with pytest.raises(DerogationRefused, match=sentence):
        sign(market, buyer, motive, text)
    assert not Derogation.objects.exists()


def test_short_works_may_invoke_their_length(market, buyer):
    works = {"nature": Nature.WORKS, "estimated_amount": Decimal(6_000_000), "duration_months": 5}
    Market.objects.filter(pk=market.pk).update(**works)

    assert sign(market, buyer, DutyMotive.SHORT_WORKS).facts["total_months"] == 5


def test_works_that_renewals_make_last_may_not(market, buyer):
    works = {"nature": Nature.WORKS, "estimated_amount": Decimal(6_000_000), "duration_months": 5}
    Market.objects.filter(pk=market.pk).update(**works, renewals=3, renewal_months=5)

    with pytest.raises(DerogationRefused, match="vérifiez sa nature et sa durée"):
        sign(market, buyer, DutyMotive.SHORT_WORKS)


def test_a_motive_that_its_market_no_longer_fits_justifies_nothing(stage, buyer, facilitator, as_user):
    market = MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer, submitted=True))
    works = {"nature": Nature.WORKS, "estimated_amount": Decimal(6_000_000), "duration_months": 5}
    Market.objects.filter(pk=market.pk).update(**works)
    market.refresh_from_db()
    sign(market, buyer, DutyMotive.SHORT_WORKS)
    ScreeningFactory(market=market, office=stage.office, verdict="not_clausable", reason="short_works")
    lines = with_verdicts(Market.objects.visible_to(facilitator), facilitator)
    page = reverse("clauses:derogation", args=[market.pk])
    assert unjustified(known(market)) == list(to_justify(lines)) == []
    assertNotContains(as_user(buyer).get(page), "ne lui est plus ouvert")

    Market.objects.filter(pk=market.pk).update(duration_months=12)

    assert unjustified(known(market)) == list(to_justify(lines)) == [market]
    assertContains(as_user(buyer).get(page), "ne lui est plus ouvert")
    sign(market, buyer, DutyMotive.NO_LINK)
    assert unjustified(known(market)) == list(to_justify(lines)) == []


def test_nothing_is_asked_once_a_provision_or_a_derogation_answers(stage, buyer):
    bare, small, drafted, clause, reserved, derogated = (
        MarketFactory(plan__buyer=stage.buyer, plan__year=year) for year in range(2027, 2033)
    )
    Market.objects.filter(pk=small.pk).update(estimated_amount=Decimal(1000))
    ProposalFactory(lot=drafted.lots.get(), office=stage.office)
    ProposalFactory(lot=clause.lots.get(), office=stage.office, sent=True)
    reserve(reserved, stage)
    sign(derogated, buyer)
    rows = known(bare, small, drafted, clause, reserved, derogated)

    with assertNumQueries(7):
        found = standings(rows)

    assert found == {
        bare.pk: Standing.MISSING,
        # A draft is the office's own, and may never be sent.
        drafted.pk: Standing.MISSING,
        clause.pk: Standing.MET,
        reserved.pk: Standing.LEANING,
        derogated.pk: Standing.DEROGATED,
    }
    assert unjustified(rows) == [bare, drafted]


def test_a_reservation_alone_closes_the_market_and_leaves_a_trace(market, stage, buyer):
    reserve(market, stage)

    derogations.require_justified(known(market), by=buyer)

    assert "avec une réservation ou un critère seul" in str(audit.history(market)[0])


def test_what_was_only_proposed_binds_no_contract(market, stage, buyer):
    ProposalFactory(lot=market.lots.get(), office=stage.office, sent=True)
    (row,) = known(market)

    with pytest.raises(JustificationMissing):
        derogations.require_agreed(row, by=buyer)


def test_the_derogation_of_a_market_closed_by_an_answer_is_only_replaced(stage, buyer, facilitator):
    market = MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer, answered=True))
    signed = sign(market, buyer)
    ScreeningFactory(market=market, office=stage.office, verdict="not_clausable", reason="no_supply")

    with pytest.raises(DerogationRefused, match="signez une autre dérogation"):
        derogations.withdraw(derogation=signed, by=buyer, at=MORNING)
    signed.refresh_from_db()
    assert signed.withdrawn_at is None
    sign(market, buyer, DutyMotive.NO_LINK)


def test_the_derogation_of_a_notified_market_is_only_replaced(stage, buyer):
    market = MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer, submitted=True))
    signed = sign(market, buyer)
    market.lots.update(contract=ContractFactory(buyer=stage.buyer, office=stage.office))

    with pytest.raises(DerogationRefused, match="signez une autre dérogation"):
        derogations.withdraw(derogation=signed, by=buyer, at=MORNING)


def test_the_lines_to_justify_are_those_that_a_verdict_or_a_refusal_left_bare(stage, facilitator, buyer):
    plan = PurchasePlanFactory(buyer=stage.buyer, submitted=True)
    _unseen, closed, drafted, refused, again, reserved, derogated, small = MarketFactory.create_batch(
        8, plan=plan
    )
    for market in (closed, drafted, reserved, derogated, small):
        ScreeningFactory(market=market, office=stage.office, verdict="not_clausable", reason="no_supply")
    for market in (refused, again):
        ProposalFactory(lot=market.lots.get(), office=stage.office, refused=True)
    ProposalFactory(lot=drafted.lots.get(), office=stage.office)
    ProposalFactory(
        lot=again.lots.get(), office=stage.office, kind=ProvisionKind.CLAUSE_AND_CRITERION, sent=True
    )
    reserve(reserved, stage)
    sign(derogated, buyer)
    Market.objects.filter(pk=small.pk).update(estimated_amount=Decimal(1000))

    lines = with_verdicts(Market.objects.visible_to(facilitator), facilitator)

    assert set(to_justify(lines)) == {closed, drafted, refused}


def test_what_is_not_justified_is_named_when_it_has_to_be_closed(stage, buyer):
    markets = [MarketFactory(plan__buyer=stage.buyer, plan__year=year) for year in range(2027, 2032)]

    with pytest.raises(
        JustificationMissing, match=r"« Entretien des espaces verts ».* et 2 de plus"
    ) as refused:
        derogations.require_justified(known(*markets), by=buyer)
    assert len(refused.value.markets) == 5

    for market in markets[1:]:
        sign(market, buyer)
    with pytest.raises(JustificationMissing, match=r"pour « Entretien des espaces verts »\."):
        derogations.require_justified(known(*markets), by=buyer)
    sign(markets[0], buyer)
    derogations.require_justified(known(*markets), by=buyer)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("derogation_is_explained", {"text": ""}),
        ("derogation_withdrawn_iff_signed", {"withdrawn_at": MORNING}),
    ],
)
def test_the_database_refuses_an_impossible_derogation(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        DerogationFactory(**fields)


def test_the_database_refuses_a_withdrawal_before_the_signature(buyer):
    with pytest.raises(IntegrityError, match="derogation_withdrawn_after_signed"):
        DerogationFactory(withdrawn_at=MORNING - timedelta(days=1), withdrawn_by=buyer)


def test_the_database_refuses_two_derogations_in_force(market):
    DerogationFactory(market=market)

    with pytest.raises(IntegrityError):
        DerogationFactory(market=market)


def test_the_page_signs_shows_and_withdraws(market, buyer, as_user):
    visitor = as_user(buyer)
    address = reverse("clauses:derogation", args=[market.pk])
    assertContains(visitor.get(address), "ne se publie qu’avec une dérogation signée")

    signed = visitor.post(address, {"motive": "no_link", "text": WHY}, follow=True)
    assertContains(signed, "est signée.")
    assertContains(signed, WHY)

    pk = Derogation.objects.get().pk
    withdrawn = visitor.post(reverse("clauses:derogation_withdraw", args=[pk]), follow=True)
    assertContains(withdrawn, "La dérogation est retirée")
    again = visitor.post(reverse("clauses:derogation_withdraw", args=[pk]), follow=True)
    assertContains(again, "déjà retirée")


def test_an_incomplete_derogation_is_asked_again_with_what_was_typed(market, buyer, as_user):
    answer = as_user(buyer).post(reverse("clauses:derogation", args=[market.pk]), {"text": WHY})

    assertContains(answer, "Choisissez le motif.", status_code=422)
    assertContains(answer, WHY, status_code=422)


def test_a_market_under_the_threshold_has_nothing_to_justify(market, buyer, as_user):
    Market.objects.update(estimated_amount=Decimal(1000))

    assertContains(as_user(buyer).get(reverse("clauses:derogation", args=[market.pk])), "Rien à justifier.")


def test_the_market_page_leads_to_the_derogation(market, buyer, as_user):
    page = as_user(buyer).get(market.get_absolute_url())

    assertContains(page, reverse("clauses:derogation", args=[market.pk]))


def test_the_sheet_holds_the_motive_the_text_and_who_signed(market, buyer, as_user):
    signed = sign(market, buyer)

    answer = as_user(buyer).get(reverse("clauses:derogation_sheet", args=[signed.pk]))
    pages = PdfReader(BytesIO(answer.content)).pages
    text = plain(" ".join(page.extract_text() for page in pages))

    assert len(pages) == 1
    assert answer["Content-Disposition"].startswith('attachment; filename="derogation-')
    assert WHY in text.replace("\n", " ")
    assert "L. 2112-2-1" in text
    assert str(buyer) in text
    assert "216" in text


def test_the_sheet_tells_the_launch_as_precisely_as_the_plan_did(market, buyer):
    market.launch_on, market.launch_precision = date(2027, 4, 1), DatePrecision.QUARTER
    market.save(update_fields=["launch_on", "launch_precision"])

    signed = sign(market, buyer)
    signed.refresh_from_db()
    sheet = documents.derogation_sheet(signed)

    text = plain(PdfReader(BytesIO(sheet)).pages[0].extract_text())
    assert "T2 2027" in text
    assert "01/04/2027" not in text


def test_the_sheet_of_unknown_facts_and_of_a_withdrawn_derogation_says_so(buyer):
    signed = DerogationFactory(withdrawn_at=MORNING, withdrawn_by=buyer)
    signed.facts |= {"threshold": None, "launch_on": None}

    text = PdfReader(BytesIO(documents.derogation_sheet(signed))).pages[0].extract_text()

    assert "Selon la nature" in text
    assert "Dérogation retirée" in text
    assert documents.derogation_sheet(signed) == documents.derogation_sheet(signed)
