from typing import NamedTuple

from django.db import models


class JobState(models.TextChoices):
    QUEUED = "queued", "En attente"
    RUNNING = "running", "En cours"
    DONE = "done", "Terminé"
    FAILED = "failed", "Échoué"


class JobKind(models.TextChoices):
    """The value is the name of the Celery task that does it."""

    REPORT = "reporting.build_edition", "Rapport"
    PLAN_FILE_READ = "procurement.read_plan_file", "Lecture d’un fichier de plan"
    PLAN_FILE_APPLY = "procurement.apply_plan_file", "Importation d’un plan"


OVER = (JobState.DONE, JobState.FAILED)

TONES = {
    JobState.QUEUED: "neutral",
    JobState.RUNNING: "info",
    JobState.DONE: "success",
    JobState.FAILED: "danger",
}


class Wording(NamedTuple):
    """Where a kind of job leads, and in which words; `result["pk"]` says which row of `result_page`."""

    result_page: str
    home_page: str
    home: str
    is_done: str
    open: str
    meanwhile: str


_PLAN_FILES = ("procurement:plan_file", "procurement:plan_list", "Plans d’achats")
_PLAN_FILE_WAITS = "la page du fichier dira où il en est"

WORDINGS: dict[JobKind, Wording] = {
    JobKind.REPORT: Wording(
        "reporting:edition_detail",
        "reporting:edition_list",
        "Rapports",
        "Le rapport est prêt.",
        "Ouvrir le rapport",
        "le rapport apparaîtra dans la liste",
    ),
    JobKind.PLAN_FILE_READ: Wording(
        *_PLAN_FILES, "Le fichier est lu.", "Voir ce qui a été compris", _PLAN_FILE_WAITS
    ),
    JobKind.PLAN_FILE_APPLY: Wording(
        *_PLAN_FILES, "Le plan est à jour.", "Voir le résultat", _PLAN_FILE_WAITS
    ),
}
