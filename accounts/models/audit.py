from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now

from accounts.enums import AuditKind, audit_kinds


class AuditEvent(models.Model):
    """One thing that somebody did to one object. Append-only, without foreign keys: it outlives both."""

    at = models.DateTimeField("le", db_default=Now())
    kind = models.CharField("fait", max_length=40, choices=audit_kinds)
    actor_id = models.BigIntegerField("auteur", null=True, blank=True)
    actor_name = models.CharField("nom de l’auteur", max_length=200, blank=True)
    target_label = models.CharField("nature de l’objet", max_length=60)
    target_id = models.BigIntegerField("objet")
    payload = models.JSONField("détails", default=dict, encoder=DjangoJSONEncoder)

    class Privacy:
        personal = ("actor_name", "payload")
        identifying = ("actor_id",)
        plain = ("id", "at", "kind", "target_label", "target_id")

    class Meta:
        verbose_name = "fait historique"
        verbose_name_plural = "faits historiques"
        indexes = [models.Index(fields=["target_label", "target_id", "at"], name="audit_by_target")]

    def __str__(self) -> str:
        return f"{self.actor} {self.sentence}"

    @property
    def actor(self) -> str:
        return self.actor_name or "Une personne effacée"

    @property
    def sentence(self) -> str:
        return AuditKind(self.kind).label.format_map(Blank(self.payload))


class Blank(dict):
    """A payload whose forgotten keys read as an ellipsis: erasure must not break a page."""

    def __missing__(self, key: str) -> str:
        return "…"
