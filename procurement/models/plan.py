from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import User, scope
from accounts.roles import Role
from jobs.models import Job
from procurement.enums import PLAN_ICONS, PLAN_TONES, PlanFileState, PlanState
from procurement.models.buyer import Buyer, served


YEARS = range(2015, 2101)


class PurchasePlanQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        office = lambda hat: served(hat, "buyer")  # noqa: E731
        return self.filter(
            scope(
                user,
                {
                    Role.FACILITATOR: office,
                    Role.MANAGER: office,
                    Role.BUYER: lambda hat: Q(buyer=hat.organisation_id),
                    Role.PRESCRIBER: lambda hat: Q(buyer=hat.organisation_id) & ~Q(state=PlanState.DRAFT),
                },
            )
        )

    def drafts(self):
        return self.filter(state=PlanState.DRAFT)

    def with_totals(self):
        return self.annotate(
            market_count=models.Count("markets"), planned_amount=models.Sum("markets__estimated_amount")
        )


class PurchasePlan(models.Model):
    """What a buyer means to buy in one year (plan d’action des achats, PAA)."""

    buyer = models.ForeignKey(Buyer, models.PROTECT, related_name="plans", verbose_name="acheteur")
    year = models.PositiveSmallIntegerField("année")
    state = models.CharField("état", max_length=10, choices=PlanState, default=PlanState.DRAFT)
    opened_at = models.DateTimeField("ouvert le", db_default=Now())
    submitted_at = models.DateTimeField("déposé le", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="déposé par",
    )
    answered_at = models.DateTimeField("répondu le", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="répondu par",
    )

    objects = PurchasePlanQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ("submitted_by", "answered_by")
        plain = ("id", "buyer", "year", "state", "opened_at", "submitted_at", "answered_at")

    class Meta:
        verbose_name = "plan d’achats"
        verbose_name_plural = "plans d’achats"
        constraints = [
            models.UniqueConstraint(
                fields=["buyer", "year"],
                name="plan_once_per_buyer_and_year",
                violation_error_message="Cet acheteur a déjà un plan d’achats pour cette année.",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=YEARS[0], year__lte=YEARS[-1]),
                name="plan_year_is_plausible",
                violation_error_message="L’année du plan s’écrit sur quatre chiffres, par exemple 2027.",
            ),
            models.CheckConstraint(
                condition=Q(state=PlanState.DRAFT, submitted_at__isnull=True, submitted_by__isnull=True)
                | Q(~Q(state=PlanState.DRAFT), submitted_at__isnull=False, submitted_by__isnull=False),
                name="plan_submitted_iff_signed",
            ),
            models.CheckConstraint(
                condition=Q(state=PlanState.ANSWERED, answered_at__isnull=False, answered_by__isnull=False)
                | Q(~Q(state=PlanState.ANSWERED), answered_at__isnull=True, answered_by__isnull=True),
                name="plan_answered_iff_signed",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=F("submitted_at")),
                name="plan_answered_after_submitted",
            ),
        ]
        indexes = [models.Index(fields=["state", "year"], name="plan_by_state")]

    def __str__(self) -> str:
        return f"Plan d’achats {self.year} – {self.buyer}"

    def get_absolute_url(self) -> str:
        return reverse("procurement:plan_detail", args=[self.pk])

    @property
    def tone(self) -> str:
        return PLAN_TONES[PlanState(self.state)]

    @property
    def icon(self) -> str:
        return PLAN_ICONS[PlanState(self.state)]

    @property
    def is_draft(self) -> bool:
        return self.state == PlanState.DRAFT


class PlanFileQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        office = lambda hat: served(hat, "plan__buyer")  # noqa: E731
        return self.filter(
            scope(
                user,
                {
                    Role.FACILITATOR: office,
                    Role.MANAGER: office,
                    Role.BUYER: lambda hat: Q(plan__buyer=hat.organisation_id),
                },
            )
        )


class PlanFile(models.Model):
    """A plan file that somebody sent: kept as it came, read, then applied or discarded.

    `job` is the last background work asked for on it, if any.
    """

    plan = models.ForeignKey(PurchasePlan, models.PROTECT, related_name="files", verbose_name="plan")
    name = models.CharField("nom du fichier", max_length=200)
    file = models.FileField("fichier", upload_to="plans/%Y/")
    state = models.CharField("état", max_length=10, choices=PlanFileState, default=PlanFileState.READ)
    counts = models.JSONField("décompte", default=dict, encoder=DjangoJSONEncoder)
    # Cells as somebody put them right on the page: sheet, line, field and value.
    corrections = models.JSONField("corrections", default=list, blank=True)
    # By name of sheet: whether somebody wants it read, and the line of its header.
    sheet_choices = models.JSONField("feuilles choisies", default=dict, blank=True)
    job = models.ForeignKey(
        Job, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="travail de fond"
    )
    uploaded_at = models.DateTimeField("reçu le", db_default=Now())
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="reçu de"
    )
    applied_at = models.DateTimeField("appliqué le", null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="appliqué par",
    )

    objects = PlanFileQuerySet.as_manager()

    class Privacy:
        # A corrected cell may name the contact of a market.
        personal = ("corrections",)
        identifying = ("uploaded_by", "applied_by")
        plain = (
            "id", "plan", "name", "file", "state", "counts", "sheet_choices", "job", "uploaded_at",
            "applied_at",
        )  # fmt: skip

    class Meta:
        verbose_name = "fichier de plan"
        verbose_name_plural = "fichiers de plan"
        constraints = [
            models.CheckConstraint(
                condition=Q(state=PlanFileState.APPLIED, applied_at__isnull=False)
                | Q(~Q(state=PlanFileState.APPLIED), applied_at__isnull=True),
                name="plan_file_applied_iff_dated",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("procurement:plan_file", args=[self.pk])
