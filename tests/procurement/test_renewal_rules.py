from datetime import date

import pytest

from procurement.models.market import LAST_DAY
from procurement.rules.renewals import Renewal, horizon, last_day_of_term, launch_for, plan_year


TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("starts", "launch", "previous", "months", "last"),
    [
        (date(2026, 1, 1), date(2025, 9, 1), date(2025, 12, 31), 12, date(2026, 12, 31)),
        (None, date(2025, 9, 1), date(2025, 12, 31), 12, date(2026, 12, 31)),
        (None, date(2026, 3, 1), None, 12, date(2027, 2, 28)),
        (None, None, date(2026, 1, 31), 1, date(2026, 2, 28)),
        (None, None, None, 12, None),
        (date(2026, 1, 1), None, None, None, None),
        (LAST_DAY, None, None, 600 + 99 * 600, date(7099, 12, 30)),
    ],
    ids=["start", "previous", "launch", "short-month", "no-date", "no-term", "longest"],
)
def test_a_term_is_counted_from_what_is_best_known(starts, launch, previous, months, last):
    found = last_day_of_term(starts_on=starts, launch_on=launch, previous_ends_on=previous, months=months)

    assert found == last


@pytest.mark.parametrize(
    ("ends_on", "months"),
    [
        (date(2026, 11, 24), None),
        (date(2026, 11, 25), 9),
        (date(2027, 8, 25), 9),
        (date(2027, 8, 26), 12),
        (date(2027, 11, 25), 12),
        (date(2028, 5, 25), 18),
        (date(2028, 5, 26), None),
    ],
)
def test_an_end_belongs_to_the_nearest_horizon(ends_on, months):
    assert horizon(ends_on, TODAY, [18, 12, 9]) == months


@pytest.mark.parametrize(
    ("ends_on", "launch"), [(date(2027, 12, 31), date(2027, 3, 1)), (date(2027, 1, 31), date(2026, 11, 1))]
)
def test_the_successor_is_launched_so_many_months_before_the_end_or_at_once(ends_on, launch):
    assert launch_for(ends_on, 9, TODAY) == launch


@pytest.mark.parametrize(
    ("launch", "drafts", "closed", "year"),
    [
        (date(2027, 3, 1), (), (), 2027),
        (date(2027, 3, 1), (), (2027, 2028), 2029),
        (date(2026, 12, 1), (2026,), (), 2026),
        (date(2026, 12, 1), (), (), 2027),
        (date(2026, 12, 1), (), (2026, 2027), 2028),
    ],
    ids=["open", "handed-in", "this-year", "none-this-year", "late"],
)
def test_a_successor_stands_in_the_first_plan_that_may_still_be_written(launch, drafts, closed, year):
    assert plan_year(launch, TODAY, drafts=drafts, closed=closed) == year


def test_a_renewal_is_named_by_its_contract_first():
    facts = {"buyer_id": 1, "year": 2027, "title": "Voirie", "ends_on": TODAY, "launch_on": TODAY}

    assert Renewal(**facts, contract_id=3, line_id=4).key == "contrat-3"
    assert Renewal(**facts, line_id=4).key == "ligne-4"
    assert Renewal(**facts).starts_on == date(2026, 11, 26)
