from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone


CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def attachment(content: bytes, name: str, extension: str, *, at: datetime) -> HttpResponse:
    """« propositions-2026-11-23.xlsx »"""
    dated = f"{name}-{timezone.localtime(at):%Y-%m-%d}.{extension}"
    headers = {"Content-Disposition": f'attachment; filename="{dated}"'}
    return HttpResponse(content, content_type=CONTENT_TYPES[extension], headers=headers)
