from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import Office, User, scope
from accounts.roles import Role
from procurement.models import Market


class UrgencyQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """The office's own business; a department finds it on what it is asked (`with_urgency`)."""
        own = lambda hat: Q(office=hat.organisation_id)  # noqa: E731
        return self.filter(scope(user, {Role.FACILITATOR: own, Role.MANAGER: own}))

    def in_force(self):
        return self.filter(lifted_at__isnull=True)


def with_urgencies(markets: models.QuerySet, user: User) -> models.QuerySet:
    """Adds `shown_urgencies`: at most one, in force, as this person sees it."""
    shown = Urgency.objects.visible_to(user).in_force().select_related("flagged_by")
    return markets.prefetch_related(Prefetch("urgencies", shown, to_attr="shown_urgencies"))


def with_urgency(proposals: models.QuerySet) -> models.QuerySet:
    """Adds `urgent_reason`: what the office that proposes said of the line; empty where nothing hurries."""
    said = Urgency.objects.in_force().filter(office=OuterRef("office"), market=OuterRef("lot__market"))
    return proposals.annotate(
        urgent_reason=Coalesce(Subquery(said.values("reason")), Value(""), output_field=models.CharField())
    )


class Urgency(models.Model):
    """A line that an office marked as urgent, and why; it stays, with who lifted the mark, once lifted."""

    market = models.ForeignKey(Market, models.CASCADE, related_name="urgencies", verbose_name="marché")
    office = models.ForeignKey(Office, models.PROTECT, related_name="urgencies", verbose_name="office")
    reason = models.CharField("pourquoi cette ligne est urgente", max_length=300)
    flagged_at = models.DateTimeField("signalée le")
    flagged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="signalée par"
    )
    lifted_at = models.DateTimeField("levée le", null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="levée par",
    )

    objects = UrgencyQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ("flagged_by", "lifted_by")
        plain = ("id", "market", "office", "reason", "flagged_at", "lifted_at")

    class Meta:
        verbose_name = "urgence"
        verbose_name_plural = "urgences"
        constraints = [
            # Its index also answers which lines of an office are urgent: they are few.
            models.UniqueConstraint(
                fields=["office", "market"],
                condition=Q(lifted_at__isnull=True),
                name="urgency_once_per_office_and_market",
                violation_error_message="Cette ligne est déjà signalée urgente.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="urgency_has_a_reason",
                violation_error_message="Dites pourquoi cette ligne est urgente.",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="urgency_lifted_by_somebody",
                violation_error_message="Une urgence levée dit quand et par qui.",
            ),
        ]

    def __str__(self) -> str:
        return f"Urgent – {self.market}"
