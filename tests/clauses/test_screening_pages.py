from datetime import date, timedelta
from io import BytesIO

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from openpyxl import load_workbook
from pytest_django.asserts import assertContains, assertNotContains

from accounts import audit
from clauses.enums import Verdict, VerdictReason
from clauses.models import Screening
from clauses.queries.advice import advise
from procurement.enums import Nature, Procedure
from procurement.models import Family
from tests.clauses.factories import ProposalFactory, ScreeningFactory
from tests.clauses.reading import plain
from tests.procurement.factories import (
    AwardedContractFactory,
    DepartmentFactory,
    LotFactory,
    MarketFactory,
    PurchasePlanFactory,
)


pytestmark = pytest.mark.django_db

LIST = "/reperage/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def plan(stage):
    return PurchasePlanFactory(buyer=stage.buyer, submitted=True)


@pytest.fixture
def market(plan):
    return MarketFactory(plan=plan, title="Entretien des jardins")


@pytest.fixture
def page(as_user, facilitator):
    return as_user(facilitator)


@pytest.mark.parametrize(
    ("criterion", "typed", "told"),
    [
        ("amount_min", f"1{'0' * 30}", "14 chiffres"),
        ("amount_max", "1e400", "14 chiffres"),
        ("q", "a " * 1_500, "200 caractères"),
        ("place", "a " * 1_500, "200 caractères"),
    ],
)
def test_a_criterion_beyond_measure_narrows_nothing_and_says_so(page, market, criterion, typed, told):
    answer = page.get("/reperage/", {criterion: typed})

    assertContains(answer, told)
    assertContains(answer, market.title)


def test_an_amount_is_looked_for_as_people_type_it(page, market):
    assertContains(page.get("/reperage/", {"amount_min": "10 000 €"}), market.title)
    assertNotContains(page.get("/reperage/", {"amount_min": "10 000 000,50"}), market.title)


def test_the_table_shows_the_lines_that_buyers_deposited(page, market, stage):
    MarketFactory(plan__buyer=stage.buyer, plan__year=2030, title="Plan en brouillon")
    MarketFactory(plan__buyer=stage.other_buyer, plan__submitted=True, title="Autre territoire")

    shown = page.get(LIST)

    assert _titles(shown) == ["Entretien des jardins"]
    assert "<strong>0</strong> vu sur <strong>1</strong>" in shown.content.decode()


@pytest.mark.parametrize("count", [1, 50])
def test_the_table_costs_the_same_for_one_line_and_for_fifty(
    count, page, plan, stage, facilitator, django_assert_num_queries
):
    family = Family.objects.get(code="nettoyage")
    for market in MarketFactory.create_batch(count, plan=plan, department=stage.department, family=family):
        ScreeningFactory(market=market, office=stage.office, decided_by=facilitator)

    with django_assert_num_queries(29):
        page.get(LIST)


@pytest.mark.parametrize(
    ("criterion", "number"),
    [("", 6), ("unseen", 3), ("seen", 3), ("clausable", 2), ("to_study", 1), ("not_clausable", 0)],
)
def test_the_count_of_a_verdict_is_that_of_its_lines(criterion, number, page, plan, stage):
    lines = MarketFactory.create_batch(6, plan=plan)
    for market, verdict in zip(lines, ("clausable", "clausable", "to_study", ""), strict=False):
        ScreeningFactory(market=market, office=stage.office, verdict=verdict)

    shown = page.get(LIST, {"verdict": criterion}).context["page"]

    assert (shown.paginator.count, len(shown.object_list)) == (number, number)


def test_the_lines_to_justify_are_marked_and_found(page, plan, stage):
    large, small = MarketFactory(plan=plan, title="Grand"), MarketFactory(plan=plan, title="Petit")
    small.estimated_amount = 1000
    small.save()
    for market in (large, small):
        ScreeningFactory(market=market, office=stage.office, verdict="not_clausable", reason="no_supply")

    shown = page.get(LIST, {"duty": "justify"})

    assert _titles(shown) == ["Grand"]
    assert shown.content.decode().count("À justifier") == 3  # In its row, in the criteria and their chip.


