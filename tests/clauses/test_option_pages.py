import json
from decimal import Decimal
from io import StringIO
from urllib.parse import parse_qs, urlparse

import pytest
from django.core.management import call_command
from django.urls import reverse

from clauses.enums import Objective, ProposalState, ProvisionKind
from clauses.models import Proposal, ReferenceValue
from config.lib.french import MINUS
from procurement.enums import Certainty
from procurement.models import Family, Programme
from tests.clauses.factories import ProposalFactory
from tests.clauses.queries_of import queries_of
from tests.clauses.reading import plain
from tests.procurement.factories import LotFactory, MarketFactory, PurchasePlanFactory


pytestmark = pytest.mark.django_db


@pytest.fixture
def market(stage):
    plan = PurchasePlanFactory(buyer=stage.buyer, submitted=True)
    return MarketFactory(
        plan=plan, estimated_amount=Decimal(1_000_000), duration_months=12, labour_share=50, family=None
    )


@pytest.fixture
def visitor(facilitator, as_user):
    return as_user(facilitator)


def test_the_page_starts_from_the_market_and_the_reference_values(market, visitor):
    text = plain(visitor.get(_page(market)).text)

    assert "833 h" in text
    assert "1 333 h" in text
    assert "1 000 000 € × 50 % × 5 % ÷ 30 € = 833,33 h" in text
    assert "le plus d’heures" in text
    assert "Effort léger" in text


def test_numbers_in_the_address_take_the_place_of_the_defaults(market, visitor):
    text = plain(
        visitor.get(_page(market), {"amount": "200 000", "labour_share": "70", "rate": ["5", "12,5"]}).text
    )

    assert "233 h" in text
    assert "Clause à 12,5 %" in text
    assert "Clause à 8 %" not in text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"rate": "500"}, "Un taux d’insertion va de 0 à 100 % : 500 % n’est pas possible."),
        ({"rate": "-5"}, "Un taux d’insertion va de 0 à 100 %"),
        ({"rate": ""}, "Indiquez au moins un taux, par exemple 5."),
        ({"rate": ["1", "2", "3", "4", "5", "6", "7"]}, "Comparez 6 taux au plus à la fois."),
        ({"rate": "beaucoup"}, "Écrivez un nombre, par exemple 1 000 000 ou 7,5."),
        ({"hourly_cost": "0"}, "Le coût horaire est supérieur à zéro."),
        ({"hourly_cost": "-30"}, "Le coût horaire est supérieur à zéro."),
        ({"months": "0"}, "La durée du marché est d’un mois au moins."),
        ({"amount": ""}, "Indiquez : Montant."),
        ({"amount": "-1"}, "Le montant ne peut pas être négatif."),
        ({"reserved_amount": "-1"}, "Le montant ne peut pas être négatif."),
        ({"labour_share": "120"}, "Une part de main-d’œuvre va de 0 à 100 %"),
        ({"threshold_amount": "-1"}, "Le seuil de facturation ne peut pas être négatif."),
    ],
)
def test_a_number_that_cannot_be_used_is_refused_with_a_sentence(market, visitor, query, sentence):
    answer = visitor.get(_page(market), query)

    assert answer.status_code == 422
    assert sentence in plain(answer.text)


def test_a_market_without_amount_asks_for_it(stage, visitor):
    plan = PurchasePlanFactory(buyer=stage.buyer, submitted=True)
    market = MarketFactory(plan=plan, estimated_amount=None)

    answer = visitor.get(_page(market))

    assert answer.status_code == 200
    assert "Indiquez : Montant." in answer.text


def test_the_sliders_go_around_the_values_of_the_market(market, visitor):
    text = visitor.get(_page(market)).text

    assert 'data-fc-slider="0 2000000 10000"' in text
    assert 'data-fc-slider="0 100 1"' in text


def test_htmx_swaps_the_comparison_alone_and_keeps_the_address(market, visitor):
    answer = visitor.get(_page(market), {"rate": "7"}, headers={"HX-Request": "true"})

    assert "Clause à 7" in plain(answer.text)
    assert "<h1" not in answer.text
    assert answer.headers["HX-Replace-Url"].endswith("?rate=7")


def test_cleaning_starts_from_its_own_rule_and_costs(market, visitor):
    market.family, market.labour_share = Family.objects.get(code="nettoyage"), None
    market.save()

    text = plain(visitor.get(_page(market), {"transferred_monthly_hours": "1000"}).text)

    assert "Règle de la propreté à 5 %" in text
    assert f"(1 000 000 € {MINUS} 1 000 h × 12 mois × 25 €) × 5 % ÷ 25 €" in text
    assert "1 000 000 € × 80 % × 5 % ÷ 20 €" in text


@pytest.mark.parametrize(
    ("takeover", "is_compared"), [(Certainty.NO, True), (Certainty.UNKNOWN, False), (Certainty.YES, False)]
)
def test_cleaning_is_counted_by_its_rule_once_the_staff_to_keep_is_known(
    market, visitor, takeover, is_compared
):
    market.family, market.staff_takeover = Family.objects.get(code="nettoyage"), takeover
    market.save()

    assert ("Règle de la propreté" in visitor.get(_page(market)).text) is is_compared


