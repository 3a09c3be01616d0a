"""The directory searched at 10,000 and at 50,000 structures, three trades each."""

from datetime import date
from random import Random

import pytest

from clauses.management.demonstration.cast import sirets
from clauses.management.synthetic.directory import fill_directory
from structures.models import Structure
from structures.services import towns


TOWNS = "insee;postcode;name;latitude;longitude\n94028;94000;Créteil;48.7837;2.4549\n"
# The limits are those of one core of the reference machine; shared machines get some slack.
LONGEST, MOST_QUERIES, HEAVIEST = 0.06, 8, 60_000
SLACK = 3
ADDRESSES = {
    "première page": "",
    "un besoin": "q=plier+des+courriers",
    "un nom": "q=jardins+etape",
    "un besoin, un lieu, 20 km": "q=entretien+des+locaux&place=Créteil&within=20",
    "qui y interviennent": "place=Créteil&within=serving",
    "un métier déclaré": "trade=blanchisserie",
    "insertion, capacité déclarée": "family=insertion&capacity=declared",
    "à vérifier": "verified=no",
}


@pytest.mark.parametrize("count", [10_000, 50_000])
def test_the_directory_answers_a_need(
    count, db, facilitator, as_user, measure, django_assert_max_num_queries
):
    fill_directory(count, sirets("8888"), Random(1), on=date(2027, 1, 5))
    towns.bring_in(name="communes.csv", content=TOWNS.encode())
    visitor = as_user(facilitator)

    for name, query in ADDRESSES.items():
        with django_assert_max_num_queries(MOST_QUERIES + 4):
            page = visitor.get(f"/structures/?{query}")
        figures = measure(
            f"{count} structures, {name}", lambda query=query: visitor.get(f"/structures/?{query}")
        )
        assert len(page.content) <= HEAVIEST, name
        if count == 10_000:
            assert figures["median"] < LONGEST * SLACK, name

    export = measure(
        f"{count} structures, export Excel", lambda: visitor.get("/structures/export.xlsx"), rounds=1
    )
    assert Structure.objects.count() == count
    assert export["median"] < 2 * SLACK * count / 10_000
