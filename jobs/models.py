from datetime import datetime, timedelta

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import Mandate, Organisation, User, scope
from accounts.roles import OFFICE_ROLES, Role
from jobs.enums import OVER, TONES, WORDINGS, JobKind, JobState, Wording


# A worker gives a sign of life every five seconds: four missed, and another may take its job over.
STALE_AFTER = timedelta(seconds=20)
# A message may wait its turn behind long jobs; after this it is held for lost, and sent again.
LOST_AFTER = timedelta(seconds=60)
# How long a failure stays in sight.
REMEMBERED = timedelta(days=7)


def _left(at: datetime) -> Q:
    """Jobs whose worker has died, or is cut off from us."""
    return Q(state=JobState.RUNNING, heartbeat_at__lt=at - STALE_AFTER)


def _untold(since: datetime) -> Q:
    return Q(published_at__isnull=True) | Q(published_at__lt=since)


class JobQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """What one asked for; an office also sees its own jobs and those of the buyers it serves."""
        office = lambda hat: (  # noqa: E731
            Q(organisation=hat.organisation_id)
            | Q(organisation__in=Mandate.objects.partners_of(hat.organisation_id))
        )
        own = lambda hat: Q(organisation=hat.organisation_id, requested_by=user)  # noqa: E731
        return self.filter(scope(user, {role: office if role in OFFICE_ROLES else own for role in Role}))

    def over(self):
        return self.filter(state__in=OVER)

    def on_the_bench(self, at: datetime):
        """What is being done, and what has failed of late: somebody still has to look at it."""
        return self.filter(
            Q(finished_at__isnull=True) | Q(state=JobState.FAILED, finished_at__gte=at - REMEMBERED)
        )

    def claimable(self, at: datetime):
        waiting = Q(state=JobState.QUEUED)
        return self.filter(waiting | _left(at), attempt__lt=F("attempts_allowed"))

    def spent(self, at: datetime):
        """Left by the last worker that was allowed to try."""
        return self.filter(_left(at), attempt__gte=F("attempts_allowed"))

    def to_publish(self, at: datetime):
        """Jobs that no message announces: never sent, lost on the way, or left by their worker."""
        waiting = Q(state=JobState.QUEUED) & _untold(at - LOST_AFTER)
        return self.filter(waiting | _left(at) & _untold(at - STALE_AFTER))


class Job(models.Model):
    """One piece of background work that somebody waits for. The row is the truth, Celery the engine."""

    MAX_ATTEMPTS = 3

    kind = models.CharField("nature", max_length=60, choices=JobKind)
    title = models.CharField("objet", max_length=300)
    arguments = models.JSONField("arguments", default=dict, encoder=DjangoJSONEncoder)
    key = models.CharField("clé d’unicité", max_length=120, unique=True)
    state = models.CharField("état", max_length=10, choices=JobState, default=JobState.QUEUED)
    progress = models.PositiveSmallIntegerField("avancement (%)", default=0)
    step = models.CharField("étape", max_length=120, blank=True)
    attempt = models.PositiveSmallIntegerField("tentative", default=0)
    attempts_allowed = models.PositiveSmallIntegerField("tentatives permises", default=MAX_ATTEMPTS)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="jobs",
        verbose_name="pour le compte de",
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name="demandé par"
    )
    created_at = models.DateTimeField("demandé le", db_default=Now())
    published_at = models.DateTimeField("publié le", null=True, blank=True)
    heartbeat_at = models.DateTimeField("dernier signe de vie", null=True, blank=True)
    finished_at = models.DateTimeField("terminé le", null=True, blank=True)
    result = models.JSONField("résultat", default=dict, encoder=DjangoJSONEncoder)
    error = models.TextField("erreur", blank=True)

    objects = JobQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ("requested_by",)
        plain = (
            "id", "kind", "title", "arguments", "key", "state", "progress", "step", "attempt",
            "attempts_allowed", "organisation", "created_at", "published_at", "heartbeat_at", "finished_at",
            "result", "error",
        )  # fmt: skip

    class Meta:
        verbose_name = "travail"
        verbose_name_plural = "travaux"
        constraints = [
            models.CheckConstraint(condition=Q(progress__lte=100), name="job_progress_is_a_percentage"),
            models.CheckConstraint(
                condition=Q(state__in=OVER, finished_at__isnull=False)
                | Q(state__in=[JobState.QUEUED, JobState.RUNNING], finished_at__isnull=True),
                name="job_finished_iff_done_or_failed",
            ),
            models.CheckConstraint(
                condition=~Q(state=JobState.RUNNING) | Q(heartbeat_at__isnull=False, attempt__gte=1),
                name="job_running_iff_claimed",
            ),
            models.CheckConstraint(
                condition=~Q(state=JobState.FAILED) | ~Q(error=""), name="job_failed_says_why"
            ),
        ]
        indexes = [models.Index(fields=["state", "heartbeat_at"], name="job_by_state")]

    def __str__(self) -> str:
        return self.title or f"{self.get_kind_display()} n° {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("jobs:job_detail", args=[self.pk])

    def get_result_url(self) -> str:
        return reverse(self.wording.result_page, args=[self.result["pk"]])

    @property
    def wording(self) -> Wording:
        return WORDINGS[JobKind(self.kind)]

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def is_done(self) -> bool:
        return self.state == JobState.DONE

    @property
    def has_failed(self) -> bool:
        return self.state == JobState.FAILED

    @property
    def tone(self) -> str:
        return TONES[JobState(self.state)]
