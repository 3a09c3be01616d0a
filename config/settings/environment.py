"""The environment, read once, with a sentence for whoever forgot something."""

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured


env = environ.Env()


def required(name: str, purpose: str) -> str:
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"Set {name}: {purpose}.")
    return value


def database(url: str) -> dict:
    """Django's description of `sqlite:///path` or `postgres://…`."""
    description = environ.Env.db_url_config(url)
    if description["ENGINE"].endswith("sqlite3"):
        # Without IMMEDIATE, concurrent writers fail « database is locked » instead of waiting.
        description["OPTIONS"] = {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        }
    else:
        pool = {"min_size": 1, "max_size": 8, "timeout": 20}
        description["OPTIONS"] = description.get("OPTIONS", {}) | {"pool": pool}
    return description


def file_store(url: str) -> dict:
    """A folder, or `s3://key:secret@host[:port]/bucket?region=…&insecure=1`."""
    parts = urlsplit(url)
    if parts.scheme != "s3":
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": Path(url), "base_url": None},
        }
    query = parse_qs(parts.query)
    scheme = "http" if "insecure" in query else "https"
    host = parts.netloc.rpartition("@")[2]
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "access_key": unquote(parts.username or ""),
            "secret_key": unquote(parts.password or ""),
            "bucket_name": parts.path.strip("/"),
            "endpoint_url": f"{scheme}://{host}",
            "region_name": query.get("region", [None])[0],
            "file_overwrite": False,
        },
    }


def cache(redis_url: str) -> dict:
    """Where attempts to sign in are counted: shared by all web processes as soon as there is Redis."""
    if not redis_url:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": redis_url,
        "KEY_PREFIX": "clausier",
    }


def broker(url: str, folder: Path) -> dict:
    """Redis where there is one; else Celery's file broker, good for one machine."""
    if url:
        return {"url": url, "options": {"visibility_timeout": 900}}
    folder.mkdir(parents=True, exist_ok=True)
    messages = str(folder / "messages")
    Path(messages).mkdir(exist_ok=True)
    return {
        "url": "filesystem://",
        "options": {
            "data_folder_in": messages,
            "data_folder_out": messages,
            "control_folder": str(folder / "control"),
            "polling_interval": 0.2,
        },
    }
