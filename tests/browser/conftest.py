"""The house as `make demo` opens it, on a free port and in an empty folder, and a Chromium that walks in."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright


ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "demo-clauses-2027"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
OPENING_SECONDS = 180


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="session")
def var(tmp_path_factory) -> Path:
    """The folder of the house; `HOUSE_VAR` is that of `HOUSE`."""
    if os.environ.get("HOUSE"):
        return Path(os.environ.get("HOUSE_VAR", ROOT / "var"))
    return tmp_path_factory.mktemp("house")


@pytest.fixture(scope="session")
def house(var):
    """The address of a running demonstration: web server, worker, clock, on their own data.

    `HOUSE` names one that is already open, for whoever writes a test.
    """
    if os.environ.get("HOUSE"):
        yield os.environ["HOUSE"]
        return
    port = free_port()
    env = {
        **{name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")},
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "PORT": str(port),
        "VAR_DIR": str(var),
    }
    log = (var / "demo.log").open("w")
    demo = subprocess.Popen(
        [sys.executable, "manage.py", "demo"],
        cwd=ROOT,
        env=env,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        _wait_until_open(f"http://127.0.0.1:{port}/readyz", demo, var / "demo.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        demo.send_signal(signal.SIGINT)
        try:
            demo.wait(timeout=60)
        except subprocess.TimeoutExpired:
            # How it stops is proved in tests/services/test_demo.py: slowness must not undo what was seen.
            os.killpg(demo.pid, signal.SIGKILL)
        log.close()


def _wait_until_open(url: str, demo: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + OPENING_SECONDS
    while time.monotonic() < deadline:
        assert demo.poll() is None, log.read_text()
        try:
            if urllib.request.urlopen(url, timeout=2).status == 200:  # noqa: S310  (our own address)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise AssertionError(f"The demonstration did not open: {log.read_text()}")


@pytest.fixture(scope="session")
def chromium():
    assert CHROMIUM, "Chromium is missing: `make test-browser` installs it."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


class Visitor:
    """One person in one browser window; every page shown is checked by axe and for console errors."""

    def __init__(self, browser, house: str, width: int = 1280):
        self.house = house
        self.context = browser.new_context(
            base_url=house, locale="fr-FR", viewport={"width": width, "height": 900}, accept_downloads=True
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.complaints: list[str] = []
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _on_console(self, message) -> None:
        # A refused form answers 422 and Chromium logs it: that is the page doing its work.
        if message.type == "error" and "422" not in message.text and "410" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def sign_in(self, email: str) -> "Visitor":
        self.page.goto("/connexion/")
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url(lambda url: "/connexion/" not in url)
        return self

    def open(self, path: str):
        answer = self.page.goto(path)
        assert answer.status < 500, f"{path}: {answer.status}"
        self.check()
        return self.page

    def check(self) -> None:
        """Axe (WCAG 2.1 A and AA) and the console have nothing to say about the page as it stands."""
        said = self.complaints_of_axe()
        assert not said, "\n".join(said)
        assert not self.complaints, self.complaints

    def complaints_of_axe(self) -> list[str]:
        found = Axe().run(
            self.page,
            options={"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}},
        )
        return [
            f"{self.page.url} {violation['id']}: {node['html'][:160]}"
            for violation in found.response["violations"]
            for node in violation["nodes"]
        ]

    def close(self) -> None:
        self.context.close()


@pytest.fixture
def visitor(chromium, house):
    """`visitor("facilitatrice@demo.example")`: that account, signed in."""
    visitors: list[Visitor] = []

    def open_window(email: str = "", width: int = 1280) -> Visitor:
        window = Visitor(chromium, house, width)
        visitors.append(window)
        return window.sign_in(email) if email else window

    yield open_window
    for window in visitors:
        window.close()


class Letterbox:
    """The letters that the house sent, kept as files."""

    def __init__(self, folder: Path):
        self.folder = folder

    def link(self, words: str, path: str, seconds: int = 30) -> str:
        """The first address of this shape in a letter that says these words; the worker may need a moment."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for letter in self._letters():
                found = re.search(path, letter)
                if words in letter and found:
                    return found[0]
            time.sleep(0.3)
        raise AssertionError(f"No letter says « {words} ».")

    def _letters(self) -> list[str]:
        files = sorted(self.folder.glob("*"))
        return [letter for file in files for letter in file.read_text(errors="replace").split("-" * 79)]


@pytest.fixture
def letters(var) -> Letterbox:
    return Letterbox(var / "mail")
