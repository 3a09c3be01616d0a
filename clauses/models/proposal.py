from datetime import date
from decimal import Decimal

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import Office, User, scope
from accounts.roles import Role
from clauses.enums import (
    ALIVE,
    DECIDED,
    PROPOSAL_TONES,
    RESERVATIONS,
    Objective,
    PerEuroMode,
    ProposalState,
    ProvisionKind,
    RefusalReason,
)
from clauses.rules.objectives import FORECASTS
from config.lib import tokens
from procurement.models import Department, Lot


def ratio(label: str, **options) -> models.DecimalField:
    """A share between 0 and 1."""
    return models.DecimalField(
        label,
        max_digits=5,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[
            MinValueValidator(Decimal(0), "Un taux ne peut pas être négatif."),
            MaxValueValidator(Decimal(1), "Un taux ne dépasse pas 100 %%."),
        ],
        **options,
    )


def number(label: str, max_digits: int = 10) -> models.DecimalField:
    """What a calculation asks for beside the usual terms."""
    return models.DecimalField(
        label,
        max_digits=max_digits,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0), "Ce nombre ne peut pas être négatif.")],
    )


def _is_unknown_or(**condition) -> Q:
    [name] = condition
    return Q(**{f"{name.partition('__')[0]}__isnull": True}) | Q(**condition)


def _is_share(field: str) -> Q:
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0, f"{field}__lte": 1})


class ProposalQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        office = lambda hat: Q(office=hat.organisation_id)  # noqa: E731
        # A draft withdrawn before it was sent stays the office's own.
        told = ~Q(state=ProposalState.DRAFT) & Q(sent_at__isnull=False)
        return self.filter(
            scope(
                user,
                {
                    Role.FACILITATOR: office,
                    Role.MANAGER: office,
                    Role.BUYER: lambda hat: Q(lot__market__plan__buyer=hat.organisation_id) & told,
                    Role.PRESCRIBER: lambda hat: (
                        Q(department__in=Department.objects.filter(prescribers=hat.pk)) & told
                    ),
                },
            )
        )

    def alive(self):
        return self.filter(state__in=ALIVE)

    def awaiting_decision(self):
        return self.filter(state=ProposalState.SENT)

    def decided(self):
        return self.filter(state__in=DECIDED)


