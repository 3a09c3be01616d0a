from datetime import date

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Combinable

from accounts.models import User
from structures.enums import AreaKind, CapacityPeriod, CapacityUnit, ServiceKind
from structures.models.structure import Structure
from structures.models.trade import Trade


class OfferQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self.filter(structure__in=Structure.objects.visible_to(user))


class Offer(models.Model):
    """A trade that a structure says it does, in which way and how far from home."""

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="offers", verbose_name="structure")
    trade = models.ForeignKey(Trade, models.PROTECT, related_name="offers", verbose_name="métier")
    service_kind = models.CharField("nature", max_length=10, choices=ServiceKind)
    area_kind = models.CharField("zone d’intervention", max_length=11, choices=AreaKind)
    radius_km = models.PositiveSmallIntegerField(
        "rayon (km)",
        null=True,
        blank=True,
        validators=[MinValueValidator(1, "Un rayon compte au moins 1 km.")],
    )
    area_codes = models.CharField(
        "codes de la zone",
        max_length=600,
        blank=True,
        help_text="Communes (codes INSEE), départements ou régions, selon la zone, séparés par des espaces.",
    )
    details = models.CharField("précisions", max_length=300, blank=True)
    source = models.CharField("source", max_length=120, blank=True)
    verified_on = models.DateField("vérifié le", null=True, blank=True)

    objects = OfferQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ()
        plain = (
            "id", "structure", "trade", "service_kind", "area_kind", "radius_km", "area_codes", "details",
            "source", "verified_on",
        )  # fmt: skip

    class Meta:
        verbose_name = "offre"
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "trade", "service_kind"],
                name="offer_once_per_trade_and_service",
                violation_error_message="Cette structure propose déjà ce métier de cette manière.",
            ),
            models.CheckConstraint(
                condition=Q(area_kind=AreaKind.RADIUS, radius_km__gte=1)
                | (~Q(area_kind=AreaKind.RADIUS) & Q(radius_km__isnull=True)),
                name="offer_radius_iff_around",
                violation_error_message="Un rayon se donne avec la zone « autour de l’établissement ».",
            ),
        ]
        indexes = [models.Index(fields=["trade", "service_kind"], name="offer_by_trade")]

    def __str__(self) -> str:
        return f"{self.trade} ({self.get_service_kind_display()})"


class CapacityQuerySet(models.QuerySet):
    def in_force(self, day: date):
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day)

    def overlapping(self, starts_on: date | Combinable, ends_on: date | Combinable):
        """In force on a day of [starts_on, ends_on[ at least."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on), starts_on__lt=ends_on)


class Capacity(models.Model):
    """How much of a trade a structure says it can do, each month or year of a period."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="capacities", verbose_name="offre")
    quantity = models.DecimalField(
        "quantité",
        max_digits=9,
        decimal_places=2,
        validators=[MinValueValidator(0, "Une capacité ne peut pas être négative.")],
    )
    unit = models.CharField("unité", max_length=6, choices=CapacityUnit, default=CapacityUnit.HOURS)
    period = models.CharField("période", max_length=5, choices=CapacityPeriod, default=CapacityPeriod.MONTH)
    starts_on = models.DateField("à partir du")
    ends_on = models.DateField("jusqu’au (exclu)", null=True, blank=True)
    source = models.CharField("source", max_length=120, blank=True)
    declared_on = models.DateField("déclarée le")
    declared_by_name = models.CharField("déclarée par", max_length=160, blank=True)

    objects = CapacityQuerySet.as_manager()

    class Privacy:
        personal = ("declared_by_name",)
        identifying = ()
        plain = (
            "id", "offer", "quantity", "unit", "period", "starts_on", "ends_on", "source", "declared_on",
        )  # fmt: skip

    class Meta:
        verbose_name = "capacité"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="capacity_ends_after_it_starts",
                violation_error_message="La fin doit suivre le début.",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=0),
                name="capacity_not_negative",
                violation_error_message="Une capacité ne peut pas être négative.",
            ),
        ]
        indexes = [models.Index(fields=["offer", "starts_on"], name="capacity_by_offer")]

    def __str__(self) -> str:
        return f"{self.quantity} {self.get_unit_display()} {self.get_period_display()}"
