from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from clauses.enums import ClauseState, MonthState, Progress
from clauses.models import Clause, Declaration, Eligibility, Participant, Placement, ReferenceValue
from clauses.queries import balance, frozen, grid, months, steps
from clauses.rules.progress import expected_by, judge
from procurement.models import Contract
from tests.clauses import scenes
from tests.clauses.conftest import MARCH, NOON
from tests.clauses.factories import (
    DeclarationFactory,
    EligibilityFactory,
    HourEntryFactory,
    HoursMovementFactory,
    PlacementFactory,
)


START, END = date(2026, 1, 1), date(2027, 1, 1)
MIDDLE = date(2026, 7, 2)
TODAY = NOON.date()


@pytest.mark.parametrize(
    ("due", "declared", "credited", "ends_on", "on", "word"),
    [
        (0, 10, 10, END, MIDDLE, Progress.NO_TARGET),
        (100, 100, 100, END, MIDDLE, Progress.REACHED),
        (100, 100, 99, END, END, Progress.ON_TRACK),
        (100, 99, 99, END, END, Progress.MISSED),
        (100, 0, 0, END, date(2026, 3, 1), Progress.STARTING),
        (100, 46, 0, END, MIDDLE, Progress.ON_TRACK),
        (100, 40, 40, END, MIDDLE, Progress.TO_WATCH),
        (100, 29, 29, END, MIDDLE, Progress.LATE),
        (100, 0, 0, None, date(2030, 1, 1), Progress.ON_TRACK),
    ],
)
def test_progress_compares_the_hours_with_the_calendar(due, declared, credited, ends_on, on, word):
    got = judge(
        due=Decimal(due),
        declared=Decimal(declared),
        credited=Decimal(credited),
        starts_on=START,
        ends_on=ends_on,
        on=on,
    )

    assert got == word


@pytest.mark.parametrize(
    ("on", "hours"), [(date(2025, 1, 1), 0), (START, 0), (END, 365), (date(2028, 1, 1), 365)]
)
def test_nothing_is_expected_before_the_start_and_everything_at_the_end(on, hours):
    assert expected_by(due=Decimal(365), starts_on=START, ends_on=END, on=on) == hours


def test_a_balance_says_what_remains_and_what_exceeds(clause, placement):
    told = DeclarationFactory(contract=clause.contract, period=MARCH, validated=True)
    HourEntryFactory(declaration=told, placement=placement, hours_done=700, hours_credited=740)
    HoursMovementFactory(clause=clause, kind="later", hours=-133)

    row = Clause.objects.with_hours().get(pk=clause.pk)
    hours = balance.of(row)

    assert (hours.due, hours.declared, hours.done, hours.credited) == (700, 700, 700, 740)
    assert (hours.remaining, hours.surplus, hours.rate) == (-40, 40, Decimal("105.7"))


def test_the_total_of_a_list_is_the_sum_of_its_rows(stage):
    for number in (1, 2, 3):
        placement = PlacementFactory(
            clause=scenes.running_clause(stage, scenes.new_lot(stage, year=2026 + number)),
            participant=scenes.eligible_person(stage),
        )
        told = DeclarationFactory(contract=placement.clause.contract, period=MARCH, validated=True)
        HourEntryFactory(
            declaration=told, placement=placement, hours_done=Decimal("10.10"), hours_credited=Decimal("9.99")
        )

    total = balance.total(Clause.objects.with_hours())

    assert total == balance.Balance(
        due=Decimal(2499), declared=Decimal("30.30"), done=Decimal("30.30"), credited=Decimal("29.97")
    )
    assert balance.total(Clause.objects.none().with_hours()).due == 0


def test_a_clause_awaiting_its_contract_has_no_progress(awaiting):
    assert balance.progress(Clause.objects.with_hours().get(pk=awaiting.pk), TODAY) is None


def of(contract, on=date(2026, 6, 10)):
    return months.expected(Contract.objects.filter(pk=contract.pk), on)


def test_every_month_is_expected_from_the_start_to_last_month(contract):
    got = of(contract)

    assert [(month.period.month, month.state) for month in got] == [
        (number, MonthState.TO_DECLARE) for number in (2, 3, 4, 5)
    ]
    assert got[0].since == date(2026, 3, 1)
    assert got[0].is_owed_by_company


