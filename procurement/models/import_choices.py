from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from procurement.models.buyer import Buyer


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
