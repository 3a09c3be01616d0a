from collections.abc import Callable, Mapping

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models.organisation import Organisation
from accounts.models.user import User
from accounts.roles import Role


class MembershipQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(accepted_at__isnull=False, ended_at__isnull=True)

    def visible_to(self, user: User):
        manages = {
            role: lambda hat: Q(organisation=hat.organisation_id) for role in (Role.MANAGER, Role.BUYER)
        }
        return self.filter(scope(user, manages | {Role.ADMINISTRATOR: lambda hat: Q()}))


class Membership(models.Model):
    """One hat of one person: a role in an organisation, from invitation to departure."""

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
    def is_pending(self) -> bool:
        return self.accepted_at is None and self.ended_at is None


NOTHING = Q(pk__in=[])


def scope(user: User, rows: Mapping[Role, Callable[[Membership], Q]]) -> Q:
    """The rows a person may see under the present hat; a role that is not named sees nothing."""
    hat = getattr(user, "membership", None)
    if hat is None or hat.role not in rows:
        return NOTHING
    return rows[Role(hat.role)](hat)
