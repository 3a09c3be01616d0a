from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.enums import MembershipState
from accounts.models.organisation import Organisation
from accounts.models.scope import scope
from accounts.models.user import User
from accounts.roles import Role


class MembershipQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(accepted_at__isnull=False, ended_at__isnull=True)

    def current(self):
        """Members and people invited; not those who left."""
        return self.filter(ended_at__isnull=True)

    def pending(self):
        return self.filter(accepted_at__isnull=True, ended_at__isnull=True)

    def in_reading_order(self):
        """Invitations first, as they await somebody; then by name."""
        waits = Q(accepted_at__isnull=True, ended_at__isnull=True)
        return self.alias(waits=waits).order_by(
            "-waits", "user__last_name", "user__first_name", "user__email", "pk"
        )

    def visible_to(self, user: User):
        manages = {
            role: lambda hat: Q(organisation=hat.organisation_id) for role in (Role.MANAGER, Role.BUYER)
        }
        return self.filter(scope(user, manages | {Role.ADMINISTRATOR: lambda hat: Q()}))


class Membership(models.Model):
    """One hat of one person: a role in an organisation, from invitation to departure."""

    # Two weeks: long enough for somebody on holiday, short enough that a message found
    # in an old mailbox opens nothing.
    INVITATION_LIFE = timedelta(days=14)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships", verbose_name="personne"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name="organisation"
    )
    role = models.CharField("rôle", max_length=20, choices=Role)
    job_title = models.CharField("fonction", max_length=120, blank=True)
    invited_at = models.DateTimeField("invitée le", db_default=Now())
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="invitée par",
    )
    accepted_at = models.DateTimeField("acceptée le", null=True, blank=True)
    ended_at = models.DateTimeField("terminée le", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Privacy:
        personal = ("job_title",)
        identifying = ("user", "invited_by")
        plain = ("id", "organisation", "role", "invited_at", "accepted_at", "ended_at")

    class Meta:
        verbose_name = "appartenance"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(ended_at__isnull=True),
                name="membership_once_while_it_lasts",
                violation_error_message="Cette personne a déjà ce rôle dans cette organisation.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.organisation}"

    @property
    def state(self) -> MembershipState:
        if self.ended_at:
            return MembershipState.ENDED
        return MembershipState.ACTIVE if self.accepted_at else MembershipState.PENDING

    @property
    def is_pending(self) -> bool:
        return self.state == MembershipState.PENDING

    @property
    def invitation_ends_at(self) -> datetime:
        return self.invited_at + self.INVITATION_LIFE
