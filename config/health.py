"""For load balancers: is the process up, and can it work?"""

from collections.abc import Callable

from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest, JsonResponse


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    failures = {name: problem for name, check in CHECKS.items() if (problem := _problem(check))}
    if failures:
        return JsonResponse({"status": "failing", "failures": failures}, status=503)
    return JsonResponse({"status": "ok"})


def _problem(check: Callable[[], object]) -> str:
    try:
        check()
    except Exception as error:
        return type(error).__name__
    return ""


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _broker() -> None:
    with current_app.connection_for_write(connect_timeout=2) as broker:
        broker.ensure_connection(max_retries=1, timeout=2)


def _file_store() -> None:
    default_storage.exists("readyz")


CHECKS: dict[str, Callable[[], None]] = {"database": _database, "broker": _broker, "file_store": _file_store}
