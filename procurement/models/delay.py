from django.db import models
from django.db.models import F, Q

from accounts.models import Office
from procurement.enums import DELAY_UNITS, DelayCode
from procurement.models.threshold import DatedRule


class DelayQuerySet(models.QuerySet):
    def in_force(self, on):
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)

    def general(self):
        return self.filter(office__isnull=True)

    def heard_by(self, office_id: int | None):
        """The usual delays, and those that this office set for itself."""
        return self.filter(Q(office__isnull=True) | Q(office=office_id))


class Delay(DatedRule):
    """A delay that offices keep, from one day to another: the usual one, or the one of an office."""

    office = models.ForeignKey(
        Office, models.CASCADE, null=True, blank=True, related_name="delays", verbose_name="office",
        help_text="Vide\N{NO-BREAK SPACE}: le délai usuel, pour tout office qui n’a pas fixé le sien.",
    )  # fmt: skip
    code = models.CharField("délai", max_length=24, choices=DelayCode)
    value = models.PositiveSmallIntegerField("valeur")

    IDENTITY = ("office", "code")

    objects = DelayQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ()
        plain = ("id", "office", "code", "value", "valid_from", "valid_to", "source", "is_to_confirm")

    class Meta:
        verbose_name = "délai"
        verbose_name_plural = "délais"
        constraints = [
            models.UniqueConstraint(
                fields=["office", "code", "valid_from"],
                name="delay_once_per_office_and_date",
                violation_error_message="Ce délai commence déjà à cette date pour cet office.",
            ),
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                condition=Q(office__isnull=True),
                name="usual_delay_once_per_date",
                violation_error_message="Ce délai usuel commence déjà à cette date.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="delay_ends_after_its_start",
                violation_error_message="Un délai se termine après son début.",
            ),
            models.CheckConstraint(
                condition=Q(value__lte=730),
                name="delay_within_two_years",
                violation_error_message="Un délai va de 0 à 730.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()}\N{NO-BREAK SPACE}: {self.value} {self.unit}"

    @property
    def unit(self) -> str:
        return DELAY_UNITS[DelayCode(self.code)]
