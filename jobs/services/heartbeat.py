from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from threading import Event, Thread

from django.db import Error, connection

from jobs.models import Job
from jobs.services import lease


EVERY_SECONDS = 5
# As the hard time limit of Celery, which a pool of threads cannot enforce: what hangs must not look alive.
LONGEST = timedelta(seconds=600)

Clock = Callable[[], datetime]


@contextmanager
def beating(job: Job, clock: Clock) -> Iterator[None]:
    """Signs of life from a thread: a page takes long to lay out, and says nothing meanwhile."""
    is_over = Event()
    thread = Thread(target=_beat_apart, args=(job, clock, is_over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def _beat_apart(job: Job, clock: Clock, is_over: Event) -> None:
    try:
        keep_beating(job, clock, is_over)
    finally:
        # A thread has a connection of its own.
        connection.close()


def keep_beating(job: Job, clock: Clock, is_over: Event) -> None:
    until = clock() + LONGEST
    while not is_over.wait(EVERY_SECONDS) and (now := clock()) < until:
        try:
            # A database that does not answer now may answer the next beat.
            with suppress(Error):
                lease.beat(job=job, at=now)
        except lease.LeaseLost:
            return
