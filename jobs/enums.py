from django.db import models


class JobState(models.TextChoices):
    QUEUED = "queued", "En attente"
    RUNNING = "running", "En cours"
    DONE = "done", "Terminé"
    FAILED = "failed", "Échoué"


class JobKind(models.TextChoices):
    """The value is the name of the Celery task that does it."""

    REPORT = "reporting.build_edition", "Rapport"


OVER = (JobState.DONE, JobState.FAILED)

TONES = {
    JobState.QUEUED: "neutral",
    JobState.RUNNING: "info",
    JobState.DONE: "success",
    JobState.FAILED: "danger",
}

# The page that shows what a job made; `result["pk"]` says which one.
RESULT_PAGES: dict[JobKind, str] = {JobKind.REPORT: "reporting:edition_detail"}
