import json

import pytest
from kombu import Connection

from config.lib import file_broker


@pytest.fixture
def connection(tmp_path):
    options = {
        "data_folder_in": str(tmp_path),
        "data_folder_out": str(tmp_path),
        "control_folder": str(tmp_path / "control"),
        "polling_interval": 0.05,
    }
    with Connection(transport="config.lib.file_broker:Transport", transport_options=options) as opened:
        yield opened


def test_a_message_travels_whole(connection, tmp_path):
    with connection.SimpleQueue("heures") as queue:
        queue.put({"job": 12, "mot": "éligible"})

        assert [path.suffix for path in tmp_path.glob("*.msg")] == [".msg"]
        assert queue.get(timeout=10).payload == {"job": 12, "mot": "éligible"}


def test_no_half_message_is_left_behind(connection, tmp_path):
    # Another name: kombu remembers in its process which queues are bound.
    with connection.SimpleQueue("rapports") as queue:
        queue.put({"job": 12})

    assert list(tmp_path.glob("*.part")) == []


def test_a_file_being_written_is_read_again(monkeypatch):
    monkeypatch.setattr(file_broker, "PAUSE_SECONDS", 0)
    answers = iter(["", "", "[1]"])

    assert file_broker.patiently(lambda: json.loads(next(answers))) == [1]


def test_a_file_that_stays_broken_is_told(monkeypatch):
    monkeypatch.setattr(file_broker, "PAUSE_SECONDS", 0)

    with pytest.raises(json.JSONDecodeError):
        file_broker.patiently(json.loads, "")
