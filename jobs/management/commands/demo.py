"""`make demo`: prepare the local database, then watch over the site, its worker and its clock."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand


PASSWORD = "demo-clauses-2027"  # noqa: S105 (published: it opens invented data on this machine only)
ACCOUNTS = {
    "facilitatrice@demo.example": "facilitatrice",
    "responsable@demo.example": "responsable de la structure porteuse",
    "acheteuse@demo.example": "acheteuse",
    "service@demo.example": "service prescripteur de cette acheteuse",
    "entreprise@demo.example": "entreprise titulaire",
    "structure@demo.example": "structure d’insertion",
    "financeur@demo.example": "financeur",
    "admin@demo.example": "administratrice",
    "autre.acheteur@demo.example": "acheteur d’une autre collectivité",
    "autre.facilitateur@demo.example": "facilitateur d’une autre structure porteuse",
}
LOCAL_DATA = (
    "clausier.sqlite3",
    "clausier.sqlite3-wal",
    "clausier.sqlite3-shm",
    "files",
    "mail",
    "broker",
    "beat",
)
# A worker finishes its task on SIGTERM; past this, the task is killed and the sweep takes it up next time.
GRACE_SECONDS = 10


class ProcessDied(Exception):
    pass


class Command(BaseCommand):
    help = "Prépare la base de démonstration et sert le site avec son travail de fond ; Ctrl-C arrête tout."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--reset", action="store_true", help="efface d’abord les données locales")

    def handle(self, *, reset, **options):
        for name in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, signal.default_int_handler)
        if not settings.DEMONSTRATION:
            self._refuse("La démonstration ne se lance qu’avec les réglages de démonstration.")
        port = self._chosen_port()
        if reset:
            self._forget_local_data()
        try:
            self._prepare()
            self._serve(port)
        except KeyboardInterrupt:
            self.stdout.write("La démonstration est arrêtée.")
        except ProcessDied as death:
            self._refuse(str(death), code=1)

    def _refuse(self, reason, *, code=2):
        self.stderr.write(reason)
        sys.exit(code)

    def _chosen_port(self):
        text = os.environ.get("PORT") or "8000"
        if not text.isdecimal() or not 0 < int(text) < 65536:
            self._refuse(f"PORT doit être un nombre entre 1 et 65535, pas « {text} ».")
        if not is_free(int(text)):
            self._refuse(
                f"Le port {text} n’est pas libre : arrêtez ce qui l’occupe ou choisissez-en un autre, "
                "par exemple « make demo PORT=8001 »."
            )
        return int(text)

    def _forget_local_data(self):
        if not uses_local_database():
            self._refuse("DATABASE_URL désigne une autre base que la base locale : rien n’est effacé.")
        for name in LOCAL_DATA:
            path = settings.VAR_DIR / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def _prepare(self):
        for name in ("files", "broker", "beat"):
            (settings.VAR_DIR / name).mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0, interactive=False)
        if not get_user_model().objects.exists():
            self.stdout.write("Chargement du territoire de démonstration…")
            call_command("load_demo", stdout=self.stdout)

    def _serve(self, port):
        processes = {}
        try:
            for name, arguments in command_lines(port).items():
                processes[name] = start(arguments)
            while not is_serving(port):
                check_alive(processes)
            self._welcome(port)
            while True:
                check_alive(processes)
        finally:
            stop(processes.values())

    def _welcome(self, port):
        self.stdout.write(f"\nClausier répond à l’adresse http://127.0.0.1:{port}/ (Ctrl-C pour arrêter).")
        self.stdout.write(f"\nComptes de démonstration, mot de passe {PASSWORD} :\n")
        for address, who in ACCOUNTS.items():
            self.stdout.write(f"  {address:<34} {who}")
        self.stdout.flush()


def is_free(port):
    with socket.socket() as probe:
        # As gunicorn does: a port that was closed a moment ago is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def is_serving(port):
    connection = HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def uses_local_database():
    return str(settings.DATABASES["default"]["NAME"]) == str(settings.VAR_DIR / "clausier.sqlite3")


def command_lines(port):
    """What runs, by the name people read if it dies."""
    celery = ["celery", "--quiet", "-A", "config.celery"]
    beat_file = str(settings.VAR_DIR / "beat" / "schedule")
    return {
        "le site": [
            *("gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"),
            *("--threads", "8", "--graceful-timeout", "3", "--log-level", "warning"),
        ],
        "le travail de fond": [*celery, "worker", "--pool", "threads", "-c", "2", "--loglevel", "error"],
        "l’horloge": [*celery, "beat", "--schedule", beat_file, "--pidfile=", "--loglevel", "error"],
    }


def start(arguments):
    # A session of its own: Ctrl-C reaches us alone, and we stop the whole group.
    return subprocess.Popen(  # noqa: S603 (the arguments are ours)
        [sys.executable, "-W", "ignore", "-m", *arguments],
        env={"LOG_LEVEL": "ERROR", **os.environ},
        start_new_session=True,
        stdin=subprocess.DEVNULL,
    )


def check_alive(processes):
    """Wait a moment. Raises `ProcessDied` if one of them is no longer there."""
    time.sleep(0.1)
    for name, process in processes.items():
        if process.poll() is not None:
            raise ProcessDied(f"La démonstration s’arrête : {name} a cessé (code {process.returncode}).")


def stop(processes):
    """SIGTERM to every group, then SIGKILL to what is left when the grace is over."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    deadline = time.monotonic() + GRACE_SECONDS
    for process in processes:
        signal_group(process, signal.SIGTERM)
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=max(0, deadline - time.monotonic()))
        signal_group(process, signal.SIGKILL)
        process.wait()


def signal_group(process, number):
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
