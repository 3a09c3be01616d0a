from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Office, User, scope
from accounts.roles import Role
from procurement.models.buyer import Buyer


class PlanReminderQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        office = lambda hat: Q(office=hat.organisation_id)  # noqa: E731
        return self.filter(
            scope(
                user,
                {
                    Role.FACILITATOR: office,
                    Role.MANAGER: office,
                    Role.BUYER: lambda hat: Q(buyer=hat.organisation_id),
                },
            )
        )


class PlanReminder(models.Model):
    """A letter by which an office asked a buyer for the plan of a year."""

    buyer = models.ForeignKey(Buyer, models.PROTECT, related_name="plan_reminders", verbose_name="acheteur")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="office")
    year = models.PositiveSmallIntegerField("année du plan")
    due_on = models.DateField("plan attendu le", null=True, blank=True)
    sent_at = models.DateTimeField("envoyée le")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="envoyée par"
    )

    objects = PlanReminderQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ("sent_by",)
        plain = ("id", "buyer", "office", "year", "due_on", "sent_at")

    class Meta:
        verbose_name = "relance de plan"
        verbose_name_plural = "relances de plan"
        indexes = [models.Index(fields=["buyer", "year", "sent_at"], name="plan_reminder_latest")]

    def __str__(self) -> str:
        return f"Relance du plan {self.year} – {self.buyer}"
