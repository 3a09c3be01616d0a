from datetime import date

import pytest

from procurement.enums import DatePrecision
from procurement.rules.clock import Delays, Launch, clock, milestones, months_before


DELAYS = Delays(
    answer_days=28,
    urgent_answer_days=7,
    calibration_from_months=4,
    calibration_to_months=3,
    past_launch_days=60,
)
DEPOSIT = date(2027, 1, 11)
UNKNOWN = Launch(None)


def read(on, *, answered_on=None, launch=UNKNOWN, flagged_on=None):
    return clock(
        deposited_on=DEPOSIT, answered_on=answered_on, launch=launch, on=on, delays=DELAYS,
        flagged_on=flagged_on,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("on", "days_left", "label", "tone"),
    [
        (date(2027, 1, 11), 28, "Réponse dans 28 jours", "neutral"),
        (date(2027, 2, 1), 7, "Réponse dans 7 jours", "warning"),
        (date(2027, 2, 7), 1, "Réponse dans 1 jour", "warning"),
        (date(2027, 2, 8), 0, "Réponse aujourd’hui", "warning"),
        (date(2027, 2, 9), -1, "En retard de 1 jour", "danger"),
        (date(2027, 2, 20), -12, "En retard de 12 jours", "danger"),
    ],
)
def test_an_answer_is_promised_four_weeks_after_the_deposit(on, days_left, label, tone):
    found = read(on)

    assert found.promised_on == date(2027, 2, 8)
    assert (found.days_left, found.label, found.tone) == (days_left, label, tone)


@pytest.mark.parametrize(
    ("answered_on", "label", "tone"),
    [
        (date(2027, 2, 8), "Répondu dans le délai", "success"),
        (date(2027, 2, 10), "Répondu avec 2 jours de retard", "danger"),
    ],
)
def test_the_clock_stops_at_the_answer(answered_on, label, tone):
    found = read(date(2027, 6, 1), answered_on=answered_on)

    assert found.is_stopped
    assert (found.label, found.tone) == (label, tone)


@pytest.mark.parametrize(
    ("launch", "is_urgent"),
    [
        (Launch(date(2027, 2, 7)), True),
        (Launch(date(2027, 2, 8)), False),
        (Launch(date(2027, 2, 1), DatePrecision.MONTH), True),
        (Launch(date(2027, 1, 1), DatePrecision.QUARTER), True),
        (Launch(date(2027, 1, 1), DatePrecision.SEMESTER), False),
        (Launch(date(2027, 1, 1), DatePrecision.YEAR), False),
        (Launch(date(2027, 1, 10)), False),
        (Launch(date(2022, 3, 1), DatePrecision.MONTH), False),
        (UNKNOWN, False),
    ],
)
def test_a_launch_nearer_than_the_answer_is_urgent_and_has_its_own_delay(launch, is_urgent):
    found = read(DEPOSIT, launch=launch)

    assert found.is_urgent is is_urgent
    assert found.days_left == (7 if is_urgent else 28)


@pytest.mark.parametrize(
    ("flagged_on", "launch", "days_left"),
    [
        (date(2027, 1, 13), UNKNOWN, 9),
        # A promise already given is not put off.
        (date(2027, 2, 5), UNKNOWN, 28),
        (date(2027, 1, 13), Launch(date(2027, 1, 20)), 7),
    ],
)
def test_a_line_marked_as_urgent_takes_the_fast_lane_from_that_day(flagged_on, launch, days_left):
    found = read(DEPOSIT, launch=launch, flagged_on=flagged_on)

    assert (found.is_urgent, found.is_flagged, found.days_left) == (True, True, days_left)


def steps(on, *, launch, is_calibrated=False):
    answer = read(on, launch=launch)
    return milestones(answer=answer, launch=launch, is_calibrated=is_calibrated, on=on, delays=DELAYS)


def test_calibration_comes_three_to_four_months_before_the_launch():
    answer, calibration, launch = steps(date(2027, 3, 1), launch=Launch(date(2027, 7, 15)))

    assert (answer.due_on, answer.state, answer.tone) == (date(2027, 2, 8), "En retard", "danger")
    assert (calibration.starts_on, calibration.due_on) == (date(2027, 3, 15), date(2027, 4, 15))
    assert (calibration.state, calibration.tone) == ("À venir", "neutral")
    assert (launch.due_on, launch.actor) == (date(2027, 7, 15), "l’acheteur")


@pytest.mark.parametrize(
    ("launch_on", "ends_on"), [(date(2027, 4, 1), date(2027, 2, 8)), (date(2027, 1, 14), date(2027, 1, 14))]
)
def test_a_calibration_is_due_neither_before_the_answer_nor_after_the_launch(launch_on, ends_on):
    found = {step.label: step for step in steps(DEPOSIT, launch=Launch(launch_on, DatePrecision.DAY))}

    calibration = found["Calibrage de la clause"]
    assert calibration.starts_on is None
    assert calibration.due_on == ends_on


def test_what_was_done_is_not_late():
    steps_by_label = {
        step.label: step
        for step in steps(date(2027, 7, 20), launch=Launch(date(2027, 7, 15)), is_calibrated=True)
    }

    assert steps_by_label["Calibrage de la clause"].state == "Fait"
    assert steps_by_label["Calibrage de la clause"].tone == "success"


def test_a_launch_gone_by_is_neither_done_nor_late():
    launch = steps(date(2027, 7, 20), launch=Launch(date(2027, 7, 15)))[-1]

    assert (launch.state, launch.tone) == ("Date passée", "neutral")


def test_without_a_launch_only_the_answer_is_due():
    assert [step.label for step in steps(DEPOSIT, launch=UNKNOWN)] == ["Réponse à l’acheteur"]


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2027, 7, 31), 3, date(2027, 4, 30)),
        (date(2027, 1, 15), 4, date(2026, 9, 15)),
        (date(2028, 5, 31), 3, date(2028, 2, 29)),
    ],
)
def test_months_before_stay_inside_the_month(day, months, before):
    assert months_before(day, months) == before
