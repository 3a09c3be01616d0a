from dataclasses import replace
from datetime import date

import pytest

from clauses.enums import DueKind, Verdict
from clauses.rules import calendar
from clauses.rules.agenda import Due, Line, dues
from clauses.rules.calendar import Span
from procurement.enums import DatePrecision
from procurement.rules.clock import Delays, Launch, clock


DELAYS = Delays(
    answer_days=28,
    urgent_answer_days=7,
    calibration_from_months=4,
    calibration_to_months=3,
    past_launch_days=60,
)
DEPOSIT = date(2027, 1, 11)
SUMMER = Launch(date(2027, 7, 15))


def line(*, launch=SUMMER, on, answered_on=None, **facts):
    found = clock(deposited_on=DEPOSIT, answered_on=answered_on, launch=launch, on=on, delays=DELAYS)
    known = {
        "market_id": 1, "title": "Entretien des parcs", "plan_id": 9, "year": 2027, "buyer": "Rivebelle",
        "department": "Espaces verts", "verdict": "", "is_calibrated": False, "is_followed": False,
    }  # fmt: skip
    return Line(**known | facts, launch=launch, clock=found)


def kinds(found):
    return [due.kind for due in found]


def read(on, **facts):
    return dues([line(on=on, **facts)], delays=DELAYS, on=on)


def test_a_line_has_its_answer_its_calibration_and_its_launch():
    answer, calibration, launch = read(DEPOSIT)

    assert (answer.kind, answer.due_on, answer.pk) == (DueKind.ANSWER, date(2027, 2, 8), 9)
    assert (calibration.kind, calibration.due_on) == (DueKind.CALIBRATION, date(2027, 4, 15))
    assert calibration.starts_on == date(2027, 3, 15)
    assert (launch.kind, launch.due_on, launch.pk) == (DueKind.LAUNCH, date(2027, 7, 15), 1)


def test_the_lines_of_a_plan_share_one_answer_but_for_the_urgent_ones():
    on = DEPOSIT
    urgent = line(on=on, launch=Launch(date(2027, 1, 25)), market_id=3, title="Relogement")
    lines = [line(on=on), line(on=on, market_id=2), urgent]

    answers = [due for due in dues(lines, delays=DELAYS, on=on) if due.kind == DueKind.ANSWER]

    assert [(due.title, due.lines, due.is_urgent) for due in answers] == [
        ("Relogement", 1, True),
        ("Plan d’achats 2027", 2, False),
    ]
    assert len({due.uid for due in answers}) == 2


def test_an_answer_given_is_no_longer_due():
    assert kinds(read(DEPOSIT, answered_on=DEPOSIT)) == [DueKind.CALIBRATION, DueKind.LAUNCH]


@pytest.mark.parametrize(
    "facts", [{"is_calibrated": True}, {"is_followed": True}, {"verdict": Verdict.NOT_CLAUSABLE}]
)
def test_a_line_calibrated_followed_or_closed_has_only_its_launch_left(facts):
    assert kinds(read(DEPOSIT, answered_on=DEPOSIT, **facts)) == [DueKind.LAUNCH]


def test_late_is_what_should_be_done_and_is_not():
    answer, calibration, launch = read(date(2027, 5, 1), verdict=Verdict.CLAUSABLE)

    assert (answer.is_late, answer.state, answer.tone) == (True, "En retard de 82 jours", "danger")
    assert (calibration.is_late, calibration.days_late) == (True, 16)
    assert (launch.is_late, launch.state, launch.tone) == (False, "À venir", "neutral")


def test_the_calibration_of_a_line_without_a_verdict_leaves_its_place_to_the_late_answer():
    assert kinds(read(date(2027, 5, 1))) == [DueKind.ANSWER, DueKind.LAUNCH]


@pytest.mark.parametrize(
    ("on", "state", "tone"),
    [
        (date(2027, 7, 15), "Aujourd’hui", "warning"),
        (date(2027, 7, 14), "Dans 1 jour", "warning"),
        (date(2027, 6, 20), "Dans 25 jours", "neutral"),
        (date(2027, 6, 1), "À venir", "neutral"),
    ],
)
def test_a_launch_counts_its_days_when_it_is_near(on, state, tone):
    launch = read(on, is_calibrated=True, answered_on=DEPOSIT)[-1]

    assert (launch.state, launch.tone) == (state, tone)


def test_a_launch_without_a_verdict_is_late_for_a_while_then_only_gone_by():
    (late,) = read(date(2027, 9, 13), answered_on=DEPOSIT)
    (past,) = read(date(2027, 9, 14), answered_on=DEPOSIT)

    assert (late.kind, late.is_late, late.days_late) == (DueKind.LAUNCH, True, 60)
    assert (past.kind, past.is_late, past.state, past.tone) == (DueKind.PAST, False, "Sans suite", "neutral")


