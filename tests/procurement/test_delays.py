from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import User
from procurement.enums import DelayCode
from procurement.models import Delay
from procurement.queries.delays import office_of, timetable, timetable_of
from procurement.rules.delays import Kept, Timetable, faults
from procurement.services import delays
from procurement.services.delays import DelaysRefused
from tests.accounts.factories import MandateFactory, OfficeFactory
from tests.clauses.reading import plain
from tests.procurement.factories import MarketFactory, PurchasePlanFactory


PAGE = "/echeances/delais/"
TODAY, LATER = date(2026, 11, 25), date(2027, 3, 1)
USUAL = {
    DelayCode.ANSWER: 28, DelayCode.URGENT_ANSWER: 7, DelayCode.CALIBRATION_FROM: 4,
    DelayCode.CALIBRATION_TO: 3, DelayCode.PAST_LAUNCH: 60, DelayCode.PLAN_DUE: 15,
    DelayCode.PLAN_REMINDER: 14,
}  # fmt: skip


@pytest.fixture
def office(stage):
    return stage.office


def keep(office, by, on=TODAY, **changes):
    values = USUAL | {DelayCode[name.upper()]: value for name, value in changes.items()}
    return delays.keep(office=office, values=values, by=by, on=on)


def test_without_a_setting_an_office_keeps_the_usual_delays(office):
    known = timetable(office.pk)

    assert {code: known.value(code, TODAY) for code in DelayCode} == USUAL
    assert known.plan_due_on(2027) == date(2027, 1, 15)


def test_an_office_sets_its_own_from_one_day_on(office, facilitator):
    changed = keep(office, facilitator, answer=21)

    known = timetable(office.pk)
    assert changed == [DelayCode.ANSWER]
    assert known.at(TODAY).answer_days == 21
    assert known.at(date(2026, 11, 24)).answer_days == 28
    assert timetable(None).at(TODAY).answer_days == 28
    assert "délai de réponse à l’acheteur, de 28 à 21" in str(audit.history(office)[0])


def test_another_office_keeps_the_usual_ones(office, facilitator, stage):
    keep(office, facilitator, answer=21)

    assert timetable(stage.other_office.pk).at(TODAY).answer_days == 28


def test_a_delay_set_twice_the_same_day_keeps_the_last(office, facilitator):
    keep(office, facilitator, answer=21)
    keep(office, facilitator, answer=14)

    assert Delay.objects.filter(office=office).get().value == 14


def test_a_later_change_ends_the_former(office, facilitator):
    keep(office, facilitator, answer=21)
    keep(office, facilitator, on=LATER, answer=14)

    known = timetable(office.pk)
    assert known.at(date(2027, 2, 28)).answer_days == 21
    assert known.at(LATER).answer_days == 14


def test_the_usual_value_is_no_longer_the_office_own(office, facilitator):
    keep(office, facilitator, answer=21)
    delays.reset(office=office, by=facilitator, on=LATER)

    row = Delay.objects.get(office=office)
    assert row.valid_to == LATER
    assert timetable(office.pk).at(LATER).answer_days == 28


def test_saving_the_same_delays_tells_nothing(office, facilitator):
    assert keep(office, facilitator) == []
    assert not audit.history(office).exists()


def test_a_delay_that_has_no_usual_value_is_the_office_own(office, facilitator):
    Delay.objects.filter(code=DelayCode.ANSWER).delete()

    keep(office, facilitator)
    delays.reset(office=office, by=facilitator, on=LATER)

    assert timetable(office.pk).value(DelayCode.ANSWER, LATER) == 28


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"answer": 0}, DelayCode.ANSWER, "de 1 à 180"),
        ({"plan_due": 300}, DelayCode.PLAN_DUE, "de 1 à 181"),
        ({"urgent_answer": 30}, DelayCode.URGENT_ANSWER, "plus longtemps qu’un autre"),
        ({"calibration_to": 6}, DelayCode.CALIBRATION_TO, "comptez moins de mois"),
    ],
)
def test_what_cannot_be_kept_is_refused(office, facilitator, changes, code, words):
    with pytest.raises(DelaysRefused, match=words) as refusal:
        keep(office, facilitator, **changes)

    assert code in refusal.value.faults
    assert not Delay.objects.filter(office=office).exists()


