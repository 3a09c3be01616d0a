from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import Membership
from procurement.enums import DatePrecision, PlanState
from procurement.models import Lot, Market, Programme, PurchasePlan
from tests.accounts.factories import MandateFactory
from tests.procurement.factories import (
    BuyerFactory,
    LotFactory,
    MarketFactory,
    PlanFileFactory,
    PurchasePlanFactory,
)


MORNING = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture
def plan(stage):
    return PurchasePlanFactory(buyer=stage.buyer)


@pytest.fixture
def submitted(stage, buyer):
    plan = PurchasePlanFactory(
        buyer=stage.buyer, state=PlanState.SUBMITTED, submitted_at=MORNING, submitted_by=buyer
    )
    MarketFactory(plan=plan)
    return plan


def test_a_buyer_opens_its_plan_of_the_year(as_user, buyer, stage):
    answer = as_user(buyer).post(reverse("procurement:plan_open"), {"buyer": stage.buyer.pk, "year": 2027})

    plan = PurchasePlan.objects.get()
    assert answer.url == plan.get_absolute_url()
    assert (plan.buyer, plan.year) == (stage.buyer, 2027)


def test_a_buyer_need_not_choose_itself(as_user, buyer, stage):
    page = as_user(buyer).get(reverse("procurement:plan_open"))

    assert page.context["form"]["buyer"].value() == stage.buyer.pk


def test_a_facilitator_chooses_among_its_buyers(as_user, facilitator, stage):
    stranger, served = stage.other_buyer, BuyerFactory(organisation__name="Ville de Basserive")
    MandateFactory(office=stage.office, partner=served.organisation)

    page = as_user(facilitator).get(reverse("procurement:plan_open"), {"buyer": served.pk})

    assert page.context["form"]["buyer"].value() == str(served.pk)
    assert stranger not in page.context["form"].fields["buyer"].queryset


def test_a_plan_opened_twice_is_refused_beside_the_year(as_user, buyer, plan):
    answer = as_user(buyer).post(
        reverse("procurement:plan_open"), {"buyer": plan.buyer_id, "year": plan.year}
    )

    assert answer.status_code == 422
    assert "est déjà ouvert" in answer.content.decode()


def test_a_buyer_may_not_open_the_plan_of_another(as_user, buyer, stage):
    answer = as_user(buyer).post(
        reverse("procurement:plan_open"), {"buyer": stage.other_buyer.pk, "year": 2027}
    )

    assert answer.status_code == 422
    assert not PurchasePlan.objects.exists()


def test_the_list_names_the_buyers_whose_plan_is_awaited(as_user, facilitator, plan):
    answer = as_user(facilitator).get(reverse("procurement:plan_list"), {"year": plan.year})

    assert "non reçus" in answer.content.decode()


def test_a_plan_that_came_is_no_longer_awaited(as_user, facilitator, submitted):
    answer = as_user(facilitator).get(reverse("procurement:plan_list"), {"year": submitted.year})

    assert "non reçus" not in answer.content.decode()


def test_plans_are_filtered_by_buyer(as_user, facilitator, plan, stage):
    other = PurchasePlanFactory(year=plan.year)
    MandateFactory(office=stage.office, partner=other.buyer.organisation)

    page = (
        as_user(facilitator).get(reverse("procurement:plan_list"), {"buyer": other.buyer_id}).context["page"]
    )

    assert list(page) == [other]


def test_the_list_says_who_sent_a_plan(as_user, facilitator, submitted, buyer):
    assert str(buyer) in as_user(facilitator).get(reverse("procurement:plan_list")).content.decode()


def test_a_buyer_has_no_filter_by_buyer(as_user, buyer, plan):
    assert "buyer" not in as_user(buyer).get(reverse("procurement:plan_list")).context["filter"].filters


@pytest.mark.parametrize(
    ("role", "sees"), [("facilitator", True), ("manager", True), ("buyer", True), ("prescriber", False)]
)
def test_only_those_who_may_open_the_files_of_a_plan_see_them(role, sees, as_user, stage, submitted, request):
    visitor = request.getfixturevalue(role)
    MarketFactory(plan=submitted, department=stage.department)
    file = PlanFileFactory(plan=submitted)

    page = as_user(visitor).get(submitted.get_absolute_url()).text

    assert (file.get_absolute_url() in page) == sees
    assert ("Fichiers reçus" in page) == sees
    assert "Aucun fichier" not in page


def test_a_filter_without_match_says_so(as_user, facilitator, plan):
    answer = as_user(facilitator).get(reverse("procurement:plan_list"), {"state": PlanState.ANSWERED})

    assert "Aucun plan ici." in answer.content.decode()


