from decimal import Decimal

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Now
from django.urls import reverse

from accounts.models import Office, User, scope
from accounts.roles import Role
from clauses.enums import ClauseState, DeclarationState, MovementKind, ProvisionKind
from clauses.models.proposal import Proposal
from procurement.models import Buyer, Contract, Department, Lot


HOURS = models.DecimalField(max_digits=12, decimal_places=2)
NO_HOURS = Value(Decimal(0), output_field=HOURS)


def hours_sum(rows: models.QuerySet, column: str, by: str) -> Coalesce:
    """Sum of a column of other rows, grouped by what ties them to the outer row; 0 when there is none."""
    total = rows.order_by().values(by).annotate(total=Sum(column)).values("total")
    return Coalesce(Subquery(total, output_field=HOURS), NO_HOURS)


class ClauseQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        office = lambda hat: Q(office=hat.organisation_id)  # noqa: E731
        return self.filter(
            scope(
                user,
                {
                    Role.FACILITATOR: office,
                    Role.MANAGER: office,
                    Role.BUYER: lambda hat: Q(buyer=hat.organisation_id),
                    Role.CONTRACTOR: lambda hat: Q(contract__contractor=hat.organisation_id),
                },
            )
        )

    def with_hours(self):
        """Adds `hours_due`,
        `hours_declared` (sent or validated), `hours_done` and `hours_credited` (validated)."""
        from clauses.models.declaration import HourEntry

        entries = HourEntry.objects.filter(placement__clause=OuterRef("pk"))
        validated = entries.filter(declaration__state=DeclarationState.VALIDATED)
        told = entries.filter(declaration__state__in=[DeclarationState.SENT, DeclarationState.VALIDATED])
        movements = HoursMovement.objects.filter(clause=OuterRef("pk"))
        return self.annotate(
            hours_due=hours_sum(movements, "hours", "clause"),
            hours_declared=hours_sum(told, "hours_done", "placement__clause"),
            hours_done=hours_sum(validated, "hours_done", "placement__clause"),
            hours_credited=hours_sum(validated, "hours_credited", "placement__clause"),
        )


class Clause(models.Model):
    """An accepted proposal: what the contract of a lot will owe, then owes."""

    proposal = models.OneToOneField(
        Proposal, models.PROTECT, related_name="clause", verbose_name="proposition"
    )
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="clauses", verbose_name="lot")
    office = models.ForeignKey(Office, models.PROTECT, related_name="clauses", verbose_name="office")
    buyer = models.ForeignKey(Buyer, models.PROTECT, related_name="clauses", verbose_name="acheteur")
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="clauses",
        verbose_name="service prescripteur",
    )
    kind = models.CharField("disposition sociale", max_length=24, choices=ProvisionKind)
    contract = models.ForeignKey(
        Contract, models.PROTECT, null=True, blank=True, related_name="clauses", verbose_name="contrat"
    )
    hours_planned = models.DecimalField(
        "heures prévues", max_digits=10, decimal_places=2, null=True, blank=True
    )
    state = models.CharField(
        "état", max_length=20, choices=ClauseState, default=ClauseState.AWAITING_CONTRACT
    )
    created_at = models.DateTimeField("créée le", db_default=Now())
    committed_at = models.DateTimeField("heures fixées le", null=True, blank=True)
    committed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="fixées par",
    )
    closed_at = models.DateTimeField("close le", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="close par",
    )

    objects = ClauseQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ("committed_by", "closed_by")
        plain = (
            "id", "proposal", "lot", "office", "buyer", "department", "kind", "contract",
            "hours_planned", "state",
            "created_at", "committed_at", "closed_at",
        )  # fmt: skip

    class Meta:
        verbose_name = "clause"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state=ClauseState.AWAITING_CONTRACT, contract__isnull=True, committed_at__isnull=True
                )
                | Q(
                    state__in=[ClauseState.RUNNING, ClauseState.CLOSED],
                    contract__isnull=False,
                    committed_at__isnull=False,
                    committed_by__isnull=False,
                ),
                name="clause_committed_iff_contract",
            ),
            models.CheckConstraint(
                condition=Q(state=ClauseState.CLOSED, closed_at__isnull=False, closed_by__isnull=False)
                | Q(~Q(state=ClauseState.CLOSED), closed_at__isnull=True, closed_by__isnull=True),
                name="clause_closed_iff_signed",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("committed_at")),
                name="clause_closed_after_committed",
            ),
        ]
        indexes = [models.Index(fields=["office", "state"], name="clause_by_state")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} – {self.lot}"

    def get_absolute_url(self) -> str:
        return reverse("clauses:clause_detail", args=[self.pk])


class HoursMovement(models.Model):
    """One dated entry of the ledger of hours owed; the debt is always their sum."""

    clause = models.ForeignKey(Clause, models.PROTECT, related_name="movements", verbose_name="clause")
    kind = models.CharField("nature", max_length=12, choices=MovementKind)
    hours = models.DecimalField("heures", max_digits=10, decimal_places=2)
    effective_on = models.DateField("date d’effet")
    parameters = models.JSONField("paramètres figés", default=dict, encoder=DjangoJSONEncoder)
    recorded_at = models.DateTimeField("enregistré le")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="enregistré par"
    )

    class Privacy:
        personal = ()
        identifying = ("recorded_by",)
        plain = ("id", "clause", "kind", "hours", "effective_on", "parameters", "recorded_at")

    class Meta:
        verbose_name = "mouvement d’heures"
        verbose_name_plural = "mouvements d’heures"
        constraints = [
            models.UniqueConstraint(
                fields=["clause"],
                condition=Q(kind=MovementKind.INITIAL),
                name="one_initial_movement_per_clause",
            ),
            models.CheckConstraint(
                condition=~Q(kind=MovementKind.INITIAL) | Q(hours__gte=0),
                name="initial_movement_is_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} : {self.hours} h"
