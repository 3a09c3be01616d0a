from datetime import date
from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q


class DatedQuerySet(models.QuerySet):
    def in_force(self, on: date):
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)

    def by_code(self, on: date) -> dict:
        """What holds on that day, by code; of two rows left open, the later one."""
        return {row.code: row for row in self.in_force(on).order_by("valid_from", "pk")}


class ReferenceValue(models.Model):
    """A number of the law or of usage, dated and sourced; copied into a proposal, never read again from it.

    A row of a table of brackets says from which amount it applies, up to the next row of the table.
    """

    code = models.SlugField("code", max_length=60)
    label = models.CharField("libellé", max_length=200)
    value = models.DecimalField("valeur", max_digits=14, decimal_places=4)
    unit = models.CharField("unité", max_length=20)
    from_amount = models.DecimalField(
        "à partir d’un montant de (€ HT)",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0), "Le montant ne peut pas être négatif.")],
        help_text="Pour une tranche d’un barème seulement : elle vaut jusqu’à la tranche suivante.",
    )
    valid_from = models.DateField("à partir du")
    valid_to = models.DateField("jusqu’au (exclu)", null=True, blank=True)
    source = models.CharField("source", max_length=300)
    is_to_confirm = models.BooleanField("à confirmer", default=False)

    objects = DatedQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ()
        plain = (
            "id", "code", "label", "value", "unit", "from_amount", "valid_from", "valid_to", "source",
            "is_to_confirm",
        )  # fmt: skip

    class Meta:
        verbose_name = "valeur de référence"
        verbose_name_plural = "valeurs de référence"
        constraints = [
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                name="reference_value_once_per_date",
                violation_error_message="Une valeur de ce code commence déjà à cette date.",
            ),
            models.CheckConstraint(
                condition=Q(from_amount__isnull=True) | Q(from_amount__gte=0),
                name="reference_value_bracket_is_not_negative",
                violation_error_message="Le montant ne peut pas être négatif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} : {self.value} {self.unit}"


class Public(models.Model):
    """A public of the clauses: a reason why hours of a person count, with its usual proof."""

    code = models.SlugField("code", max_length=40)
    label = models.CharField("libellé", max_length=200)
    proof = models.CharField("justificatif", max_length=300)
    proof_max_months = models.PositiveSmallIntegerField("ancienneté maximale (mois)", null=True, blank=True)
    valid_from = models.DateField("à partir du")
    valid_to = models.DateField("jusqu’au (exclu)", null=True, blank=True)
    source = models.CharField("source", max_length=300)
    is_to_confirm = models.BooleanField("à confirmer", default=False)

    objects = DatedQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ()
        plain = (
            "id", "code", "label", "proof", "proof_max_months", "valid_from", "valid_to",
            "source", "is_to_confirm",
        )  # fmt: skip

    class Meta:
        verbose_name = "public"
        constraints = [
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                name="public_once_per_date",
                violation_error_message="Un public de ce code commence déjà à cette date.",
            )
        ]

    def __str__(self) -> str:
        return self.label

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)
