import signal

import pytest

from config.celery import app


pytestmark = pytest.mark.services


def test_a_real_worker_answers(start_worker):
    start_worker("-c", "1")

    assert app.control.ping(timeout=1) == [{"worker0@test": {"ok": "pong"}}]


def test_a_worker_that_is_asked_to_stop_ends_well(start_worker):
    worker = start_worker("-c", "1")

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(timeout=10) == 0
