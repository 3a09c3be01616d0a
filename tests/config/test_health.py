import json

import pytest

from config import health


def test_healthz_answers_without_a_database(client):
    answer = client.get("/healthz")

    assert answer.json() == {"status": "ok"}


@pytest.mark.django_db
def test_readyz_answers_when_everything_does(client):
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_readyz_says_what_failed_and_nothing_secret(client, monkeypatch):
    def refuse():
        raise OSError("postgres://app:secret@db")

    monkeypatch.setitem(health.CHECKS, "file_store", refuse)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert json.loads(answer.content) == {"status": "failing", "failures": {"file_store": "OSError"}}
