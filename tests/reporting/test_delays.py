from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given, strategies
from openpyxl import load_workbook
from pytest_django.asserts import assertContains, assertNotContains

from procurement.models import Programme
from reporting.queries.delays import Asked, delays
from reporting.rules.spread import spread
from tests.clauses.factories import ProposalFactory, ScreeningFactory
from tests.procurement.factories import DepartmentFactory, MarketFactory, PurchasePlanFactory


PAGE = "/tableau-de-bord/delais/"
# Just before midnight in Paris: the day is that of the office, not of Greenwich.
DEPOSIT = datetime(2026, 1, 5, 23, 30, tzinfo=UTC)
YEAR = Asked(date(2026, 1, 1), date(2027, 1, 1))


@pytest.fixture(autouse=True)
def _on_the_day(time_machine):
    time_machine.move_to(datetime(2026, 11, 25, 9, tzinfo=UTC))


@pytest.fixture
def plan(stage):
    return PurchasePlanFactory(buyer=stage.buyer, submitted=True, submitted_at=DEPOSIT)


def judged(plan, stage, days, department=None, **values):
    market = MarketFactory(plan=plan, department=department)
    return ScreeningFactory(
        market=market, office=stage.office, decided_at=DEPOSIT + timedelta(days=days), **values
    )


def decided(market, stage, days, **values):
    given = {"accepted": True, "department": stage.department} | values
    return ProposalFactory(
        lot=market.lots.get(), office=stage.office, sent_at=DEPOSIT,
        decided_at=DEPOSIT + timedelta(days=days), **given,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("days", "median", "ninth_decile"),
    [
        ([4], "4", 4),
        ([10, 1], "5.5", 10),
        ([3, 1, 2], "2", 3),
        (range(1, 11), "5.5", 9),
        (range(1, 12), "6", 10),
        ([0, 0, 0, 30], "0", 30),
    ],
)
def test_the_middle_and_nine_in_ten(days, median, ninth_decile):
    found = spread(list(days))

    assert (found.median, found.ninth_decile) == (Decimal(median), ninth_decile)


def test_nothing_has_no_middle():
    assert spread([]) is None


@given(strategies.lists(strategies.integers(0, 400), min_size=1))
def test_nine_in_ten_do_not_exceed_the_ninth_decile_nor_half_the_median(days):
    found = spread(days)

    assert found.count == len(days)
    assert sum(each <= found.ninth_decile for each in days) * 10 >= 9 * len(days)
    assert sum(each <= found.median for each in days) * 2 >= len(days)
    assert min(days) <= found.median <= max(days)


@pytest.mark.django_db
class TestQueries:
    def test_verdicts_count_from_the_deposit_by_buyer_and_by_department(self, plan, stage, facilitator):
        gardens = DepartmentFactory(buyer=stage.buyer, name="Jardins")
        for days in (2, 4, 12):
            judged(plan, stage, days, gardens)
        judged(plan, stage, 30)

        found = delays(facilitator, YEAR)

        (buyer,) = found.buyers
        assert (buyer.buyer, buyer.verdicts.count, buyer.verdicts.median) == ("Ville de Rivebelle", 4, 8)
        assert [(row.department, row.verdicts.median) for row in found.departments] == [
            ("", 30),
            ("Jardins", 4),
        ]
        assert (found.verdicts.ninth_decile, found.decisions) == (30, None)

    def test_decisions_count_from_the_request(self, plan, stage, facilitator):
        market = MarketFactory(plan=plan)
        decided(market, stage, 9)
        decided(MarketFactory(plan=plan), stage, 3, accepted=False, refused=True)

        found = delays(facilitator, YEAR)

        assert (found.decisions.count, found.decisions.median) == (2, 6)
        assert [row.department for row in found.departments] == [stage.department.name]

    def test_days_are_those_of_paris(self, plan, stage, facilitator):
        # Half past midnight on the sixth, then ten in the evening of the same day.
        market = MarketFactory(plan=plan)
        ScreeningFactory(market=market, office=stage.office, decided_at=datetime(2026, 1, 6, 21, tzinfo=UTC))

        assert delays(facilitator, YEAR).verdicts.median == 0

    def test_what_awaits_an_answer_counts_for_nothing(self, plan, stage, facilitator):
        judged(plan, stage, 5, verdict="")
        ProposalFactory(
            lot=MarketFactory(plan=plan).lots.get(), office=stage.office, department=stage.department,
            sent=True,
        )  # fmt: skip

        assert delays(facilitator, YEAR).is_empty

    def test_a_verdict_from_before_the_last_deposit_counts_for_nothing(self, plan, stage, facilitator):
        judged(plan, stage, -3)

        assert delays(facilitator, YEAR).is_empty

    def test_an_answer_counts_in_the_period_where_it_is_given(self, plan, stage, facilitator):
        judged(plan, stage, 400)

        assert delays(facilitator, YEAR).is_empty
        assert delays(facilitator, Asked(date(2027, 1, 1), date(2028, 1, 1))).verdicts.median == 400

    def test_a_programme_or_a_buyer_narrows(self, plan, stage, facilitator):
        programme = Programme.objects.order_by("pk")[0]
        judged(plan, stage, 5).market.programmes.add(programme)
        judged(plan, stage, 9)

        of_programme = Asked(YEAR.starts_on, YEAR.ends_on, programme_id=programme.pk)
        assert delays(facilitator, of_programme).verdicts.count == 1
        of_another = Asked(YEAR.starts_on, YEAR.ends_on, buyer_id=stage.other_buyer.pk)
        assert delays(facilitator, of_another).is_empty

    def test_another_office_reads_its_own(self, plan, stage, other_facilitator):
        judged(plan, stage, 5)

        assert delays(other_facilitator, YEAR).is_empty

    @pytest.mark.parametrize("count", [1, 30])
    def test_delays_cost_two_queries(self, count, plan, stage, facilitator, django_assert_num_queries):
        for _ in range(count):
            judged(plan, stage, 5)
            decided(MarketFactory(plan=plan), stage, 9)
        assert facilitator.membership

        with django_assert_num_queries(2):
            delays(facilitator, YEAR)


