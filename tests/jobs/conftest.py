import pytest
from celery.signals import before_task_publish


@pytest.fixture
def published():
    """What was sent to the broker: names and arguments, in order."""
    sent = []

    def remember(sender, body, **_):
        sent.append((sender, *body[0]))

    before_task_publish.connect(remember)
    yield sent
    before_task_publish.disconnect(remember)
