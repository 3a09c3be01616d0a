"""Real servers and real workers. `make test-services` brings the servers; these fixtures bring the workers.

`REDIS_URL` names a database of the suite's own: it is emptied before each test.
"""

import os
import signal
import subprocess
import sys
from contextlib import suppress

import pytest
import redis
from django.db import connection

from config.celery import app


@pytest.fixture
def servers(transactional_db):
    """PostgreSQL behind Django and an empty Redis behind Celery, or a sentence saying how to get them."""
    if connection.vendor != "postgresql" or not os.environ.get("REDIS_URL"):
        pytest.fail("These tests need PostgreSQL and Redis: run them with `make test-services`.")
    redis.Redis.from_url(os.environ["REDIS_URL"]).flushdb()


@pytest.fixture
def file_store(settings, tmp_path):
    """A folder, which the workers see too: files kept in memory stay in one process."""
    folder = tmp_path / "files"
    folder.mkdir()
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(folder)},
        }
    }
    return folder


@pytest.fixture
def start_worker(servers, file_store, tmp_path):
    """`start_worker("-c", "1")` runs a real Celery worker on this test's database, once it answers."""
    workers = []

    def start(*arguments, **environment):
        name = f"worker{len(workers)}@test"
        worker = subprocess.Popen(  # noqa: S603 (the arguments of these tests)
            [
                sys.executable,
                "-m",
                "celery",
                "--quiet",
                "-A",
                "config.celery",
                "worker",
                "-n",
                name,
                *arguments,
            ],
            env=os.environ | worker_environment(file_store, tmp_path) | environment,
            start_new_session=True,
        )
        workers.append(worker)
        # Messages in files do not reach us: what such a worker does is seen in the database.
        if environment.get("REDIS_URL") != "":
            wait_for_answer(name, worker)
        return worker

    yield start
    for worker in workers:
        kill(worker)


def worker_environment(file_store, var):
    database = connection.settings_dict["NAME"]
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DATABASE_URL": f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{database}",
        "FILES_URL": str(file_store),
        "VAR_DIR": str(var),
        "LOG_LEVEL": "WARNING",
    }


def wait_for_answer(name, worker, attempts=30):
    for _ in range(attempts):
        if app.control.ping(destination=[name], timeout=1):
            return
        assert worker.poll() is None, f"{name} ended with code {worker.returncode} before it could work"
    pytest.fail(f"{name} did not answer")


def kill(worker):
    """Kill the whole group, children of a prefork pool included."""
    with suppress(ProcessLookupError):
        os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
