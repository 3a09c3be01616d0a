from decimal import Decimal

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.models import Office, User, scope
from accounts.roles import Role
from clauses.enums import Outcome, Verdict
from procurement.models import Market


PERCENTAGE = [
    MinValueValidator(Decimal(0), "0 % au moins."),
    MaxValueValidator(Decimal(100), "100 %% au plus."),
]


def percentage(label: str, **options: object) -> models.DecimalField:
    return models.DecimalField(label, max_digits=5, decimal_places=2, validators=PERCENTAGE, **options)


class SuggestionRule(models.Model):
    """One version of the numbers that suggestions rest on: an office's own, or the general one."""

    office = models.ForeignKey(
        Office, models.PROTECT, null=True, blank=True, related_name="suggestion_rules", verbose_name="office"
    )
    version = models.PositiveIntegerField("version")
    minimum_hours = models.PositiveIntegerField(
        "plancher d’une clause (h)", help_text="En dessous, une clause d’exécution n’est pas suggérée."
    )
    criterion_hours = models.PositiveIntegerField(
        "plancher d’un critère (h)",
        help_text="De ce nombre d’heures au plancher d’une clause, un critère d’attribution est suggéré.",
    )
    rate = percentage(
        "taux d’insertion suggéré (%)", help_text="Sauf si un programme ou une famille a le sien."
    )
    reserve_all_structures = models.PositiveSmallIntegerField(
        "structures pour réserver le marché",
        validators=[MinValueValidator(1, "Une structure au moins.")],
        help_text="Nombre de structures du métier à partir duquel tout le marché peut être réservé.",
    )
    reserve_lot_structures = models.PositiveSmallIntegerField(
        "structures pour réserver un lot",
        validators=[MinValueValidator(1, "Une structure au moins.")],
        help_text="Nombre de structures du métier à partir duquel un lot peut être réservé.",
    )
    to_ask_weight = percentage(
        "poids des structures à interroger (%)",
        help_text="Part comptée de celles dont la fiche ne dit pas le métier.",
    )
    mean_turnover = models.DecimalField(
        "chiffre d’affaires moyen d’une structure (€)",
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(1), "Le chiffre d’affaires est supérieur à zéro.")],
        help_text="Le montant annuel du marché est comparé à ce chiffre.",
    )
    dependency = percentage(
        "dépendance pour réserver le marché (%)",
        help_text="Part de ce chiffre d’affaires que le montant annuel ne dépasse pas.",
    )
    lot_dependency = percentage(
        "dépendance pour réserver un lot (%)",
        help_text="Part de ce chiffre d’affaires que le montant annuel d’un lot ne dépasse pas.",
    )
    supplies_labour_share = percentage(
        "part de main-d’œuvre des fournitures (%)",
        help_text="Quand ni le plan ni la famille ne la disent.",
    )
    benchmark_share = percentage(
        "part des autres acheteurs (%)",
        help_text="Part de contrats semblables à considération sociale qui fait suggérer un critère.",
    )
    follows_last_verdict = models.BooleanField(
        "reprendre le dernier avis de l’office",
        default=True,
        help_text="Un avis « Non clausable » sur la même famille du même acheteur est proposé de nouveau.",
    )
    service_words = models.CharField(
        "mots d’un marché d’insertion",
        max_length=300,
        blank=True,
        help_text="Séparés par des virgules : un objet qui en porte un fait suggérer un marché d’insertion.",
    )
    source = models.CharField("source", max_length=300, blank=True)
    is_to_confirm = models.BooleanField("à confirmer", default=False)
    created_at = models.DateTimeField("en vigueur depuis le")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="par"
    )

    class Privacy:
        personal = ()
        identifying = ("created_by",)
        plain = (
            "id", "office", "version", "minimum_hours", "criterion_hours", "rate", "reserve_all_structures",
            "reserve_lot_structures", "to_ask_weight", "mean_turnover", "dependency", "lot_dependency",
            "supplies_labour_share", "benchmark_share", "follows_last_verdict", "service_words", "source",
            "is_to_confirm", "created_at",
        )  # fmt: skip

    class Meta:
        verbose_name = "règle des suggestions"
        verbose_name_plural = "règles des suggestions"
        constraints = [
            models.UniqueConstraint(
                fields=["office", "version"],
                name="suggestion_rule_version_once_per_office",
                nulls_distinct=False,
                violation_error_message="Cette version existe déjà.",
            ),
            models.CheckConstraint(
                condition=Q(reserve_all_structures__gte=F("reserve_lot_structures")),
                name="suggestion_rule_market_asks_for_more_than_a_lot",
                violation_error_message=(
                    "Réserver le marché demande au moins autant de structures que réserver un lot."
                ),
            ),
            models.CheckConstraint(
                condition=Q(minimum_hours__gte=F("criterion_hours")),
                name="suggestion_rule_clause_asks_for_more_than_a_criterion",
                violation_error_message="Le plancher d’une clause est au moins celui d’un critère.",
            ),
        ]

    def __str__(self) -> str:
        return f"Règle version {self.version}"


class SuggestionQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        office = lambda hat: Q(office=hat.organisation_id)  # noqa: E731
        return self.filter(scope(user, {Role.FACILITATOR: office, Role.MANAGER: office}))


class Suggestion(models.Model):
    """What was suggested for a line on the day of a verdict, all that it rested on, and that verdict."""

    market = models.ForeignKey(Market, models.CASCADE, related_name="suggestions", verbose_name="marché")
    office = models.ForeignKey(Office, models.PROTECT, related_name="suggestions", verbose_name="office")
    version = models.PositiveIntegerField("version de la règle")
    inputs = models.JSONField("éléments", default=dict, encoder=DjangoJSONEncoder)
    outcome = models.CharField("suggestion", max_length=20, choices=Outcome)
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
            "id", "market", "office", "version", "inputs", "outcome", "hours", "rate", "reasons",
            "suggested_verdict", "verdict", "reason", "computed_at",
        )  # fmt: skip

    class Meta:
        verbose_name = "suggestion"
        indexes = [models.Index(fields=["office", "market", "computed_at"], name="suggestion_by_market")]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} – {self.market}"

    @property
    def agrees(self) -> bool:
        return self.verdict == self.suggested_verdict
