"""`make demo` from the outside: the processes are the real ones, the data a folder of the test's own."""

import json
import os
import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection

import pytest


pytestmark = pytest.mark.services


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def environment(port, tmp_path):
    ours = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    return ours | {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "VAR_DIR": str(tmp_path),
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }


@pytest.fixture
def somebody(environment):
    """A database that is not empty, so that the start is the everyday one."""
    program = "from accounts.models import User; User.objects.create_user('camille@test.example')"
    for command in (["migrate", "--verbosity", "0"], ["shell", "--command", program]):
        subprocess.run([sys.executable, "manage.py", *command], env=environment, check=True)  # noqa: S603


@pytest.fixture
def demonstration(somebody, environment):
    process = subprocess.Popen(
        [sys.executable, "manage.py", "demo"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield process
    process.terminate()
    process.communicate(timeout=20)


def get(port, path):
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path)
    return json.loads(connection.getresponse().read())


def test_it_says_where_it_serves_and_stops_what_it_started(demonstration, port):
    said = next(line for line in demonstration.stdout if "Ctrl-C" in line)

    assert f"http://127.0.0.1:{port}/" in said
    assert get(port, "/healthz") == {"status": "ok"}
    assert get(port, "/readyz") == {"status": "ok"}

    demonstration.send_signal(signal.SIGTERM)

    assert demonstration.wait(timeout=20) == 0
    with pytest.raises(ConnectionRefusedError):
        get(port, "/healthz")