def test_submitting_an_empty_plan_says_what_to_do(as_user, buyer, plan):
    answer = as_user(buyer).post(reverse("procurement:plan_submit", args=[plan.pk]), follow=True)

    assert "ajoutez-en un avant de le déposer" in answer.content.decode()


def test_a_plan_goes_to_the_office_and_comes_back_answered(as_user, buyer, facilitator, plan):
    MarketFactory(plan=plan)

    as_user(buyer).post(reverse("procurement:plan_submit", args=[plan.pk]))
    as_user(facilitator).post(reverse("clauses:answer_publish", args=[plan.pk]), {"unseen": "1"})

    plan.refresh_from_db()
    assert plan.state == PlanState.ANSWERED


def test_the_office_is_said_to_be_told_only_when_somebody_is_there(as_user, stage, buyer, facilitator, plan):
    MarketFactory(plan=plan)
    handed_in = reverse("procurement:plan_submit", args=[plan.pk])

    told = as_user(buyer).post(handed_in, follow=True)
    as_user(buyer).post(reverse("procurement:plan_reopen", args=[plan.pk]))
    Membership.objects.filter(user=facilitator).update(ended_at=MORNING)
    untold = as_user(buyer).post(handed_in, follow=True)

    assertContains(told, "est déposé : l’office est prévenu.")
    assertContains(untold, "est déposé.")
    assertNotContains(untold, "prévenu")


def test_a_submitted_plan_may_be_taken_back(as_user, buyer, submitted):
    as_user(buyer).post(reverse("procurement:plan_reopen", args=[submitted.pk]))

    submitted.refresh_from_db()
    assert submitted.is_draft


def test_a_draft_is_not_taken_back(as_user, facilitator, plan):
    answer = as_user(facilitator).post(reverse("procurement:plan_reopen", args=[plan.pk]), follow=True)

    assert "n’est pas possible" in answer.content.decode()


@pytest.mark.parametrize("name", ["procurement:plan_list", "procurement:plan_detail"])
def test_a_page_of_plans_asks_as_many_questions_for_one_row_as_for_ten(
    as_user, facilitator, plan, name, django_assert_num_queries
):
    MarketFactory(plan=plan)
    visitor = as_user(facilitator)
    url = reverse(name, args=[plan.pk] if name.endswith("detail") else [])
    visitor.get(url)
    one = _queries(visitor, url)
    for year in range(2016, 2025):
        PurchasePlanFactory(buyer=plan.buyer, year=year)
        MarketFactory(plan=plan)

    assert _queries(visitor, url) == one


def _queries(visitor, url):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        visitor.get(url)
    return len(queries)


ESSENTIALS = {"title": "Tonte des stades", "nature": "services"}


def test_two_fields_are_enough_for_a_market(as_user, buyer, plan):
    answer = as_user(buyer).post(reverse("procurement:market_add", args=[plan.pk]), ESSENTIALS)

    market = Market.objects.get()
    assert answer.url == market.get_absolute_url()
    assert (market.estimated_amount, market.launch_on, market.renewals) == (None, None, 0)
    assert market.lots.count() == 1


def test_the_object_alone_is_a_draft_that_may_be_completed_later(as_user, buyer, plan):
    as_user(buyer).post(reverse("procurement:market_add", args=[plan.pk]), {"title": "Tonte des stades"})

    market = Market.objects.get()
    assert (market.nature, market.procedure, market.department) == ("unknown", "unknown", None)


def test_a_step_saves_the_whole_page_and_leads_to_the_next(as_user, buyer, plan):
    visitor = as_user(buyer)
    answer = visitor.post(
        reverse("procurement:market_add", args=[plan.pk]), ESSENTIALS | {"step": "montants"}
    )
    market = Market.objects.get()
    address = reverse("procurement:market_edit", args=[market.pk])
    assert answer.url == f"{address}#montants"

    answer = visitor.post(
        address, ESSENTIALS | {"estimated_amount": "80 k€", "place": "Rivebelle", "step": "calendrier"}
    )

    market.refresh_from_db()
    assert answer.url == f"{address}#calendrier"
    assert (market.estimated_amount, market.place) == (Decimal(80_000), "Rivebelle")


def test_a_refused_step_keeps_everything_that_was_typed(as_user, buyer, plan):
    answer = as_user(buyer).post(
        reverse("procurement:market_add", args=[plan.pk]),
        ESSENTIALS | {"estimated_amount": "beaucoup", "place": "Rivebelle", "step": "calendrier"},
    )

    assertContains(answer, 'value="Rivebelle"', status_code=422)
    assertContains(answer, 'value="beaucoup"', status_code=422)


