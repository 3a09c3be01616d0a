from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from procurement.enums import DutyMotive
from procurement.models import Market


class DerogationQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self.filter(market__in=Market.objects.visible_to(user))

    def in_force(self):
        return self.filter(withdrawn_at__isnull=True)


class Derogation(models.Model):
    """Why a market carries no social condition although the law asks for one (article L. 2112-2-1).

    Signed once and never changed: another one replaces it, and both stay readable.
    """

    market = models.ForeignKey(Market, models.PROTECT, related_name="derogations", verbose_name="marché")
    motive = models.CharField("motif", max_length=20, choices=DutyMotive)
    wording = models.CharField("rédaction du motif", max_length=300)
    text = models.TextField("justification")
    # The value, the threshold and its source as they were that day: a changed table rewrites no sheet.
    facts = models.JSONField("faits", encoder=DjangoJSONEncoder)
    signed_at = models.DateTimeField("signée le")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="signée par"
    )
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="retirée par",
    )

    objects = DerogationQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ("signed_by", "withdrawn_by")
        plain = ("id", "market", "motive", "wording", "text", "facts", "signed_at", "withdrawn_at")

    class Meta:
        verbose_name = "dérogation"
        constraints = [
            models.UniqueConstraint(
                fields=["market"],
                condition=Q(withdrawn_at__isnull=True),
                name="derogation_once_in_force_per_market",
                violation_error_message="Ce marché a déjà une dérogation.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="derogation_withdrawn_iff_signed",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("signed_at")),
                name="derogation_withdrawn_after_signed",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="derogation_is_explained",
                violation_error_message="Une dérogation demande une justification.",
            ),
        ]

    def __str__(self) -> str:
        return f"Dérogation – {self.market}"

    def get_absolute_url(self) -> str:
        return reverse("clauses:derogation", args=[self.market_id])
