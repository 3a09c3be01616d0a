import os
import signal
import socket
import subprocess
import sys

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from jobs.management.commands import demo


@pytest.fixture(autouse=True)
def _signals_as_before():
    names = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {name: signal.getsignal(name) for name in names}
    yield
    for name, handler in before.items():
        signal.signal(name, handler)


@pytest.fixture
def local_data(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def commands_called(monkeypatch):
    called = []
    monkeypatch.setattr(demo, "call_command", lambda name, **options: called.append(name))
    return called


@pytest.fixture
def free_port(monkeypatch):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("PORT", str(port))
    return port


def running(program):
    """A Python program in a session of its own, waited for until it speaks or ends."""
    process = subprocess.Popen(  # noqa: S603 (the programs of these tests)
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    with process.stdout as output:
        output.readline()
    return process


SLEEPER = "import time; print(flush=True); time.sleep(60)"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPER}"


def refusal(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        call_command("demo", *arguments)
    return stop.value.code, capsys.readouterr().err.strip()


def test_a_port_in_use_is_refused_in_one_sentence(capsys, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as neighbour:
        port = neighbour.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))

        code, said = refusal(capsys)

    assert code == 2
    assert said == (
        f"Le port {port} n’est pas libre : arrêtez ce qui l’occupe ou choisissez-en un autre, "
        "par exemple « make demo PORT=8001 »."
    )


@pytest.mark.parametrize("port", ["huit mille", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(capsys, monkeypatch, port):
    monkeypatch.setenv("PORT", port)

    assert refusal(capsys) == (2, f"PORT doit être un nombre entre 1 et 65535, pas « {port} ».")


def test_it_runs_under_demonstration_settings_only(capsys, settings):
    settings.DEMONSTRATION = False

    code, said = refusal(capsys)

    assert code == 2
    assert said == "La démonstration ne se lance qu’avec les réglages de démonstration."


@pytest.mark.usefixtures("free_port")
def test_a_reset_spares_a_database_that_is_not_the_local_one(capsys, local_data):
    (local_data / "files").mkdir()

    code, said = refusal(capsys, "--reset")

    assert code == 2
    assert said == "DATABASE_URL désigne une autre base que la base locale : rien n’est effacé."
    assert (local_data / "files").exists()


@pytest.mark.usefixtures("free_port")
def test_a_reset_forgets_the_local_database_and_files_and_nothing_else(local_data, monkeypatch):
    (local_data / "files").mkdir()
    (local_data / "files" / "bilan.pdf").touch()
    (local_data / "clausier.sqlite3").touch()
    (local_data / "bench.json").touch()
    monkeypatch.setattr(demo, "uses_local_database", lambda: True)
    monkeypatch.setattr(demo.Command, "_prepare", lambda self: None)
    monkeypatch.setattr(demo.Command, "_serve", lambda self, port: None)

    call_command("demo", "--reset")

    assert [path.name for path in local_data.iterdir()] == ["bench.json"]


@pytest.mark.django_db
def test_an_empty_database_gets_the_demonstration_territory(commands_called, local_data):
    demo.Command()._prepare()

    assert commands_called == ["migrate", "load_demo"]
    assert (local_data / "files").is_dir()


@pytest.mark.usefixtures("facilitator", "local_data")
def test_data_that_is_there_is_kept(commands_called):
    demo.Command()._prepare()

    assert commands_called == ["migrate"]
    assert get_user_model().objects.count() == 1


def test_the_welcome_names_the_address_and_every_account(capsys):
    demo.Command()._welcome(8123)

    said = capsys.readouterr().out
    assert "http://127.0.0.1:8123/" in said
    assert demo.PASSWORD in said
    assert all(address in said for address in demo.ACCOUNTS)


def test_it_serves_until_it_is_stopped(capsys, free_port, monkeypatch):
    children = []
    answers = iter([False, True])
    watch = iter([lambda: None, lambda: signal.raise_signal(signal.SIGTERM)])
    monkeypatch.setattr(demo.Command, "_prepare", lambda self: None)
    monkeypatch.setattr(demo, "start", lambda arguments: children.append(running(SLEEPER)) or children[-1])
    monkeypatch.setattr(demo, "is_serving", lambda port: next(answers))
    monkeypatch.setattr(demo, "check_alive", lambda processes: next(watch)())

    call_command("demo")

    said = capsys.readouterr().out
    assert f"http://127.0.0.1:{free_port}/" in said
    assert said.rstrip().endswith("La démonstration est arrêtée.")
    assert [child.returncode for child in children] == [-signal.SIGTERM] * 3


def test_ctrl_c_stops_without_complaint(capsys, free_port, monkeypatch):
    def interrupted(self):
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(demo.Command, "_prepare", interrupted)

    call_command("demo")

    assert capsys.readouterr().out.strip() == "La démonstration est arrêtée."


def test_when_one_process_dies_the_others_are_stopped(capsys, free_port, monkeypatch):
    worker, site = running(SLEEPER), running("raise SystemExit(3)")
    started = iter([worker, site])
    monkeypatch.setattr(demo.Command, "_prepare", lambda self: None)
    monkeypatch.setattr(demo, "command_lines", lambda port: {"le travail de fond": [], "le site": []})
    monkeypatch.setattr(demo, "start", lambda arguments: next(started))

    code, said = refusal(capsys)

    assert code == 1
    assert said == "La démonstration s’arrête : le site a cessé (code 3)."
    assert worker.returncode == -signal.SIGTERM


def test_a_process_deaf_to_sigterm_is_killed_after_the_grace(monkeypatch):
    monkeypatch.setattr(demo, "GRACE_SECONDS", 0.2)
    deaf, polite = running(DEAF), running(SLEEPER)

    demo.stop([deaf, polite])

    assert deaf.returncode == -signal.SIGKILL
    assert polite.returncode == -signal.SIGTERM


def test_a_child_leads_a_session_of_its_own():
    child = demo.start(["http.server", "--bind", "127.0.0.1", "0"])

    group = os.getpgid(child.pid)
    demo.stop([child])

    assert group == child.pid


def test_a_site_that_answers_is_serving(live_server):
    assert demo.is_serving(live_server.thread.port)


def test_nothing_serves_on_a_free_port(free_port):
    assert not demo.is_serving(free_port)