def test_what_is_not_known_is_said_and_shown(as_user, buyer, plan):
    visitor = as_user(buyer)
    answer = visitor.post(
        reverse("procurement:market_add", args=[plan.pk]),
        ESSENTIALS | {"place": "Rivebelle", "unknowns": ["labour_share", "place", "estimated_amount"]},
        follow=True,
    )

    market = Market.objects.get()
    assert market.said_unknown == ["estimated_amount", "labour_share"]
    assertContains(answer, "montant estimé (€ HT) et part de main-d’œuvre (%)")
    page = visitor.get(reverse("procurement:market_edit", args=[market.pk]))
    assert page.context["form"]["unknowns"].value() == ["estimated_amount", "labour_share"]


def test_the_page_forgets_a_typing_once_it_is_saved(as_user, buyer, plan):
    visitor = as_user(buyer)

    def version(name, pk):
        return visitor.get(reverse(f"procurement:{name}", args=[pk])).context["version"]

    before = version("market_add", plan.pk)
    visitor.post(reverse("procurement:market_add", args=[plan.pk]), ESSENTIALS)
    market = Market.objects.get()
    opened = version("market_edit", market.pk)
    visitor.post(reverse("procurement:market_edit", args=[market.pk]), ESSENTIALS | {"place": "Rivebelle"})

    assert version("market_add", plan.pk) != before
    assert version("market_edit", market.pk) != opened


def test_a_draft_says_what_is_missing_before_it_is_handed_in(as_user, buyer, plan):
    MarketFactory(plan=plan, labour_share=50, place="Rivebelle", unknowns=["procedure"])
    MarketFactory(plan=plan, estimated_amount=None, unknowns=["place"])

    page = as_user(buyer).get(plan.get_absolute_url())

    assert [(one.field, one.lines) for one in page.context["missing"]] == [
        ("family", 2),
        ("department", 2),
        ("estimated_amount", 1),
        ("procedure", 1),
        ("labour_share", 1),
    ]
    assertContains(page, f"{reverse('procurement:plan_grid', args=[plan.pk])}?missing=estimated_amount")
    assertContains(page, "Déposer auprès de l’office")


def test_a_plan_that_was_handed_in_is_asked_nothing_more(as_user, facilitator, submitted):
    assert as_user(facilitator).get(submitted.get_absolute_url()).context["missing"] == []


def test_amounts_and_dates_are_read_as_people_write_them(as_user, buyer, plan):
    as_user(buyer).post(
        reverse("procurement:market_add", args=[plan.pk]),
        ESSENTIALS | {"estimated_amount": "1,2 M€", "launch": "T2 2027", "again": "1"},
    )

    market = Market.objects.get()
    assert market.estimated_amount == Decimal("1200000.00")
    assert (str(market.launch_on), market.launch_precision) == ("2027-04-01", DatePrecision.QUARTER)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("estimated_amount", "beaucoup", "ne se lit pas"),
        ("launch", "bientôt", "ne se lit pas"),
        ("title", "", "L’objet du marché manque."),
        ("qpv_share", "120", "100"),
        ("starts_on", "9999-12-31", "elle va de 2000 à 2099"),
        ("previous_ends_on", "0202-03-31", "elle va de 2000 à 2099"),
        ("renewals", "999", "99 reconductions au plus."),
        ("renewal_months", "999", "600 mois au plus."),
    ],
)
def test_what_cannot_be_read_is_told_beside_its_field(as_user, buyer, plan, field, typed, sentence):
    answer = as_user(buyer).post(
        reverse("procurement:market_add", args=[plan.pk]), ESSENTIALS | {field: typed}
    )

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Market.objects.exists()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("15/03/2027", "15/03/2027"),
        ("03/2027", "03/2027"),
        ("T2 2027", "T2 2027"),
        ("S2 2027", "S2 2027"),
        ("2027", "2027"),
    ],
)
def test_a_date_comes_back_as_it_was_typed(as_user, buyer, plan, typed, shown):
    visitor = as_user(buyer)
    visitor.post(reverse("procurement:market_add", args=[plan.pk]), ESSENTIALS | {"launch": typed})

    page = visitor.get(reverse("procurement:market_edit", args=[Market.objects.get().pk]))

    assert f'value="{shown}"' in page.content.decode()


def test_a_market_is_changed_and_its_history_says_what(as_user, buyer, plan):
    market = MarketFactory(plan=plan)

    answer = as_user(buyer).post(
        reverse("procurement:market_edit", args=[market.pk]),
        ESSENTIALS | {"estimated_amount": "80 000 €"},
        follow=True,
    )

    market.refresh_from_db()
    assert (market.title, market.estimated_amount) == ("Tonte des stades", Decimal("80000.00"))
    assert "a modifié" in answer.content.decode()


