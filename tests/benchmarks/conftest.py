"""`measure`: time an action, compare it with another, keep every figure in `var/bench.json`.

A machine's seconds are nobody else's: a bound is put on a *ratio* between two measures of the same run.
"""

import json
import os
import platform
import statistics
import time
from datetime import UTC, datetime
from operator import truediv
from pathlib import Path

import pytest
from django.test import Client

from tests.conftest import PageReader


class Reader(PageReader):
    """Looks for nothing in the pages: the client of the tests takes half as long to read one as it takes to
    write it."""

    def request(self, **request):
        return Client.request(self, **request)


@pytest.fixture
def as_user():
    return lambda user: Reader().sign_in(user)


MEASURES = {}
REPORT = Path(os.environ.get("VAR_DIR", Path(__file__).resolve().parents[2] / "var")) / "bench.json"


@pytest.fixture
def measure():
    """`measure("recherche, 50 000 lignes", action, ratio_to="recherche, 500 lignes")` → the measure, a dict.

    The median of `rounds` calls, in seconds, after one that warms up. `ratio_to` names an earlier measure.
    `cpu` is the median of the time that this process worked: waiting for a core is left out. Others still
    slow it, twice and more when the machine is crowded; they slow a fixed loop too, run before each call.
    `yardsticks` is how many times that loop the call took, the least of the rounds: a crowded machine moves
    it by a half at worst, where it moves seconds fourfold.
    """

    def take(name, action, *, rounds=5, ratio_to=None):
        action()
        found = [durations(action) for _ in range(rounds)]
        seconds, worked, yardsticks = zip(*found, strict=True)
        MEASURES[name] = {
            "median": statistics.median(seconds),
            "best": min(seconds),
            "cpu": statistics.median(worked),
            "yardsticks": min(map(truediv, worked, yardsticks)),
            "yardstick": min(yardsticks),
            "rounds": rounds,
        }
        if ratio_to:
            ratio = MEASURES[name]["median"] / MEASURES[ratio_to]["median"]
            MEASURES[name] |= {"ratio": ratio, "ratio_to": ratio_to}
        return MEASURES[name]

    return take


def durations(action):
    """By the clock, at work, and what a yardstick took just before."""
    yardstick = at_work(plain_loop)
    start, worked = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - start, time.process_time() - worked, yardstick


def at_work(action):
    worked = time.process_time()
    action()
    return time.process_time() - worked


def plain_loop():
    kept = {}
    for number in range(60_000):
        kept[number % 997] = str(number)


def pytest_sessionfinish():
    if MEASURES:
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(json.dumps(report(), ensure_ascii=False, indent=2) + "\n")


def report():
    machine = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
    return {"at": datetime.now(UTC).isoformat(timespec="seconds"), **machine, "measures": MEASURES}


def pytest_terminal_summary(terminalreporter):
    if not MEASURES:
        return
    terminalreporter.section("measures")
    for name, figures in MEASURES.items():
        terminalreporter.write_line(line(name, figures))
    terminalreporter.write_line(f"\nwritten to {REPORT}")


def line(name, figures):
    compared = f"  × {figures['ratio']:.2f} of « {figures['ratio_to']} »" if "ratio" in figures else ""
    worked = f"{figures['cpu'] * 1000:>10.2f} ms at work{figures['yardsticks']:>7.1f} yardsticks"
    return f"{name:<52}{figures['median'] * 1000:>10.2f} ms{worked}{compared}"