def test_the_address_narrows_the_table(page, plan, stage):
    cleaning = Family.objects.get(code="nettoyage")
    schools = DepartmentFactory(buyer=stage.buyer, name="Écoles")
    wanted = MarketFactory(
        plan=plan, title="Ménage des écoles", search_text="menage des ecoles creteil", family=cleaning,
        nature=Nature.SERVICES, department=schools, estimated_amount=200_000, launch_on=date(2027, 4, 1),
        place="Créteil",
    )  # fmt: skip
    MarketFactory(plan=plan, nature=Nature.WORKS, estimated_amount=50_000)
    MarketFactory(plan=plan, nature=Nature.WORKS, estimated_amount=900_000)
    criteria = {
        "q": "Ménage ecoles", "buyer": stage.buyer.pk, "year": 2027, "family": cleaning.pk,
        "nature": "services", "department": schools.pk, "amount_min": "100000", "amount_max": "300000",
        "month": "2027-04", "place": "créteil", "verdict": "unseen",
    }  # fmt: skip

    for name, value in criteria.items():
        assert str(wanted) in _titles(page.get(LIST, {name: value})), name
    for name in criteria.keys() - {"buyer", "year", "verdict"}:
        assert len(_titles(page.get(LIST, {name: criteria[name]}))) < 3, name
    assert _titles(page.get(LIST, criteria)) == ["Ménage des écoles"]


@pytest.mark.parametrize(
    ("verdict", "count"),
    [("unseen", 1), ("seen", 2), ("clausable", 1), ("to_study", 1), ("not_clausable", 0)],
)
def test_the_verdict_narrows_the_table_and_leaves_the_counter(page, plan, stage, verdict, count):
    markets = MarketFactory.create_batch(3, plan=plan)
    ScreeningFactory(market=markets[0], office=stage.office)
    ScreeningFactory(market=markets[1], office=stage.office, verdict=Verdict.TO_STUDY)

    shown = page.get(LIST, {"verdict": verdict})

    assert len(shown.context["lines"]) == count
    assert (shown.context["progress"].seen, shown.context["progress"].total) == (2, 3)


@pytest.mark.parametrize("order", ["", "amount", "deposit", "buyer", "inconnu"])
def test_the_table_can_be_ordered(page, plan, order):
    MarketFactory(plan=plan, title="Grand", estimated_amount=900, launch_on=None)
    MarketFactory(plan=plan, title="Petit", estimated_amount=None, launch_on=date(2027, 1, 1))

    first = "Grand" if order in ("amount", "deposit") else "Petit"

    assert _titles(page.get(LIST, {"sort": order}))[0] == first


@pytest.mark.parametrize(
    ("criterion", "titles"),
    [
        ({"procedure": "open"}, ["Urgent"]),
        ({"renewal": "yes"}, ["Urgent"]),
        ({"renewal": "no"}, ["Passé", "Lointain"]),
        ({"urgency": "past"}, ["Passé"]),
        ({"urgency": "28"}, ["Urgent"]),
        ({"urgency": "90"}, ["Urgent"]),
        ({"month": "2026-12"}, ["Urgent"]),
        ({"month": "2027-12"}, ["Lointain"]),
    ],
)
@time_machine.travel("2026-11-25 09:00", tick=False)
def test_procedure_renewal_and_urgency_narrow_the_table(as_user, facilitator, plan, criterion, titles):
    MarketFactory(plan=plan, title="Passé", launch_on=date(2026, 11, 24))
    MarketFactory(
        plan=plan, title="Urgent", launch_on=date(2026, 12, 1), procedure=Procedure.OPEN, is_renewal=True
    )
    MarketFactory(plan=plan, title="Lointain", launch_on=date(2027, 12, 31))

    assert _titles(as_user(facilitator).get(LIST, criterion)) == titles


@pytest.fixture
def great_works(plan):
    """Above the threshold of works, after the duty began."""
    return MarketFactory(
        plan=plan, title="Construction du stade", nature=Nature.WORKS, estimated_amount=9_000_000,
        launch_on=date(2027, 3, 1),
    )  # fmt: skip


