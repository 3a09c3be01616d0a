from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from procurement.models.plan import PlanFile


class FileUndoQuerySet(models.QuerySet):
    def open(self, at: datetime):
        return self.filter(until__gt=at)


class FileUndo(models.Model):
    """What applying a plan file changed: kept for as long as somebody may take it back, then erased."""

    plan_file = models.OneToOneField(
        PlanFile, models.CASCADE, related_name="undo", verbose_name="fichier de plan"
    )
    until = models.DateTimeField("annulable jusqu’au")
    added = models.JSONField("marchés ajoutés", default=list)
    before = models.JSONField("valeurs d’avant, par marché", default=dict, encoder=DjangoJSONEncoder)
    departments = models.JSONField("services ajoutés", default=list)
    # What the log says after it was done since.
    last_event = models.BigIntegerField("dernier fait de l’importation")

    objects = FileUndoQuerySet.as_manager()

    class Privacy:
        # A market names its contact.
        personal = ("before",)
        identifying = ()
        plain = ("id", "plan_file", "until", "added", "departments", "last_event")

    class Meta:
        verbose_name = "annulation possible d’une importation"
        verbose_name_plural = "annulations possibles d’importations"

    def __str__(self) -> str:
        return f"Annulation possible – {self.plan_file}"
