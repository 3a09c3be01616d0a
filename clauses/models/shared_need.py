from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Office, User, scope
from accounts.roles import Role
from clauses.enums import SharedNeedState
from procurement.models import Family


class SharedNeedNoteQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        own = lambda hat: Q(office=hat.organisation_id)  # noqa: E731
        return self.filter(scope(user, {Role.FACILITATOR: own, Role.MANAGER: own}))


class SharedNeedNote(models.Model):
    """What an office decided to do with a need that several buyers share; the latest note stands."""

    office = models.ForeignKey(
        Office, models.PROTECT, related_name="shared_need_notes", verbose_name="office"
    )
    family = models.ForeignKey(Family, models.PROTECT, related_name="+", verbose_name="famille d’achats")
    # The period as it stood: a need is found again by its family and a period that overlaps.
    starts_on = models.DateField("premier lancement")
    ends_on = models.DateField("dernier lancement possible")
    state = models.CharField("suite", max_length=10, choices=SharedNeedState)
    reason = models.CharField("raison", max_length=300, blank=True)
    noted_at = models.DateTimeField("noté le")
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="noté par"
    )

    objects = SharedNeedNoteQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ("noted_by",)
        plain = ("id", "office", "family", "starts_on", "ends_on", "state", "reason", "noted_at")

    class Meta:
        verbose_name = "suite d’un besoin partagé"
        verbose_name_plural = "suites des besoins partagés"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=SharedNeedState.DISMISSED) | ~Q(reason=""),
                name="shared_need_dismissed_with_a_reason",
                violation_error_message="Dites pourquoi ce besoin est écarté.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="shared_need_ends_after_its_start",
                violation_error_message="La période finit après son début.",
            ),
        ]
        indexes = [models.Index(fields=["office", "family", "noted_at"], name="shared_need_latest")]

    def __str__(self) -> str:
        return f"{self.family}\N{NO-BREAK SPACE}: {self.get_state_display().lower()}"

    @property
    def tone(self) -> str:
        return SharedNeedState(self.state).tone
