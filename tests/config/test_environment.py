import pytest
from django.core.exceptions import ImproperlyConfigured

from config.settings import environment


def test_a_missing_variable_is_named_with_its_purpose(monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)

    with pytest.raises(ImproperlyConfigured, match="Set SECRET_KEY: it signs sessions"):
        environment.required("SECRET_KEY", "it signs sessions")


def test_sqlite_writes_take_their_turn():
    description = environment.database("sqlite:////tmp/here.sqlite3")

    assert description["NAME"] == "/tmp/here.sqlite3"  # noqa: S108
    assert description["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_postgresql_is_reached_through_a_pool():
    description = environment.database("postgres://app:secret@db/clausier")

    assert (description["HOST"], description["NAME"]) == ("db", "clausier")
    assert description["OPTIONS"]["pool"]["max_size"] == 8


def test_options_of_the_address_are_kept_beside_the_pool():
    description = environment.database("postgres://app@db/clausier?sslmode=require")

    assert description["OPTIONS"]["sslmode"] == "require"
    assert "pool" in description["OPTIONS"]


def test_files_stay_in_a_folder_without_public_address(tmp_path):
    store = environment.file_store(str(tmp_path))

    assert store["OPTIONS"] == {"location": tmp_path, "base_url": None}


def test_files_may_live_in_a_bucket():
    store = environment.file_store(
        "s3://key:s%2Fecret@objects.example:9000/clausier?region=fr-par&insecure=1"
    )

    assert store["BACKEND"] == "storages.backends.s3.S3Storage"
    assert store["OPTIONS"] == {
        "access_key": "key",
        "secret_key": "s/ecret",
        "bucket_name": "clausier",
        "endpoint_url": "http://objects.example:9000",
        "region_name": "fr-par",
        "file_overwrite": False,
    }


def test_without_redis_messages_are_files(tmp_path):
    broker = environment.broker("", tmp_path)

    assert broker["url"] == "filesystem://"
    assert (tmp_path / "messages").is_dir()


def test_with_redis_a_message_stays_invisible_longer_than_a_task():
    assert environment.broker("redis://cache/0", None)["options"]["visibility_timeout"] == 900


def test_attempts_to_sign_in_are_counted_together_where_there_is_redis():
    assert environment.cache("redis://cache/0")["LOCATION"] == "redis://cache/0"
    assert environment.cache("")["BACKEND"].endswith("LocMemCache")