def test_the_duty_of_the_law_shows_in_the_row_and_narrows_the_table(page, plan, great_works):
    MarketFactory(plan=plan, title="Petits jouets", nature=Nature.SUPPLIES, estimated_amount=9_000)

    shown = page.get(LIST)

    assert {line.market.title: line.assessment.duty.has_social_duty for line in shown.context["lines"]} == {
        "Construction du stade": True,
        "Petits jouets": False,
    }
    assert shown.content.decode().count("Obligatoire") == 2  # In its row, and in the criteria.
    assert _titles(page.get(LIST, {"duty": "yes"})) == ["Construction du stade"]


def test_criteria_that_are_not_understood_narrow_nothing(page, market):
    shown = page.get(LIST, {"buyer": "abc", "month": "2027-99", "amount_min": "beaucoup", "page": "zzz"})

    assert _titles(shown) == ["Entretien des jardins"]


def test_a_criterion_in_force_can_be_taken_off(page, market, stage):
    shown = page.get(LIST, {"q": "jardins", "buyer": stage.buyer.pk})

    assert [(chip.label, chip.query) for chip in shown.context["filter"].chips] == [
        ("Mots : jardins", f"buyer={stage.buyer.pk}"),
        ("Acheteur : Ville de Rivebelle", "q=jardins"),
    ]


def test_a_criterion_typed_swaps_the_results_and_writes_the_address(page, market):
    answer = page.get(LIST, {"q": "jardins"}, headers=HTMX)

    assert answer.headers["HX-Push-Url"] == "?q=jardins"
    assert "Entretien des jardins" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_the_lines_left_to_see_keep_the_other_criteria(page, market):
    shown = page.get(LIST, {"q": "jardins", "verdict": "seen", "sort": "amount"})

    assert "?q=jardins&amp;verdict=unseen&amp;sort=amount" in shown.content.decode()


def test_nothing_that_fits_says_so(page, market):
    assert "Aucune ligne ne répond" in page.get(LIST, {"q": "introuvable"}).content.decode()


def test_nothing_deposited_says_what_will_come(page):
    assert "Aucun plan n’est encore déposé" in page.get(LIST).content.decode()


def test_a_verdict_works_without_javascript_and_comes_back_to_the_line(page, market):
    answer = page.post(f"/reperage/{market.pk}/avis/?q=jardins", {"verdict": "clausable"})

    assert answer.url == f"/reperage/?q=jardins#marche-{market.pk}"
    assert Screening.objects.get().verdict == Verdict.CLAUSABLE


def test_a_verdict_with_htmx_answers_the_row_the_counters_and_the_live_region(page, market):
    answer = page.post(f"/reperage/{market.pk}/avis/", {"verdict": "to_study"}, headers=HTMX)

    body = answer.content.decode()
    assert f'id="marche-{market.pk}"' in body
    assert "<strong>1</strong> vu sur <strong>1</strong>" in body
    assert '<div id="annonce" hx-swap-oob="innerHTML">' in body
    assert "<html" not in body


def test_not_clausable_asks_for_the_reason_before_anything_is_kept(page, market):
    asked = page.post(f"/reperage/{market.pk}/avis/", {"verdict": "not_clausable"}, headers=HTMX)
    full = page.post(f"/reperage/{market.pk}/avis/", {"verdict": "not_clausable"})

    assert (asked.status_code, full.status_code) == (200, 200)
    assert "Pourquoi non clausable" in asked.content.decode()
    assert "<h1>" in full.content.decode()
    assert not Screening.objects.exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"verdict": "not_clausable", "reason": ""}, "Un avis « Non clausable » demande une raison."),
        ({"verdict": "not_clausable", "reason": "other"}, "La raison « Autre » demande une précision."),
        ({"verdict": ""}, "Choisissez un avis."),
        ({"verdict": "peut-être"}, "Sélectionnez un choix valide"),
    ],
)
def test_a_verdict_without_what_it_needs_is_refused_with_a_sentence(page, market, data, sentence):
    answer = page.post(f"/reperage/{market.pk}/avis/", data)

    assert answer.status_code == 422
    assert sentence in plain(answer.content.decode()).replace("&#x27;", "’")
    assert not Screening.objects.exists()


def test_a_verdict_page_with_nothing_chosen_is_answered_in_our_words(page, market):
    # A radio that must be ticked would otherwise be told in the browser's own language.
    assert 'class="form-narrow" novalidate' in page.get(f"/reperage/{market.pk}/").content.decode()

    answer = page.post(f"/reperage/{market.pk}/avis/", {"fiche": "1"})

    assert answer.status_code == 422
    assert "Choisissez un avis." in answer.content.decode()


