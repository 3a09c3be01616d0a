from datetime import date, timedelta
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import Office, Organisation, User, scope
from accounts.roles import Role
from config.lib.text import fold
from procurement.models.buyer import Buyer, Department
from procurement.models.reference import Programme


class ContractQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        office = lambda hat: Q(office=hat.organisation_id)  # noqa: E731
        return self.filter(
            scope(
                user,
                {
                    Role.FACILITATOR: office,
                    Role.MANAGER: office,
                    Role.BUYER: lambda hat: Q(buyer=hat.organisation_id),
                    Role.CONTRACTOR: lambda hat: Q(contractor=hat.organisation_id),
                    Role.PRESCRIBER: lambda hat: Q(
                        lots__market__department__in=Department.objects.filter(prescribers=hat.pk)
                    ),
                },
            )
        ).distinct()

    def matching(self, words: str):
        """Contracts that hold every word, accents and capitals aside."""
        return self.filter(*(Q(search_text__contains=word) for word in fold(words).split()))


class Contract(models.Model):
    """A market that was awarded and notified (marché notifié): one contractor, one or several lots."""

    buyer = models.ForeignKey(Buyer, models.PROTECT, related_name="contracts", verbose_name="acheteur")
    office = models.ForeignKey(Office, models.PROTECT, related_name="contracts", verbose_name="office")
    contractor = models.ForeignKey(
        Organisation, models.PROTECT, related_name="contracts", verbose_name="titulaire"
    )
    reference = models.CharField("référence du contrat", max_length=80)
    title = models.CharField("objet", max_length=500)
    amount = models.DecimalField(
        "montant notifié (€ HT)",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0), "Le montant ne peut pas être négatif.")],
    )
    notified_on = models.DateField("notifié le")
    starts_on = models.DateField("début d’exécution")
    ends_on = models.DateField("fin d’exécution (exclue)", null=True, blank=True)
    programmes = models.ManyToManyField(
        Programme, blank=True, related_name="contracts", verbose_name="programmes"
    )
    qpv_share = models.DecimalField(
        "part en QPV (%)",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100), "100 %% au plus.")],
    )
    search_text = models.TextField("texte de recherche", blank=True, editable=False)
    created_at = models.DateTimeField("enregistré le", db_default=Now())

    objects = ContractQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ()
        plain = (
            "id", "buyer", "office", "contractor", "reference", "title", "amount", "notified_on", "starts_on",
            "ends_on", "qpv_share", "search_text", "created_at",
        )  # fmt: skip

    class Meta:
        verbose_name = "contrat"
        constraints = [
            models.UniqueConstraint(
                fields=["buyer", "reference"],
                name="contract_reference_once_per_buyer",
                violation_error_message="Cet acheteur a déjà un contrat de cette référence.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="contract_ends_after_its_start",
                violation_error_message="Le contrat se termine après son début.",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                name="contract_amount_is_not_negative",
                violation_error_message="Le montant ne peut pas être négatif.",
            ),
            models.CheckConstraint(
                condition=Q(qpv_share__isnull=True) | Q(qpv_share__gte=0, qpv_share__lte=100),
                name="contract_qpv_share_is_a_percentage",
                violation_error_message="La part en QPV va de 0 à 100 %.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} – {self.title}"

    @property
    def last_day(self) -> date | None:
        return self.ends_on and self.ends_on - timedelta(days=1)

    def index(self) -> None:
        """Fill the column that searches read; whoever writes a contract calls it first."""
        self.search_text = fold(f"{self.title} {self.reference} {self.contractor.name} {self.buyer}")
