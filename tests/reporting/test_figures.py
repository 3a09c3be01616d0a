from datetime import date
from decimal import Decimal

import pytest

from reporting.queries.buyer_report import figures
from reporting.queries.months import MonthFigures
from reporting.templatetags import figures as words
from tests.reporting.factories import ReportEditionFactory
from tests.reporting.territory import CUTOFF, YEAR


def month(day, credited):
    hours = Decimal(10)
    return MonthFigures(day, hours, hours, hours, credited, due=Decimal(40))


def test_a_chart_says_in_one_sentence_where_things_stand():
    months = [month(date(2026, 12, 1), Decimal(30)), month(date(2027, 1, 1), None)]

    drawing = words.hours_chart(months)

    assert "Fin décembre 2026, 30\u00a0h sont retenues" in drawing
    assert "40\u00a0h sont dues fin janvier 2027" in drawing
    assert "Retenues, 12/26" in drawing


def test_a_chart_of_the_future_says_that_nothing_has_begun():
    assert "Aucun mois de la période n’est encore commencé" in words.hours_chart(
        [month(date(2028, 1, 1), None)]
    )


def test_a_year_names_its_months_without_itself():
    months = [month(date(2026, rank, 1), Decimal(1)) for rank in (1, 2)]

    assert "janv." in words.hours_chart(months)


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 personne"), (1, "1 personne"), (14, "14 personnes"), ("<\u00a05", "<\u00a05 personnes")],
)
def test_people_are_counted_in_words(count, said):
    assert words.persons(count) == said


def test_a_rate_of_nothing_is_not_zero(stage):
    found = figures(office=stage.office, buyer=stage.buyer, **YEAR)

    assert words.rate(found.totals.rate) == "–"
    assert words.done_note(found) == "depuis le début des contrats"


@pytest.mark.django_db
def test_an_edition_names_itself():
    assert str(ReportEditionFactory(figures={}, cutoff_at=CUTOFF)) == "Rapport d’acheteur – édition 1"
