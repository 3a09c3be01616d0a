from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from clauses.enums import EligibilityState
from clauses.models import Clause, Declaration, Participant
from procurement.models import Contract
from reporting.queries import frozen
from reporting.queries.buyer_report import NO_PUBLIC, figures
from reporting.queries.window import Hours
from reporting.rules.small_counts import WITHHELD, below
from tests.clauses.factories import EligibilityFactory, PlacementFactory, PublicFactory
from tests.reporting import territory
from tests.reporting.territory import AFTER, CUTOFF, YEAR


FEW = below(5)


def hours(due, declared, validated, credited, credited_to_date, balance, rate):
    numbers = (due, declared, validated, credited, credited_to_date, balance)
    return Hours(*map(Decimal, numbers), rate=None if rate is None else Decimal(rate))


@pytest.fixture
def count(small_territory):
    def count(**changes):
        period = YEAR | changes
        return figures(office=small_territory.office, buyer=small_territory.buyer, **period)

    return count


def test_the_hours_of_each_contract_are_those_computed_by_hand(count):
    contracts = count().contracts

    assert [(row.reference, row.contractor) for row in contracts] == [
        ("2026-A", "Jardins Services"),
        ("2026-B", "Propreté Claire"),
        ("2026-C", "Couleurs du Val"),
    ]
    assert [row.hours for row in contracts] == [
        hours("600", "319.50", "274.50", "274.50", "274.50", "325.50", "45.8"),
        hours("1000", "238", "210", "175", "245", "755", "24.5"),
        hours("200", "0", "0", "0", "0", "200", "0"),
    ]


def test_the_totals_are_those_computed_by_hand(count):
    assert count().totals == hours("1800", "557.50", "484.50", "449.50", "519.50", "1280.50", "28.9")


def test_the_months_add_up_to_the_totals(count):
    found = count()

    assert sum(month.declared for month in found.months) == found.totals.declared
    assert sum(month.validated for month in found.months) == found.totals.validated
    assert sum(month.credited for month in found.months) == found.totals.credited
    assert found.months[-1].credited_to_date == found.totals.credited_to_date
    assert found.months[-1].due == found.totals.due


def test_each_month_tells_what_is_done_and_due_by_its_end(count):
    months = {month.month.month: month for month in count().months}

    assert len(months) == 12
    assert [months[rank].credited_to_date for rank in (1, 2, 3, 12)] == [
        Decimal("250.00"),
        Decimal("344.50"),
        Decimal("519.50"),
        Decimal("519.50"),
    ]
    assert months[1].due == Decimal("1800.00")
    assert months[3].validated == Decimal("210.00")
    assert months[3].credited == Decimal("175.00")


def test_months_that_had_not_begun_at_the_cut_off_have_no_sum_yet(count):
    months = count(starts_on=date(2027, 1, 1), ends_on=date(2027, 4, 1)).months

    assert [month.credited_to_date for month in months] == [Decimal("519.50"), None, None]
    assert [month.due for month in months] == [Decimal(1800), Decimal(1800), Decimal(2300)]


def test_people_are_counted_once_and_few_are_hidden(count):
    found = count()

    assert found.people == 14
    assert [contract.people for contract in found.contracts] == [9, 7, 0]
    assert {part.title: [(row.label, row.people) for row in part.parts] for part in found.breakdowns} == {
        "Sexe": [("Femmes", 8), ("Hommes", 6), ("Non précisé", 0)],
        "Âge": [("Moins de 26 ans", WITHHELD), ("De 26 à 49 ans", 7), ("50 ans et plus", WITHHELD)],
        "Lieu de résidence": [
            ("En quartier prioritaire", 6),
            ("Hors quartier prioritaire", WITHHELD),
            ("À vérifier", WITHHELD),
        ],
        "Public": [("Bénéficiaire du RSA", 5), ("Demandeur d’emploi de longue durée", 9)],
    }


def test_ages_are_those_of_the_last_day_of_the_period(count, small_territory):
    Participant.objects.filter(office=small_territory.office).update(born_on=date(2000, 12, 31))

    turned, not_yet = count(), count(ends_on=date(2026, 12, 1))

    ages = [part.people for part in turned.breakdowns[1].parts]
    assert ages == [0, 14, 0]
    assert [part.people for part in not_yet.breakdowns[1].parts] == [14, 0, 0]


def test_too_few_people_are_not_told_apart_at_all(count, small_territory):
    small_territory.office.small_count_floor = 20

    found = count()

    assert found.people == below(20)
    assert [contract.people for contract in found.contracts] == [WITHHELD] * 3
    assert [breakdown.parts for breakdown in found.breakdowns] == [()] * 4