def test_a_refused_row_stays_a_row(page, market):
    data = {"verdict": "not_clausable", "reason": "other", "comment": ""}

    answer = page.post(f"/reperage/{market.pk}/avis/", data, headers=HTMX)

    assert answer.status_code == 422
    assert "demande une précision" in answer.content.decode()


def test_a_reason_left_over_from_another_choice_is_dropped(page, market):
    page.post(f"/reperage/{market.pk}/avis/", {"verdict": "clausable", "reason": "no_labour"})

    assert Screening.objects.get().reason == ""


def test_a_verdict_is_undone_from_its_row(page, market):
    page.post(f"/reperage/{market.pk}/avis/", {"verdict": "clausable"})

    answer = page.post(f"/reperage/{market.pk}/annuler/", headers=HTMX)

    assert "<strong>0</strong> vu sur <strong>1</strong>" in answer.content.decode()
    assert Screening.objects.get().verdict == ""


def test_undoing_twice_says_that_nothing_is_left(page, market):
    page.post(f"/reperage/{market.pk}/avis/", {"verdict": "clausable"})
    page.post(f"/reperage/{market.pk}/annuler/")

    again = page.post(f"/reperage/{market.pk}/annuler/", headers=HTMX)

    assert again.headers["HX-Redirect"] == "/reperage/"
    assert "aucun avis à annuler" in page.get(LIST).content.decode()


def test_the_row_comes_back_when_the_question_is_given_up(page, market):
    row = page.get(f"/reperage/{market.pk}/avis/", headers=HTMX)
    without_htmx = page.get(f"/reperage/{market.pk}/avis/")

    assert 'value="clausable"' in row.content.decode()
    assert without_htmx.url == f"/reperage/{market.pk}/"


@pytest.fixture
def judged_last_year(stage, market):
    """The line’s family was no matter for a clause in the buyer’s former plan."""
    market.family = Family.objects.get(code="informatique-services")
    market.save()
    former = PurchasePlanFactory(buyer=stage.buyer, year=market.plan.year - 1, submitted=True)
    line = MarketFactory(plan=former, family=market.family, title="Logiciels")
    return ScreeningFactory(
        market=line, office=stage.office, verdict=Verdict.NOT_CLAUSABLE, reason=VerdictReason.NO_LABOUR
    )


def test_the_verdict_of_last_year_is_proposed_and_taken_with_one_key(page, market, judged_last_year):
    shown = page.get(LIST, {"year": market.plan.year}).content.decode()

    assert 'data-fc-key="r"' in shown
    assert f"Comme en {market.plan.year - 1}" in shown
    assert "Non clausable – Trop peu de main-d’œuvre" in shown

    page.post(f"/reperage/{market.pk}/avis/", {"verdict": "not_clausable", "reason": "no_labour"})

    assert Screening.objects.get(market=market).reason == VerdictReason.NO_LABOUR


def test_the_reason_of_last_year_comes_first_to_hand(page, market, judged_last_year):
    asked = page.post(f"/reperage/{market.pk}/avis/", {"verdict": "not_clausable"}, headers=HTMX)
    opened = page.get(f"/reperage/{market.pk}/")

    assert f"comme en {market.plan.year - 1}" in asked.content.decode()
    assert asked.content.decode().count("data-fc-focus") == 1
    assert opened.context["form"]["reason"].value() == VerdictReason.NO_LABOUR


def test_an_explained_reason_is_explained_again(page, market, judged_last_year):
    judged_last_year.reason, judged_last_year.comment = VerdictReason.OTHER, "Un cas à part"
    judged_last_year.save()

    shown = page.get(LIST, {"year": market.plan.year}).content.decode()

    assert 'data-fc-key="r"' in shown
    assert '<input type="hidden" name="reason"' not in shown
    assert "Un cas à part" not in shown


@pytest.fixture
def long_plan(plan):
    return MarketFactory.create_batch(52, plan=plan)