def test_every_value_that_is_leaned_on_is_shown_with_its_source(market, visitor):
    page = visitor.get(_page(market), {"transferred_monthly_hours": "100"})

    codes = {reference.code for reference in page.context["sources"]}

    assert {"training-hours-4", "training-months-minimum", "reserved-share-minimum"} <= codes
    assert {"cleaning-hourly-cost", "clause-hours-floor", "hours-per-person"} <= codes


def test_a_value_that_no_option_needs_is_left_out(market, visitor):
    page = visitor.get(_page(market), {"reserved_amount": "", "firm_amount": ""})

    codes = {reference.code for reference in page.context["sources"]}

    assert not codes & {"training-hours-1", "reserved-share-minimum", "cleaning-hourly-cost"}


def test_an_option_without_hours_is_not_to_be_retained(market, visitor):
    text = visitor.get(_page(market), {"transferred_monthly_hours": "9000"}).text

    assert "Le personnel à reprendre couvre déjà tout le besoin." in text
    assert "Rien à retenir." in text


def test_a_programme_brings_its_own_rate_and_counts_hours_worked(market, visitor):
    market.programmes.add(Programme.objects.get(code="gup"))

    assert "10 % des heures travaillées" in plain(visitor.get(_page(market)).text)


def test_renewals_are_left_out_of_the_training_table(market, visitor):
    market.renewals, market.renewal_months = 2, 12
    market.save()

    assert "barème pour 333 333 €" in plain(visitor.get(_page(market)).text)


def test_no_clause_is_said_to_be_legitimate(market, visitor):
    text = visitor.get(_page(market), {"amount": "20000"}).text

    assert "Ne pas en mettre est un avis légitime" in text


def test_what_is_unknown_is_said_so(market, visitor):
    market.duration_months = None
    market.save()
    ReferenceValue.objects.filter(code__startswith="effort-").delete()

    text = visitor.get(_page(market)).text

    assert "durée inconnue" in text
    assert "<td>inconnu</td>" in text
    assert "Inconnu" in text


def test_the_page_stands_without_any_reference_value(market, visitor):
    ReferenceValue.objects.all().delete()

    answer = visitor.get(_page(market), {"hourly_cost": "30", "rate": "5"})

    assert answer.status_code == 200
    assert "833 h" in plain(answer.text)


def test_a_market_of_several_lots_compares_the_smallest_reserved(market, visitor):
    market.lots.update(estimated_amount=Decimal(940_000))
    small = LotFactory(market=market, number=2, estimated_amount=Decimal(60_000))

    whole = plain(visitor.get(_page(market)).text)
    alone = plain(visitor.get(_page(market), {"lot": small.pk}).text)

    assert "60 000 € × 50 % × 50 % ÷ 30 €" in whole
    assert "Choisissez d’abord un lot." in whole
    assert "60 000 € × 50 % × 5 % ÷ 30 €" in alone


@pytest.mark.parametrize("lot", ["0", "rien"])
def test_a_lot_of_another_market_does_not_exist_here(market, visitor, lot):
    assert visitor.get(_page(market), {"lot": lot}).status_code == 404


def test_an_option_is_retained_as_a_draft_that_starts_from_its_numbers(market, visitor):
    page = visitor.get(_page(market), {"rate": "8", "hourly_cost": "25"})
    address = page.context["columns"][0].draft_url

    form = visitor.get(address).context["form"]

    assert parse_qs(urlparse(address).query)["rate"] == ["8"]
    assert (form.initial["rate"], form.initial["hourly_cost"]) == (Decimal("0.08"), 25)
    assert (form.initial["amount"], form.initial["labour_share"]) == (1_000_000, Decimal("0.5"))


def test_a_retained_option_keeps_its_parameters_when_the_defaults_change(market, visitor):
    numbers = {"transferred_monthly_hours": "500", "rate": "10", "amount": "300000"}
    page = visitor.get(_page(market), numbers)
    cleaning = page.context["columns"][1]
    initial = visitor.get(cleaning.draft_url).context["form"].initial
    names = ("amount", "rate", "transferred_monthly_hours", "months", "hourly_cost")

    visitor.post(cleaning.draft_url, {name: _typed(name, initial[name]) for name in names})
    ReferenceValue.objects.update(value=1)

    kept = Proposal.objects.get(lot__market=market)
    assert (kept.hours_due, kept.hourly_cost, kept.rate) == (600, 25, Decimal("0.1"))
    shown = plain(visitor.get(kept.get_absolute_url()).text)
    assert f"(300 000 € {MINUS} 500 h × 12 mois × 25 €) × 10 % ÷ 25 €" in shown
    assert "395 h" in shown


