from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import Mandate, Membership, Office, Organisation, User, scope
from accounts.roles import Role
from config.lib.text import fold
from procurement.enums import PRACTICE_TONES, PracticeKind, PracticeState
from procurement.models.awarded import AwardedContract
from procurement.models.market import Market
from procurement.models.reference import Family


if TYPE_CHECKING:
    from accounts.models.organisation import MandateQuerySet


def _offices_of(hat: Membership) -> "MandateQuerySet":
    return Mandate.objects.offices_of(hat.organisation_id)


PUBLISHED = Q(state=PracticeState.PUBLISHED)
SHARED = PUBLISHED & Q(is_shared=True)


class PracticeCardQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Its authors’ drafts; what its office’s circle published; what any office lends to the others."""
        writers = lambda hat: Q(author=hat.organisation_id)  # noqa: E731
        office = lambda hat: writers(hat) | SHARED | PUBLISHED & Q(office=hat.organisation_id)  # noqa: E731
        served = lambda hat: SHARED | PUBLISHED & Q(office__in=_offices_of(hat))  # noqa: E731
        return self.filter(
            scope(
                user,
                {
                    Role.FACILITATOR: office,
                    Role.MANAGER: office,
                    Role.BUYER: lambda hat: writers(hat) | served(hat),
                    Role.PRESCRIBER: served,
                },
            )
        )

    def in_circle_of(self, user: User):
        """Cards of the person’s own office, or of one that serves the person’s organisation."""
        office = lambda hat: Q(office=hat.organisation_id)  # noqa: E731
        served = lambda hat: Q(office__in=_offices_of(hat))  # noqa: E731
        roles = {Role.FACILITATOR: office, Role.MANAGER: office, Role.BUYER: served, Role.PRESCRIBER: served}
        return self.filter(scope(user, roles))

    def written_by(self, user: User):
        """Cards that the person’s own organisation wrote: it alone changes them."""
        own = lambda hat: Q(author=hat.organisation_id)  # noqa: E731
        return self.filter(scope(user, {Role.FACILITATOR: own, Role.BUYER: own}))

    def matching(self, words: str):
        """Cards that hold every word, accents and capitals aside."""
        return self.filter(*(Q(search_text__contains=word) for word in fold(words).split()))


class PracticeCard(models.Model):
    """What one purchase taught (fiche de pratique): how it was written, priced and answered, for others."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="practice_cards", verbose_name="office")
    author = models.ForeignKey(
        Organisation, models.PROTECT, related_name="practice_cards", verbose_name="écrite par"
    )
    market = models.ForeignKey(
        Market,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="practice_cards",
        verbose_name="tirée du marché",
    )
    awarded = models.ForeignKey(
        AwardedContract,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="practice_cards",
        verbose_name="tirée du marché publié",
    )
    title = models.CharField("objet", max_length=300)
    lot = models.CharField("lot", max_length=200, blank=True)
    buyer_name = models.CharField("acheteur", max_length=200)
    year = models.PositiveSmallIntegerField(
        "année", validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    kind = models.CharField("nature de la considération", max_length=10, choices=PracticeKind)
    family = models.ForeignKey(
        Family,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="practice_cards",
        verbose_name="famille d’achats",
    )
    cpv_code = models.CharField(
        "code CPV",
        max_length=8,
        blank=True,
        validators=[RegexValidator(r"^\d{8}$", "Le code CPV compte 8 chiffres.")],
    )
    price_unit = models.CharField(
        "unité de prix",
        max_length=120,
        blank=True,
        help_text="Au kilo, à la pièce, à l’heure, au mètre carré…",
    )
    volume = models.CharField("volume", max_length=200, blank=True, help_text="Quantités, heures, durée.")
    criteria = models.TextField("critères de jugement", blank=True)
    answered = models.TextField("qui a répondu", blank=True, help_text="Combien de réponses, de qui.")
    legal_basis = models.CharField("base légale ou source", max_length=300, blank=True)
    lessons = models.TextField("ce qu’il faut en retenir")
    contact_name = models.CharField(
        "personne à joindre",
        max_length=120,
        blank=True,
        help_text="Avec son accord ; vue de votre seul office.",
    )
    contact_email = models.EmailField("son adresse électronique", blank=True)
    is_shared = models.BooleanField(
        "visible des autres offices",
        default=False,
        help_text="Sinon, seuls votre office et les acheteurs qu’il accompagne la lisent.",
    )
    state = models.CharField(
        "état", max_length=10, choices=PracticeState, default=PracticeState.DRAFT, editable=False
    )
    published_at = models.DateTimeField("publiée le", null=True, blank=True, editable=False)
    created_at = models.DateTimeField("écrite le", db_default=Now(), editable=False)
    search_text = models.TextField("texte de recherche", blank=True, editable=False)

    objects = PracticeCardQuerySet.as_manager()

    class Privacy:
        personal = ("contact_name", "contact_email")
        identifying = ()
        plain = (
            "id", "office", "author", "market", "awarded", "title", "lot", "buyer_name", "year", "kind",
            "family", "cpv_code", "price_unit", "volume", "criteria", "answered", "legal_basis", "lessons",
            "is_shared", "state", "published_at", "created_at", "search_text",
        )  # fmt: skip

    class Meta:
        verbose_name = "fiche de pratique"
        verbose_name_plural = "fiches de pratique"
        constraints = [
            models.CheckConstraint(
                condition=Q(state=PracticeState.DRAFT, published_at__isnull=True)
                | Q(~Q(state=PracticeState.DRAFT), published_at__isnull=False),
                name="practice_card_published_iff_dated",
                violation_error_message="Une fiche publiée porte la date de sa publication.",
            ),
            models.CheckConstraint(
                condition=Q(cpv_code="") | Q(cpv_code__regex=r"^[0-9]{8}$"),
                name="practice_card_cpv_has_eight_digits",
                violation_error_message="Le code CPV compte 8 chiffres.",
            ),
        ]
        indexes = [models.Index(fields=["office", "state"], name="practice_card_by_office")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("procurement:practice_detail", args=[self.pk])

    @property
    def tone(self) -> str:
        return PRACTICE_TONES[PracticeState(self.state)]

    def index(self) -> None:
        """Fill the column that searches read; whoever writes a card calls it first."""
        told = (
            self.title,
            self.lot,
            self.buyer_name,
            self.price_unit,
            self.volume,
            self.lessons,
            self.cpv_code,
        )
        self.search_text = fold(" ".join(told))
