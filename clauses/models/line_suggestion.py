from django.db import models

from accounts.models import Office
from clauses.enums import Outcome
from procurement.models import Market


class LineSuggestion(models.Model):
    """What an office's rule suggested for a line when it was last looked at: a list may be narrowed by it.

    Computed from the rest: it may be deleted at any time, and the next look writes it again.
    """

    office = models.ForeignKey(Office, models.CASCADE, related_name="+", verbose_name="office")
    market = models.ForeignKey(Market, models.CASCADE, related_name="+", verbose_name="marché")
    outcome = models.CharField("suggestion", max_length=20, choices=Outcome)
    computed_at = models.DateTimeField("calculée le")

    class Privacy:
        personal = ()
        identifying = ()
        plain = ("id", "office", "market", "outcome", "computed_at")

    class Meta:
        verbose_name = "suggestion d’une ligne"
        verbose_name_plural = "suggestions des lignes"
        constraints = [
            models.UniqueConstraint(
                fields=["office", "market"],
                name="line_suggestion_once_per_office",
                violation_error_message="Cette ligne a déjà sa suggestion.",
            )
        ]
        indexes = [models.Index(fields=["office", "outcome"], name="line_suggestion_by_outcome")]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} – {self.market}"
