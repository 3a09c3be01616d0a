"""Celery's file broker, made safe for several processes: nobody ever reads half a message."""

import json
import os
import time
from collections.abc import Callable
from typing import Any

from kombu.transport import filesystem


TRIES, PAUSE_SECONDS = 50, 0.02


class Channel(filesystem.Channel):
    """A message appears whole, by renaming; a table of queues being written is read again a moment later."""

    def _put(self, queue: str, payload: dict, **options: Any) -> None:
        folder = self.data_folder_out
        hidden = os.path.join(folder, f".{os.getpid()}-{time.monotonic_ns()}.part")
        name = os.path.join(folder, f"{time.monotonic_ns()}_{os.getpid()}.{queue}.msg")
        with open(hidden, "w", encoding="utf-8") as file:
            json.dump(payload, file)
        os.replace(hidden, name)

    def _queue_bind(self, *arguments: Any) -> None:
        patiently(super()._queue_bind, *arguments)

    def get_table(self, exchange: str) -> list:
        return patiently(super().get_table, exchange)


class Transport(filesystem.Transport):
    Channel = Channel


def patiently(read: Callable[..., Any], *arguments: Any) -> Any:
    for _ in range(TRIES - 1):
        try:
            return read(*arguments)
        except json.JSONDecodeError:
            # Another process has just created the file and not written it yet.
            time.sleep(PAUSE_SECONDS)
    return read(*arguments)
