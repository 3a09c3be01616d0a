from django.db import models


class JobState(models.TextChoices):
    QUEUED = "queued", "En attente"
    RUNNING = "running", "En cours"
    DONE = "done", "Terminé"
    FAILED = "failed", "Échoué"


class JobKind(models.TextChoices):
    """The value is the name of the Celery task that does it."""

    REPORT = "reporting.build_edition", "Rapport"


TONES = {
    JobState.QUEUED: "neutral",
    JobState.RUNNING: "info",
    JobState.DONE: "success",
    JobState.FAILED: "danger",
}
