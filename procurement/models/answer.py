from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef

from accounts.models import Office
from procurement.models.plan import PurchasePlan


class PlanAnswerQuerySet(models.QuerySet):
    def of_plan(self, path: str) -> Exists:
        """Whether an answer was published to the plan that the outer row reaches by `path`."""
        return Exists(self.filter(plan=OuterRef(path)))


class PlanAnswer(models.Model):
    """What one office told the buyer of a plan; void, and gone, once the buyer takes the plan back."""

    plan = models.ForeignKey(PurchasePlan, models.CASCADE, related_name="answers", verbose_name="plan")
    office = models.ForeignKey(Office, models.PROTECT, related_name="plan_answers", verbose_name="office")
    answered_at = models.DateTimeField("répondu le")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="répondu par"
    )

    objects = PlanAnswerQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ("answered_by",)
        plain = ("id", "plan", "office", "answered_at")

    class Meta:
        verbose_name = "réponse à un plan"
        verbose_name_plural = "réponses aux plans"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "office"],
                name="plan_answer_once_per_office",
                violation_error_message="Cet office a déjà répondu à ce plan.",
            ),
        ]

    def __str__(self) -> str:
        return f"Réponse de {self.office} – {self.plan}"
