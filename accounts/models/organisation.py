from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now, TruncDate

from accounts.enums import OrganisationKind
from accounts.models.scope import scope
from accounts.roles import Role


if TYPE_CHECKING:
    from accounts.models.user import User


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """One's own; for the administrator, who keeps the accounts, all of them."""
        own = {role: lambda hat: Q(pk=hat.organisation_id) for role in Role}
        return self.filter(scope(user, own | {Role.ADMINISTRATOR: lambda hat: Q()}))


class Organisation(models.Model):
    """A body that people belong to: an office, a buyer, a company, a structure, a funder."""

    kind = models.CharField("nature", max_length=20, choices=OrganisationKind)
    name = models.CharField("nom", max_length=200)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    created_at = models.DateTimeField("créée le", db_default=Now())

    objects = OrganisationQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ()
        plain = ("id", "kind", "name", "siret", "created_at")

    class Meta:
        verbose_name = "organisation"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "siret"],
                condition=~Q(siret=""),
                name="organisation_siret_once_per_kind",
                violation_error_message="Une organisation de cette nature porte déjà ce SIRET.",
            )
        ]

    def __str__(self) -> str:
        return self.name


def days(label: str, **options: object) -> models.PositiveSmallIntegerField:
    """A delay of the office: from one day to half a year."""
    bounds = [
        MinValueValidator(1, "Comptez au moins un jour."),
        MaxValueValidator(180, "Au-delà de 180 jours, le marché n’attend plus la réponse."),
    ]
    return models.PositiveSmallIntegerField(label, default=28, validators=bounds, **options)


class OfficeQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        own = lambda hat: Q(pk=hat.organisation_id)  # noqa: E731
        return self.filter(scope(user, {Role.FACILITATOR: own, Role.MANAGER: own}))


class Office(models.Model):
    """The body that carries the facilitators (association or public body), with its own settings."""

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, primary_key=True, related_name="office", verbose_name="organisation"
    )
    email = models.EmailField("adresse de contact", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    answer_days = days(
        "délai de décision (jours)",
        help_text=(
            "Ce qu’un service a pour répondre à une proposition. "
            "Quatre semaines : l’usage relevé auprès d’acheteurs (2020)."
        ),
    )
    link_days = days(
        "validité d’un lien de décision (jours)",
        help_text="Ensuite, le lien envoyé au service ne s’ouvre plus ; l’office peut en envoyer un autre.",
    )
    department_codes = models.CharField(
        "départements du territoire",
        max_length=60,
        blank=True,
        validators=[
            RegexValidator(
                r"^(\d{2,3}|2[AB])( (\d{2,3}|2[AB]))*$",
                "Écrivez des codes de départements séparés par un espace, par exemple « 94 77 ».",
            )
        ],
        help_text=(
            "Codes séparés par un espace. "
            "L’offre locale d’un marché dont le lieu n’est pas reconnu y est comptée."
        ),
    )
    small_count_floor = models.PositiveSmallIntegerField(
        "effectif minimal publié",
        default=5,
        validators=[
            MinValueValidator(1, "L’effectif minimal est au moins 1."),
            MaxValueValidator(50, "Au-delà de 50, presque aucun chiffre ne serait publié."),
        ],
        help_text=(
            "En dessous, un effectif est masqué dans ce qui sort de l’office : "
            "personne ne doit pouvoir y être reconnu."
        ),
    )

    objects = OfficeQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ()
        plain = (
            "organisation", "email", "phone", "answer_days", "link_days", "department_codes",
            "small_count_floor",
        )  # fmt: skip

    class Meta:
        verbose_name = "office"
        constraints = [
            models.CheckConstraint(
                condition=Q(answer_days__range=(1, 180), link_days__range=(1, 180)),
                name="office_delays_within_half_a_year",
                violation_error_message="Les délais vont de 1 à 180 jours.",
            ),
            models.CheckConstraint(
                condition=Q(small_count_floor__range=(1, 50)),
                name="office_floor_between_1_and_50",
                violation_error_message="L’effectif minimal publié va de 1 à 50.",
            ),
        ]

    def __str__(self) -> str:
        return self.organisation.name


class MandateQuerySet(models.QuerySet):
    def in_force(self):
        today = TruncDate(Now())
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today), starts_on__lte=today)

    def running_at(self, starts_on: date):
        """What would overlap an agreement opened on that day without an end."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on))

    def partners_of(self, organisation_id: int):
        """Ids of the buyers and funders that an office serves today."""
        return self.in_force().filter(office=organisation_id).values("partner")

    def offices_of(self, organisation_id: int):
        return self.in_force().filter(partner=organisation_id).values("office")


class Mandate(models.Model):
    """The agreement under which an office works for a buyer, or reports to a funder, between two dates."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="mandates", verbose_name="office")
    partner = models.ForeignKey(
        Organisation, models.PROTECT, related_name="mandates", verbose_name="organisation"
    )
    starts_on = models.DateField("à partir du")
    ends_on = models.DateField("jusqu’au (exclu)", null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ()
        plain = ("id", "office", "partner", "starts_on", "ends_on")

    class Meta:
        verbose_name = "convention"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="mandate_ends_after_its_start",
                violation_error_message="La convention se termine après son début.",
            ),
            models.UniqueConstraint(
                fields=["office", "partner", "starts_on"],
                name="mandate_once_per_start",
                violation_error_message="Cette convention existe déjà à cette date.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office} – {self.partner}"