class Proposal(models.Model):
    """What an office proposes to a department for one lot: a kind of provision, its hours and its reasons."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="proposals", verbose_name="lot")
    office = models.ForeignKey(Office, models.PROTECT, related_name="proposals", verbose_name="office")
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name="service prescripteur",
    )
    kind = models.CharField("disposition sociale", max_length=24, choices=ProvisionKind)
    amount = models.DecimalField(
        "montant retenu (€ HT)",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0), "Le montant ne peut pas être négatif.")],
    )
    labour_share = ratio("part de main-d’œuvre")
    rate = ratio("taux d’insertion")
    hourly_cost = models.DecimalField(
        "coût horaire (€)",
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"), "Le coût horaire est supérieur à zéro.")],
    )
    objective = models.CharField("mode de calcul des heures", max_length=10, choices=Objective, blank=True)
    transferred_monthly_hours = number("heures mensuelles du personnel à reprendre")
    euros_per_hour = number("montant facturé qui doit une heure (€)", max_digits=14)
    threshold_amount = number("seuil de facturation (€ HT)", max_digits=14)
    threshold_mode = models.CharField("au-delà du seuil", max_length=10, choices=PerEuroMode, blank=True)
    hours_worked = number("heures travaillées du marché")
    full_time_months = number("mois de temps plein")
    yearly_hours = number("durée annuelle d’un temps plein (h)")
    reserved_share = ratio("part minimale de travailleurs concernés")
    criterion_weight = ratio("pondération du critère")
    months = models.PositiveSmallIntegerField("durée du marché (mois)", null=True, blank=True)
    hours_due = models.DecimalField(
        "heures proposées", max_digits=10, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0), "Les heures ne peuvent pas être négatives.")],
    )  # fmt: skip
    parameters = models.JSONField(
        "paramètres du calcul", default=dict, blank=True, encoder=DjangoJSONEncoder,
        help_text="Tels qu’ils étaient au moment du calcul, avec leurs sources.",
    )  # fmt: skip
    sent_terms = models.JSONField(
        "termes du dernier envoi", default=dict, blank=True, encoder=DjangoJSONEncoder
    )
    changes = models.JSONField(
        "changements depuis l’envoi précédent", default=list, blank=True, encoder=DjangoJSONEncoder
    )
    explanation = models.TextField("explication pour le service", blank=True)
    state = models.CharField("état", max_length=10, choices=ProposalState, default=ProposalState.DRAFT)
    created_at = models.DateTimeField("préparée le", db_default=Now())
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="préparée par"
    )
    sent_at = models.DateTimeField("envoyée le", null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="envoyée par",
    )
    answer_by_on = models.DateField("réponse attendue avant le", null=True, blank=True)
    decided_at = models.DateTimeField("décidée le", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="décidée par",
    )
    decider_name = models.CharField("nom du décideur", max_length=120, blank=True)
    decider_job = models.CharField("fonction du décideur", max_length=120, blank=True)
    refusal_reason = models.CharField("raison du refus", max_length=12, choices=RefusalReason, blank=True)
    decision_comment = models.TextField("mot du service", blank=True)

    objects = ProposalQuerySet.as_manager()

    class Privacy:
        personal = ("decider_name", "decider_job")
        identifying = ("created_by", "sent_by", "decided_by")
        plain = (
            "id", "lot", "office", "department", "kind", "amount", "labour_share", "rate", "hourly_cost",
            "objective", "transferred_monthly_hours", "euros_per_hour", "threshold_amount", "threshold_mode",
            "hours_worked", "full_time_months", "yearly_hours",
            "reserved_share", "criterion_weight", "months", "hours_due", "parameters", "sent_terms",
            "changes", "explanation", "state", "created_at",
            "sent_at", "answer_by_on", "decided_at", "refusal_reason", "decision_comment",
        )  # fmt: skip

    class Meta:
        verbose_name = "proposition"
        constraints = [
            models.CheckConstraint(
                condition=_is_share("rate"),
                name="proposal_rate_is_a_share",
                violation_error_message="Un taux d’insertion va de 0 à 100 %.",
            ),
            models.CheckConstraint(
                condition=_is_share("labour_share"),
                name="proposal_labour_share_is_a_share",
                violation_error_message="Une part de main-d’œuvre va de 0 à 100 %.",
            ),
            models.CheckConstraint(
                condition=_is_share("reserved_share"), name="proposal_reserved_share_is_a_share"
            ),
            models.CheckConstraint(
                condition=_is_share("criterion_weight"), name="proposal_criterion_weight_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(hours_due__isnull=True) | Q(hours_due__gte=0),
                name="proposal_hours_are_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(hourly_cost__isnull=True) | Q(hourly_cost__gt=0),
                name="proposal_hourly_cost_is_positive",
            ),
            models.CheckConstraint(
                condition=_is_unknown_or(transferred_monthly_hours__gte=0)
                & _is_unknown_or(threshold_amount__gte=0)
                & _is_unknown_or(hours_worked__gte=0)
                & _is_unknown_or(euros_per_hour__gt=0)
                & _is_unknown_or(full_time_months__gt=0)
                & _is_unknown_or(yearly_hours__gt=0),
                name="proposal_inputs_are_possible",
                violation_error_message="Un nombre du calcul est négatif, ou nul alors qu’il divise.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ProposalState.DRAFT, ProposalState.WITHDRAWN])
                | Q(sent_at__isnull=False, sent_by__isnull=False, department__isnull=False),
                name="proposal_sent_iff_signed",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[ProposalState.ACCEPTED, ProposalState.REFUSED, ProposalState.REWORK],
                    decided_at__isnull=False,
                )
                & ~Q(decider_name="")
                | Q(
                    state__in=[ProposalState.DRAFT, ProposalState.SENT, ProposalState.WITHDRAWN],
                    decided_at__isnull=True,
                ),
                name="proposal_decided_iff_signed",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(decided_at__gte=F("sent_at")),
                name="proposal_decided_after_sent",
            ),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.REFUSED) | ~Q(refusal_reason=""),
                name="proposal_refused_has_a_reason",
                violation_error_message="Un refus demande une raison.",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=RESERVATIONS) | Q(rate__isnull=True),
                name="proposal_reservation_has_no_rate",
                violation_error_message="Un marché réservé n’a pas de taux d’insertion.",
            ),
            models.UniqueConstraint(
                fields=["lot", "kind"],
                condition=Q(state__in=ALIVE),
                name="proposal_kind_once_per_lot_while_alive",
                violation_error_message="Ce lot a déjà une proposition de cette nature.",
            ),
        ]
        indexes = [models.Index(fields=["office", "state"], name="proposal_by_state")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} – {self.lot}"

    def get_absolute_url(self) -> str:
        return reverse("clauses:proposal_detail", args=[self.pk])

    @property
    def tone(self) -> str:
        return PROPOSAL_TONES[ProposalState(self.state)]

    @property
    def forecast(self) -> str:
        """Why its hours are not yet those that will be owed; blank when they are."""
        return FORECASTS.get(Objective(self.objective), "") if self.objective else ""

    def is_late(self, on: date) -> bool:
        """The department was to answer before that day."""
        return self.state == ProposalState.SENT and self.answer_by_on is not None and self.answer_by_on < on


class DecisionLinkQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self.filter(proposal__in=Proposal.objects.visible_to(user))

    def unsettled(self):
        """Neither used nor revoked; they may have expired."""
        return self.filter(used_at__isnull=True, revoked_at__isnull=True)


class DecisionLink(models.Model):
    """A signed, expiring link by which one recipient may decide of one proposal without an account."""

    PURPOSE = "decision"

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="links", verbose_name="proposition")
    recipient_name = models.CharField("destinataire", max_length=120, blank=True)
    recipient_email = models.EmailField("adresse électronique")
    created_at = models.DateTimeField("créé le")
    expires_at = models.DateTimeField("expire le")
    opened_at = models.DateTimeField("ouvert le", null=True, blank=True)
    used_at = models.DateTimeField("utilisé le", null=True, blank=True)
    revoked_at = models.DateTimeField("annulé le", null=True, blank=True)

    objects = DecisionLinkQuerySet.as_manager()

    class Privacy:
        personal = ("recipient_name", "recipient_email")
        identifying = ()
        plain = ("id", "proposal", "created_at", "expires_at", "opened_at", "used_at", "revoked_at")

    class Meta:
        verbose_name = "lien de décision"
        verbose_name_plural = "liens de décision"
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="decision_link_expires_after_creation"
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True),
                name="decision_link_used_or_revoked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_email} – {self.proposal}"

    @property
    def token(self) -> str:
        """What the address of the link holds: the row's key, signed; the row alone says until when."""
        return tokens.sign(self.PURPOSE, {"link": self.pk})

    @property
    def is_unsettled(self) -> bool:
        return self.used_at is None and self.revoked_at is None

    @property
    def gave_the_answer(self) -> bool:
        """What the proposal says now was said by this link, and not taken back since."""
        return self.used_at is not None and self.used_at == self.proposal.decided_at
