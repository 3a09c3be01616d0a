"""How often the verdict was the one suggested."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from clauses.enums import Outcome, Verdict, VerdictReason
from clauses.models import Suggestion, SuggestionRule
from clauses.queries import agreement
from clauses.services import screening
from clauses.services.screening import Opinion
from procurement.models import Family
from tests.clauses.conftest import NOON
from tests.procurement.factories import MarketFactory, PurchasePlanFactory


PAGE = reverse("clauses:agreement")
REFUSED = Opinion(Verdict.NOT_CLAUSABLE, VerdictReason.NO_LINK)


@pytest.fixture
def plan(stage):
    return PurchasePlanFactory(buyer=stage.buyer, submitted=True)


@pytest.fixture
def judged(stage, plan, facilitator):
    """`judged(opinion, title=…)`: a million euros, for which an execution clause is suggested."""

    def judge(opinion=None, **line):
        market = MarketFactory(plan=plan, **line)
        return screening.decide(
            market=market, office=stage.office, opinion=opinion or Opinion(Verdict.CLAUSABLE),
            by=facilitator, at=NOON,
        )  # fmt: skip

    return judge


def standing():
    return Suggestion.objects.standing()


def test_verdicts_are_crossed_with_what_was_suggested(judged):
    judged()
    judged(REFUSED)
    judged(Opinion(Verdict.TO_STUDY), estimated_amount=None)

    found = agreement.of(standing())

    assert [(row.outcome, row.counts, row.share.rate) for row in found.crossings] == [
        (Outcome.EXECUTION_CLAUSE, (1, 0, 1), Decimal("50.0")),
        (Outcome.UNKNOWN, (0, 1, 0), Decimal("100.0")),
    ]
    assert (found.whole.total, found.whole.agreeing, found.whole.rate) == (3, 2, Decimal("66.7"))
    assert (found.crossings[0].tone, found.crossings[0].icon) == ("success", "circle-check")


def test_nothing_judged_is_no_rate(db):
    assert agreement.of(standing()).whole.rate is None


def test_agreement_is_told_by_family_and_by_version_of_the_rule(stage, judged):
    gardens = Family.objects.get(code="espaces-verts")
    judged(family=gardens)
    judged(REFUSED, family=gardens)
    judged()
    Suggestion.objects.filter(market__family=None).update(rule=None)

    found = agreement.of(standing())

    assert [(row.label, row.total, row.agreeing) for row in found.families] == [
        (gardens.label, 2, 1),
        (agreement.NO_FAMILY, 1, 1),
    ]
    assert {(row.label, row.total) for row in found.rules} == {
        ("Règle commune, version 2", 2),
        ("Règle du logiciel", 1),
    }


def test_a_verdict_that_was_undone_counts_no_more(stage, judged, facilitator):
    row = judged()
    screening.undo(screening=row, by=facilitator, at=NOON)

    assert not standing().exists()


def test_a_line_judged_again_counts_once_with_its_last_verdict(stage, judged, facilitator):
    row = judged()
    screening.decide(market=row.market, office=stage.office, opinion=REFUSED, by=facilitator, at=NOON)
    assert standing().get().verdict == Verdict.NOT_CLAUSABLE

    screening.undo(screening=row, by=facilitator, at=NOON)

    assert standing().get().verdict == Verdict.CLAUSABLE


def test_the_page_lists_the_disagreements_with_a_link_to_their_line(judged, facilitator, as_user):
    judged(title="Tonte des stades")
    refused = judged(REFUSED, title="Taille des haies").market

    page = as_user(facilitator).get(PAGE)

    assertContains(page, reverse("clauses:screening_detail", args=[refused.pk]))
    assertContains(page, VerdictReason.NO_LINK.label)
    assertNotContains(page, "Tonte des stades")


def test_criteria_narrow_both_the_counts_and_the_list(judged, facilitator, as_user):
    judged(REFUSED, title="Tonte des stades")
    judged(REFUSED, title="Taille des haies")
    rule = SuggestionRule.objects.get(office=None, version=2)

    page = as_user(facilitator).get(
        PAGE, {"q": "haies", "outcome": "execution_clause", "verdict": "not_clausable", "rule": rule.pk}
    )

    assertContains(page, "Taille des haies")
    assertNotContains(page, "Tonte des stades")
    assert page.context["agreement"].whole.total == 1


def test_the_swap_is_the_results_alone(judged, facilitator, as_user):
    judged()

    page = as_user(facilitator).get(PAGE, {"q": "rien"}, headers={"HX-Request": "true"})

    assertContains(page, "Aucun avis ne répond")
    assertNotContains(page, "<html")


def test_an_office_without_a_verdict_is_told_what_to_do(facilitator, as_user):
    assertContains(as_user(facilitator).get(PAGE), "Aucun avis n’a encore été rendu.")


def test_when_all_agree_the_page_says_so(judged, facilitator, as_user):
    judged()

    assertContains(as_user(facilitator).get(PAGE), "Chaque avis est celui qui était suggéré.")


def test_another_office_sees_none_of_it(judged, other_facilitator, as_user):
    judged(REFUSED, title="Taille des haies")

    assertNotContains(as_user(other_facilitator).get(PAGE), "Taille des haies")


def test_the_workbook_has_the_counts_of_the_page_then_every_line(judged, facilitator, as_user):
    judged(title="Tonte des stades")
    judged(REFUSED, title="Taille des haies")

    answer = as_user(facilitator).get(reverse("clauses:agreement_export_xlsx"))

    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Par suggestion", "Par famille", "Par version", "Lignes"]
    crossing = list(book["Par suggestion"].values)
    assert crossing[1] == ("Clause d’exécution", 1, 0, 1, 2, 1, 50)
    assert crossing[2] == ("Tous les avis", None, None, None, 2, 1, 50)
    assert {(row[3], row[12]) for row in list(book["Lignes"].values)[1:]} == {
        ("Tonte des stades", "oui"),
        ("Taille des haies", "non"),
    }


def test_the_text_file_has_every_line(judged, facilitator, as_user):
    judged(REFUSED, title="Taille des haies")

    content = as_user(facilitator).get(reverse("clauses:agreement_export_csv")).content.decode("utf-8-sig")

    assert "Taille des haies" in content
    assert VerdictReason.NO_LINK.label in content


def test_the_page_asks_the_same_questions_for_any_number_of_lines(judged, facilitator, as_user):
    client = as_user(facilitator)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        return len(queries)

    judged(REFUSED)
    alone = asked()
    for _ in range(10):
        judged(REFUSED)

    assert asked() == alone
