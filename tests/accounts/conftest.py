import pytest

from config.celery import app


@pytest.fixture
def prompt_worker(django_capture_on_commit_callbacks):
    """What services defer is done as soon as the block ends: `with prompt_worker(): …`"""
    eager, app.conf.task_always_eager = app.conf.task_always_eager, True
    yield lambda: django_capture_on_commit_callbacks(execute=True)
    app.conf.task_always_eager = eager
