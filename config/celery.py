import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

# The one of kombu lets a worker read a message that is still being written, and the worker dies of it.
TRANSPORT_ALIASES["filesystem"] = "config.lib.file_broker:Transport"

app = Celery("clausier")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# What the clock starts is an edge of its own (architecture.md).
app.autodiscover_tasks(related_name="periodic")
