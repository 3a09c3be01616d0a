from hashlib import sha256

from django.db import models
from django.db.models import F, Q

from accounts.models.membership import Membership
from accounts.models.user import User


class CalendarFeedQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """One's own, under the hat worn: nobody reads another person's subscription, not even a manager."""
        hat = getattr(user, "membership", None)
        return self.filter(membership=hat.pk) if hat else self.none()

    def alive(self):
        return self.filter(revoked_at__isnull=True)

    def of_token(self, token: str):
        """The feed that this secret opens, as long as the person keeps the role it was made for."""
        return self.alive().filter(
            token_hash=self.model.hash_of(token),
            membership__accepted_at__isnull=False,
            membership__ended_at__isnull=True,
            membership__user__is_active=True,
        )


class CalendarFeed(models.Model):
    """The secret address by which the calendar software of one person reads their deadlines."""

    membership = models.ForeignKey(
        Membership, models.CASCADE, related_name="calendar_feeds", verbose_name="appartenance"
    )
    # The secret itself is shown once and kept nowhere.
    token_hash = models.CharField("empreinte du secret", max_length=64, unique=True)
    created_at = models.DateTimeField("créé le")
    revoked_at = models.DateTimeField("révoqué le", null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ("membership", "token_hash")
        plain = ("id", "created_at", "revoked_at")

    class Meta:
        verbose_name = "abonnement au calendrier"
        verbose_name_plural = "abonnements au calendrier"
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(revoked_at__isnull=True),
                name="calendar_feed_once_while_it_lasts",
                violation_error_message="Un abonnement est déjà ouvert pour ce rôle.",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("created_at")),
                name="calendar_feed_revoked_after_creation",
                violation_error_message="Un abonnement est révoqué après son ouverture.",
            ),
        ]

    def __str__(self) -> str:
        return f"Abonnement de {self.membership}"

    @staticmethod
    def hash_of(token: str) -> str:
        return sha256(token.encode()).hexdigest()