def test_a_draft_of_the_same_kind_is_changed_rather_than_doubled(market, visitor, stage):
    draft = ProposalFactory(lot=market.lots.get(), office=stage.office, department=stage.department)

    columns = visitor.get(_page(market)).context["columns"]

    assert columns[0].draft_url.startswith(reverse("clauses:proposal_change", args=[draft.pk]))
    assert visitor.get(columns[1].draft_url).context["form"].initial["rate"] == Decimal("0.08")


def test_what_the_lot_already_carries_is_not_proposed_again(market, visitor, stage):
    lot = market.lots.get()
    ProposalFactory(lot=lot, office=stage.office, department=stage.department, sent=True)
    assert Proposal.objects.get().state == ProposalState.SENT

    columns = visitor.get(_page(market)).context["columns"]

    assert columns[0].option.kind == ProvisionKind.EXECUTION_CONDITION
    assert list(map(plain, columns[0].objections)) == [
        f"Ce lot a déjà une proposition « {ProvisionKind.EXECUTION_CONDITION.label} »."
    ]
    assert columns[-2].option.kind == ProvisionKind.RESERVED_MIXED
    assert columns[-2].objections == []


def test_a_buyer_compares_and_retains_nothing(market, buyer, as_user):
    text = plain(as_user(buyer).get(_page(market)).text)

    assert "833 h" in text
    assert "Retenir" not in text


def test_a_plan_not_handed_in_yet_is_compared_only(stage, visitor):
    market = MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer), estimated_amount=Decimal(1_000_000))

    assert "Retenir" not in visitor.get(_page(market)).text


def test_the_page_leads_there_from_the_market_and_its_screening(market, visitor):
    for page in ("procurement:market_detail", "clauses:screening_detail"):
        assert _page(market) in visitor.get(reverse(page, args=[market.pk])).text


def test_the_comparison_costs_the_same_for_one_lot_and_for_ten(market, visitor):
    market.lots.update(estimated_amount=Decimal(100_000))
    LotFactory(market=market, number=2)
    before = queries_of(visitor, _page(market))

    for number in range(3, 11):
        LotFactory(market=market, number=number)

    assert queries_of(visitor, _page(market)) == before


@pytest.mark.parametrize(
    ("command", "query", "position"),
    [
        ("classic --amount=1000000 --labour-share=0.5 --rate=0.05 --hourly-cost=30", {"rate": "5"}, 0),
        (
            "cleaning --amount=300000 --rate=0.10 --transferred-monthly-hours=500 --months=12",
            {"amount": "300000", "rate": "10", "transferred_monthly_hours": "500"},
            1,
        ),
        ("training --amount=399000", {"rate": "5", "firm_amount": "399000"}, 1),
        (
            "per-euro --invoiced=3000000 --euros-per-hour=2000 --threshold=2700000 --mode=franchise",
            {"amount": "3000000", "rate": "5", "euros_per_hour": "2000", "threshold_amount": "2700000"},
            -1,
        ),
        (
            "per-euro --invoiced=3000000 --euros-per-hour=2000 --threshold=2700000 --mode=trigger",
            {
                "amount": "3000000", "rate": "5", "threshold_amount": "2700000", "threshold_mode": "trigger",
            },
            -1,
        ),
        ("fte --months=6 --yearly-hours=1607", {"rate": "5", "full_time_months": "6"}, -1),
    ],
)  # fmt: skip
def test_the_page_and_the_command_give_the_same_answer(market, visitor, command, query, position):
    answer = _answer(command)

    option = visitor.get(_page(market), query).context["columns"][position].option

    assert answer["hours"] == str(option.hours)
    assert Decimal(answer["exact"]) == option.estimate.exact.normalize()


def test_hours_worked_under_a_programme_are_those_of_the_command(market, visitor):
    market.programmes.add(Programme.objects.get(code="gup"))
    columns = visitor.get(_page(market)).context["columns"]

    option = next(one.option for one in columns if one.option.terms.objective == Objective.WORKED)

    command = f"worked --hours={option.terms.hours_worked} --rate={option.terms.rate}"
    assert _answer(command)["hours"] == str(option.hours)


def test_a_fixed_number_of_hours_is_that_of_the_command(market, visitor):
    lot = market.lots.get()
    chosen = f"kind={ProvisionKind.EXECUTION_CONDITION}&objective={Objective.FIXED}"

    visitor.post(f"/propositions/nouvelle/?lot={lot.pk}&{chosen}", {"hours_due": "1200"})

    assert _answer("fixed --hours=1200")["hours"] == str(Proposal.objects.get().hours_due.to_integral())


def test_the_band_says_from_which_share_an_effort_is_noticeable_then_heavy(market, visitor):
    text = plain(visitor.get(_page(market)).text)

    assert "l’effort est léger jusqu’à" in text
    ReferenceValue.objects.filter(code="effort-heavy-above").delete()
    assert "l’effort est léger jusqu’à" not in plain(visitor.get(_page(market)).text)


def _answer(command):
    out = StringIO()
    call_command("estimate_hours", *command.split(), "--json", stdout=out)
    return json.loads(out.getvalue())


def _page(market):
    return reverse("clauses:option_list", args=[market.pk])


def _typed(name, value):
    return str(value * 100 if name == "rate" else value)