@pytest.mark.parametrize("name", ["market_edit", "lot_add", "lot_edit"])
def test_a_submitted_plan_is_not_edited(as_user, buyer, submitted, name):
    market = submitted.markets.get()
    target = market.lots.get() if name == "lot_edit" else market

    answer = as_user(buyer).post(
        reverse(f"procurement:{name}", args=[target.pk]), ESSENTIALS | {"title": "Autre"}
    )

    assert answer.status_code == 422
    market.refresh_from_db()
    assert market.title != "Autre"


def test_a_market_is_not_added_to_a_submitted_plan(as_user, buyer, submitted):
    answer = as_user(buyer).post(reverse("procurement:market_add", args=[submitted.pk]), ESSENTIALS)

    assert answer.status_code == 422
    assert submitted.markets.count() == 1


def test_last_years_line_is_copied_in_two_clicks(as_user, buyer, submitted, stage):
    draft = PurchasePlanFactory(buyer=stage.buyer, year=2028)
    market = submitted.markets.get()
    visitor = as_user(buyer)

    assert "Dupliquer dans le plan 2028" in visitor.get(market.get_absolute_url()).content.decode()
    visitor.post(reverse("procurement:market_duplicate", args=[market.pk]), {"plan": draft.pk})

    assert draft.markets.get().title == market.title


@pytest.mark.parametrize("plan", ["abc", "0", "9" * 25, "9" * 5000])
def test_a_market_is_not_copied_into_a_plan_that_is_none(plan, as_user, buyer, submitted):
    url = reverse("procurement:market_duplicate", args=[submitted.markets.get().pk])

    assert as_user(buyer).post(url, {"plan": plan}).status_code == 404


def test_a_market_is_not_copied_into_a_submitted_plan(as_user, buyer, submitted):
    market = submitted.markets.get()

    answer = as_user(buyer).post(reverse("procurement:market_duplicate", args=[market.pk]), follow=True)

    assert answer.status_code == 200
    assert submitted.markets.count() == 1


def test_a_market_is_removed_after_confirmation(as_user, buyer, plan):
    market = MarketFactory(plan=plan)
    visitor = as_user(buyer)
    url = reverse("procurement:market_remove", args=[market.pk])

    assert market.title in visitor.get(url).content.decode()
    visitor.post(url)

    assert not plan.markets.exists()


def test_a_market_of_a_submitted_plan_is_not_removed(as_user, buyer, submitted):
    market = submitted.markets.get()

    as_user(buyer).post(reverse("procurement:market_remove", args=[market.pk]))

    assert submitted.markets.count() == 1


def test_lots_are_added_changed_and_removed(as_user, buyer, plan):
    market = MarketFactory(plan=plan)
    visitor = as_user(buyer)

    visitor.post(
        reverse("procurement:lot_add", args=[market.pk]), {"title": "Nord", "estimated_amount": "50 k€"}
    )
    lot = Lot.objects.get(number=2)
    visitor.post(
        reverse("procurement:lot_edit", args=[lot.pk]), {"title": "Sud", "estimated_amount": "60 k€"}
    )
    lot.refresh_from_db()
    assert (lot.title, lot.estimated_amount) == ("Sud", Decimal("60000.00"))
    visitor.post(reverse("procurement:lot_remove", args=[lot.pk]))

    assert market.lots.count() == 1


def test_the_last_lot_stays(as_user, buyer, plan):
    lot = LotFactory(market=MarketFactory(plan=plan, lot=None))

    answer = as_user(buyer).post(reverse("procurement:lot_remove", args=[lot.pk]), follow=True)

    assert "au moins un lot" in answer.content.decode()


def test_a_market_shows_the_cells_that_were_not_understood(as_user, buyer, plan):
    market = MarketFactory(
        plan=plan, issues=[{"column": "Montant", "value": "cher", "reason": "Ce montant ne se lit pas."}]
    )

    page = as_user(buyer).get(market.get_absolute_url()).content.decode()

    assert "Cellules à revoir" in page
    assert "cher" in page


def test_programmes_are_said_once_the_plan_is_submitted(as_user, facilitator, submitted):
    market = submitted.markets.get()
    anru = Programme.objects.get(code="anru-npnru")
    visitor, page = as_user(facilitator), reverse("procurement:market_tag", args=[market.pk])

    answer = visitor.post(page, {"programmes": [anru.pk], "qpv_share": "35"})

    market.refresh_from_db()
    assert answer.url == market.get_absolute_url()
    assert (list(market.programmes.all()), market.qpv_share) == ([anru], Decimal(35))
    assert anru.label in visitor.get(market.get_absolute_url()).content.decode()


def test_a_share_beyond_all_is_told_beside_its_field(as_user, facilitator, submitted):
    market = submitted.markets.get()

    answer = as_user(facilitator).post(
        reverse("procurement:market_tag", args=[market.pk]), {"qpv_share": "500"}
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors["qpv_share"] == ["100 % au plus."]
    assert "au plus" in answer.content.decode()
