from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Organisation, User, scope
from accounts.roles import Role
from structures.enums import DIRECTORY_FILE_TONES, DirectoryFileState


class DirectoryFileQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        own = lambda hat: Q(organisation=hat.organisation_id)  # noqa: E731
        return self.filter(scope(user, {Role.FACILITATOR: own, Role.ADMINISTRATOR: lambda hat: Q()}))


class DirectoryFile(models.Model):
    """A directory file that somebody sent: kept as it came, read, then applied or discarded."""

    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="directory_files",
        verbose_name="envoyé par l’organisation",
    )
    name = models.CharField("nom du fichier", max_length=200)
    file = models.FileField("fichier", upload_to="repertoire/%Y/")
    state = models.CharField(
        "état", max_length=10, choices=DirectoryFileState, default=DirectoryFileState.READ
    )
    counts = models.JSONField("décompte", default=dict, encoder=DjangoJSONEncoder)
    uploaded_at = models.DateTimeField("reçu le")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="reçu de",
    )
    applied_at = models.DateTimeField("appliqué le", null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="appliqué par",
    )

    objects = DirectoryFileQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ("uploaded_by", "applied_by")
        plain = ("id", "organisation", "name", "file", "state", "counts", "uploaded_at", "applied_at")

    class Meta:
        verbose_name = "fichier de répertoire"
        verbose_name_plural = "fichiers de répertoire"
        constraints = [
            models.CheckConstraint(
                condition=Q(state=DirectoryFileState.APPLIED, applied_at__isnull=False)
                | Q(~Q(state=DirectoryFileState.APPLIED), applied_at__isnull=True, applied_by__isnull=True),
                name="directory_file_applied_iff_dated",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("structures:file", args=[self.pk])

    @property
    def tone(self) -> str:
        return DIRECTORY_FILE_TONES[DirectoryFileState(self.state)]
