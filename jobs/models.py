from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from jobs.enums import JobKind, JobState


class Job(models.Model):
    """One piece of background work that somebody waits for. The row is the truth, Celery the engine."""

    MAX_ATTEMPTS = 3

    kind = models.CharField("nature", max_length=60, choices=JobKind)
    arguments = models.JSONField("arguments", default=dict, encoder=DjangoJSONEncoder)
    key = models.CharField("clé d’unicité", max_length=120, unique=True)
    state = models.CharField("état", max_length=10, choices=JobState, default=JobState.QUEUED)
    progress = models.PositiveSmallIntegerField("avancement (%)", default=0)
    step = models.CharField("étape", max_length=120, blank=True)
    attempt = models.PositiveSmallIntegerField("tentative", default=0)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name="demandé par"
    )
    created_at = models.DateTimeField("demandé le", db_default=Now())
    published_at = models.DateTimeField("publié le", null=True, blank=True)
    heartbeat_at = models.DateTimeField("dernier signe de vie", null=True, blank=True)
    finished_at = models.DateTimeField("terminé le", null=True, blank=True)
    result = models.JSONField("résultat", default=dict, encoder=DjangoJSONEncoder)
    error = models.TextField("erreur", blank=True)

    class Privacy:
        personal = ()
        identifying = ("requested_by",)
        plain = (
            "id", "kind", "arguments", "key", "state", "progress", "step", "attempt", "created_at",
            "published_at", "heartbeat_at", "finished_at", "result", "error",
        )  # fmt: skip

    class Meta:
        verbose_name = "travail"
        verbose_name_plural = "travaux"
        constraints = [
            models.CheckConstraint(condition=Q(progress__lte=100), name="job_progress_is_a_percentage"),
            models.CheckConstraint(
                condition=Q(state__in=[JobState.DONE, JobState.FAILED], finished_at__isnull=False)
                | Q(state__in=[JobState.QUEUED, JobState.RUNNING], finished_at__isnull=True),
                name="job_finished_iff_done_or_failed",
            ),
        ]
        indexes = [models.Index(fields=["state", "heartbeat_at"], name="job_by_state")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} n° {self.pk}"

    @property
    def is_over(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED)
