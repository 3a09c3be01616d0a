import json
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.html import escape
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from procurement.imports.typed import BLANK, COLUMNS, write_line
from procurement.models import Market
from tests.procurement.factories import MarketFactory, PurchasePlanFactory


SWAP = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def plan(stage):
    return PurchasePlanFactory(buyer=stage.buyer, year=2027)


@pytest.fixture
def address(plan):
    return reverse("procurement:plan_grid", args=[plan.pk])


def posted(key, market=None, seen=None, **cells):
    """What the page sends of one row."""
    seen = seen if seen is not None else write_line(market) if market else BLANK
    row = {f"{key}-{name}": value for name, value in (dict(seen) | cells).items()}
    return {"row": key, f"{key}-pk": market.pk if market else "", f"{key}-seen": json.dumps(seen), **row}


def together(*rows):
    return {"row": [row["row"] for row in rows]} | {
        name: value for row in rows for name, value in row.items() if name != "row"
    }


def test_the_page_shows_each_line_and_blank_rows(as_user, buyer, plan, address):
    MarketFactory(plan=plan, title="Voirie", estimated_amount=Decimal(80_000))

    page = as_user(buyer).get(address)

    assertContains(page, 'value="80 000"')
    assert [row.market is None for row in page.context["rows"]] == [False, *[True] * 5]
    assert len(page.context["columns"]) == len(COLUMNS)


def test_a_plain_post_saves_the_whole_table(as_user, buyer, plan, address):
    market = MarketFactory(plan=plan, title="Voirie")
    data = together(posted("1", market, amount="90 k€"), posted("n-1", title="Haies"), posted("n-2"))

    answer = as_user(buyer).post(address, data, follow=True)

    assertRedirects(answer, address)
    assertContains(answer, "2 lignes sont enregistrées.")
    assert set(plan.markets.values_list("title", "estimated_amount")) == {("Voirie", 90_000), ("Haies", None)}


@pytest.mark.parametrize(
    ("cells", "said"), [({"place": "Ici"}, "Une ligne est enregistrée"), ({}, "Rien n’a changé")]
)
def test_the_message_counts_what_was_written(as_user, buyer, plan, address, cells, said):
    market = MarketFactory(plan=plan)

    assertContains(as_user(buyer).post(address, posted("1", market, **cells), follow=True), said)


def test_a_doubt_is_told_after_a_plain_post(as_user, buyer, address):
    row = posted("n-1", title="Haies", amount="200 000 à 250 000")

    assertContains(as_user(buyer).post(address, row, follow=True), "le montant le plus haut est retenu")


def test_one_row_may_be_saved_alone(as_user, buyer, plan, address):
    data = together(posted("n-1", title="Haies"), posted("n-2", title="Voirie")) | {"only": "n-2"}

    as_user(buyer).post(address, data)

    assert [market.title for market in plan.markets.all()] == ["Voirie"]


def test_a_refused_row_comes_back_as_it_was_typed_and_the_others_are_saved(as_user, buyer, plan, address):
    market = MarketFactory(plan=plan, title="Voirie")
    data = together(posted("1", market, amount="beaucoup"), posted("n-1", title="Haies"))

    answer = as_user(buyer).post(address, data)

    assertContains(answer, 'value="beaucoup"', status_code=422)
    assertContains(answer, "Ce montant ne se lit pas", status_code=422)
    assertContains(answer, "1 ligne à reprendre", status_code=422)
    assert plan.markets.filter(title="Haies").exists()


def test_the_row_alone_answers_the_page_that_saves_row_by_row(as_user, buyer, plan, address):
    answer = as_user(buyer).post(address, posted("n-1", title="Haies", amount="80k€"), **SWAP)

    line = plan.markets.get()
    assertContains(answer, "Enregistré")
    assertContains(answer, f'name="n-1-pk" value="{line.pk}"')
    assertContains(answer, 'value="80 000"')
    assertNotContains(answer, "<html")


def test_a_refused_row_answers_422(as_user, buyer, address):
    assertContains(as_user(buyer).post(address, posted("n-1", amount="1"), **SWAP), "Refusé", status_code=422)


