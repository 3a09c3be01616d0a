from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from procurement.enums import BuyerCategory, DutyMotive, ThresholdEffect, ThresholdNature


EIGHT_DIGITS = RegexValidator(r"^\d{8}$", "Le code CPV compte 8 chiffres.")


class DatedRule(models.Model):
    """A rule of the law from one day to another, with the text it comes from."""

    valid_from = models.DateField("à partir du")
    valid_to = models.DateField("jusqu’au (exclu)", null=True, blank=True)
    source = models.CharField("texte et source", max_length=300)
    is_to_confirm = models.BooleanField("à confirmer", default=False)

    # What tells two rules apart, dates aside: one of them is in force at a time.
    IDENTITY: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Two rows for one case on one day would make the law say two things."""
        if self.valid_from is None:
            return
        same = type(self)._default_manager.filter(**{name: getattr(self, name) for name in self.IDENTITY})
        before_its_end = Q() if self.valid_to is None else Q(valid_from__lt=self.valid_to)
        after_its_start = Q(valid_to__isnull=True) | Q(valid_to__gt=self.valid_from)
        if same.filter(before_its_end, after_its_start).exclude(pk=self.pk).exists():
            message = "Une autre ligne couvre déjà une partie de ces dates : fixez d’abord son terme."
            raise ValidationError({"valid_from": message})


class LegalThreshold(DatedRule):
    """An amount of the Code de la commande publique, and what follows from reaching it.

    An empty category is that of every buyer. The social duty has no amount of its own: it starts
    at the European threshold (article L. 2112-2-1).
    """

    effect = models.CharField("effet", max_length=12, choices=ThresholdEffect)
    category = models.CharField("catégorie d’acheteur", max_length=10, choices=BuyerCategory, blank=True)
    nature = models.CharField("nature", max_length=18, choices=ThresholdNature)
    amount = models.DecimalField(
        "montant (€ HT)",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0, "Un seuil ne peut pas être négatif.")],
    )

    IDENTITY = ("effect", "category", "nature")

    class Privacy:
        personal = ()
        identifying = ()
        plain = (
            "id", "effect", "category", "nature", "amount", "valid_from", "valid_to", "source",
            "is_to_confirm",
        )  # fmt: skip

    class Meta:
        verbose_name = "seuil légal"
        verbose_name_plural = "seuils légaux"
        constraints = [
            models.UniqueConstraint(
                fields=["effect", "category", "nature", "valid_from"],
                name="threshold_once_per_date",
                violation_error_message="Un seuil de même effet commence déjà à cette date.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="threshold_ends_after_its_start",
                violation_error_message="Un seuil se termine après son début.",
            ),
            models.CheckConstraint(
                condition=Q(effect=ThresholdEffect.SOCIAL_DUTY, amount__isnull=True)
                | Q(~Q(effect=ThresholdEffect.SOCIAL_DUTY), amount__isnull=False, amount__gte=0),
                name="threshold_has_an_amount",
                violation_error_message="Un seuil a un montant ; l’obligation prend le seuil européen.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_effect_display()} – {self.get_nature_display()} ({self.valid_from:%d/%m/%Y})"


class SpecificService(DatedRule):
    """A range of CPV codes, both ends included, of the list of social and other specific services."""

    label = models.CharField("services", max_length=200)
    cpv_from = models.CharField("du code CPV", max_length=8, validators=[EIGHT_DIGITS])
    cpv_to = models.CharField("au code CPV (inclus)", max_length=8, validators=[EIGHT_DIGITS])

    IDENTITY = ("cpv_from",)

    class Privacy:
        personal = ()
        identifying = ()
        plain = (
            "id", "label", "cpv_from", "cpv_to", "valid_from", "valid_to", "source", "is_to_confirm",
        )  # fmt: skip

    class Meta:
        verbose_name = "service social ou spécifique"
        verbose_name_plural = "services sociaux et autres services spécifiques"
        constraints = [
            models.UniqueConstraint(
                fields=["cpv_from", "valid_from"],
                name="specific_service_once_per_date",
                violation_error_message="Une plage qui commence à ce code existe déjà à cette date.",
            ),
            models.CheckConstraint(
                condition=Q(cpv_to__gte=F("cpv_from")),
                name="specific_service_range_is_in_order",
                violation_error_message="La plage va du plus petit code au plus grand.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="specific_service_ends_after_its_start",
                violation_error_message="Une plage se termine après son début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.cpv_from} – {self.cpv_to})"


class DutyException(DatedRule):
    """A motive by which a buyer may leave the social conditions out (article L. 2112-2-1)."""

    code = models.CharField("motif", max_length=20, choices=DutyMotive)
    wording = models.CharField("rédaction", max_length=300)
    nature = models.CharField("nature, si elle compte", max_length=18, choices=ThresholdNature, blank=True)
    less_than_months = models.PositiveSmallIntegerField("durée inférieure à (mois)", null=True, blank=True)

    IDENTITY = ("code",)

    class Privacy:
        personal = ()
        identifying = ()
        plain = (
            "id", "code", "wording", "nature", "less_than_months", "valid_from", "valid_to", "source",
            "is_to_confirm",
        )  # fmt: skip

    class Meta:
        verbose_name = "motif de dérogation"
        verbose_name_plural = "motifs de dérogation"
        constraints = [
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                name="duty_exception_once_per_date",
                violation_error_message="Ce motif commence déjà à cette date.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="duty_exception_ends_after_its_start",
                violation_error_message="Un motif se termine après son début.",
            ),
        ]

    def __str__(self) -> str:
        return self.wording
