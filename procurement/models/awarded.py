from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User, scope
from accounts.roles import Role
from config.lib.departments import department_label
from config.lib.text import fold
from procurement.enums import AWARDED_TONES, Consideration, Nature, Procedure, SocialRecord
from procurement.rules.cpv import bounds


# Published by law (arrêtés of 22 December 2022): whoever prepares or decides of a market may read it all.
READERS = (Role.FACILITATOR, Role.MANAGER, Role.BUYER, Role.PRESCRIBER)


class OpenDataFile(models.Model):
    """A file of published contracts (DECP) that was imported; the file itself is not kept."""

    name = models.CharField("nom du fichier", max_length=200)
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    counts = models.JSONField("décompte", default=dict, encoder=DjangoJSONEncoder)
    imported_at = models.DateTimeField("importé le")

    class Privacy:
        personal = ()
        identifying = ()
        plain = ("id", "name", "sha256", "counts", "imported_at")

    class Meta:
        verbose_name = "fichier de données ouvertes"
        verbose_name_plural = "fichiers de données ouvertes"

    def __str__(self) -> str:
        return self.name


class AwardedContractQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self.filter(scope(user, {role: lambda hat: Q() for role in READERS}))

    def matching(self, words: str):
        """Contracts that hold every word, accents and capitals aside."""
        return self.filter(*(Q(search_text__contains=word) for word in fold(words).split()))

    def under_cpv(self, prefix: str):
        """Contracts whose CPV code begins so. Bounds, not « like »: any collation indexes them."""
        return self.filter(cpv_code__range=bounds(prefix))

    def telling(self):
        """Contracts that say whether they carry a social consideration."""
        return self.exclude(social=SocialRecord.UNKNOWN)


