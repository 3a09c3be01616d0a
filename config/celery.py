import logging
import os

from celery import Celery
from celery.contrib.django.task import DjangoTask
from django.db import transaction
from kombu.exceptions import ChannelError, OperationalError
from kombu.transport import TRANSPORT_ALIASES


logger = logging.getLogger(__name__)


class DeferredTask(DjangoTask):
    """The base of every task. Once the page's work is kept, no broker can make the page fail."""

    def delay_on_commit(self, *args, **kwargs) -> None:
        """Publish after the commit. When the broker is away, the letter is NOT sent: the log says which.

        Nothing sends it later (jobs have their sweep, letters have no outbox yet). `robust`: a failure
        of any other kind is logged by Django, and the callbacks that follow still run.
        """

        def publish() -> None:
            try:
                self.delay(*args, **kwargs)
            except (OperationalError, ChannelError) as error:
                logger.error("%s %s %s could not be published: %s", self.name, args, kwargs, error)

        # Not a `partial`: Django writes the name of a callback that failed.
        transaction.on_commit(publish, robust=True)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

# The one of kombu lets a worker read a message that is still being written, and the worker dies of it.
TRANSPORT_ALIASES["filesystem"] = "config.lib.file_broker:Transport"

app = Celery("clausier", task_cls=DeferredTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# What the clock starts is an edge of its own (architecture.md).
app.autodiscover_tasks(related_name="periodic")
# So is what a worker does for somebody who waits.
app.autodiscover_tasks(related_name="background")
