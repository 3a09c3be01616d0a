from datetime import date
from decimal import Decimal

from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import User, scope
from accounts.roles import Role
from config.lib.text import fold
from procurement.enums import (
    AmountOrigin,
    Certainty,
    DatePrecision,
    Nature,
    PlanState,
    Procedure,
    SocialIntent,
)
from procurement.models.buyer import Department, served
from procurement.models.plan import PurchasePlan
from procurement.models.reference import Family, Programme


# What an office needs of a line in order to advise on it, in the order of the page that asks.
ASKED = (
    "nature", "family", "department", "estimated_amount", "procedure", "launch_on", "duration_months",
    "place", "labour_share",
)  # fmt: skip
# A term counted from a day of these years ends on a day of the calendar, however often it is renewed.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
_YEARS = f"Vérifiez l’année : elle va de {FIRST_DAY.year} à {LAST_DAY.year}."
PLAUSIBLE_DAY = [MinValueValidator(FIRST_DAY, _YEARS), MaxValueValidator(LAST_DAY, _YEARS)]
# A related row is there or not without being read.
ATTNAMES = {"family": "family_id", "department": "department_id"}


class MarketQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        office = lambda hat: served(hat, "plan__buyer")  # noqa: E731
        return self.filter(
            scope(
                user,
                {
                    Role.FACILITATOR: office,
                    Role.MANAGER: office,
                    Role.BUYER: lambda hat: Q(plan__buyer=hat.organisation_id),
                    Role.PRESCRIBER: lambda hat: (
                        Q(department__in=Department.objects.filter(prescribers=hat.pk))
                        & ~Q(plan__state=PlanState.DRAFT)
                    ),
                },
            )
        )

    def matching(self, words: str):
        """Lines that hold every word, accents and capitals aside."""
        return self.filter(*(Q(search_text__contains=word) for word in fold(words).split()))

    def submitted(self):
        return self.exclude(plan__state=PlanState.DRAFT)

    def totals(self) -> dict:
        """`lines`, `amount` of those that have one, and how many are `without_amount` or `unread`."""
        return self.aggregate(
            lines=Count("pk"),
            amount=Sum("estimated_amount"),
            without_amount=Count("pk", filter=Q(estimated_amount__isnull=True)),
            unread=Count("pk", filter=~Q(issues=[])),
        )


