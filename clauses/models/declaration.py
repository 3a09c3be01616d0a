from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import User, scope
from accounts.roles import Role
from clauses.enums import DeclarationState, RejectionReason
from clauses.models.clause import hours_sum
from clauses.models.participant import Placement
from procurement.models import Contract


class DeclarationQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        office = lambda hat: Q(contract__office=hat.organisation_id)  # noqa: E731
        return self.filter(
            scope(
                user,
                {
                    Role.FACILITATOR: office,
                    Role.MANAGER: office,
                    Role.CONTRACTOR: lambda hat: Q(contract__contractor=hat.organisation_id),
                },
            )
        )

    def with_hours(self):
        """Adds `hours_done` and `hours_credited`; nothing is credited before the hours are validated."""
        entries = HourEntry.objects.filter(declaration=OuterRef("pk"))
        return self.annotate(
            hours_done=hours_sum(entries, "hours_done", "declaration"),
            hours_credited=hours_sum(entries, "hours_credited", "declaration"),
        )

    def awaiting_validation(self):
        return self.filter(state=DeclarationState.SENT)


class Declaration(models.Model):
    """What a contractor says of one month of one contract: so many hours for each person."""

    contract = models.ForeignKey(
        Contract, models.PROTECT, related_name="declarations", verbose_name="contrat"
    )
    period = models.DateField("mois", help_text="Premier jour du mois déclaré.")
    state = models.CharField("état", max_length=10, choices=DeclarationState, default=DeclarationState.DRAFT)
    has_no_hours = models.BooleanField("aucune heure ce mois-ci", default=False)
    created_at = models.DateTimeField("ouverte le", db_default=Now())
    sent_at = models.DateTimeField("envoyée le", null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="envoyée par",
    )
    decided_at = models.DateTimeField("examinée le", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="examinée par",
    )
    rejection_reason = models.CharField("raison du rejet", max_length=16, choices=RejectionReason, blank=True)
    rejection_comment = models.TextField("précision", blank=True)

    objects = DeclarationQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ("sent_by", "decided_by")
        plain = (
            "id", "contract", "period", "state", "has_no_hours", "created_at", "sent_at", "decided_at",
            "rejection_reason", "rejection_comment",
        )  # fmt: skip

    class Meta:
        verbose_name = "déclaration"
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "period"],
                name="declaration_once_per_contract_and_month",
                violation_error_message="Ce mois a déjà une déclaration pour ce contrat.",
            ),
            models.CheckConstraint(
                condition=Q(state=DeclarationState.DRAFT, sent_at__isnull=True, sent_by__isnull=True)
                | Q(~Q(state=DeclarationState.DRAFT), sent_at__isnull=False, sent_by__isnull=False),
                name="declaration_sent_iff_signed",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[DeclarationState.VALIDATED, DeclarationState.REJECTED],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                )
                | Q(
                    state__in=[DeclarationState.DRAFT, DeclarationState.SENT],
                    decided_at__isnull=True,
                    decided_by__isnull=True,
                ),
                name="declaration_decided_iff_signed",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(decided_at__gte=F("sent_at")),
                name="declaration_decided_after_sent",
            ),
            models.CheckConstraint(
                condition=~Q(state=DeclarationState.REJECTED) | ~Q(rejection_reason=""),
                name="declaration_rejected_has_a_reason",
                violation_error_message="Un rejet demande une raison.",
            ),
            models.CheckConstraint(
                condition=~Q(rejection_reason=RejectionReason.OTHER) | ~Q(rejection_comment=""),
                name="declaration_other_rejection_is_explained",
                violation_error_message="La raison « Autre » demande une précision.",
            ),
            models.CheckConstraint(
                # A month is named by its first day: two names would be two declarations.
                condition=Q(period__day=1),
                name="declaration_period_is_a_first_day",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "sent_at"], name="declaration_by_state"),
            models.Index(fields=["period"], name="declaration_by_period"),
        ]

    def __str__(self) -> str:
        return f"{self.contract.reference} – {self.period:%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("clauses:declaration_detail", args=[self.pk])


class HourEntry(models.Model):
    """Hours of one placement in one month: really done, and retained for the clause, in two columns."""

    declaration = models.ForeignKey(
        Declaration, models.CASCADE, related_name="entries", verbose_name="déclaration"
    )
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="entries", verbose_name="placement")
    hours_done = models.DecimalField(
        "heures réalisées",
        max_digits=6,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0), "Les heures ne peuvent pas être négatives.")],
    )
    hours_credited = models.DecimalField(
        "heures retenues", max_digits=6, decimal_places=2, null=True, blank=True
    )

    class Privacy:
        personal = ()
        identifying = ("placement",)
        plain = ("id", "declaration", "hours_done", "hours_credited")

    class Meta:
        verbose_name = "ligne d’heures"
        verbose_name_plural = "lignes d’heures"
        constraints = [
            models.UniqueConstraint(
                fields=["declaration", "placement"],
                name="hour_entry_once_per_placement_and_month",
                violation_error_message="Cette personne figure déjà dans la déclaration.",
            ),
            models.CheckConstraint(
                # 31 × 24 hours; the finer bound needs the month and lives in the rules.
                condition=Q(hours_done__gte=0, hours_done__lte=744),
                name="hour_entry_fits_in_a_month",
                violation_error_message="Un mois ne compte pas plus de 744 heures.",
            ),
            models.CheckConstraint(
                condition=Q(hours_credited__isnull=True) | Q(hours_credited__gte=0),
                name="hour_entry_credit_is_not_negative",
                violation_error_message="Les heures retenues ne peuvent pas être négatives.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.placement} : {self.hours_done} h"