def test_a_new_row_sent_twice_is_one_line(as_user, buyer, plan, address):
    client = as_user(buyer)
    client.post(address, posted("n-1", title="Haies", amount="80 k€"), **SWAP)

    again = client.post(address, posted("n-1", title="Haies", amount="80 k€"), **SWAP)

    assert plan.markets.count() == 1
    assertContains(again, "Enregistré")


def test_a_line_that_a_colleague_changed_offers_to_write_over(as_user, buyer, plan, address):
    market = MarketFactory(plan=plan, title="Voirie")
    row = posted("1", market, title="Voirie et trottoirs")
    Market.objects.filter(pk=market.pk).update(place="Ici")
    client = as_user(buyer)

    refused = client.post(address, row, **SWAP)
    current = json.dumps(write_line(Market.objects.get()))
    saved = client.post(address, row | {"1-over": current}, **SWAP)

    assertContains(refused, f'name="1-over" value="{escape(current)}"', status_code=422)
    assert saved.status_code == 200
    assert plan.markets.get().title == "Voirie et trottoirs"


@pytest.mark.parametrize("seen", ["", "{", "[]", '{"title": 3}'])
def test_an_answer_that_forgot_what_it_saw_overwrites_nothing(as_user, buyer, plan, address, seen):
    market = MarketFactory(plan=plan, title="Voirie")

    answer = as_user(buyer).post(address, posted("1", market, title="Autre") | {"1-seen": seen}, **SWAP)

    assert answer.status_code == 422
    assert plan.markets.get().title == "Voirie"


def test_a_row_of_another_plan_is_not_touched(as_user, buyer, address):
    other = MarketFactory(title="Ailleurs")

    answer = as_user(buyer).post(address, posted("1", other, title="Ici"), **SWAP)

    assertContains(answer, "retirée du plan", status_code=422)
    other.refresh_from_db()
    assert other.title == "Ailleurs"


def test_a_plan_handed_in_meanwhile_keeps_what_was_typed_on_the_screen(as_user, buyer, stage):
    plan = PurchasePlanFactory(buyer=stage.buyer, submitted=True)
    address = reverse("procurement:plan_grid", args=[plan.pk])

    page = as_user(buyer).post(address, posted("n-1", title="Haies"))

    assertContains(page, "reprenez-le pour le modifier", status_code=422)
    assertContains(page, 'value="Haies"', status_code=422)
    assertRedirects(as_user(buyer).get(address), plan.get_absolute_url())


def test_the_address_narrows_the_lines(as_user, buyer, stage, plan, address):
    MarketFactory(plan=plan, title="Voirie", department=stage.department, labour_share=50)
    MarketFactory(plan=plan, title="Haies", estimated_amount=None)

    def titles(query):
        page = as_user(buyer).get(f"{address}?{query}")
        return [row.market.title for row in page.context["rows"] if row.market]

    assert titles("q=haies") == ["Haies"]
    assert titles(f"department={stage.department.pk}") == ["Voirie"]
    assert titles("missing=estimated_amount") == ["Haies"]
    assert titles("missing=labour_share") == ["Haies"]
    assert titles("missing=nature") == []
    assert titles("missing=place") == ["Voirie", "Haies"]
    Market.objects.filter(title="Haies").update(unknowns=["place"])
    assert titles("missing=place") == ["Voirie"]


def test_a_long_plan_is_shown_fifty_lines_at_a_time(as_user, buyer, plan, address):
    MarketFactory.create_batch(51, plan=plan)

    assert sum(row.market is not None for row in as_user(buyer).get(address).context["rows"]) == 50
    assertContains(as_user(buyer).get(f"{address}?page=2"), "Page 2 sur 2")


def test_fifty_lines_cost_no_more_queries_than_one(
    as_user, buyer, stage, plan, address, django_assert_max_num_queries
):
    MarketFactory(plan=plan, department=stage.department)
    client = as_user(buyer)
    with django_assert_max_num_queries(40) as one:
        client.get(address)
    MarketFactory.create_batch(49, plan=plan, department=stage.department)

    with django_assert_max_num_queries(len(one)):
        client.get(address)