def test_delays_told_apart_are_judged_apart():
    assert faults({DelayCode.PLAN_DUE: 15}) == {}


def test_a_promise_is_none_when_one_of_its_delays_is_missing():
    kept = Kept(DelayCode.ANSWER, 28, date(2021, 1, 1), None, is_own=False)

    assert Timetable((kept,)).at(TODAY) is None
    assert Timetable(()).plan_due_on(2027) is None


def test_a_buyer_reads_the_delays_of_the_office_that_serves_it(office, facilitator, buyer, stage):
    keep(office, facilitator, answer=21)
    MandateFactory(office=OfficeFactory(), partner=stage.buyer.organisation, starts_on=date(2026, 6, 1))

    assert timetable_of(buyer).at(TODAY).answer_days == 21
    assert office_of(User()) is None


@pytest.mark.django_db
def test_two_usual_delays_do_not_begin_the_same_day():
    usual = Delay.objects.filter(code=DelayCode.ANSWER).get()
    usual.pk = None

    with pytest.raises(ValidationError, match="Une autre ligne couvre déjà"):
        usual.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        usual.save()


@pytest.mark.parametrize(
    "faulty",
    [{"valid_to": date(2020, 1, 1)}, {"value": 731}, {"valid_from": date(2026, 1, 1), "twice": True}],
)
def test_constraints_hold(office, faulty):
    row = {"office": office, "code": DelayCode.ANSWER, "value": 20, "valid_from": date(2026, 1, 1)}
    if faulty.pop("twice", False):
        Delay.objects.create(**row)

    with pytest.raises(IntegrityError), transaction.atomic():
        Delay.objects.create(**row | faulty)


def test_a_delay_reads_as_a_sentence(office):
    row = Delay(office=office, code=DelayCode.ANSWER, value=20)

    assert plain(str(row)) == "Délai de réponse à l’acheteur : 20 jours"


@time_machine.travel("2026-11-25 09:00:00+00:00", tick=False)
def test_the_page_shows_sets_and_resets(as_user, manager, office):
    visitor = as_user(manager)
    values = {code.value: value for code, value in USUAL.items()}

    shown = plain(visitor.get(PAGE).content.decode())
    saved = plain(visitor.post(PAGE, values | {"answer-days": 21}, follow=True).content.decode())
    same = visitor.post(PAGE, values | {"answer-days": 21}, follow=True).content.decode()
    reset = visitor.post(f"{PAGE}reprendre/", follow=True).content.decode()

    assert "Usuel : 28." in shown
    assert "15 est le 15 janvier" in shown
    assert "Propre à l’office depuis le 25/11/2026." in saved
    assert "de 28 à 21" in saved
    assert "Rien n’a changé" in same
    assert "suit de nouveau" in reset
    assert timetable(office.pk).at(TODAY).answer_days == 28


def test_the_page_says_what_cannot_be_kept(as_user, facilitator):
    values = {code.value: value for code, value in USUAL.items()}

    answer = as_user(facilitator).post(PAGE, values | {"answer-days-urgent": 40, "plan-due-day": "bientôt"})

    assert answer.status_code == 422
    assert "Écrivez un nombre entier." in answer.content.decode()
    refused = as_user(facilitator).post(PAGE, values | {"answer-days-urgent": 40})
    assert "plus longtemps" in refused.content.decode()


def test_the_page_says_when_there_is_no_usual_delay(as_user, facilitator):
    Delay.objects.filter(code=DelayCode.ANSWER).delete()

    assert "Aucun délai usuel" in as_user(facilitator).get(PAGE).content.decode()


@time_machine.travel("2026-11-25 09:00:00+00:00", tick=False)
def test_the_calendar_follows_the_office_but_keeps_what_was_promised(as_user, facilitator, office, stage):
    MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer, submitted=True), launch_on=date(2027, 9, 1))
    visitor = as_user(facilitator)
    keep(office, facilitator, answer=14, calibration_from=8, calibration_to=6)

    page = plain(visitor.get("/echeances/").content.decode())

    assert "30/11/2026" in page
    assert "01/03/2027" in page
