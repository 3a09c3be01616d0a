"""A verdict is given while the answer is published: only a database that locks rows can tell."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event

import pytest
from django.db import connection, transaction

from accounts.roles import Role
from clauses.enums import Verdict, VerdictReason
from clauses.services import answers, screening
from clauses.services.derogations import JustificationMissing
from clauses.services.screening import Opinion
from procurement.enums import PlanState, ThresholdEffect, ThresholdNature
from procurement.models import LegalThreshold
from tests.accounts.factories import MandateFactory, OfficeFactory, person
from tests.clauses.factories import MORNING
from tests.procurement.factories import MarketFactory, PurchasePlanFactory


pytestmark = pytest.mark.services

CLOSING = Opinion(Verdict.NOT_CLAUSABLE, VerdictReason.NO_SUPPLY)


@pytest.fixture
def law(servers):
    """The threshold that the line is above: these tests begin with empty tables."""
    LegalThreshold.objects.all().delete()
    services = {
        "nature": ThresholdNature.SUPPLIES_SERVICES,
        "source": "Essai",
        "valid_from": date(2026, 8, 22),
    }
    LegalThreshold.objects.create(effect=ThresholdEffect.FORMAL, amount=216_000, **services)
    LegalThreshold.objects.create(effect=ThresholdEffect.SOCIAL_DUTY, **services)


def test_a_line_closed_while_its_answer_is_published_is_read_by_it(law):
    office, market = OfficeFactory(), MarketFactory(plan=PurchasePlanFactory(submitted=True))
    MandateFactory(office=office, partner=market.plan.buyer.organisation)
    colleague = person(Role.FACILITATOR, office.organisation)
    judged, publishing = Event(), Event()

    def judge():
        try:
            with transaction.atomic():
                screening.decide(market=market, office=office, opinion=CLOSING, by=colleague, at=MORNING)
                judged.set()
                publishing.wait(timeout=10)
                # Time enough for the other to wait for this line.
                publishing.clear()
                publishing.wait(timeout=1)
        finally:
            connection.close()

    def publish():
        judged.wait(timeout=10)
        publishing.set()
        try:
            return answers.publish(plan=market.plan, office=office, unseen=0, by=colleague, at=MORNING)
        except (JustificationMissing, answers.UnseenLines) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as crowd:
        done = crowd.submit(judge)
        outcome = crowd.submit(publish).result()
        done.result()

    market.plan.refresh_from_db()
    assert isinstance(outcome, JustificationMissing)
    assert market.plan.state == PlanState.SUBMITTED
