from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.models import Office, User, scope
from accounts.roles import Role
from clauses.enums import (
    OUTCOME_ICONS,
    OUTCOME_TONES,
    VERDICT_ICONS,
    VERDICT_TONES,
    Outcome,
    ProvisionKind,
    Verdict,
    VerdictReason,
)
from clauses.models.screening import Screening
from clauses.models.suggestion_rule import SuggestionRule
from procurement.models import Market


class SuggestionQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        office = lambda hat: Q(office=hat.organisation_id)  # noqa: E731
        return self.filter(scope(user, {Role.FACILITATOR: office, Role.MANAGER: office}))

    def standing(self):
        """The last one kept with the verdict that the line has today: what was undone counts no more."""
        same = {name: OuterRef(name) for name in ("office", "market", "verdict")}
        return self.filter(
            Exists(Screening.objects.filter(**same)),
            ~Exists(Suggestion.objects.filter(**same, pk__gt=OuterRef("pk"))),
        )

    def disagreeing(self):
        return self.exclude(verdict=F("suggested_verdict"))


class Suggestion(models.Model):
    """What was suggested for a line on the day of a verdict, all that it rested on, and that verdict."""

    market = models.ForeignKey(Market, models.CASCADE, related_name="suggestions", verbose_name="marché")
    office = models.ForeignKey(Office, models.PROTECT, related_name="suggestions", verbose_name="office")
    # None: before any version was kept, the rule of the code spoke.
    rule = models.ForeignKey(
        SuggestionRule, models.PROTECT, null=True, related_name="suggestions", verbose_name="règle"
    )
    version = models.PositiveIntegerField("version de la règle")
    inputs = models.JSONField("éléments", default=dict, encoder=DjangoJSONEncoder)
    outcome = models.CharField("suggestion", max_length=20, choices=Outcome)
    kind = models.CharField("disposition", max_length=24, choices=ProvisionKind, blank=True)
    lots = models.JSONField("lots", default=list)
    hours = models.DecimalField("heures", max_digits=12, decimal_places=2, null=True, blank=True)
    rate = models.DecimalField("taux", max_digits=6, decimal_places=4, null=True, blank=True)
    reasons = models.JSONField("raisons", default=list, encoder=DjangoJSONEncoder)
    suggested_verdict = models.CharField("avis suggéré", max_length=14, choices=Verdict)
    verdict = models.CharField("avis rendu", max_length=14, choices=Verdict)
    reason = models.CharField("raison rendue", max_length=20, blank=True)
    computed_at = models.DateTimeField("calculée le")

    objects = SuggestionQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ()
        plain = (
            "id", "market", "office", "rule", "version", "inputs", "outcome", "kind", "lots", "hours", "rate",
            "reasons", "suggested_verdict", "verdict", "reason", "computed_at",
        )  # fmt: skip

    class Meta:
        verbose_name = "suggestion"
        indexes = [models.Index(fields=["office", "market", "computed_at"], name="suggestion_by_market")]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} – {self.market}"

    @property
    def tone(self) -> str:
        return OUTCOME_TONES[Outcome(self.outcome)]

    @property
    def icon(self) -> str:
        return OUTCOME_ICONS[Outcome(self.outcome)]

    @property
    def verdict_tone(self) -> str:
        return VERDICT_TONES[Verdict(self.verdict)]

    @property
    def verdict_icon(self) -> str:
        return VERDICT_ICONS[Verdict(self.verdict)]

    @property
    def reason_label(self) -> str:
        return str(VerdictReason(self.reason).label) if self.reason else ""

    @property
    def agrees(self) -> bool:
        return self.verdict == self.suggested_verdict