class AwardedContract(models.Model):
    """A contract that some public buyer awarded and published as open data (DECP); none of ours."""

    buyer_siret = models.CharField("SIRET de l’acheteur", max_length=40)
    buyer_name = models.CharField("acheteur", max_length=300, blank=True)
    reference = models.CharField("identifiant du contrat", max_length=120)
    part = models.CharField(
        "distinction",
        max_length=16,
        blank=True,
        default="",
        help_text="Vide pour le premier contrat publié sous cet identifiant.",
    )
    title = models.CharField("objet", max_length=1000)
    legal_nature = models.CharField("nature du contrat", max_length=80, blank=True)
    is_concession = models.BooleanField("concession", default=False)
    nature = models.CharField("nature", max_length=10, choices=Nature, default=Nature.UNKNOWN)
    cpv_code = models.CharField("code CPV", max_length=8, blank=True)
    procedure = models.CharField("procédure", max_length=12, choices=Procedure, default=Procedure.UNKNOWN)
    amount = models.DecimalField(
        "montant (€ HT)",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="De la dernière modification publiée.",
    )
    initial_amount = models.DecimalField(
        "montant initial (€ HT)", max_digits=14, decimal_places=2, null=True, blank=True
    )
    duration_months = models.PositiveSmallIntegerField("durée (mois)", null=True, blank=True)
    initial_duration_months = models.PositiveSmallIntegerField("durée initiale (mois)", null=True, blank=True)
    notified_on = models.DateField("notifié le", null=True, blank=True)
    modifications = models.PositiveSmallIntegerField("rang de la dernière modification", default=0)
    modified_on = models.DateField("modifié le", null=True, blank=True)
    place_code = models.CharField("code du lieu d’exécution", max_length=20, blank=True)
    place_kind = models.CharField("nature du code du lieu", max_length=30, blank=True)
    department_code = models.CharField("département", max_length=3, blank=True)
    region_code = models.CharField("région", max_length=2, blank=True)
    social = models.CharField(
        "considération sociale", max_length=8, choices=SocialRecord, default=SocialRecord.UNKNOWN
    )
    has_clause = models.BooleanField("clause sociale", default=False)
    has_criterion = models.BooleanField("critère social", default=False)
    is_reserved = models.BooleanField("marché réservé", default=False)
    offers = models.PositiveIntegerField("offres reçues", null=True, blank=True)
    contractors = models.JSONField("titulaires", default=list, blank=True, encoder=DjangoJSONEncoder)
    issues = models.JSONField("valeurs douteuses", default=list, blank=True, encoder=DjangoJSONEncoder)
    source = models.ForeignKey(
        OpenDataFile, models.PROTECT, related_name="contracts", verbose_name="fichier d’origine"
    )
    search_text = models.TextField("texte de recherche", blank=True, editable=False)

    objects = AwardedContractQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ()
        plain = (
            "id", "buyer_siret", "buyer_name", "reference", "part", "title", "legal_nature", "is_concession",
            "nature", "cpv_code", "procedure", "amount", "initial_amount", "duration_months",
            "initial_duration_months", "notified_on", "modifications", "modified_on", "place_code",
            "place_kind", "department_code", "region_code", "social", "has_clause", "has_criterion",
            "is_reserved", "offers", "contractors", "issues", "source", "search_text",
        )  # fmt: skip

    class Meta:
        verbose_name = "marché publié"
        verbose_name_plural = "marchés publiés"
        constraints = [
            models.UniqueConstraint(
                fields=["buyer_siret", "reference", "part"],
                name="awarded_contract_once_per_buyer_reference_and_part",
                violation_error_message="Cet acheteur a déjà publié ce contrat sous cet identifiant.",
            ),
            models.CheckConstraint(
                condition=Q(cpv_code="") | Q(cpv_code__regex=r"^[0-9]{8}$"),
                name="awarded_contract_cpv_has_eight_digits",
                violation_error_message="Le code CPV compte 8 chiffres.",
            ),
            models.CheckConstraint(
                condition=Q(social=SocialRecord.WITH)
                & (Q(has_clause=True) | Q(has_criterion=True) | Q(is_reserved=True))
                | Q(~Q(social=SocialRecord.WITH), has_clause=False, has_criterion=False, is_reserved=False),
                name="awarded_contract_social_iff_one_kind",
                violation_error_message="Une considération sociale est une clause, un critère ou une "
                "réservation.",
            ),
        ]
        indexes = [
            models.Index(fields=["cpv_code", "notified_on"], name="awarded_by_cpv"),
            models.Index(fields=["notified_on", "id"], name="awarded_by_date"),
            models.Index(fields=["amount"], name="awarded_by_amount"),
            models.Index(fields=["department_code", "notified_on"], name="awarded_by_department"),
            models.Index(fields=["region_code", "notified_on"], name="awarded_by_region"),
        ]

    def __str__(self) -> str:
        return self.title or "Objet non renseigné"

    def get_absolute_url(self) -> str:
        return reverse("procurement:awarded_detail", args=[self.pk])

    @property
    def buyer(self) -> str:
        return self.buyer_name or f"SIRET {self.buyer_siret}"

    @property
    def department_label(self) -> str:
        return department_label(self.department_code)

    @property
    def considerations(self) -> list[Consideration]:
        held = {
            Consideration.CLAUSE: self.has_clause,
            Consideration.CRITERION: self.has_criterion,
            Consideration.RESERVED: self.is_reserved,
        }
        return [kind for kind, is_held in held.items() if is_held]

    @property
    def social_label(self) -> str:
        """« Clause sociale, critère social »; or that there is none; or that nothing is said."""
        labels = ", ".join(str(kind.label) for kind in self.considerations)
        return labels.capitalize() if labels else str(SocialRecord(self.social).label)

    @property
    def tone(self) -> str:
        return AWARDED_TONES[SocialRecord(self.social)]

    def index(self) -> None:
        """Fill the column that searches read; whoever writes a contract calls it first."""
        names = " ".join(contractor["name"] for contractor in self.contractors)
        self.search_text = fold(f"{self.title} {self.reference} {self.buyer_name} {self.cpv_code} {names}")
