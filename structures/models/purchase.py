from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User, scope
from accounts.roles import Role
from config.lib.text import fold
from procurement.models import Buyer, Market
from procurement.models.buyer import served
from structures.enums import FAMILIES, DirectOrderState, LegalFamily, MeasureUnit
from structures.models.sourcing import Need
from structures.models.structure import Structure
from structures.rules.quotes import Priced


# A small purchase: beyond these, something was typed wrong, and the total would not fit its column.
MOST, DEAREST = 1_000_000, 100_000


def quantity_field() -> models.DecimalField:
    return models.DecimalField(
        "quantité",
        max_digits=10,
        decimal_places=3,
        validators=[
            MinValueValidator(Decimal("0.001"), "La quantité est plus grande que zéro."),
            MaxValueValidator(MOST, "Au-delà d’un million, vérifiez la quantité et son unité."),
        ],
    )


def unit_field() -> models.CharField:
    return models.CharField("unité du prix", max_length=8, choices=MeasureUnit)


def unit_price_field() -> models.DecimalField:
    return models.DecimalField(
        "prix unitaire (€ HT)",
        max_digits=10,
        decimal_places=4,
        validators=[
            MinValueValidator(Decimal(0), "Le prix ne peut pas être négatif."),
            MaxValueValidator(DEAREST, "Au-delà de 100 000 € l’unité, vérifiez le prix."),
        ],
        help_text="Quatre décimales au plus : une enveloppe coûte quelques centimes.",
    )


def total_field() -> models.DecimalField:
    return models.DecimalField("total (€ HT)", max_digits=14, decimal_places=2, editable=False)


IS_MEASURED = Q(quantity__gt=0, quantity__lte=MOST, unit_price__gte=0, unit_price__lte=DEAREST)
MISMEASURED = (
    "La quantité est plus grande que zéro, le prix n’est pas négatif, et tous deux sont vraisemblables."
)


class QuoteQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self.filter(need__in=Need.objects.visible_to(user))

    def standing(self):
        return self.filter(withdrawn_at__isnull=True)


class Quote(models.Model):
    """The price that a structure asks for a need, in the unit of its own (devis)."""

    need = models.ForeignKey(Need, models.PROTECT, related_name="quotes", verbose_name="besoin")
    structure = models.ForeignKey(Structure, models.PROTECT, related_name="quotes", verbose_name="structure")
    quantity = quantity_field()
    unit = unit_field()
    unit_price = unit_price_field()
    total_amount = total_field()
    received_on = models.DateField("reçu le")
    valid_until_on = models.DateField("valable jusqu’au", null=True, blank=True)
    comment = models.CharField(
        "précisions", max_length=300, blank=True, help_text="Ce que le prix comprend : livraison, papier…"
    )
    noted_at = models.DateTimeField("noté le")
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="noté par"
    )
    withdrawn_at = models.DateTimeField("retiré le", null=True, blank=True)

    objects = QuoteQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ("noted_by",)
        plain = (
            "id", "need", "structure", "quantity", "unit", "unit_price", "total_amount", "received_on",
            "valid_until_on", "comment", "noted_at", "withdrawn_at",
        )  # fmt: skip

    class Meta:
        verbose_name = "devis"
        verbose_name_plural = "devis"
        constraints = [
            models.CheckConstraint(
                condition=IS_MEASURED, name="quote_is_measured", violation_error_message=MISMEASURED
            ),
            models.CheckConstraint(
                condition=Q(valid_until_on__isnull=True) | Q(valid_until_on__gte=models.F("received_on")),
                name="quote_valid_after_its_day",
                violation_error_message="Un devis est valable après le jour où il est reçu.",
            ),
        ]

    def __str__(self) -> str:
        return f"Devis de {self.structure}"

    @property
    def priced(self) -> Priced:
        return Priced(self.pk, MeasureUnit(self.unit), self.quantity, self.unit_price)


class DirectOrderQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """The office that serves the buyer; the buyer."""
        office = lambda hat: served(hat, "buyer")  # noqa: E731
        buyer = lambda hat: Q(buyer=hat.organisation_id)  # noqa: E731
        return self.filter(scope(user, {Role.FACILITATOR: office, Role.MANAGER: office, Role.BUYER: buyer}))

    def matching(self, words: str):
        return self.filter(*(Q(search_text__contains=word) for word in fold(words).split()))

    def of_family(self, family: LegalFamily):
        return self.filter(structure__kind__in=[kind for kind, own in FAMILIES.items() if own == family])

    def standing(self):
        return self.filter(state=DirectOrderState.ORDERED)


class DirectOrder(models.Model):
    """A small purchase that a buyer makes straight from a structure, without a clause nor hours."""

    buyer = models.ForeignKey(Buyer, models.PROTECT, related_name="direct_orders", verbose_name="acheteur")
    structure = models.ForeignKey(
        Structure, models.PROTECT, related_name="direct_orders", verbose_name="structure"
    )
    quote = models.ForeignKey(
        Quote, models.PROTECT, null=True, blank=True, related_name="orders", verbose_name="devis choisi"
    )
    market = models.ForeignKey(
        Market, models.PROTECT, null=True, blank=True, related_name="direct_orders", verbose_name="marché"
    )
    title = models.CharField("ce qui est acheté", max_length=200)
    quantity = quantity_field()
    unit = unit_field()
    unit_price = unit_price_field()
    total_amount = total_field()
    ordered_on = models.DateField("commandé le")
    state = models.CharField("état", max_length=9, choices=DirectOrderState, default=DirectOrderState.ORDERED)
    cancelled_at = models.DateTimeField("annulé le", null=True, blank=True)
    noted_at = models.DateTimeField("noté le")
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="noté par"
    )
    search_text = models.TextField("texte de recherche", blank=True, editable=False)

    objects = DirectOrderQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ("noted_by",)
        plain = (
            "id", "buyer", "structure", "quote", "market", "title", "quantity", "unit", "unit_price",
            "total_amount", "ordered_on", "state", "cancelled_at", "noted_at", "search_text",
        )  # fmt: skip

    class Meta:
        verbose_name = "achat direct"
        verbose_name_plural = "achats directs"
        constraints = [
            models.CheckConstraint(
                condition=IS_MEASURED, name="direct_order_is_measured", violation_error_message=MISMEASURED
            ),
            models.CheckConstraint(
                condition=Q(state=DirectOrderState.CANCELLED, cancelled_at__isnull=False)
                | Q(state=DirectOrderState.ORDERED, cancelled_at__isnull=True),
                name="direct_order_cancelled_iff_dated",
                violation_error_message="Un achat annulé l’est à une date.",
            ),
            models.UniqueConstraint(
                fields=["quote"],
                condition=Q(state=DirectOrderState.ORDERED),
                name="quote_ordered_once",
                violation_error_message="Ce devis est déjà commandé.",
            ),
        ]
        indexes = [models.Index(fields=["buyer", "ordered_on"], name="direct_order_by_buyer")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("structures:order", args=[self.pk])

    @property
    def unit_word(self) -> str:
        return MeasureUnit(self.unit).counted(self.quantity)

    def index(self) -> None:
        """Fill what searches read; whoever writes an order calls it first."""
        self.search_text = fold(f"{self.title} {self.structure}")