def test_no_month_is_expected_after_the_contract_nor_once_its_clauses_are_closed(contract, clause):
    assert len(of(contract, on=date(2028, 1, 1))) == 12

    Clause.objects.filter(pk=clause.pk).update(
        state=ClauseState.CLOSED, closed_at=NOON, closed_by=clause.committed_by
    )

    assert of(contract) == []


def test_what_the_company_owes_comes_first_then_the_latest(contract):
    DeclarationFactory(contract=contract, period=date(2026, 2, 1), validated=True)
    DeclarationFactory(contract=contract, period=date(2026, 3, 1), sent=True)
    rejected = DeclarationFactory(contract=contract, period=date(2026, 5, 1), rejected=True)

    got = of(contract)

    assert [(month.period.month, month.state) for month in got] == [
        (4, MonthState.TO_DECLARE),
        (5, MonthState.REJECTED),
        (3, MonthState.SENT),
        (2, MonthState.VALIDATED),
    ]
    assert got[1].declaration_id == rejected.pk
    assert got[1].since == date(2026, 11, 2)


def test_a_month_carries_its_real_and_its_credited_hours(placement, contract):
    told = DeclarationFactory(contract=contract, period=MARCH, validated=True)
    HourEntryFactory(declaration=told, placement=placement, hours_done=70, hours_credited=60)
    DeclarationFactory(contract=contract, period=date(2026, 2, 1))

    by_month = {month.period.month: month for month in of(contract)}

    assert (by_month[3].hours_done, by_month[3].hours_credited) == (70, 60)
    assert (by_month[2].hours_done, by_month[2].hours_credited, by_month[2].state) == (
        0,
        None,
        MonthState.DRAFT,
    )
    assert by_month[2].since == MARCH


@pytest.mark.parametrize(
    ("traits", "owner", "action", "since"),
    [
        ({}, "Jardins Services", "Déclarer les heures de février 2026", date(2026, 3, 1)),
        ({"rejected": True}, "Jardins Services", "Corriger les heures de février 2026", date(2026, 11, 2)),
        ({"sent": True}, "Office du Confluent", "Valider les heures de février 2026", date(2026, 11, 2)),
    ],
)
def test_the_next_action_has_an_owner_and_a_date(traits, owner, action, since, clause):
    if traits:
        DeclarationFactory(contract=clause.contract, period=date(2026, 2, 1), **traits)
    on = date(2026, 3, 20)

    step = steps.next_step(clause, months.expected(Contract.objects.all(), on), on)

    assert step == steps.Step(owner, action, since)


def test_a_clause_without_contract_waits_for_the_office(awaiting):
    Clause.objects.filter(pk=awaiting.pk).update(created_at=datetime(2026, 5, 4, 23, tzinfo=UTC))
    awaiting.refresh_from_db()

    # 23 h UTC is the next day in Paris.
    assert steps.next_step(awaiting, [], TODAY) == steps.Step(
        "Office du Confluent", "Notifier le contrat", date(2026, 5, 5)
    )


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 1, 15), ("Jardins Services", "Déclarer les heures de février 2026", date(2026, 3, 1))),
        (date(2026, 4, 15), ("Jardins Services", "Déclarer les heures d’avril 2026", date(2026, 5, 1))),
        (date(2027, 2, 1), ("Office du Confluent", "Clore la clause", date(2027, 2, 1))),
    ],
)
def test_when_nothing_is_late_the_next_month_or_the_end_comes(clause, on, expected):
    assert steps.next_step(clause, [], on) == steps.Step(*expected)


def test_a_closed_clause_expects_nothing(clause):
    clause.state = ClauseState.CLOSED

    assert steps.next_step(clause, [], TODAY) is None


def lines(contract, hours=None, period=MARCH):
    return grid.to_fill(contract, period, hours).lines


