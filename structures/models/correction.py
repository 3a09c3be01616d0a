from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Office, User, scope
from accounts.roles import Role
from config.lib import tokens
from structures.enums import CORRECTION_TONES, CorrectionState
from structures.models.structure import Structure


class CorrectionQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """The office that asked; without one, every office: the directory is theirs together."""
        office = lambda hat: Q(office=hat.organisation_id) | Q(office__isnull=True)  # noqa: E731
        own = lambda hat: Q(structure__organisation=hat.organisation_id)  # noqa: E731
        rights = {Role.FACILITATOR: office, Role.MANAGER: office, Role.STRUCTURE: own}
        return self.filter(scope(user, rights))

    def to_review(self):
        return self.filter(state=CorrectionState.PROPOSED)


class Correction(models.Model):
    """What a structure says its card should be: asked by a link or volunteered, shown once it is reviewed."""

    PURPOSE = "card"

    structure = models.ForeignKey(
        Structure, models.CASCADE, related_name="corrections", verbose_name="structure"
    )
    office = models.ForeignKey(
        Office,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name="office qui relit",
    )
    state = models.CharField("état", max_length=8, choices=CorrectionState, default=CorrectionState.ASKED)
    recipient_email = models.EmailField("adresse électronique", blank=True)
    asked_at = models.DateTimeField("demandée le", null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="demandée par",
    )
    values = models.JSONField("valeurs proposées", default=dict, blank=True, encoder=DjangoJSONEncoder)
    comment = models.TextField("mot de la structure", max_length=2000, blank=True)
    proposed_at = models.DateTimeField("proposée le", null=True, blank=True)
    proposed_by_name = models.CharField("proposée par", max_length=160, blank=True)
    accepted_fields = models.JSONField("champs acceptés", default=list, blank=True)
    refusal = models.CharField("raison du refus", max_length=300, blank=True)
    reviewed_at = models.DateTimeField("relue le", null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="relue par",
    )

    objects = CorrectionQuerySet.as_manager()

    class Privacy:
        personal = ("recipient_email", "values", "comment", "proposed_by_name")
        identifying = ("asked_by", "reviewed_by")
        plain = (
            "id", "structure", "office", "state", "asked_at", "proposed_at", "accepted_fields", "refusal",
            "reviewed_at",
        )  # fmt: skip

    class Meta:
        verbose_name = "correction de fiche"
        verbose_name_plural = "corrections de fiches"
        constraints = [
            models.CheckConstraint(
                condition=Q(state=CorrectionState.ASKED, proposed_at__isnull=True)
                | (~Q(state=CorrectionState.ASKED) & Q(proposed_at__isnull=False)),
                name="correction_proposed_iff_dated",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=CorrectionState.REVIEWED, reviewed_at__isnull=False, reviewed_by__isnull=False
                )
                | Q(
                    ~Q(state=CorrectionState.REVIEWED),
                    reviewed_at__isnull=True,
                    reviewed_by__isnull=True,
                    refusal="",
                ),
                name="correction_reviewed_iff_signed",
            ),
            models.CheckConstraint(
                condition=~Q(state=CorrectionState.ASKED)
                | (Q(asked_at__isnull=False) & ~Q(recipient_email="")),
                name="correction_asked_iff_addressed",
            ),
        ]
        indexes = [models.Index(fields=["state", "proposed_at"], name="correction_by_state")]

    def __str__(self) -> str:
        return f"Correction de {self.structure}"

    def get_absolute_url(self) -> str:
        return reverse("structures:correction", args=[self.pk])

    @property
    def token(self) -> str:
        return tokens.sign(self.PURPOSE, {"correction": self.pk})

    @property
    def tone(self) -> str:
        return CORRECTION_TONES[CorrectionState(self.state)]

    @property
    def is_reviewed(self) -> bool:
        return self.state == CorrectionState.REVIEWED
