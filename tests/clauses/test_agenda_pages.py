from datetime import date
from io import BytesIO

import openpyxl
import pytest
import time_machine

from clauses.enums import ProvisionKind, Verdict, VerdictReason
from procurement.enums import DatePrecision
from tests.clauses import scenes
from tests.clauses.factories import ProposalFactory, ScreeningFactory
from tests.clauses.queries_of import queries_of
from tests.clauses.reading import plain
from tests.procurement.factories import ContractFactory, MarketFactory, PurchasePlanFactory


LIST, MONTH = "/echeances/", "/echeances/mois/"
# The plans of the factories are deposited on 2 November 2026: their answer is due on the 30th.
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel("2026-11-25 09:00:00+00:00", tick=False):
        yield


@pytest.fixture
def plan(stage):
    return PurchasePlanFactory(buyer=stage.buyer, submitted=True)


@pytest.fixture
def market(plan, stage):
    return MarketFactory(
        plan=plan, title="Tonte des parcs", launch_on=date(2027, 4, 12), department=stage.department
    )


def shown(visitor, url=LIST, **query):
    return plain(visitor.get(url, query).content.decode())


def test_the_office_reads_what_is_due_month_by_month(as_user, facilitator, market):
    page = shown(as_user(facilitator))

    assert "Novembre 2026" in page
    assert "30/11/2026" in page
    assert "Dans 5 jours" in page
    assert "Calibrage de la clause" in page
    assert "12/04/2027" in page


def test_a_launch_known_to_the_quarter_says_so(as_user, facilitator, plan):
    MarketFactory(plan=plan, launch_on=date(2027, 4, 1), launch_precision=DatePrecision.QUARTER)

    page = shown(as_user(facilitator))

    assert "T2 2027" in page
    assert "date connue au trimestre" in page
    assert "premier jour de la période" in page


def test_late_comes_first(as_user, facilitator, market):
    with time_machine.travel("2026-12-05 09:00:00+00:00", tick=False):
        page = shown(as_user(facilitator))

    assert "dont <strong>1</strong> en retard" in page
    assert page.index("En retard de 5 jours") < page.index('id="mois-2027-01"')


def test_what_has_a_contract_or_a_clause_is_not_late(as_user, facilitator, stage, plan):
    notified = MarketFactory(plan=plan, title="Marché notifié", launch_on=date(2026, 3, 1))
    notified.lots.update(contract=ContractFactory(office=stage.office, buyer=stage.buyer))
    claused = MarketFactory(plan=plan, title="Marché à clause", launch_on=date(2026, 3, 1))
    scenes.awaiting_clause(stage, claused.lots.get())
    MarketFactory(plan=plan, title="Marché sans suite", launch_on=date(2026, 3, 1))

    page = shown(as_user(facilitator), kind="past")

    assert "Marché sans suite" in page
    assert "Marché notifié" not in page
    assert "Marché à clause" not in page


def test_a_decision_awaited_from_a_department_is_listed(as_user, facilitator, stage, market):
    ProposalFactory(
        lot=market.lots.get(), office=stage.office, department=stage.department, sent=True,
        answer_by_on=date(2026, 11, 20), kind=ProvisionKind.EXECUTION_CONDITION,
    )  # fmt: skip

    page = shown(as_user(facilitator), kind="decision")

    assert "Décision du service" in page
    assert "En retard de 5 jours" in page


def test_criteria_narrow_the_list(as_user, facilitator, plan, market):
    MarketFactory(plan=plan, title="Ramassage", launch_on=date(2027, 2, 1))

    by_department = shown(as_user(facilitator), department=market.department_id)
    by_kind = shown(as_user(facilitator), kind="launch")
    by_month = shown(as_user(facilitator), period="2027-04")

    assert "Ramassage" not in by_department
    assert "Plan d’achats 2027" not in by_kind
    assert "Ramassage" in by_kind
    assert "Ramassage" not in by_month
    assert "Tonte des parcs" in by_month


def test_a_period_may_hold_all_dates(as_user, facilitator, plan):
    MarketFactory(plan=plan, title="Marché lointain", launch_on=date(2029, 2, 1))

    assert "Marché lointain" not in shown(as_user(facilitator), kind="launch")
    assert "Marché lointain" in shown(as_user(facilitator), kind="launch", period="all")


def test_an_unknown_criterion_narrows_nothing(as_user, facilitator, market):
    assert "Tonte des parcs" in shown(as_user(facilitator), period="2027-13", kind="fête")


def test_a_buyer_has_its_own_calendar_without_the_verdicts_kept_from_it(as_user, buyer, stage, market):
    ScreeningFactory(
        market=market, office=stage.office, verdict=Verdict.NOT_CLAUSABLE, reason=VerdictReason.NO_LABOUR
    )

    page = shown(as_user(buyer))

    assert "Tonte des parcs" in page
    assert "Calibrage de la clause" in page
    assert f"/marches/{market.pk}/" in page


def test_another_buyer_reads_nothing_of_it(as_user, other_buyer, other_facilitator, market):
    for stranger in (other_buyer, other_facilitator):
        assert "Tonte des parcs" not in shown(as_user(stranger))


def test_the_month_shows_days_and_sets_apart_what_has_none(as_user, facilitator, plan, market):
    MarketFactory(
        plan=plan, title="Mobilier", launch_on=date(2027, 4, 1), launch_precision=DatePrecision.MONTH
    )

    page = shown(as_user(facilitator), MONTH, period="2027-04")

    assert "Avril 2027" in page
    assert "dont le jour n’est pas connu" in page
    assert "period=2027-03" in page
    assert "period=2027-05" in page


def test_a_month_with_nothing_says_so(as_user, facilitator):
    assert "Rien n’est attendu ce mois-là." in shown(as_user(facilitator), MONTH)


def test_a_full_day_says_how_many_more(as_user, facilitator, plan):
    MarketFactory.create_batch(6, plan=plan, launch_on=date(2027, 4, 12))

    assert "et 2 autres" in shown(as_user(facilitator), MONTH, period="2027-04")


def test_an_empty_list_says_what_to_do(as_user, facilitator, buyer):
    assert "Voir les acheteurs" in shown(as_user(facilitator))
    assert "Voir les plans" in shown(as_user(buyer))
    assert "Effacer les critères" in shown(as_user(facilitator), kind="past")


def test_a_swap_answers_the_results_alone(as_user, facilitator, market):
    answer = as_user(facilitator).get(LIST, {"kind": "launch"}, headers={"HX-Request": "true"})

    assert "<h1>" not in answer.content.decode()
    assert answer["HX-Push-Url"] == "?kind=launch"


def test_the_list_is_exported_as_it_is_filtered(as_user, facilitator, market):
    visitor = as_user(facilitator)

    sheet = openpyxl.load_workbook(BytesIO(visitor.get(f"{LIST}export.xlsx?kind=launch").content)).active
    text = visitor.get(f"{LIST}export.csv").content.decode("utf-8-sig")

    titles, row = list(sheet.values)
    assert titles[:3] == ("Échéance", "Nature", "Objet")
    assert row[2] == "Tonte des parcs"
    assert "Calibrage de la clause" in text


def test_ten_lines_cost_no_more_questions_than_one(as_user, facilitator, plan, market):
    visitor = as_user(facilitator)
    for url in (LIST, MONTH):
        one = queries_of(visitor, url)
        MarketFactory.create_batch(9, plan=plan, launch_on=date(2026, 11, 28))
        assert queries_of(visitor, url) == one