def test_the_grid_lists_everybody_by_name_with_last_month(clause, placement):
    PlacementFactory(
        clause=clause, participant=scenes.eligible_person(clause, first_name="Élie", last_name="Àbel")
    )
    february = DeclarationFactory(contract=clause.contract, period=date(2026, 2, 1), sent=True)
    HourEntryFactory(declaration=february, placement=placement, hours_done=Decimal("12.5"))

    got = grid.to_fill(clause.contract, MARCH)

    assert [line.person for line in got.lines] == ["Élie Àbel", "Ana Diallo"]
    assert [line.previous for line in got.lines] == [None, Decimal("12.5")]
    assert (got.total_previous, got.total_done, got.total_credited) == (Decimal("12.5"), 0, 0)


def test_more_than_the_legal_maximum_is_warned_beside_the_person(placement):
    (line,) = lines(placement.clause.contract, {placement.pk: Decimal(230)})

    assert line.warnings == (
        "Plus que le maximum légal\u00a0: 212,57\u00a0h pour 31 jours, à raison de 48\u00a0h par semaine.",
    )


def test_the_legal_maximum_counts_the_days_of_the_placement(placement):
    placement.starts_on = date(2026, 3, 30)
    placement.save()

    (line,) = lines(placement.clause.contract, {placement.pk: Decimal(14)})

    assert "13,71\u00a0h pour 2 jours" in line.warnings[0]


def test_without_a_legal_maximum_in_force_nothing_is_said(placement):
    ReferenceValue.objects.filter(code=grid.WEEKLY_MAXIMUM).delete()

    (line,) = lines(placement.clause.contract, {placement.pk: Decimal(700)})

    assert line.warnings == ()


def test_the_end_of_an_eligibility_is_warned_without_its_motive(placement):
    Eligibility.objects.update(valid_to=date(2026, 3, 15))

    (line,) = lines(placement.clause.contract, {placement.pk: Decimal(10)})

    assert line.warnings == ("Éligibilité reconnue jusqu’au 14 mars 2026 seulement.",)
    assert grid.to_fill(placement.clause.contract, MARCH, {placement.pk: Decimal(10)}).warned == {
        str(placement.pk)
    }


def test_a_renewed_eligibility_is_not_warned(placement):
    Eligibility.objects.update(valid_to=date(2026, 3, 15))
    EligibilityFactory(
        participant=placement.participant, valid_from=date(2026, 3, 15), valid_to=date(2028, 3, 15)
    )

    (line,) = lines(placement.clause.contract, {placement.pk: Decimal(10)})

    assert line.warnings == ()


@pytest.fixture
def colleague(placement, stage):
    """Moussa Keita, who worked 35 hours in February."""
    person = scenes.eligible_person(stage, first_name="Moussa", last_name="Keita")
    other = PlacementFactory(clause=placement.clause, participant=person)
    february = DeclarationFactory(contract=placement.clause.contract, period=date(2026, 2, 1))
    HourEntryFactory(declaration=february, placement=other, hours_done=35)
    return other


def test_a_person_left_blank_is_warned_with_the_hours_of_the_month_before(placement, colleague):
    written, blank = lines(placement.clause.contract, {placement.pk: Decimal(10)})

    assert written.warnings == ()
    assert blank.warnings == (
        "Rien pour Moussa Keita ce mois-ci\N{NO-BREAK SPACE}; 35\N{NO-BREAK SPACE}h en février.",
    )


def test_a_newcomer_left_blank_is_warned_too(placement, colleague):
    blank, written = lines(placement.clause.contract, {colleague.pk: Decimal(10)})

    assert written.warnings == ()
    assert blank.warnings == ("Rien pour Ana Diallo ce mois-ci.",)


def test_a_zero_is_an_answer(placement, colleague):
    _, zero = lines(placement.clause.contract, {placement.pk: Decimal(10), colleague.pk: Decimal(0)})

    assert zero.warnings == ()


@pytest.mark.parametrize("hours", [None, {}])
def test_a_grid_that_is_not_begun_forgets_nobody(placement, colleague, hours):
    assert [line.warnings for line in lines(placement.clause.contract, hours)] == [(), ()]


def test_a_person_who_left_before_the_month_is_not_missed(placement, colleague):
    written = DeclarationFactory(contract=placement.clause.contract, period=MARCH)
    HourEntryFactory(declaration=written, placement=colleague, hours_done=10)
    Placement.objects.filter(pk=colleague.pk).update(ends_on=date(2026, 3, 1))

    _, left = lines(placement.clause.contract, {placement.pk: Decimal(10)})

    assert left.warnings == ()