def test_a_verdict_for_all_the_lines_of_a_filter_goes_beyond_its_page_and_is_undone(page, long_plan):
    assert 'name="whole" value="52"' in page.get(LIST).content.decode()

    page.post("/reperage/selection/?verdict=unseen", {"verdict": "to_study", "whole": "52"})

    assert Screening.objects.filter(verdict=Verdict.TO_STUDY).count() == 52

    page.post("/reperage/selection/annuler/")

    assert Screening.objects.filter(verdict="").count() == 52


def test_a_filter_that_finds_other_lines_by_now_is_looked_at_again(page, long_plan):
    answer = page.post("/reperage/selection/", {"verdict": "to_study", "whole": "51"})

    assert answer.status_code == 422
    assert "trouvent maintenant 52 lignes, et non 51" in answer.content.decode()
    assert not Screening.objects.exists()


def test_a_verdict_for_too_many_lines_is_refused(page, long_plan, monkeypatch):
    monkeypatch.setattr("clauses.forms.screening.MOST_AT_ONCE", 50)
    monkeypatch.setattr("clauses.views.screening_list.MOST_AT_ONCE", 50)

    answer = page.post("/reperage/selection/", {"verdict": "to_study", "whole": "52"})

    assert answer.status_code == 422
    assert "resserrez d’abord les critères" in answer.content.decode()
    assert "resserrez les critères à 50 lignes" in page.get(LIST).content.decode()
    assert not Screening.objects.exists()


def test_a_selection_is_judged_then_undone_at_once(page, plan):
    markets = MarketFactory.create_batch(3, plan=plan)
    data = {"verdict": "not_clausable", "reason": "no_supply", "market": [row.pk for row in markets[:2]]}

    done = page.post("/reperage/selection/", data, follow=True)

    assert Screening.objects.filter(reason=VerdictReason.NO_SUPPLY).count() == 2
    assert "Annuler ces 2 avis" in done.content.decode()

    undone = page.post("/reperage/selection/annuler/", follow=True)

    assert Screening.objects.filter(verdict="").count() == 2
    assert "Annuler ces" not in undone.content.decode()


def test_a_line_judged_again_since_is_not_undone_with_the_selection(page, plan):
    markets = MarketFactory.create_batch(2, plan=plan)
    page.post("/reperage/selection/", {"verdict": "to_study", "market": [row.pk for row in markets]})
    page.post(f"/reperage/{markets[0].pk}/avis/", {"verdict": "clausable"})

    page.post("/reperage/selection/annuler/")

    assert sorted(Screening.objects.values_list("verdict", flat=True)) == ["", Verdict.CLAUSABLE]


def test_a_selection_is_no_longer_undone_after_an_hour(page, market):
    page.post("/reperage/selection/", {"verdict": "to_study", "market": [market.pk]})
    session = page.session
    kept = session["screened_selection"]
    session["screened_selection"] = kept | {"at": (timezone.now() - timedelta(hours=2)).isoformat()}
    session.save()

    shown = page.get(LIST)
    page.post("/reperage/selection/annuler/")

    assert "Annuler cet avis" not in shown.content.decode()
    assert Screening.objects.get().verdict == Verdict.TO_STUDY


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"verdict": "clausable"}, "Cochez au moins une ligne"),
        ({"verdict": "not_clausable", "market": ["{market}"]}, "demande une raison"),
        ({"verdict": "clausable", "market": ["999999"]}, "n’est plus dans votre périmètre"),
    ],
)
def test_a_selection_that_cannot_be_judged_keeps_its_ticks(page, market, data, sentence):
    data = data | {"market": [pk.format(market=market.pk) for pk in data.get("market", [])]}

    answer = page.post("/reperage/selection/", data)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert answer.content.decode().count(" checked") == (1 if str(market.pk) in data["market"] else 0)
    assert not Screening.objects.exists()


def test_a_market_page_shows_its_verdict_its_history_and_its_lots(page, market, stage, facilitator):
    page.post(f"/reperage/{market.pk}/avis/", {"verdict": "clausable", "comment": "Beaux jardins"})
    lot = market.lots.get()
    ProposalFactory(lot=lot, office=stage.office, department=stage.department, sent=True)

    shown = page.get(f"/reperage/{market.pk}/").content.decode()

    assert "Beaux jardins" in shown
    assert "a rendu l’avis « Clausable »" in shown
    assert f"/propositions/nouvelle/?lot={lot.pk}" in shown
    assert "Réponse attendue" in shown