def test_a_launch_gone_by_that_was_judged_is_not_late():
    (judged,) = read(date(2027, 7, 20), answered_on=DEPOSIT, verdict=Verdict.CLAUSABLE)

    assert (judged.kind, judged.is_late, judged.state, judged.tone) == (
        DueKind.LAUNCH, False, "Date passée", "neutral",
    )  # fmt: skip


@pytest.mark.parametrize("facts", [{"is_followed": True}, {"verdict": Verdict.NOT_CLAUSABLE}])
def test_a_launch_gone_by_that_is_followed_or_closed_is_no_noise(facts):
    assert read(date(2027, 8, 1), answered_on=DEPOSIT, **facts) == []


def test_a_launch_known_to_the_month_is_over_with_its_month():
    launch = Launch(date(2027, 7, 1), DatePrecision.MONTH)
    told = {"launch": launch, "answered_on": DEPOSIT, "is_calibrated": True}

    (still,) = read(date(2027, 7, 31), **told)
    (late,) = read(date(2027, 8, 2), **told)

    assert (still.is_late, still.state, still.launch_label) == (False, "À venir", "juillet 2027")
    assert (late.is_late, late.days_late) == (True, 2)
    assert still.is_approximate
    assert not still.is_dated
    assert still.precision_label == "Au mois"


def test_a_launch_known_to_the_year_is_told_but_nothing_is_counted_back_from_it():
    (due,) = read(DEPOSIT, answered_on=DEPOSIT, launch=Launch(date(2027, 1, 1), DatePrecision.YEAR))

    assert due.is_vague
    assert due.launch_label == "2027"


def test_a_line_without_a_launch_only_awaits_its_answer():
    (answer,) = read(DEPOSIT, launch=Launch(None))

    assert answer.kind == DueKind.ANSWER
    assert answer.launch_label == ""
    assert answer.precision_label == ""


def test_without_promises_the_launches_are_left():
    bare = replace(line(on=DEPOSIT), clock=None)

    assert kinds(dues([bare], delays=None, on=DEPOSIT)) == [DueKind.LAUNCH]
    assert kinds(dues([bare], delays=None, on=date(2027, 7, 16))) == [DueKind.PAST]


def an_entry(due_on, kind=DueKind.CALIBRATION, *, is_late=False, launch=SUMMER):
    return Due(kind, 1, due_on, "Parcs", "Rivebelle", 2027, "", DEPOSIT, launch=launch, is_late=is_late)


LATE = an_entry(date(2026, 12, 1), is_late=True)
FEBRUARY, MARCH = an_entry(date(2027, 2, 3)), an_entry(date(2027, 3, 3))
VAGUE = an_entry(date(2027, 1, 1), DueKind.LAUNCH, launch=Launch(date(2027, 1, 1), DatePrecision.YEAR))
QUARTER = an_entry(date(2027, 2, 1), DueKind.LAUNCH, launch=Launch(date(2027, 2, 1), DatePrecision.MONTH))
PAST = an_entry(date(2026, 5, 1), DueKind.PAST)


def test_late_entries_come_first_then_the_months_then_what_has_none():
    found = calendar.sections([PAST, LATE, VAGUE, FEBRUARY, MARCH])

    assert [section.title for section in found] == [
        "En retard", "Février 2027", "Mars 2027", "Lancements connus au semestre ou à l’année",
        "Lancements passés sans suite",
    ]  # fmt: skip


def test_a_period_keeps_the_late_entries_and_a_month_only_its_own():
    everything = [PAST, LATE, FEBRUARY, MARCH]
    ahead = Span(date(2027, 1, 1), date(2027, 3, 1))
    march = Span(date(2027, 3, 1), date(2027, 4, 1), is_month=True)

    assert calendar.kept(everything, ahead) == [PAST, LATE, FEBRUARY]
    assert calendar.kept(everything, march) == [MARCH]
    assert calendar.kept(everything, Span()) == everything


def test_a_month_has_whole_weeks_and_sets_apart_what_has_no_day():
    month = calendar.month_of([FEBRUARY, QUARTER, MARCH], date(2027, 2, 1), on=date(2027, 2, 3))

    days = {day.on: day for week in month.weeks for day in week}
    assert days[date(2027, 2, 3)].dues == [FEBRUARY]
    assert days[date(2027, 2, 3)].is_today
    assert all(len(week) == 7 for week in month.weeks)
    assert month.undated == [QUARTER]
    assert (month.previous, month.next) == (date(2027, 1, 1), date(2027, 3, 1))