def test_hours_after_the_end_of_a_placement_are_warned(placement):
    written = DeclarationFactory(contract=placement.clause.contract, period=MARCH)
    HourEntryFactory(declaration=written, placement=placement, hours_done=10)
    Placement.objects.update(ends_on=date(2026, 2, 20))

    (line,) = lines(placement.clause.contract)

    assert line.warnings == ("Le placement a pris fin le 19 février 2026.",)


def test_no_hours_no_warning(placement):
    Eligibility.objects.all().delete()

    assert [line.warnings for line in lines(placement.clause.contract)] == [()]


def test_a_told_month_lists_only_those_who_were_declared(clause, placement):
    PlacementFactory(clause=clause)
    told = DeclarationFactory(contract=clause.contract, period=MARCH, validated=True)
    entry = HourEntryFactory(declaration=told, placement=placement, hours_done=10, hours_credited=8)

    got = grid.as_told(clause.contract, MARCH)

    assert [(line.entry_id, line.done, line.credited) for line in got.lines] == [(entry.pk, 10, 8)]
    assert got.total_credited == 8


def test_frozen_parameters_read_as_a_facilitator_writes_them():
    sections = frozen.sections(
        {
            "proposal": {
                "kind": "CONDITION_EXECUTION",
                "amount": "1000000.00",
                "labour_share": "0.5000",
                "rate": "0.0500",
                "hourly_cost": "30.00",
                "reserved_share": None,
                "hours_due": "833.00",
                "parameters": {
                    "formula": "1 000 000 € × 50 % × 5 % ÷ 30 €/h",
                    "references": [
                        {"label": "Coût horaire moyen", "value": "30", "unit": "€/h", "source": "MEF Sud 77"},
                        {
                            "label": "Part usuelle",
                            "value": "50",
                            "unit": "%",
                            "source": "usage",
                            "is_to_confirm": True,
                        },
                    ],
                },
            },
            "contract": {"reference": "M1", "notified_on": "2026-05-20", "qpv_share": "40"},
        }
    )

    assert [(title, [(fact.label, fact.value) for fact in facts]) for title, facts in sections] == [
        (
            "Le calcul",
            [
                ("Disposition", "Condition d’exécution (clause sociale)"),
                ("Montant retenu", "1\u202f000\u202f000\u00a0€"),
                ("Part de main-d’œuvre", "50\u00a0%"),
                ("Taux d’insertion", "5\u00a0%"),
                ("Coût horaire", "30\u00a0€/h"),
                ("Heures calculées", "833\u00a0h"),
                ("Formule", "1 000 000 € × 50 % × 5 % ÷ 30 €/h"),
            ],
        ),
        ("Le contrat", [("Contrat", "M1"), ("Notifié le", "20/05/2026"), ("Part en QPV", "40\u00a0%")]),
        (
            "Les valeurs de référence d’alors",
            [
                ("Coût horaire moyen", "30\u00a0€/h, MEF Sud 77"),
                ("Part usuelle", "50\u00a0% (à confirmer), usage"),
            ],
        ),
    ]
    assert frozen.sections({}) == []


def test_people_are_found_without_their_accents(stage):
    scenes.eligible_person(stage, first_name="Éric", last_name="Lemaître")

    assert Participant.objects.matching("lemaitre ERIC").count() == 1
    assert Participant.objects.matching("éric dupont").count() == 0


def test_placements_sum_their_own_months(placement):
    for state, done, credited in [("sent", 10, None), ("validated", 20, 18), ("rejected", 40, None)]:
        month = {"sent": 3, "validated": 4, "rejected": 5}[state]
        told = DeclarationFactory(
            contract=placement.clause.contract, period=date(2026, month, 1), **{state: True}
        )
        HourEntryFactory(declaration=told, placement=placement, hours_done=done, hours_credited=credited)

    row = Placement.objects.with_hours().get()

    assert (row.hours_declared, row.hours_done, row.hours_credited) == (30, 20, 18)
    queue = Declaration.objects.with_hours().order_by("period")
    assert [(row.hours_done, row.hours_credited) for row in queue] == [(10, 0), (20, 18), (40, 0)]
