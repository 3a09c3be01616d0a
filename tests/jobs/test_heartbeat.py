from datetime import timedelta

import pytest
from django.db import OperationalError

from jobs.services import heartbeat, lease
from tests.jobs.factories import ASKED_AT, JobFactory


pytestmark = pytest.mark.django_db


class Bell:
    """An event that is waited for a few times, without the waiting."""

    def __init__(self, times):
        self.times = times

    def wait(self, seconds):
        self.times -= 1
        return self.times < 0


class Clock:
    def __init__(self, step=timedelta(seconds=5)):
        self.now, self.step = ASKED_AT, step

    def __call__(self):
        self.now += self.step
        return self.now


@pytest.fixture
def held():
    return lease.claim(job_id=JobFactory().pk, at=ASKED_AT)


def test_the_job_stays_alive_until_it_is_over(held):
    heartbeat.keep_beating(held, Clock(), Bell(3))

    held.refresh_from_db()
    assert held.heartbeat_at == ASKED_AT + timedelta(seconds=20)


def test_a_job_that_was_taken_over_is_left_alone(held):
    lease.claim(job_id=held.pk, at=ASKED_AT + timedelta(minutes=1))

    heartbeat.keep_beating(held, Clock(), Bell(3))

    held.refresh_from_db()
    assert held.heartbeat_at == ASKED_AT + timedelta(minutes=1)


def test_a_job_that_hangs_does_not_look_alive_for_ever(held):
    heartbeat.keep_beating(held, Clock(step=timedelta(minutes=4)), Bell(10))

    held.refresh_from_db()
    assert held.heartbeat_at == ASKED_AT + timedelta(minutes=12)


def test_a_database_that_is_away_for_a_moment_costs_a_beat(held, monkeypatch):
    beat, cuts = lease.beat, [OperationalError]

    def beat_after_a_cut(**options):
        if cuts:
            raise cuts.pop()
        beat(**options)

    monkeypatch.setattr(lease, "beat", beat_after_a_cut)

    heartbeat.keep_beating(held, Clock(), Bell(2))

    held.refresh_from_db()
    assert held.heartbeat_at == ASKED_AT + timedelta(seconds=15)


def test_a_short_job_ends_before_the_first_beat(held):
    with heartbeat.beating(held, Clock()):
        pass

    held.refresh_from_db()
    assert held.heartbeat_at == ASKED_AT