def test_a_row_says_its_department_and_what_other_buyers_did(page, market, stage):
    market.department, market.cpv_code = stage.department, "90911200"
    market.save()
    AwardedContractFactory.create_batch(9)
    assertNotContains(page.get(LIST), "ailleurs,")

    AwardedContractFactory.create_batch(3, clause=True)

    shown = page.get(LIST)
    assertContains(shown, f" · {stage.department}</span>")
    assertContains(shown, "ailleurs, 25\N{NO-BREAK SPACE}% des marchés semblables")


def test_a_market_page_says_what_other_buyers_did_of_the_same_purchase(page, market):
    AwardedContractFactory.create_batch(12, title="Entretien des jardins et parcs", clause=True)

    shown = page.get(f"/reperage/{market.pk}/")

    assertContains(shown, "Ce que font d’autres acheteurs")
    assertContains(shown, "considération sociale, soit <strong>100")
    assertContains(shown, f"/marches/{market.pk}/comparables/")


def test_a_market_page_of_many_lots_costs_the_same(page, market, stage, django_assert_max_num_queries):
    for number in range(2, 8):
        LotFactory(market=market, number=number)

    with django_assert_max_num_queries(31):
        page.get(f"/reperage/{market.pk}/")


def test_a_verdict_from_the_market_page_stays_there(page, market):
    answer = page.post(f"/reperage/{market.pk}/avis/", {"verdict": "clausable", "fiche": "1"})

    assert answer.url == f"/reperage/{market.pk}/"


def test_the_buyer_sees_nothing_before_the_answer(as_user, buyer, market, stage):
    ScreeningFactory(market=market, office=stage.office)

    shown = as_user(buyer).get(LIST)

    assert "pas encore publié sa réponse" in shown.content.decode()
    assert as_user(buyer).get(f"/reperage/{market.pk}/").status_code == 404


def test_the_buyer_reads_the_answer_and_cannot_judge(as_user, buyer, stage, facilitator):
    market = MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer, answered=True))
    given = ScreeningFactory(
        market=market, office=stage.office, verdict=Verdict.NOT_CLAUSABLE, reason=VerdictReason.NO_LABOUR
    )
    audit.record("screening_decided", target=given, by=facilitator, verdict="un avis d’avant")

    listed = as_user(buyer).get(LIST).content.decode()
    detail = as_user(buyer).get(f"/reperage/{market.pk}/").content.decode()

    assert "Trop peu de main-d’œuvre" in listed
    assert "Trop peu de main-d’œuvre" in detail
    assert "un avis d’avant" not in detail
    assert 'data-fc-key="c"' not in listed
    assert as_user(buyer).post(f"/reperage/{market.pk}/avis/", {"verdict": "clausable"}).status_code == 403


@pytest.mark.parametrize("extension", ["xlsx", "csv"])
def test_the_table_is_exported_as_it_is_filtered(page, plan, stage, extension):
    MarketFactory(plan=plan, title="Autre marché")
    market = MarketFactory(plan=plan, title="Peinture", search_text="peinture", department=stage.department)
    ScreeningFactory(market=market, office=stage.office, comment="Oui")

    answer = page.get(reverse(f"clauses:screening_export_{extension}"), {"q": "peinture"})

    assert answer["Content-Disposition"].startswith('attachment; filename="reperage-')
    rows = _rows(answer, extension)
    assert len(rows) == 2
    assert rows[0][0] == "Acheteur"
    assert {"Peinture", "Clausable", "Oui"} <= set(rows[1])


def _rows(answer, extension):
    if extension == "csv":
        return [line.split(";") for line in answer.content.decode("utf-8-sig").splitlines()]
    sheet = load_workbook(BytesIO(answer.content)).active
    return list(sheet.iter_rows(values_only=True))


def _titles(response):
    return [line.market.title for line in response.context["lines"]]


def test_the_suggestion_and_its_reasons_are_read_in_the_row_by_the_office_alone(page, stage, buyer, as_user):
    market = MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer, answered=True))
    reason = escape(advise([market], stage.office, timezone.localdate())[market.pk].reasons[0])

    assertContains(page.get(LIST), reason)
    assertNotContains(as_user(buyer).get(LIST), reason)