def test_nobody_is_no_secret(count):
    found = count(starts_on=date(2026, 7, 1), ends_on=date(2026, 10, 1))

    assert found.people == 0
    assert [part.people for part in found.breakdowns[0].parts] == [0, 0, 0]


def test_the_public_is_that_of_the_latest_eligibility_in_force(count, small_territory):
    person = Participant.objects.filter(office=small_territory.office).earliest("pk")

    def judge(label, **changes):
        public = PublicFactory(code=f"test-{label}", label=label)
        EligibilityFactory(participant=person, public=public, **{"decided_at": territory.BEFORE} | changes)

    judge("Réfugié", valid_from=date(2026, 6, 1))
    judge("Décidé plus tard", valid_from=date(2026, 7, 1), decided_at=AFTER)
    judge("Refusé", valid_from=date(2026, 8, 1), state=EligibilityState.REFUSED)
    judge("Pas encore", valid_from=date(2027, 1, 1))
    judge("Plus en vigueur", valid_from=date(2025, 1, 1), valid_to=date(2026, 1, 1))
    small_territory.office.small_count_floor = 0

    publics = {row.label: row.people for row in count().breakdowns[3].parts}

    assert publics == {"Bénéficiaire du RSA": 5, "Demandeur d’emploi de longue durée": 8, "Réfugié": 1}


def test_people_without_an_eligibility_are_told_last(count, small_territory):
    Participant.objects.filter(office=small_territory.office).earliest("pk").eligibilities.all().delete()
    small_territory.office.small_count_floor = 0

    publics = [(row.label, row.people) for row in count().breakdowns[3].parts]

    assert publics[-1] == (NO_PUBLIC, 1)


def test_only_what_was_known_at_the_cut_off_counts(count):
    before, after = count(cutoff_at=territory.BEFORE - timedelta(days=1)), count(cutoff_at=AFTER)

    assert before.contracts == ()
    assert (before.totals.due, before.totals.rate) == (Decimal(0), None)
    assert after.totals == hours("1870", "578.50", "512.50", "477.50", "547.50", "1322.50", "29.3")


def test_a_declaration_that_was_rejected_later_was_awaiting_then(count, small_territory):
    Declaration.objects.filter(period=date(2026, 4, 1)).update(decided_at=AFTER)

    assert count().totals.declared == Decimal("613.50")


def test_a_contract_that_is_over_counts_as_long_as_it_declares(count, small_territory):
    over = Contract.objects.get(reference="2025-Z")
    placement = PlacementFactory(clause=Clause.objects.get(contract=over))
    territory.sent(over, date(2026, 2, 1), [placement], "12.00")

    assert [row.reference for row in count().contracts] == ["2025-Z", "2026-A", "2026-B", "2026-C"]


def test_a_buyer_without_contract_has_empty_figures(stage):
    found = figures(office=stage.office, buyer=stage.buyer, **YEAR)

    assert (found.contracts, found.people, found.totals.rate) == ((), 0, None)
    assert len(found.months) == 12


def test_the_same_number_of_queries_whatever_the_size(small_territory, django_assert_num_queries):
    buyer = (
        type(small_territory.buyer).objects.select_related("organisation").get(pk=small_territory.buyer.pk)
    )
    office = (
        type(small_territory.office).objects.select_related("organisation").get(pk=small_territory.office.pk)
    )
    for rank in range(10):
        contract = territory.contract(office, buyer, f"2026-K{rank}", "Marché", "Entreprise")
        clause = territory.owes(contract, 100)
        territory.validated(contract, date(2026, 1, 1), [PlacementFactory(clause=clause)], "7.00")

    with django_assert_num_queries(9):
        figures(office=office, buyer=buyer, **YEAR)


def test_figures_come_back_from_the_ice_as_they_were(count):
    found = count()

    payload = frozen.freeze(found)

    assert frozen.thaw(payload) == found
    assert payload["totals"]["validated"] == "484.50"
    assert payload["cutoff_at"] == "2027-01-11T09:00:00+00:00"
    assert datetime.fromisoformat(payload["cutoff_at"]) == CUTOFF


def test_the_fingerprint_does_not_depend_on_the_order_of_the_keys(count):
    payload = frozen.freeze(count())

    assert frozen.fingerprint(dict(reversed(payload.items()))) == frozen.fingerprint(payload)


def test_hidden_counts_are_hidden_in_the_json_too(count):
    ages = frozen.freeze(count())["breakdowns"][1]["parts"]

    assert ages[0] == {"label": "Moins de 26 ans", "people": WITHHELD}
    assert FEW == "<\u00a05"
