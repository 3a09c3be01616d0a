from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail

from accounts import audit
from accounts.roles import Role
from procurement import tasks
from procurement.models import Delay, PlanReminder
from procurement.queries.plan_campaign import late_campaign, missing_plans
from procurement.services import plan_reminders
from procurement.services.plan_reminders import RemindedLately, ReminderRefused
from tests.accounts.factories import MandateFactory, person
from tests.clauses.queries_of import queries_of
from tests.clauses.reading import plain
from tests.procurement.factories import BuyerFactory, PurchasePlanFactory


PAGE, LIST, HOME = "/acheteurs/relancer/", "/acheteurs/", "/"
AT = datetime(2027, 1, 20, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def late_january():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def served(stage):
    """Another buyer of the office, where nobody has an account."""
    buyer = BuyerFactory(organisation__name="Ville sans compte")
    MandateFactory(office=stage.office, partner=buyer.organisation)
    return buyer


def remind(stage, by, *, at=AT, again=(), buyers=None):
    chosen = [stage.buyer.pk] if buyers is None else buyers
    return plan_reminders.remind(buyers=chosen, year=2027, again=again, by=by, at=at)


def test_a_plan_is_missing_until_it_is_handed_in(stage, facilitator):
    assert [plan.buyer for plan in missing_plans(facilitator, 2027)] == ["Ville de Rivebelle"]

    plan = PurchasePlanFactory(buyer=stage.buyer)
    assert [row.has_draft for row in missing_plans(facilitator, 2027)] == [True]

    plan.delete()
    PurchasePlanFactory(buyer=stage.buyer, submitted=True)
    assert missing_plans(facilitator, 2027) == []


def test_who_has_sent_a_later_plan_is_not_behind(stage, facilitator):
    PurchasePlanFactory(buyer=stage.buyer, year=2028, submitted=True)

    assert missing_plans(facilitator, 2027) == []


def test_nobody_is_missing_under_no_hat(facilitator):
    facilitator.membership = None

    assert missing_plans(facilitator, 2027) == []


@pytest.mark.parametrize(
    ("on", "is_late"),
    [(date(2027, 1, 15), False), (date(2027, 1, 16), True), (date(2027, 7, 1), False)],
)
def test_a_campaign_is_late_from_the_day_after_the_one_that_was_set(facilitator, on, is_late):
    assert bool(late_campaign(facilitator, on)) is is_late


def test_an_office_may_await_the_plans_later(stage, facilitator):
    Delay.objects.create(
        office=stage.office, code="plan-due-day", value=46, valid_from=date(2026, 1, 1), source="Office"
    )

    assert late_campaign(facilitator, date(2027, 1, 31)) is None
    assert late_campaign(facilitator, date(2027, 2, 16)).due_on == date(2027, 2, 15)


def test_a_reminder_is_sent_and_kept_on_the_buyer(
    stage, facilitator, buyer, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as deferred:
        (reminder,) = remind(stage, facilitator)
    tasks.remind_of_plan(reminder.pk)

    assert len(deferred) == 1
    (letter,) = mail.outbox
    assert letter.to == [buyer.email]
    assert letter.reply_to == [facilitator.email]
    assert letter.subject == "Plan d’achats 2027 attendu – Ville de Rivebelle"
    assert "était attendu pour le 15 janvier 2027" in letter.body
    assert (reminder.due_on, str(reminder)) == (
        date(2027, 1, 15), "Relance du plan 2027 – Ville de Rivebelle",
    )  # fmt: skip
    assert "a relancé l’acheteur pour son plan d’achats 2027" in str(
        audit.history(stage.buyer.organisation)[0]
    )


def test_nothing_leaves_when_the_plan_came_meanwhile(stage, facilitator, buyer):
    (reminder,) = remind(stage, facilitator)
    PurchasePlanFactory(buyer=stage.buyer, submitted=True)

    tasks.remind_of_plan(reminder.pk)

    assert mail.outbox == []


def test_a_buyer_is_not_reminded_twice_in_a_fortnight_without_agreeing(stage, facilitator, buyer):
    remind(stage, facilitator)

    with pytest.raises(RemindedLately, match="moins de 14 jours") as refusal:
        remind(stage, facilitator, at=AT + timedelta(days=13))
    assert refusal.value.buyers == [stage.buyer.pk]
    assert len(remind(stage, facilitator, at=AT + timedelta(days=13), again=[stage.buyer.pk])) == 1
    assert len(remind(stage, facilitator, at=AT + timedelta(days=28))) == 1


def test_without_a_delay_between_letters_nobody_is_asked_to_agree(stage, facilitator, buyer):
    Delay.objects.filter(code="plan-reminder-days").delete()
    remind(stage, facilitator)

    assert len(remind(stage, facilitator)) == 1


def test_pointless_letters_are_refused(stage, facilitator, served):
    with pytest.raises(ReminderRefused, match="au moins un acheteur"):
        remind(stage, facilitator, buyers=[])
    with pytest.raises(ReminderRefused, match="Personne n’a de compte chez Ville sans compte"):
        remind(stage, facilitator, buyers=[served.pk])
    with pytest.raises(ReminderRefused, match="arrivé entre-temps"):
        remind(stage, facilitator, buyers=[served.pk, stage.other_buyer.pk])
    assert not PlanReminder.objects.exists()


def test_a_reminder_is_read_by_its_office_and_its_buyer(stage, facilitator, buyer, other_facilitator):
    remind(stage, facilitator)

    assert PlanReminder.objects.visible_to(facilitator).exists()
    assert PlanReminder.objects.visible_to(buyer).exists()
    assert not PlanReminder.objects.visible_to(other_facilitator).exists()


def test_the_page_shows_who_and_with_which_words(as_user, facilitator, buyer, served):
    page = plain(as_user(facilitator).get(PAGE).content.decode())

    assert "Ils étaient attendus pour le 15 janvier 2027" in page
    assert "Plan d’achats 2027 attendu – Ville de Rivebelle" in page
    assert "1 personne" in page
    assert "Aucun compte" in page


def test_the_page_sends_then_asks_before_sending_again(as_user, facilitator, buyer, stage):
    visitor = as_user(facilitator)

    sent = visitor.post(f"{PAGE}?year=2027", {"buyer": stage.buyer.pk}, follow=True)
    refused = visitor.post(f"{PAGE}?year=2027", {"buyer": stage.buyer.pk})
    agreed = visitor.post(
        f"{PAGE}?year=2027", {"buyer": stage.buyer.pk, "again": stage.buyer.pk}, follow=True
    )

    assert "La relance du plan 2027 part vers 1 acheteur." in sent.content.decode()
    assert refused.status_code == 422
    assert "Relancer de nouveau" in refused.content.decode()
    assert agreed.status_code == 200
    assert PlanReminder.objects.count() == 2


def test_the_page_says_what_is_wrong(as_user, facilitator, served, stage, buyer):
    visitor = as_user(facilitator)

    nobody = visitor.post(f"{PAGE}?year=2027", {"buyer": served.pk})
    unknown = visitor.post(f"{PAGE}?year=2027", {"buyer": stage.other_buyer.pk})

    assert (nobody.status_code, unknown.status_code) == (422, 422)
    assert "Personne n’a de compte" in nobody.content.decode()
    assert "n’attend aucune relance" in plain(unknown.content.decode())


def test_several_letters_leave_at_once(as_user, facilitator, buyer, stage, served):
    person(Role.BUYER, served.organisation)

    said = as_user(facilitator).post(f"{PAGE}?year=2027", {"buyer": [stage.buyer.pk, served.pk]}, follow=True)

    assert "part vers 2 acheteurs" in said.content.decode()


def test_the_address_may_name_one_buyer_or_another_year(as_user, facilitator, buyer, stage, served):
    one = as_user(facilitator).get(PAGE, {"buyer": stage.buyer.pk}).content.decode()
    next_year = plain(as_user(facilitator).get(PAGE, {"year": "2028"}).content.decode())
    odd = as_user(facilitator).get(PAGE, {"year": "²⁰²⁷"})

    assert one.count(" checked") == 1
    assert "Ils sont attendus pour le 15 janvier 2028" in next_year
    assert odd.status_code == 200


def test_when_all_the_plans_are_there_the_page_says_so(as_user, facilitator, stage):
    PurchasePlanFactory(buyer=stage.buyer, submitted=True)

    assert "Tous les plans sont là." in as_user(facilitator).get(PAGE).content.decode()


def test_the_list_of_buyers_tells_late_from_awaited(as_user, facilitator, stage):
    late = plain(as_user(facilitator).get(LIST, {"year": 2027}).content.decode())
    awaited = plain(as_user(facilitator).get(LIST, {"year": 2028}).content.decode())

    assert "attendu pour le 15/01/2027" in late
    assert "Relancer les acheteurs" in late
    assert "pour le 15/01/2028" in awaited
    assert "Relancer les acheteurs" not in awaited


def test_what_is_missing_is_the_business_of_the_office_and_of_the_buyer(as_user, facilitator, buyer, served):
    office, own = (as_user(user).get(HOME).content.decode() for user in (facilitator, buyer))

    assert "2 plans non reçus" in office
    assert "Ville de Rivebelle, Ville sans compte" in office
    assert "Plan à ouvrir" in own


def test_many_missing_plans_stay_one_line(as_user, facilitator, stage):
    for rank in range(4):
        MandateFactory(
            office=stage.office, partner=BuyerFactory(organisation__name=f"Ville {rank}").organisation
        )

    assert "2 autres" in as_user(facilitator).get(HOME).content.decode()


def test_ten_buyers_cost_no_more_questions_than_one(as_user, facilitator, stage):
    visitor = as_user(facilitator)
    one = queries_of(visitor, PAGE)
    for rank in range(9):
        MandateFactory(
            office=stage.office, partner=BuyerFactory(organisation__name=f"Ville {rank}").organisation
        )

    assert queries_of(visitor, PAGE) == one


def test_nobody_to_write_to_is_said_and_nothing_can_be_sent(as_user, facilitator, stage, served):
    PurchasePlanFactory(buyer=stage.buyer, submitted=True)

    shown = plain(as_user(facilitator).get(PAGE).content.decode())

    assert "personne ne recevrait le message" in shown
    assert 'type="submit" disabled aria-describedby="personne"' in shown


def test_one_buyer_with_an_account_is_enough_to_send(as_user, facilitator, stage, buyer, served):
    shown = plain(as_user(facilitator).get(PAGE).content.decode())

    assert "personne ne recevrait" not in shown
    assert "disabled aria-describedby" not in shown
