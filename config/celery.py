import os

from celery import Celery


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("clausier")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# What the clock starts is an edge of its own (architecture.md).
app.autodiscover_tasks(related_name="periodic")