@pytest.mark.django_db
class TestPages:
    def test_the_page_shows_the_middle_and_nine_in_ten(self, as_user, manager, plan, stage):
        judged(plan, stage, 4, stage.department)
        decided(MarketFactory(plan=plan), stage, 11)

        shown = as_user(manager).get(PAGE)

        assertContains(shown, "Délais de réponse 2026")
        assertContains(shown, '<td class="number">4</td>')
        assertContains(shown, '<td class="number">11</td>')
        assertContains(shown, stage.department.name)

    def test_the_criteria_stay_in_the_address_and_in_the_exports(self, as_user, manager, plan, stage):
        judged(plan, stage, 4)

        shown = as_user(manager).get(f"{PAGE}?year=2026&buyer={stage.buyer.pk}")

        assertContains(shown, f"{PAGE}export.xlsx?year=2026&amp;buyer={stage.buyer.pk}")

    def test_a_year_without_answers_says_so(self, as_user, manager, plan, stage):
        judged(plan, stage, 4)

        assertContains(as_user(manager).get(f"{PAGE}?year=2025"), "Aucune réponse dans cette période.")

    @pytest.mark.parametrize("query", ["year=bientôt", "buyer=999999", "year=1"])
    def test_what_is_not_understood_narrows_nothing(self, query, as_user, manager, plan, stage):
        judged(plan, stage, 4)

        assertContains(as_user(manager).get(f"{PAGE}?{query}"), '<td class="number">4</td>')

    def test_the_exports_hold_the_rows(self, as_user, manager, plan, stage):
        judged(plan, stage, 4, stage.department)

        workbook = load_workbook(BytesIO(as_user(manager).get(f"{PAGE}export.xlsx").content))
        assert workbook.sheetnames == ["Par acheteur", "Par service"]
        assert list(workbook["Par service"].values)[1] == (
            "Ville de Rivebelle", stage.department.name, 1, 4, 4, None, None, None,
        )  # fmt: skip
        csv = as_user(manager).get(f"{PAGE}export.csv").content.decode("utf-8-sig")
        assert "Ville de Rivebelle" in csv

    def test_the_dashboard_sums_them_up_and_leads_there(self, as_user, facilitator, plan, stage):
        judged(plan, stage, 4)

        shown = as_user(facilitator).get("/tableau-de-bord/")

        assertContains(shown, "Plan reçu → avis, médiane")
        assertContains(shown, f'href="{PAGE}?year=2026"')

    def test_a_funder_reads_no_delay(self, as_user, funder, plan, stage):
        judged(plan, stage, 4)

        assertNotContains(as_user(funder).get("/tableau-de-bord/"), "Plan reçu")
