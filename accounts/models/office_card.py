from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.enums import OrganisationKind
from accounts.models.membership import Membership
from accounts.models.organisation import Mandate, Office, Organisation
from accounts.models.scope import scope
from accounts.models.user import User
from accounts.roles import Role


class OfficeCardQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        own = lambda hat: Q(office=hat.organisation_id)  # noqa: E731
        return self.filter(scope(user, {Role.FACILITATOR: own, Role.MANAGER: own}))

    def published(self):
        return self.filter(published_at__isnull=False)


class OfficeCard(models.Model):
    """What an office says of itself to anybody: what it offers and whom to ask; private until published."""

    office = models.OneToOneField(
        Office, models.PROTECT, primary_key=True, related_name="card", verbose_name="office"
    )
    slug = models.SlugField("adresse publique", max_length=80, unique=True)
    presentation = models.TextField(
        "qui nous sommes",
        max_length=3000,
        help_text="En quelques phrases : le territoire, pour qui, depuis quand.",
    )
    offered = models.TextField(
        "ce que nous proposons", max_length=3000, blank=True, help_text="Une offre par ligne."
    )
    address = models.CharField("adresse postale", max_length=300, blank=True)
    website = models.URLField("site de l’office", max_length=300, blank=True)
    changed_at = models.DateTimeField("modifiée le")
    published_at = models.DateTimeField("publiée le", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="publiée par",
    )

    objects = OfficeCardQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ("published_by",)
        plain = (
            "office", "slug", "presentation", "offered", "address", "website", "changed_at", "published_at",
        )  # fmt: skip

    class Meta:
        verbose_name = "carte de l’office"
        verbose_name_plural = "cartes des offices"
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="office_card_published_iff_signed",
                violation_error_message="Une carte publiée l’est par quelqu’un, à une date.",
            )
        ]

    def __str__(self) -> str:
        return f"Carte de {self.office}"

    def get_absolute_url(self) -> str:
        return reverse("structures:office_card", args=[self.slug])

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def offers(self) -> list[str]:
        return [line.strip(" -•") for line in self.offered.splitlines() if line.strip(" -•")]


class CardContactQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """The manager, all of the office; a person, their own."""
        own = lambda hat: Q(membership=hat.pk)  # noqa: E731
        office = lambda hat: Q(card=hat.organisation_id)  # noqa: E731
        return self.filter(scope(user, {Role.FACILITATOR: own, Role.MANAGER: office}))

    def agreed(self):
        """What may be published: the person agreed, and still belongs to the office."""
        return self.filter(
            agreed_at__isnull=False,
            membership__accepted_at__isnull=False,
            membership__ended_at__isnull=True,
            membership__user__is_active=True,
        )

    def in_reading_order(self):
        return self.order_by("membership__user__last_name", "membership__user__first_name", "pk")


class CardContact(models.Model):
    """The professional contact of one person of the office, published once that person has agreed."""

    card = models.ForeignKey(OfficeCard, models.CASCADE, related_name="contacts", verbose_name="carte")
    membership = models.OneToOneField(
        Membership, models.CASCADE, related_name="card_contact", verbose_name="personne"
    )
    function = models.CharField("fonction", max_length=120, blank=True)
    email = models.EmailField("adresse professionnelle", blank=True)
    phone = models.CharField("téléphone professionnel", max_length=30, blank=True)
    buyers = models.ManyToManyField(
        Organisation, blank=True, related_name="card_contacts", verbose_name="acheteurs suivis"
    )
    agreed_at = models.DateTimeField("publication acceptée le", null=True, blank=True)

    objects = CardContactQuerySet.as_manager()

    class Privacy:
        personal = ("function", "email", "phone")
        identifying = ("membership",)
        plain = ("id", "card", "agreed_at")

    class Meta:
        verbose_name = "contact de la carte"
        verbose_name_plural = "contacts de la carte"
        constraints = [
            models.CheckConstraint(
                condition=~Q(email="") | ~Q(phone=""),
                name="card_contact_can_be_reached",
                violation_error_message="Donnez une adresse ou un téléphone professionnel.",
            )
        ]

    def __str__(self) -> str:
        return str(self.membership.user)


def buyers_served(office: Office):
    """The buyers that an agreement binds to the office today."""
    served = Mandate.objects.partners_of(office.pk)
    return Organisation.objects.filter(pk__in=served, kind=OrganisationKind.BUYER).order_by("name", "pk")
