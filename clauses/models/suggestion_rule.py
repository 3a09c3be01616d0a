from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.models import Office, User, scope
from accounts.roles import Role


PERCENTAGE = [
    MinValueValidator(Decimal(0), "0 % au moins."),
    MaxValueValidator(Decimal(100), "100 %% au plus."),
]
MOST_HOURS = [MaxValueValidator(100_000, "100 000 heures au plus.")]
STRUCTURES = [
    MinValueValidator(1, "Une structure au moins."),
    MaxValueValidator(1_000, "1 000 structures au plus."),
]


def percentage(label: str, **options: object) -> models.DecimalField:
    return models.DecimalField(label, max_digits=5, decimal_places=2, validators=PERCENTAGE, **options)


class SuggestionRuleQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        known = lambda hat: Q(office=hat.organisation_id) | Q(office__isnull=True)  # noqa: E731
        return self.filter(scope(user, {Role.FACILITATOR: known, Role.MANAGER: known}))

    def known_to(self, office: Office | None):
        """The office's own versions and those common to all."""
        return self.filter(
            Q(office__isnull=True) if office is None else Q(office__isnull=True) | Q(office=office)
        )

    def latest_first(self):
        """The office's own versions prevail over the common ones, whatever their numbers."""
        return self.order_by(F("office").asc(nulls_last=True), "-version", "pk")


class SuggestionRule(models.Model):
    """One version of the numbers that suggestions rest on: an office's own, or the general one.

    Never changed once a suggestion rests on it: whoever edits it writes the next version.
    """

    # What an office may set; the rest says who wrote it, when and why.
    NUMBERS = (
        "minimum_hours", "criterion_hours", "rate", "reserve_all_structures", "reserve_lot_structures",
        "to_ask_weight", "mean_turnover", "dependency", "lot_dependency", "supplies_labour_share",
        "minimum_labour_share", "benchmark_share", "follows_last_verdict", "service_words",
    )  # fmt: skip

    office = models.ForeignKey(
        Office, models.PROTECT, null=True, blank=True, related_name="suggestion_rules", verbose_name="office"
    )
    version = models.PositiveIntegerField("version")
    minimum_hours = models.PositiveIntegerField(
        "plancher d’une clause (h)",
        validators=MOST_HOURS,
        help_text="En dessous, une clause d’exécution n’est pas suggérée.",
    )
    criterion_hours = models.PositiveIntegerField(
        "plancher d’un critère (h)",
        validators=MOST_HOURS,
        help_text="De ce nombre d’heures au plancher d’une clause, un critère d’attribution est suggéré.",
    )
    rate = percentage(
        "taux d’insertion suggéré (%)", help_text="Sauf si un programme ou une famille a le sien."
    )
    reserve_all_structures = models.PositiveSmallIntegerField(
        "structures pour réserver le marché",
        validators=STRUCTURES,
        help_text="Nombre de structures du métier à partir duquel tout le marché peut être réservé.",
    )
    reserve_lot_structures = models.PositiveSmallIntegerField(
        "structures pour réserver un lot",
        validators=STRUCTURES,
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
    minimum_labour_share = percentage(
        "part de main-d’œuvre minimale (%)",
        help_text="En dessous, une clause d’exécution n’est pas suggérée, si grand que soit le montant.",
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
    sources = models.JSONField(
        "sources",
        default=dict,
        blank=True,
        help_text='Par nombre : {"rate": {"text": "…", "is_to_confirm": true}}.',
    )
    source = models.CharField("source", max_length=300, blank=True)
    is_to_confirm = models.BooleanField("à confirmer", default=False)
    note = models.CharField("raison du changement", max_length=300, blank=True)
    copied_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="reprise de"
    )
    created_at = models.DateTimeField("en vigueur depuis le")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="par"
    )

    objects = SuggestionRuleQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ("created_by",)
        plain = (
            "id", "office", "version", "minimum_hours", "criterion_hours", "rate", "reserve_all_structures",
            "reserve_lot_structures", "to_ask_weight", "mean_turnover", "dependency", "lot_dependency",
            "supplies_labour_share", "minimum_labour_share", "benchmark_share", "follows_last_verdict",
            "service_words", "sources", "source", "is_to_confirm", "note", "copied_from", "created_at",
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
        return f"{self.owner}, version {self.version}"

    @property
    def owner(self) -> str:
        return "Règle de l’office" if self.office_id else "Règle commune"
