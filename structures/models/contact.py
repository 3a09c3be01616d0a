from django.db import models
from django.db.models import Q

from accounts.models import User, scope
from accounts.roles import Role
from structures.models.structure import Structure


class ContactQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Names and telephones are for the offices and the buyers, and for the structure itself."""
        everyone = (Role.FACILITATOR, Role.MANAGER, Role.BUYER)
        rights = {role: lambda hat: Q() for role in everyone}
        own = lambda hat: Q(structure__organisation=hat.organisation_id)  # noqa: E731
        return self.filter(scope(user, rights | {Role.STRUCTURE: own}))


class Contact(models.Model):
    """Whom to write to or call at a structure."""

    structure = models.ForeignKey(
        Structure, models.CASCADE, related_name="contacts", verbose_name="structure"
    )
    name = models.CharField("nom", max_length=160, blank=True)
    function = models.CharField("fonction", max_length=120, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    source = models.CharField("source", max_length=120, blank=True)
    is_first = models.BooleanField("à joindre d’abord", default=False)

    objects = ContactQuerySet.as_manager()

    class Privacy:
        personal = ("name", "email", "phone")
        identifying = ()
        plain = ("id", "structure", "function", "source", "is_first")

    class Meta:
        verbose_name = "contact"
        constraints = [
            models.CheckConstraint(
                condition=~Q(email="") | ~Q(phone=""),
                name="contact_can_be_reached",
                violation_error_message="Donnez une adresse électronique ou un téléphone.",
            ),
            models.UniqueConstraint(
                fields=["structure"],
                condition=Q(is_first=True),
                name="one_first_contact_per_structure",
                violation_error_message="Un autre contact est déjà celui à joindre d’abord.",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.function or self.email or self.phone