class Market(models.Model):
    """One line of a purchase plan: a market that the buyer means to launch (projet de marché)."""

    plan = models.ForeignKey(PurchasePlan, models.PROTECT, related_name="markets", verbose_name="plan")
    reference = models.CharField("référence", max_length=200, blank=True)
    title = models.CharField("objet du marché", max_length=500)
    description = models.TextField("description", blank=True)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="markets",
        verbose_name="service prescripteur",
    )
    contact_name = models.CharField("référent", max_length=120, blank=True)
    nature = models.CharField("nature", max_length=10, choices=Nature, default=Nature.UNKNOWN)
    family = models.ForeignKey(
        Family, models.PROTECT, null=True, blank=True, related_name="markets", verbose_name="famille d’achats"
    )
    cpv_code = models.CharField(
        "code CPV",
        max_length=8,
        blank=True,
        validators=[RegexValidator(r"^\d{8}$", "Le code CPV compte 8 chiffres.")],
    )
    procedure = models.CharField("procédure", max_length=12, choices=Procedure, default=Procedure.UNKNOWN)
    estimated_amount = models.DecimalField(
        "montant estimé (€ HT)",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0), "Le montant ne peut pas être négatif.")],
        help_text="Reconductions et tous lots compris. Laissez vide si vous ne savez pas.",
    )
    # Of a band: the amount above is its upper bound.
    lowest_amount = models.DecimalField(
        "montant le plus bas (€ HT)",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0), "Le montant ne peut pas être négatif.")],
    )
    amount_origin = models.CharField(
        "origine du montant", max_length=10, choices=AmountOrigin, default=AmountOrigin.UNKNOWN
    )
    launch_on = models.DateField("lancement de la consultation", null=True, blank=True)
    launch_precision = models.CharField(
        "précision", max_length=8, choices=DatePrecision, default=DatePrecision.DAY
    )
    starts_on = models.DateField("début d’exécution", null=True, blank=True, validators=PLAUSIBLE_DAY)
    duration_months = models.PositiveSmallIntegerField(
        "durée ferme (mois)", null=True, blank=True, validators=[MaxValueValidator(600, "600 mois au plus.")]
    )
    renewals = models.PositiveSmallIntegerField(
        "nombre de reconductions",
        default=0,
        validators=[MaxValueValidator(99, "99 reconductions au plus.")],
    )
    renewal_months = models.PositiveSmallIntegerField(
        "durée d’une reconduction (mois)",
        default=0,
        validators=[MaxValueValidator(600, "600 mois au plus.")],
    )
    place = models.CharField("lieu d’exécution", max_length=300, blank=True)
    is_renewal = models.BooleanField("renouvellement d’un marché", default=False)
    incumbent = models.CharField("titulaire sortant", max_length=200, blank=True)
    previous_ends_on = models.DateField(
        "échéance du marché en cours", null=True, blank=True, validators=PLAUSIBLE_DAY
    )
    progress_label = models.CharField("avancement chez l’acheteur", max_length=80, blank=True)
    social_intent = models.CharField(
        "considération sociale envisagée", max_length=8, choices=SocialIntent, default=SocialIntent.UNKNOWN
    )
    external_url = models.URLField("adresse de publication", max_length=500, blank=True)
    remarks = models.TextField("observations", blank=True)
    renewed_contract = models.ForeignKey(
        "procurement.Contract",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="successors",
        verbose_name="contrat renouvelé",
    )
    origin = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="copies", verbose_name="ligne d’origine"
    )
    programmes = models.ManyToManyField(
        Programme, blank=True, related_name="markets", verbose_name="programmes"
    )
    defence = models.CharField(
        "marché de défense ou de sécurité",
        max_length=7,
        choices=Certainty,
        default=Certainty.UNKNOWN,
        help_text="Sans réponse, le marché est jugé comme un marché ordinaire.",
    )
    specific_service = models.CharField(
        "service social ou autre service spécifique",
        max_length=7,
        choices=Certainty,
        default=Certainty.UNKNOWN,
        help_text="Santé, social, formation, gardiennage, restauration… Sans réponse, le code CPV en décide.",
    )
    labour_share = models.DecimalField(
        "part de main-d’œuvre (%)",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100), "100 %% au plus.")],
        help_text="Laissez vide si vous ne savez pas.",
    )
    qpv_share = models.DecimalField(
        "part en QPV (%)",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100), "100 %% au plus.")],
        help_text="Part des heures ou du montant qui concerne un quartier prioritaire.",
    )
    staff_takeover = models.CharField(
        "personnel à reprendre",
        max_length=8,
        choices=Certainty,
        default=Certainty.UNKNOWN,
        help_text="Propreté, sécurité, restauration : la convention oblige-t-elle le nouveau titulaire ?",
    )
    transferred_monthly_hours = models.DecimalField(
        "heures mensuelles du personnel à reprendre",
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0), "Les heures ne peuvent pas être négatives.")],
        help_text="Total des contrats de travail à reprendre. Vide si vous ne savez pas.",
    )
    extra = models.JSONField(
        "autres colonnes du fichier", default=dict, blank=True, encoder=DjangoJSONEncoder
    )
    issues = models.JSONField("cellules non comprises", default=list, blank=True, encoder=DjangoJSONEncoder)
    # Names of fields left empty on purpose: asked, and nobody knows. Read through `said_unknown`.
    unknowns = models.JSONField("ce que l’acheteur ne sait pas", default=list, blank=True)
    search_text = models.TextField("texte de recherche", blank=True, editable=False)
    created_at = models.DateTimeField("ajouté le", db_default=Now())

    objects = MarketQuerySet.as_manager()

    class Privacy:
        personal = ("contact_name",)
        identifying = ()
        plain = (
            "id", "plan", "reference", "title", "description", "department", "nature", "family", "cpv_code",
            "procedure", "estimated_amount", "lowest_amount", "amount_origin", "launch_on",
            "launch_precision", "starts_on",
            "duration_months", "renewals", "renewal_months", "place", "is_renewal", "incumbent",
            "previous_ends_on", "progress_label", "social_intent", "external_url", "remarks", "defence",
            "specific_service", "labour_share", "qpv_share", "staff_takeover", "transferred_monthly_hours",
            "extra", "issues", "unknowns", "renewed_contract", "origin", "search_text", "created_at",
        )  # fmt: skip

    class Meta:
        verbose_name = "marché"
        verbose_name_plural = "marchés"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "reference"],
                condition=~Q(reference=""),
                name="market_reference_once_per_plan",
                violation_error_message="Cette référence existe déjà dans le plan.",
            ),
            models.CheckConstraint(
                condition=Q(estimated_amount__isnull=True) | Q(estimated_amount__gte=0),
                name="market_amount_is_not_negative",
                violation_error_message="Le montant ne peut pas être négatif.",
            ),
            models.CheckConstraint(
                condition=Q(lowest_amount__isnull=True)
                | Q(
                    estimated_amount__isnull=False,
                    lowest_amount__gte=0,
                    lowest_amount__lte=F("estimated_amount"),
                ),
                name="market_lowest_amount_is_the_lower",
                violation_error_message="Le montant le plus bas ne dépasse pas le montant estimé.",
            ),
            models.CheckConstraint(
                condition=Q(qpv_share__isnull=True) | Q(qpv_share__gte=0, qpv_share__lte=100),
                name="market_qpv_share_is_a_percentage",
                violation_error_message="La part en QPV va de 0 à 100 %.",
            ),
            models.CheckConstraint(
                condition=Q(labour_share__isnull=True) | Q(labour_share__gte=0, labour_share__lte=100),
                name="market_labour_share_is_a_percentage",
                violation_error_message="La part de main-d’œuvre va de 0 à 100 %.",
            ),
            models.CheckConstraint(
                condition=Q(transferred_monthly_hours__isnull=True)
                | Q(staff_takeover=Certainty.YES, transferred_monthly_hours__gte=0),
                name="market_transferred_hours_belong_to_a_takeover",
                violation_error_message="Des heures à reprendre vont avec « Oui » au personnel à reprendre.",
            ),
        ]
        indexes = [
            models.Index(fields=["plan", "launch_on"], name="market_by_launch"),
            models.Index(fields=["estimated_amount"], name="market_by_amount"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("procurement:market_detail", args=[self.pk])

    @property
    def said_unknown(self) -> list[str]:
        """The fields that somebody was asked for and does not know, unless a value came since."""
        return [name for name in ASKED if name in self.unknowns and not self.is_filled(name)]

    @property
    def missing(self) -> list[str]:
        """What the office asks of a line and nobody has answered yet, not even « je ne sais pas »."""
        return [name for name in ASKED if not self.is_filled(name) and name not in self.unknowns]

    def is_filled(self, name: str) -> bool:
        """« Je ne sais pas » chosen in a list fills nothing."""
        return getattr(self, ATTNAMES.get(name, name)) not in (None, "", Nature.UNKNOWN)

    @property
    def total_months(self) -> int | None:
        """Firm term and renewals, in months."""
        if self.duration_months is None:
            return None
        return self.duration_months + self.renewals * self.renewal_months


class LotQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self.filter(market__in=Market.objects.visible_to(user))


class Lot(models.Model):
    """A part of a market that is awarded on its own; a market that is not divided has one lot, number 1."""

    market = models.ForeignKey(Market, models.CASCADE, related_name="lots", verbose_name="marché")
    number = models.PositiveSmallIntegerField("numéro", default=1)
    title = models.CharField("intitulé du lot", max_length=300, blank=True)
    estimated_amount = models.DecimalField(
        "montant estimé (€ HT)",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0), "Le montant ne peut pas être négatif.")],
    )
    contract = models.ForeignKey(
        "procurement.Contract",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lots",
        verbose_name="contrat",
    )

    objects = LotQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ()
        plain = ("id", "market", "number", "title", "estimated_amount", "contract")

    class Meta:
        verbose_name = "lot"
        constraints = [
            models.UniqueConstraint(
                fields=["market", "number"],
                name="lot_number_once_per_market",
                violation_error_message="Ce numéro de lot existe déjà dans le marché.",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="lot_number_starts_at_one",
                violation_error_message="Les lots se numérotent à partir de 1.",
            ),
            models.CheckConstraint(
                condition=Q(estimated_amount__isnull=True) | Q(estimated_amount__gte=0),
                name="lot_amount_is_not_negative",
                violation_error_message="Le montant ne peut pas être négatif.",
            ),
        ]

    def __str__(self) -> str:
        return f"Lot {self.number} – {self.title}" if self.title else f"Lot {self.number}"
