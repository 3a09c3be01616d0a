import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clauses.enums import OUTCOME_TONES, Outcome, ProvisionKind, Verdict, VerdictReason
from clauses.models import Suggestion, SuggestionRule
from clauses.queries import advice, suggestion_rules
from clauses.services import screening
from clauses.services.screening import Opinion
from procurement.enums import Certainty, Nature
from procurement.models import Family, Market
from procurement.services import plans
from tests.clauses.conftest import NOON
from tests.clauses.factories import ScreeningFactory
from tests.procurement.factories import LotFactory, MarketFactory, PurchasePlanFactory
from tests.structures.factories import StructureFactory


TODAY = date(2026, 11, 25)


@pytest.fixture
def plan(stage):
    return PurchasePlanFactory(buyer=stage.buyer, submitted=True)


@pytest.fixture
def gardens(db):
    return Family.objects.get(code="espaces-verts")


@pytest.fixture
def market(plan, gardens):
    return MarketFactory(plan=plan, family=gardens, place="94")


def advised(stage, *markets):
    rows = Market.objects.filter(pk__in=[row.pk for row in markets]).order_by("pk")
    rows = rows.select_related("family", "plan__buyer__organisation").prefetch_related("programmes")
    return advice.advise(rows, stage.office, TODAY)


def test_a_line_is_advised_with_the_figures_of_the_directory_and_of_the_references(stage, market):
    StructureFactory(naf_code="8130Z")

    found = advised(stage, market)[market.pk]

    assert (found.outcome, found.hours, found.structures) == (Outcome.EXECUTION_CLAUSE, 833, 1)
    assert (found.label, found.tone, found.rate) == ("Clause d’exécution", "success", 5)
    assert (found.version, found.icon) == (2, "circle-check")
    assert any("Val-de-Marne" in reason for reason in found.reasons)
    assert any("L. 2112-2-1" in reason for reason in found.reasons)


def test_every_outcome_has_its_tone():
    assert set(OUTCOME_TONES) == set(Outcome)


def test_the_share_of_labour_of_the_plan_comes_first(stage, market):
    Market.objects.update(labour_share=Decimal(10))

    assert advised(stage, market)[market.pk].hours == 167


def test_a_family_that_is_guessed_brings_its_own_share_of_labour(stage, plan):
    line = MarketFactory(plan=plan, title="Fourniture d’électricité et de gaz", nature=Nature.UNKNOWN)

    # 1 000 000 € × 2 % × 5 % ÷ 30 €
    assert advised(stage, line)[line.pk].hours == 33


def test_staff_to_keep_on_comes_before_insertion(stage, plan):
    line = MarketFactory(
        plan=plan, family=Family.objects.get(code="nettoyage"), estimated_amount=Decimal(300_000),
        duration_months=12, staff_takeover=Certainty.YES, transferred_monthly_hours=Decimal(500),
    )  # fmt: skip

    found = advised(stage, line)[line.pk]

    # (300 000 € less 500 h × 25 € × 12) × 5 % ÷ 25 €
    assert found.hours == 300
    assert found.facts.may_take_staff_over


def test_an_office_follows_its_own_latest_version(stage, market):
    general = SuggestionRule.objects.get(office=None, version=2)
    general.pk, general.office, general.version, general.minimum_hours = None, stage.office, 4, 1000
    general.save()

    found = advised(stage, market)[market.pk]

    assert found.version == 4
    assert suggestion_rules.in_force(stage.other_office).version == 2
    assert suggestion_rules.in_force(None).version == 2


def test_without_any_kept_version_the_rule_of_the_code_speaks(stage):
    SuggestionRule.objects.all().delete()

    assert suggestion_rules.in_force(stage.office).version == 0


def test_the_reason_of_last_year_is_proposed_for_the_same_family_of_the_same_buyer(stage, plan, gardens):
    former = MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer, year=2026), family=gardens)
    ScreeningFactory(
        market=former, office=stage.office, verdict=Verdict.NOT_CLAUSABLE, reason=VerdictReason.NO_LABOUR
    )
    line = MarketFactory(plan=plan, family=gardens, estimated_amount=Decimal(150_000), place="94")

    found = advised(stage, line)[line.pk]

    assert (found.outcome, found.suggestion.verdict_reason) == (Outcome.NONE, VerdictReason.NO_LABOUR)


def test_what_is_missing_is_said(stage, plan):
    line = MarketFactory(plan=plan, title="Divers", estimated_amount=None, nature=Nature.UNKNOWN)

    found = advised(stage, line)[line.pk]

    assert found.suggestion.missing == ("le montant estimé", "la famille d’achats ou la nature")


