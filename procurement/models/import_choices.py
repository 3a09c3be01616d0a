from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from procurement.enums import ChosenField
from procurement.models.buyer import Buyer, Department
from procurement.models.reference import Family


class ColumnChoice(models.Model):
    """What a column of this title means in the files of a buyer, as somebody once said."""

    buyer = models.ForeignKey(Buyer, models.CASCADE, related_name="column_choices", verbose_name="acheteur")
    # The title as imports compare it; `written` is how the file had it.
    key = models.CharField("titre comparé", max_length=200)
    written = models.CharField("titre de la colonne", max_length=200)
    # Empty: the column is not to be read.
    field = models.CharField("sens de la colonne", max_length=40, blank=True)
    chosen_at = models.DateTimeField("choisi le", db_default=Now())
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="choisi par"
    )

    class Privacy:
        personal = ()
        identifying = ("chosen_by",)
        plain = ("id", "buyer", "key", "written", "field", "chosen_at")

    class Meta:
        verbose_name = "sens d’une colonne"
        verbose_name_plural = "sens des colonnes"
        constraints = [
            models.UniqueConstraint(
                fields=["buyer", "key"],
                name="column_choice_once_per_buyer_and_title",
                violation_error_message="Le sens de cette colonne est déjà retenu pour cet acheteur.",
            )
        ]

    def __str__(self) -> str:
        return self.written


class ValueChoice(models.Model):
    """What a value that a buyer writes stands for, as somebody confirmed; nothing when it is none of ours."""

    buyer = models.ForeignKey(Buyer, models.CASCADE, related_name="value_choices", verbose_name="acheteur")
    field = models.CharField("donnée", max_length=12, choices=ChosenField)
    # The value as imports compare it; `written` is how the file had it.
    key = models.CharField("valeur comparée", max_length=200)
    written = models.CharField("valeur écrite", max_length=200)
    family = models.ForeignKey(
        Family, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="famille retenue"
    )
    department = models.ForeignKey(
        Department, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="service retenu"
    )
    place = models.CharField("lieu retenu", max_length=300, blank=True)
    chosen_at = models.DateTimeField("choisi le", db_default=Now())
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="choisi par"
    )

    class Privacy:
        personal = ()
        identifying = ("chosen_by",)
        plain = ("id", "buyer", "field", "key", "written", "family", "department", "place", "chosen_at")

    class Meta:
        verbose_name = "valeur confirmée"
        verbose_name_plural = "valeurs confirmées"
        constraints = [
            models.UniqueConstraint(
                fields=["buyer", "field", "key"],
                name="value_choice_once_per_buyer_and_value",
                violation_error_message="Cette valeur est déjà confirmée pour cet acheteur.",
            ),
            models.CheckConstraint(
                condition=(Q(field=ChosenField.FAMILY) | Q(family__isnull=True))
                & (Q(field=ChosenField.DEPARTMENT) | Q(department__isnull=True))
                & (Q(field=ChosenField.PLACE) | Q(place="")),
                name="value_choice_is_of_its_field",
                violation_error_message="Le choix doit être de la même nature que la valeur.",
            ),
        ]

    def __str__(self) -> str:
        return self.written

    @property
    def said(self) -> str:
        """What was chosen, in words; the rows it points to must be at hand."""
        return str(self.family or self.department or self.place)