def test_any_number_of_lines_asks_the_same_questions(stage, plan, market, gardens):
    StructureFactory(naf_code="8130Z")
    market.cpv_code = "77310000"
    market.save()
    others = [MarketFactory(plan=plan, family=gardens, place=f"Créteil {rank}") for rank in range(12)]
    Market.objects.update(place="Créteil")
    LotFactory(market=others[0], number=2)

    def asked(*markets):
        with CaptureQueriesContext(connection) as queries:
            advised(stage, *markets)
        return len(queries)

    assert asked(market) == asked(market, *others)


def test_a_verdict_keeps_what_was_suggested_and_on_what(stage, market, facilitator):
    opinion = Opinion(Verdict.NOT_CLAUSABLE, VerdictReason.NO_LINK)

    screening.decide(market=market, office=stage.office, opinion=opinion, by=facilitator, at=NOON)

    kept = Suggestion.objects.get()
    assert (kept.outcome, kept.version, kept.hours) == (Outcome.EXECUTION_CLAUSE, 2, 833)
    assert kept.rule == SuggestionRule.objects.get(office=None, version=2)
    assert (kept.suggested_verdict, kept.verdict, kept.reason) == ("clausable", "not_clausable", "no_link")
    assert not kept.agrees
    assert (kept.kind, kept.lots) == (ProvisionKind.EXECUTION_CONDITION, [])
    assert kept.inputs["amount"] == "1000000.00"
    assert kept.inputs["supply"]["place"] == "Val-de-Marne"
    assert str(kept) == "Clause d’exécution – Entretien des espaces verts"
    assert list(Suggestion.objects.visible_to(facilitator)) == [kept]


def test_keeping_suggestions_costs_the_same_for_any_number_of_lines(stage, plan, market, facilitator):
    others = [MarketFactory(plan=plan, family=market.family, place="94") for _ in range(8)]

    def asked(markets):
        with CaptureQueriesContext(connection) as queries:
            screening.decide_many(
                markets=markets,
                office=stage.office,
                opinion=Opinion(Verdict.TO_STUDY),
                by=facilitator,
                at=NOON,
            )
        return len(queries)

    assert asked([market]) == asked(others)


def suggest(capsys, *arguments):
    code = 0
    try:
        call_command("suggest", *arguments)
    except SystemExit as ended:
        code = ended.code
    out, err = capsys.readouterr()
    return code, out, err


def test_the_command_answers_for_every_line_of_a_plan(capsys, stage, market):
    siret = stage.buyer.organisation.siret or "21940028600013"
    stage.buyer.organisation.siret = siret
    stage.buyer.organisation.save()
    MarketFactory(plan=market.plan, estimated_amount=None)

    code, out, _ = suggest(capsys, "--buyer", siret, "--year", "2027", "--json")

    lines = json.loads(out)["lines"]
    assert code == 0
    assert [line["suggestion"] for line in lines] == ["execution_clause", "unknown"]
    assert (lines[0]["reference"], lines[0]["hours"], lines[0]["structures"]) == (market.reference, "833", 0)
    assert lines[1]["hours"] is None
    assert all(line["reasons"] for line in lines)

    assert "Clause d’exécution, 833" in suggest(capsys, "--buyer", siret, "--year", "2027")[1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--year", "2027"), "Indiquez --buyer."),
        (("--buyer", "1", "--year", "x"), "une année"),
        (("--buyer", "00000000000000", "--year", "2027"), "Aucun plan d’achats 2027"),
    ],
)
def test_the_command_refuses_what_it_cannot_use(capsys, db, arguments, sentence):
    code, _, err = suggest(capsys, *arguments)

    assert code == 2
    assert sentence in err


def test_a_plan_without_a_line_or_an_office_is_answered(capsys, stage):
    plan = PurchasePlanFactory(buyer__organisation__siret="21940028600013")

    assert suggest(capsys, "--buyer", "21940028600013", "--year", str(plan.year))[1] == (
        "Ce plan n’a aucune ligne.\n"
    )


def test_the_page_of_a_line_shows_the_suggestion_to_the_office_only(
    stage, market, facilitator, buyer, as_user
):
    ScreeningFactory(market=market, office=stage.office)
    page = f"/reperage/{market.pk}/"

    shown = as_user(facilitator).get(page).content.decode()

    assert "Clause d’exécution" in shown
    assert "Règle commune, version 2" in shown
    plan = market.plan
    plans.answer(plan=plan, office=stage.office, by=facilitator, at=plan.submitted_at)
    assert "Règle commune" not in as_user(buyer).get(page).content.decode()
